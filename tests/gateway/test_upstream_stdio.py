"""Boxed servers over their standard streams: honest ones, floods, deaths, slow readers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.upstreams import Heard, approval, ask, limits, nothing, run
from ostiary.gateway.ports import Era, SessionForgotten, UpstreamFailure
from ostiary.gateway.upstream.duplex import Duplex
from ostiary.gateway.upstream.guarded import GuardedLink, GuardedOpener
from ostiary.gateway.upstream.openers import open_upstream
from ostiary.gateway.upstream.stdio import BoxedCommand, StdioLink
from ostiary.host.box import BoxSpec, BoxUnavailable
from ostiary.host.bubblewrap import BoxedServer, Bubblewrap
from ostiary.model.approval import Start
from ostiary.model.json import JsonObject

PYTHON = "/usr/bin/python3"
BOXES = Bubblewrap()
FRAME = """
import json, os, sys, time
def say(**fields):
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **fields}) + chr(10))
    sys.stdout.flush()
def asked():
    for line in sys.stdin:
        yield json.loads(line)
"""
ECHO = """
for message in asked():
    if "id" in message and "method" in message:
        say(id=message["id"], result=message.get("params", {}))
"""

NEVER_READS = "time.sleep(1000)"
"""A server that does nothing for longer than any of these tests: it ends by being killed."""


def way(code: str, env: dict[str, str] | None = None, **changed: Any) -> GuardedOpener:
    values = env or {}
    start = Start("stdio", (PYTHON, "-c", FRAME + textwrap.dedent(code)), env=tuple(sorted(values)))
    return open_upstream(
        approval(start), env=values, headers={}, limits=limits(**changed), boxes=BOXES
    )


@contextlib.asynccontextmanager
async def started(code: str, **changed: Any) -> AsyncIterator[StdioLink]:
    """A running server, ended with the test."""
    opened = way(code, **changed)
    link = await opened.open(Era.HANDSHAKE, "", {})
    assert isinstance(link, GuardedLink)
    assert isinstance(link.inner, StdioLink)
    try:
        yield link.inner
    finally:
        await opened.close()


def test_answers_find_their_requests_in_whatever_order() -> None:
    async def main() -> None:
        code = """
        held = []
        for message in asked():
            held.append(message)
            if len(held) == 10:
                for one in reversed(held):
                    say(id=one["id"], result={"id": one["id"]})
                held = []
        """
        async with started(code) as link:
            idents: list[int | str] = [*range(5), *(f"{n}" for n in range(5))]
            answers = await asyncio.gather(*(link.request(ask(one), {}, nothing) for one in idents))
            assert [one.message["result"] for one in answers] == [{"id": one} for one in idents]
            assert link.dropped == 0

    run(main)


def test_a_server_is_given_what_was_approved_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OF_THE_GATEWAY", "secret")

    async def main() -> None:
        code = """
        for message in asked():
            say(id=message["id"], result={"env": dict(os.environ)})
        """
        opened = way(code, {"API_KEY": "k1"})
        link = await opened.open(Era.HANDSHAKE, "", {})
        found = (await link.request(ask(), {}, nothing)).message["result"]
        assert isinstance(found, dict)
        env = found["env"]
        assert isinstance(env, dict)
        assert env["API_KEY"] == "k1"
        assert "OF_THE_GATEWAY" not in env
        await opened.close()

    run(main)


def test_messages_before_the_answer_come_before_it_and_progress_finds_its_request() -> None:
    async def main() -> None:
        code = """
        first = next(asked())
        second = next(asked())
        for number in range(5):
            for one in (first, second):
                token = one["params"]["_meta"]["progressToken"]
                say(method="notifications/progress", params={"progressToken": token, "n": number})
        say(method="notifications/message", params={"to": "nobody"})
        for one in (second, first):
            say(id=one["id"], result={})
        sys.stdin.read()
        """
        async with started(code) as link:
            unasked, one, two = Heard(), Heard(), Heard()
            link.listen(unasked)
            await asyncio.gather(
                link.request(ask(1, _meta={"progressToken": "a"}), {}, one),
                link.request(ask(2, _meta={"progressToken": 7}), {}, two),
            )
            for heard, token in ((one, "a"), (two, 7)):
                params = [message["params"] for message in heard.messages]
                assert params == [{"progressToken": token, "n": number} for number in range(5)]
            await unasked.until(1)
            assert unasked.messages[0]["params"] == {"to": "nobody"}

    run(main)


def test_a_request_of_the_server_reaches_the_only_caller_and_its_answer_the_server() -> None:
    async def main() -> None:
        code = """
        for message in asked():
            if message.get("method") == "tools/call":
                call = message
                say(id="s1", method="sampling/createMessage", params={"x": 1})
            elif message.get("id") == "s1":
                say(id=call["id"], result=message["result"])
        """
        async with started(code) as link:

            async def client(message: JsonObject) -> None:
                assert message["method"] == "sampling/createMessage"
                given: JsonObject = {"jsonrpc": "2.0", "id": message["id"], "result": {"text": "y"}}
                await link.send(given, {})

            answer = await link.request(ask(), {}, client)
            assert answer.message["result"] == {"text": "y"}

    run(main)


def test_subscriptions_are_told_apart_by_their_id() -> None:
    async def main() -> None:
        code = """
        listening = [next(asked()), next(asked())]
        call = next(asked())
        key = "io.modelcontextprotocol/subscriptionId"
        for one in listening:
            say(method="notifications/tools/list_changed", params={"_meta": {key: one["id"]}})
        say(method="notifications/message", params={"for": "the call"})
        say(id=call["id"], result={})
        sys.stdin.read()
        """
        async with started(code) as link:
            heard = [Heard(), Heard(), Heard()]
            tasks = [
                asyncio.create_task(link.request(ask(n, "subscriptions/listen"), {}, heard[n]))
                for n in range(2)
            ]
            await asyncio.sleep(0)
            await link.request(ask(2), {}, heard[2])
            for number in range(2):
                await heard[number].until(1)
                assert len(heard[number].messages) == 1
                meta = heard[number].messages[0]["params"]["_meta"]  # type: ignore[index,call-overload]
                assert list(meta.values()) == [number]  # type: ignore[union-attr]
            assert [one["method"] for one in heard[2].messages] == ["notifications/message"]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    run(main)


@pytest.mark.parametrize(
    "line",
    [
        '{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}',
        '{"jsonrpc":"2.0","id":1,"result":{"a":NaN}}',
        '{"jsonrpc":"2.0","id":1,"result":{"a":1e999}}',
        '{"jsonrpc":"2.0","id":1}',
        '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"PLANTED"}}',
        '{"id":1,"result":{}}',
    ],
)
def test_an_answer_that_is_refused_fails_its_request_and_no_other(line: str) -> None:
    async def main() -> None:
        code = f"""
        for message in asked():
            if message["id"] == 1:
                print({line!r}, flush=True)
            else:
                say(id=message["id"], result={{}})
        """
        async with started(code) as link:
            bad, good = await asyncio.gather(
                link.request(ask(1), {}, nothing),
                link.request(ask(2), {}, nothing),
                return_exceptions=True,
            )
            assert isinstance(bad, UpstreamFailure)
            assert bad.sent
            assert "PLANTED" not in str(bad)
            assert not isinstance(good, BaseException)
            await link.request(ask(3), {}, nothing)

    run(main)


def test_noise_and_answers_to_nobody_are_dropped_and_counted() -> None:
    async def main() -> None:
        code = r"""
        for message in asked():
            print("Starting up ...")
            print("{'not': 'json'}")
            print()
            print("[1, 2]")
            sys.stdout.flush()
            sys.stdout.buffer.write(b'\xff\xfe{}' + bytes([10]))
            sys.stdout.buffer.write(b'[' * 100_000 + bytes([10]))
            say(id=99, result={"stolen": True})
            say(id=True, result={})
            say(id=None, result={})
            say(id=float(message["id"]), result={"stolen": True})
            say(method=3)
            say(id=message["id"], result={}, method="x")
            say(id=message["id"], result={"ok": 1})
        """
        async with started(code) as link:
            for number in (1, 2):
                answer = await link.request(ask(number), {}, nothing)
                assert answer.message["result"] == {"ok": 1}
            assert link.dropped == 20 + 2

    run(main)


def test_a_late_answer_of_a_cancelled_request_answers_nobody() -> None:
    async def main() -> None:
        code = """
        first = next(asked())
        told = next(asked())
        assert told["method"] == "notifications/cancelled", told
        assert told["params"]["requestId"] == first["id"], told
        second = next(asked())
        say(id=first["id"], result={"late": True})
        say(id=second["id"], result={"late": False})
        sys.stdin.read()
        """
        async with started(code) as link:
            task = asyncio.create_task(link.request(ask(1), {}, nothing))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            answer = await link.request(ask(2), {}, nothing)
            assert answer.message["result"] == {"late": False}
            assert link.dropped == 1

    run(main)


def test_an_id_in_use_is_not_used_twice() -> None:
    async def main() -> None:
        async with started("sys.stdin.read()") as link:
            task = asyncio.create_task(link.request(ask(1), {}, nothing))
            await asyncio.sleep(0)
            with pytest.raises(UpstreamFailure, match="in use") as caught:
                await link.request(ask(1), {}, nothing)
            assert not caught.value.sent
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run(main)


def test_a_server_that_hangs_is_given_up_in_time_and_told() -> None:
    async def main() -> None:
        code = """
        for message in asked():
            if message.get("method") == "notifications/cancelled":
                say(method="notifications/told", params=message["params"])
        """
        async with started(code, answer_seconds=0.2) as link:
            heard = Heard()
            link.listen(heard)
            for method in ("initialize", "tools/call"):
                with pytest.raises(UpstreamFailure) as caught:
                    await link.request(ask(method, method), {}, nothing)
                assert (caught.value.status, caught.value.sent) == (504, True)
            await heard.until(1)
            told = heard.messages[0]["params"]
            assert isinstance(told, dict)
            assert told["requestId"] == "tools/call", "initialize cannot be cancelled"

    run(main)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("next(asked()); sys.exit(3)", "exited with status 3"),
        ("next(asked()); os._exit(0)", "exited with status 0"),
        ("next(asked()); os.kill(os.getpid(), 9)", "killed by SIGKILL"),
        ("next(asked()); x = [b'a' * 10**6 for _ in range(10**6)]", "memory|exited"),
    ],
)
def test_a_server_that_dies_in_a_call(code: str, words: str) -> None:
    async def main() -> None:
        async with started(code, memory_mib=200) as link:
            with pytest.raises(UpstreamFailure, match=words) as caught:
                await link.request(ask(1), {}, nothing)
            assert caught.value.sent
            assert link.ended
            with pytest.raises(SessionForgotten) as later:
                await link.request(ask(2), {}, nothing)
            assert not later.value.sent
            with pytest.raises(SessionForgotten):
                await link.send({"jsonrpc": "2.0", "method": "notifications/x"}, {})

    run(main)


def test_a_server_that_is_killed_from_outside() -> None:
    async def main() -> None:
        async with started("say(method='notifications/x'); sys.stdin.read()") as link:
            heard = Heard()
            link.listen(heard)
            await heard.until(1)
            tasks = [asyncio.create_task(link.request(ask(n), {}, nothing)) for n in range(3)]
            await asyncio.sleep(0)
            os.kill(link._box.init, signal.SIGKILL)
            for failure in await asyncio.gather(*tasks, return_exceptions=True):
                assert isinstance(failure, UpstreamFailure)
                assert failure.sent

    run(main)


def test_an_endless_line_ends_the_server() -> None:
    async def main() -> None:
        code = "next(asked())\nwhile True: sys.stdout.write('a' * 65536)"
        async with started(code, answer_bytes=1_000_000) as link:
            with pytest.raises(UpstreamFailure, match="endless line"):
                await link.request(ask(1), {}, nothing)
            assert link.ended

    run(main)


def test_a_flood_of_errors_holds_nothing_up() -> None:
    async def main() -> None:
        code = """
        import threading
        def flood():
            while True:
                os.write(2, b"error " * 10_000)
        threading.Thread(target=flood, daemon=True).start()
        for message in asked():
            say(id=message["id"], result={})
        """
        async with started(code) as link:
            for number in range(50):
                await link.request(ask(number), {}, nothing)

    run(main)


IDLE_LINES = [
    "noise",
    '{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"x"}}',
    '{"jsonrpc":"2.0","id":12345,"result":{}}',
]
"""Lines that answer nothing."""


@pytest.mark.parametrize("line", IDLE_LINES)
def test_a_server_that_says_nothing_of_use_all_the_time_is_slowed_down(line: str) -> None:
    async def main() -> None:
        async with started(ECHO, unasked=100) as link:
            for _ in range(2_002):
                link._duplex.deliver(line.encode())
            assert not link._duplex._reading
            await link.request(ask(1), {}, nothing)
            assert link._duplex._reading

    run(main)


class SlowLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock a test puts forward, as a slow machine would."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


@pytest.mark.parametrize("line", IDLE_LINES)
def test_others_have_as_long_as_lines_of_no_use_took_on_a_slow_machine(line: str) -> None:
    async def main() -> None:
        reading: list[bool] = []
        duplex = Duplex("slow", limits(), write=lambda _: None, queued=True, flow=reading.append)
        for _ in range(2_002):
            duplex.deliver(line.encode())
        assert reading == [False]
        loop.ahead += 500.0
        for _ in range(10):
            await asyncio.sleep(0)
        assert reading == [False], "others have had no time yet"
        loop.ahead += 500.0
        while len(reading) == 1:
            await asyncio.sleep(0)
        assert reading == [False, True]

    loop = SlowLoop()
    with contextlib.closing(loop):
        loop.run_until_complete(main())


@pytest.mark.parametrize("line", IDLE_LINES)
def test_a_flood_on_standard_output_leaves_room_for_others(line: str) -> None:
    """Memory stays, and an honest server beside the flooding one answers."""

    async def main() -> None:
        code = f"""
        import threading
        data = ({line!r} + chr(10)).encode() * 200
        def flood():
            while True:
                os.write(1, data)
        threading.Thread(target=flood, daemon=True).start()
        sys.stdin.read()
        """
        async with started(code, unasked=100, close_seconds=0.1) as bad, started(ECHO) as good:
            while bad._duplex.dropped < 1000:
                await asyncio.sleep(0)
            for number in range(200):
                await good.request(ask(number), {}, nothing)
            assert len(bad._duplex._unasked) <= 100
            bad.listen(nothing)

    run(main)


def test_what_nobody_takes_is_dropped_oldest_first_but_requests_are_refused() -> None:
    async def main() -> None:
        code = """
        for number in range(30):
            say(method="notifications/message", params={"n": number})
        for number in range(15):
            say(id=f"s{number}", method="roots/list")
        heard = [next(asked()) for _ in range(6)]
        refused = sorted((one for one in heard if "error" in one), key=lambda one: one["id"])
        call = next(one for one in heard if "method" in one)
        say(id=call["id"], result={"refused": refused})
        sys.stdin.read()
        """
        async with started(code, unasked=10) as link:
            while link.dropped < 30 + 5:
                await asyncio.sleep(0)
            answer = await link.request(ask(1), {}, nothing)
            result = answer.message["result"]
            assert isinstance(result, dict)
            refused = result["refused"]
            assert isinstance(refused, list)
            assert [one["id"] for one in refused] == [f"s{n}" for n in range(10, 15)]  # type: ignore[index,call-overload]
            assert all("error" in one for one in refused)  # type: ignore[operator]
            heard = Heard()
            link.listen(heard)
            await heard.until(10)
            assert [one["id"] for one in heard.messages] == [f"s{n}" for n in range(10)]

    run(main)


def test_a_few_huge_messages_are_as_many_as_many_small_ones() -> None:
    async def main() -> None:
        code = """
        for number in range(20):
            say(method="notifications/message", params={"n": number, "data": "x" * 1_000_000})
        for message in asked():
            say(id=message["id"], result={})
        """
        async with started(code) as link:
            while link.dropped < 16:
                await asyncio.sleep(0)
                assert link._duplex._unasked.held <= 4 * 1024 * 1024
            await link.request(ask(1), {}, nothing)
            assert link.dropped == 16
            heard = Heard()
            link.listen(heard)
            await heard.until(4)
            last = heard.messages[-1]["params"]
            assert isinstance(last, dict)
            assert last["n"] == 19

    run(main)


def test_a_slow_caller_slows_the_server_and_nothing_piles_up() -> None:
    async def main() -> None:
        code = """
        call = next(asked())
        token = call["params"]["_meta"]["progressToken"]
        for number in range(5000):
            text = "x" * 2000
            say(method="notifications/progress", params={"progressToken": token, "message": text})
        say(id=call["id"], result={})
        sys.stdin.read()
        """
        go = asyncio.Event()
        taken = 0

        async def slow(message: JsonObject) -> None:
            nonlocal taken
            taken += 1
            await go.wait()

        async with started(code) as link:
            message = ask(1, _meta={"progressToken": "a"})
            task = asyncio.create_task(link.request(message, {}, slow))
            while link._duplex._reading:
                await asyncio.sleep(0)
            lane = link._duplex._pending[1].lane
            assert lane is not None
            assert len(lane) < 500
            go.set()
            await task
            assert taken == 5000

    run(main)


def test_a_server_that_does_not_read_is_not_written_to_without_end() -> None:
    async def main() -> None:
        async with started(NEVER_READS, answer_seconds=0.5, close_seconds=0.1) as link:
            big = "x" * 100_000
            tasks = [
                asyncio.create_task(link.request(ask(n, text=big), {}, nothing)) for n in range(50)
            ]
            while link._input is None or not link._input.paused:
                await asyncio.sleep(0)
            assert link._writer is not None
            held = link._writer.get_write_buffer_size()
            assert held < 400_000
            failures = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(one, UpstreamFailure) for one in failures)
            sent = [one.sent for one in failures if isinstance(one, UpstreamFailure)]
            # What was written may have been acted on; what never was may be sent again.
            assert set(sent) == {True, False}

    run(main)


def test_large_messages_go_both_ways() -> None:
    async def main() -> None:
        async with started(ECHO) as link:
            text = "é" * 1_000_000
            for number in range(3):
                answer = await link.request(ask(number, text=text), {}, nothing)
                assert answer.message["result"] == {"text": text}

    run(main)


def test_closing_ends_the_process_and_whoever_waits() -> None:
    async def main() -> None:
        async with started(f"sys.stdin.read(); {NEVER_READS}", close_seconds=0.1) as link:
            task = asyncio.create_task(link.request(ask(1), {}, nothing))
            await asyncio.sleep(0)
            init = link._box.init
            await asyncio.gather(link.close(), link.close())
            with pytest.raises(UpstreamFailure):
                await task
            assert not Path(f"/proc/{init}").exists()
            await link.close()

    run(main)


def _pipes() -> list[str]:
    """Pipes and processes that this process holds on to."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(one.readlink()))
    return sorted(one for one in found if "pipe" in one or "pidfd" in one)


def test_many_servers_start_and_stop_without_holding_up_the_loop() -> None:
    async def main() -> None:
        before = _pipes()
        opened = way(ECHO)
        links = await asyncio.gather(*(opened.open(Era.HANDSHAKE, "", {}) for _ in range(8)))
        answers = await asyncio.gather(*(one.request(ask(), {}, nothing) for one in links))
        assert len(answers) == 8
        await opened.close()
        assert all(one.ended for one in links)
        assert _pipes() == before
        with pytest.raises(UpstreamFailure):
            await opened.open(Era.HANDSHAKE, "", {})

    run(main)


class Boxless:
    """No box can be made here."""

    def start(self, spec: BoxSpec) -> BoxedServer:
        raise BoxUnavailable("the program bwrap is missing", "install bubblewrap")


def test_without_a_box_nothing_runs() -> None:
    async def main() -> None:
        opened = open_upstream(
            approval(Start("stdio", (PYTHON, "-c", "pass"))),
            env={},
            headers={},
            limits=limits(),
            boxes=Boxless(),
        )
        with pytest.raises(UpstreamFailure, match=r"no box.*install bubblewrap") as caught:
            await opened.open(Era.HANDSHAKE, "", {})
        assert not caught.value.sent
        await opened.close()

    run(main)


def test_giving_up_while_a_box_is_made_leaves_none_behind() -> None:
    async def main() -> None:
        opened = way("sys.stdin.read()")
        made: list[BoxedServer] = []

        class Slow:
            def start(self, spec: BoxSpec) -> BoxedServer:
                made.append(BOXES.start(spec))
                return made[-1]

        opened.inner._boxes = Slow()  # type: ignore[attr-defined]
        task = asyncio.create_task(opened.open(Era.HANDSHAKE, "", {}))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while not made or made[0].ended() is None:
            await asyncio.sleep(0.01)

    run(main)


def test_a_prepared_command_takes_the_place_of_the_approved_one(tmp_path: Path) -> None:
    async def main() -> None:
        code = FRAME + textwrap.dedent(ECHO)
        program = tmp_path / "server.py"
        program.write_text(code)
        opened = open_upstream(
            approval(Start("stdio", ("npx", "whatever"), env=("A",))),
            env={"A": "1", "B": "2"},
            headers={},
            limits=limits(),
            command=BoxedCommand((PYTHON, str(program)), {"C": "3"}, readable=(program,)),
            boxes=BOXES,
        )
        assert dict(opened.inner._command.env) == {"A": "1", "C": "3"}  # type: ignore[attr-defined]
        link = await opened.open(Era.STATELESS, "", {})
        assert (await link.request(ask(1, a=1), {}, nothing)).message["result"] == {"a": 1}
        await opened.close()

    run(main)
