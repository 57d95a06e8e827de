"""What is left behind or mixed up when sessions end, callers leave, locks change and many come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from attacks.scripted import (
    HELLO,
    ME,
    TOOL,
    Reply,
    Scripted,
    Within,
    Yes,
    approval,
    call,
    decoded,
    request,
    within,
)
from gateway.approving import write_lock
from ostiary.gateway import service as watching
from ostiary.gateway.asking import MOST_QUESTIONS
from ostiary.gateway.changes import Changes
from ostiary.gateway.ports import Era, Inbound, Interim, Link, NoRoom
from ostiary.gateway.seal import Seal
from ostiary.gateway.service import Service
from ostiary.gateway.sessions import MOST_KEPT, Listener, Session, Sessions
from ostiary.gateway.settings import read_settings
from ostiary.gateway.shown import MOST_TOLD, Shown
from ostiary.gateway.upstreams import Upstream, Upstreams
from ostiary.model.asked import Asked
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal, Proof
from ostiary.wire.stateless import CAPABILITIES_KEY, CLIENT_KEY, REVISION, VERSION_KEY

META: JsonObject = {
    VERSION_KEY: REVISION,
    CAPABILITIES_KEY: {},
    CLIENT_KEY: {"name": "a test", "version": "1"},
}


async def turns(number: int = 50) -> None:
    """Let everything else go as far as it can."""
    for _ in range(number):
        await asyncio.sleep(0)


def alone(server: Scripted | None = None, judge: Yes | None = None) -> tuple[Within, Scripted]:
    one = server or Scripted([TOOL])
    return within({"one": one, "two": one}, [approval()], judge), one


def test_a_box_that_is_made_while_its_session_ends_does_not_stay() -> None:
    async def scene() -> None:
        relay, server = alone()
        joined = await relay.begin("")
        server.gate.clear()
        calling = asyncio.ensure_future(relay.say(call("one__echo"), session=joined, endpoint=""))
        await turns()
        await relay.built.gateway.end(Inbound(ME, "", Era.HANDSHAKE, {}, joined))
        server.gate.set()
        said = decoded(await calling)
        assert "error" in said
        assert server.links
        assert all(link.ended for link in server.links)

    asyncio.run(scene())


def test_two_first_requests_open_one_conversation() -> None:
    async def slow(upstream: Upstream, wanted: Era) -> frozenset[Era]:
        await asyncio.sleep(0)
        return frozenset({Era.HANDSHAKE})

    async def scene() -> None:
        server = Scripted([TOOL])
        relay = within({"one": server}, [approval()], eras=slow)
        joined = await relay.begin("")
        said = await asyncio.gather(
            *(relay.say(call("one__echo", n), session=joined, endpoint="") for n in (1, 2, 3))
        )
        assert all("result" in decoded(one) for one in said)
        assert len(server.links) == 1

    asyncio.run(scene())


def test_a_conversation_that_ends_fails_its_parked_call_and_cancels_nobody() -> None:
    async def ask(message: JsonObject, interim: Interim) -> JsonObject:
        await asyncio.Event().wait()
        return {}

    async def scene() -> None:
        relay, _ = alone(Scripted([TOOL], tools_call=ask))
        calling = asyncio.ensure_future(relay.say(call(_meta=META), era=Era.STATELESS))
        await turns()
        for session in relay.built.sessions.all():
            await session.close()
        assert "error" in decoded(await calling)
        assert relay.book.outcome("tools/call") == ["failed"]

    asyncio.run(scene())


def test_who_leaves_while_the_record_settles_leaves_an_outcome() -> None:
    async def scene() -> None:
        relay, _ = alone()
        session = await relay.begin()
        relay.book.waits = asyncio.Event()
        calling = asyncio.ensure_future(relay.say(call(), session=session))
        await turns()
        calling.cancel()
        await asyncio.wait({calling})
        assert relay.book.outcome("tools/call") == ["cancelled"]

    asyncio.run(scene())


def test_a_call_whose_headers_disagree_has_an_outcome() -> None:
    async def scene() -> None:
        schema: JsonObject = {
            "type": "object",
            "properties": {"region": {"type": "string", "x-mcp-header": "Region"}},
        }
        tool: JsonObject = {**TOOL, "inputSchema": schema}
        server = Scripted([tool])
        relay = within({"one": server}, [approval("one", (tool,))])
        params: JsonObject = {"name": "echo", "arguments": {"region": "a"}, "_meta": META}
        said = await relay.say(
            request("tools/call", params),
            era=Era.STATELESS,
            headers=(("mcp-param-region", "b"),),
        )
        assert said.status == 400
        assert relay.book.outcome("tools/call") == ["refused"]

    asyncio.run(scene())


def test_no_record_no_leak_when_a_session_ends_with_open_questions() -> None:
    async def ask(message: JsonObject, interim: Interim) -> JsonObject:
        await interim(request("sampling/createMessage", {"messages": []}, "s1"))
        return {"content": []}

    async def scene() -> None:
        relay, _ = alone(Scripted([TOOL], tools_call=ask))
        session = await relay.begin()
        await relay.say(call(), session=session)
        await relay.built.gateway.end(Inbound(ME, "one", Era.HANDSHAKE, {}, session))
        assert relay.book.outcome("sampling/createMessage") == ["cancelled"]

    asyncio.run(scene())


def test_a_server_that_floods_with_questions_takes_no_others_place() -> None:
    seen: list[str] = []

    async def look(message: JsonObject) -> None:
        seen.append(str(message["id"]).partition("-")[0])

    def asking(times: int) -> Scripted:
        async def ask(message: JsonObject, interim: Interim) -> JsonObject:
            for number in range(times):
                await interim(request("sampling/createMessage", {}, f"s{number}"))
            return {"content": []}

        return Scripted([TOOL], tools_call=ask)

    async def scene() -> None:
        servers = {"one": asking(200), "two": asking(1)}
        relay = within(servers, [approval("one"), approval("two")])
        session = await relay.begin("")
        for name in ("one__echo", "two__echo"):
            await relay.say(call(name), session=session, endpoint="", interim=look)
        assert seen.count("one") == MOST_QUESTIONS
        assert seen.count("two") == 1

    asyncio.run(scene())


class Copies(Scripted):
    """A server of which only so many conversations may be open at once."""

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        if sum(not link.ended for link in self.links) >= 4:
            raise NoRoom("as many copies of it run as may")
        return await super().open(era, session, headers)


def test_one_caller_with_many_sessions_keeps_nobody_out() -> None:
    other = Principal("local:other", Proof.TOKEN)

    async def scene() -> None:
        server = Copies([TOOL])
        relay = within({"one": server}, [approval()])
        first = await relay.begin(who=other)
        mine = [await relay.begin() for _ in range(10)]
        assert not server.links[0].ended
        second = await relay.begin(who=other)
        for session in (first, second):
            assert "result" in decoded(await relay.say(call(), session=session, who=other))
        # Who was closed for another is opened again.
        assert "result" in decoded(await relay.say(call(), session=mine[0]))

    asyncio.run(scene())


def test_no_box_stays_of_a_session_that_could_not_be_opened() -> None:
    async def broken(message: JsonObject, interim: Interim) -> JsonObject:
        return {"tools": [], "nextCursor": "again"}

    async def hanging(message: JsonObject, interim: Interim) -> JsonObject:
        await asyncio.Event().wait()
        return {}

    async def scene(reply: Reply) -> None:
        server = Scripted([TOOL], tools_list=reply)
        relay = within({"one": server}, [approval()])
        opening = asyncio.ensure_future(relay.say(request("initialize", HELLO)))
        await turns(500)
        opening.cancel()
        await asyncio.wait({opening})
        assert server.links
        assert all(link.ended for link in server.links)

    asyncio.run(scene(broken))
    asyncio.run(scene(hanging))


def test_what_a_client_announces_reaches_only_whom_it_concerns() -> None:
    async def scene() -> None:
        servers = {"one": Scripted([TOOL]), "two": Scripted([TOOL])}
        relay = within(servers, [approval("one"), approval("two")])
        session = await relay.begin("")
        for name in ("one__echo", "two__echo"):
            await relay.say(call(name), session=session, endpoint="")
        said: tuple[tuple[str, JsonObject], ...] = (
            ("notifications/progress", {"progressToken": "t", "progress": 1, "message": "secret"}),
            ("notifications/cancelled", {"requestId": 5}),
        )
        for method, params in said:
            notice: JsonObject = {"jsonrpc": "2.0", "method": method, "params": params}
            await relay.say(notice, session=session, endpoint="")
            assert relay.book.outcome(method) == []
        for server in servers.values():
            assert "secret" not in json.dumps(server.links[0].heard)

    asyncio.run(scene())


def test_what_a_server_showed_before_takes_no_memory() -> None:
    async def scene() -> None:
        more: JsonObject = {"name": "more", "inputSchema": {"type": "object"}}
        server = Scripted([TOOL])
        relay = within({"one": server}, [approval()])
        session = await relay.begin("")
        shown = relay.standing.upstreams.servers["one"].shown
        for turn in range(20):
            server.tools = [TOOL, {**more, "name": f"more-{turn}"}]
            shown.stale = True
            await relay.say(request("tools/list", {}), session=session, endpoint="")
        assert len(shown.seen) == 1

    asyncio.run(scene())


def test_a_server_takes_back_only_its_own_question() -> None:
    seen: list[JsonObject] = []

    async def look(message: JsonObject) -> None:
        seen.append(message)

    async def ask(message: JsonObject, interim: Interim) -> JsonObject:
        await interim(request("sampling/createMessage", {"messages": []}, "s1"))
        for ident in ("s2", "s1"):
            params: JsonObject = {"requestId": ident}
            await interim({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params})
        return {"content": []}

    async def scene() -> None:
        relay, _ = alone(Scripted([TOOL], tools_call=ask))
        session = await relay.begin()
        await relay.say(call(), session=session, interim=look)
        asked, taken = seen
        assert taken["params"] == {"requestId": asked["id"]}
        assert relay.book.outcome("sampling/createMessage") == ["cancelled"]

    asyncio.run(scene())


def test_progress_reaches_only_the_request_it_belongs_to() -> None:
    seen: list[JsonObject] = []

    async def look(message: JsonObject) -> None:
        seen.append(message)

    async def pose(message: JsonObject, interim: Interim) -> JsonObject:
        given = message["params"]
        assert isinstance(given, dict)
        meta = given.get("_meta")
        right = meta.get("progressToken") if isinstance(meta, dict) else None
        for token in (right, "another's", 1, None):
            params: JsonObject = {"progressToken": token, "progress": 1}
            await interim({"jsonrpc": "2.0", "method": "notifications/progress", "params": params})
        return {"content": []}

    async def scene() -> None:
        relay, _ = alone(Scripted([TOOL], tools_call=pose))
        session = await relay.begin()
        await relay.say(call(), session=session, interim=look)
        assert seen == []
        meta: JsonObject = {"progressToken": "mine"}
        await relay.say(call(_meta=meta), session=session, interim=look)
        assert {json.dumps(one["params"]) for one in seen} == {
            '{"progressToken": "mine", "progress": 1}'
        }

    asyncio.run(scene())


def test_a_client_cannot_cancel_what_the_gateway_asks_for_itself() -> None:
    waits = asyncio.Event()

    async def listing(message: JsonObject, interim: Interim) -> JsonObject:
        await waits.wait()
        return {"tools": [dict(TOOL)]}

    async def scene() -> None:
        relay, server = alone(Scripted([TOOL], tools_list=listing))
        opening = asyncio.ensure_future(relay.begin())
        await turns()
        waits.set()
        session = await opening
        waits.clear()
        relay.standing.upstreams.servers["one"].shown.stale = True
        calling = asyncio.ensure_future(relay.say(call(ident=7), session=session))
        await turns()
        for ident in (0, None, False):
            params: JsonObject = {"requestId": ident}
            notice: JsonObject = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
            await relay.say({**notice, "params": params}, session=session)
        waits.set()
        assert "result" in decoded(await calling)
        heard = [one["method"] for link in server.links for one in link.heard]
        assert "notifications/cancelled" not in heard

    asyncio.run(scene())


def test_a_list_is_not_the_one_of_the_lock_before() -> None:
    async def scene() -> None:
        other: JsonObject = {**TOOL, "name": "other"}
        server = Scripted([TOOL, other])
        relay = within({"one": server}, [approval("one", (TOOL, other))])
        session = await relay.begin("")

        async def names() -> list[str]:
            said = decoded(await relay.say(request("tools/list", {}), session=session, endpoint=""))
            result = said["result"]
            assert isinstance(result, dict)
            tools = result["tools"]
            assert isinstance(tools, list)
            return [str(one["name"]) for one in tools if isinstance(one, dict)]

        assert await names() == ["one__echo", "one__other"]
        relay.lock([approval("one", (TOOL,))])
        assert await names() == ["one__echo"]

    asyncio.run(scene())


def test_a_caller_that_lost_its_right_starts_and_hears_nothing() -> None:
    lost: set[str] = set()

    def no(asked: Asked) -> bool:
        return asked.principal.id in lost

    async def scene() -> None:
        relay, server = alone(judge=Yes(no))
        session = await relay.begin()
        for one in relay.built.sessions.all():
            for leg in one.legs.values():
                await leg.close()
        lost.add(ME.id)
        said = await relay.say(call(), session=session)
        assert b"error" in said.body or b"isError" in said.body
        inbound = Inbound(ME, "one", Era.HANDSHAKE, {}, session)
        listening = relay.built.gateway.listen(inbound, lambda _: turns(1))
        assert (await asyncio.wait_for(listening, 5)).status == 405
        assert len(server.links) == 1

    asyncio.run(scene())


def test_who_opens_many_sessions_pushes_out_only_their_own() -> None:
    gone: list[Session] = []
    names = iter(map(str, range(10 * MOST_KEPT)))
    sessions = Sessions(
        Seal(b"k" * 32, "session", lambda n: b"n" * n),
        lambda: next(names),
        lambda: 1.0,
        gone.append,
    )
    victim = Inbound(Principal("local:victim", Proof.TOKEN), "one", Era.STATELESS, {})
    theirs = sessions.find(victim)
    for number in range(MOST_KEPT + 50):
        sessions.find(Inbound(ME, f"made-up-{number}", Era.STATELESS, {}))
    assert sessions.find(victim) is theirs
    assert len(gone) == 51
    assert {one.principal for one in gone} == {ME.id}


def test_two_agents_of_one_person_share_no_stateless_conversation() -> None:
    sessions = Sessions(
        Seal(b"k" * 32, "session", lambda n: b"n" * n), lambda: "s", lambda: 1.0, lambda _: None
    )
    found = {
        id(sessions.find(Inbound(Principal("i|s", Proof.OAUTH, agent=one), "a", Era.STATELESS, {})))
        for one in ("first", "second")
    }
    assert len(found) == 2


def test_names_that_callers_make_up_are_not_kept() -> None:
    async def scene() -> None:
        relay, _ = alone()
        session = await relay.begin()
        for number in range(200):
            await relay.say(call(f"{number}" + "x" * 10_000), session=session)
        held = sum(len(target.name) for _, _, target in relay.built.door._facts)
        assert held < 10_000

    asyncio.run(scene())


def test_a_server_that_shows_ever_new_things_fills_no_record() -> None:
    told: list[str] = []
    shown = Shown(approval(), lambda _server, problem: told.append(problem.name))
    for page in range(3):
        made: list[JsonObject] = [
            {"name": f"new-{page}-{n}", "inputSchema": {"type": "object"}} for n in range(5000)
        ]
        shown.take("tool", list(made), whole=True)
    assert len(told) <= 3 * (MOST_TOLD + 1)


def test_a_client_that_does_not_read_keeps_no_news_from_others() -> None:
    heard: list[str] = []

    async def stuck(_message: JsonObject) -> None:
        await asyncio.Event().wait()

    async def quick(message: JsonObject) -> None:
        heard.append(str(message["method"]))

    async def scene() -> None:
        version = [1]
        sessions = Sessions(
            Seal(b"k" * 32, "session", lambda n: b"n" * n),
            iter(("a", "b")).__next__,
            lambda: 1.0,
            lambda _: None,
        )
        for name, out in (("slow", stuck), ("quick", quick)):
            inbound = Inbound(Principal(name, Proof.TOKEN), "", Era.HANDSHAKE, {})
            session = sessions.begin(inbound, HELLO, "2025-06-18")
            sessions.seal(session, "")
            session.listeners.append(Listener(out))
        changes = Changes(sessions, lambda: Upstreams({}, str(version[0])), lambda: "policy")
        await changes.announce()
        for _ in range(2):
            version[0] += 1
            await asyncio.wait_for(changes.announce(), 5)
            await turns()
        assert len(heard) == 6

    asyncio.run(scene())


class Hanging:
    """A conversation whose server answers nothing."""

    closed = False
    waiting = False
    used = 0

    def __init__(self) -> None:
        shown = Shown(approval(), lambda _server, _problem: None)
        self.upstream = Upstream(approval(), Scripted([]), shown)
        self.asked = asyncio.Event()

    async def refresh(self, _passed: object) -> None:
        self.asked.set()
        await asyncio.Event().wait()

    async def end(self) -> None:
        """Nothing is open."""


def service_in(folder: Path, leg: Hanging) -> Service:
    """A gateway with one conversation that hangs."""
    (folder / "rules.cedar").write_text("", encoding="utf-8")
    (folder / "state").mkdir(mode=0o700)
    write_lock(folder, folder / "state", [approval()])
    text = '[policy]\npreset = "open"\nfiles = ["rules.cedar"]\n'
    settings = read_settings(text, folder, folder / "state")
    service = Service(settings, folder / "cache", lambda _: None, {})
    session = service.built.sessions.find(Inbound(ME, "one", Era.STATELESS, {}))
    session.legs["one"] = leg  # type: ignore[assignment]
    return service


def test_a_server_that_hangs_keeps_no_policy_from_being_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "TICK", 0.01)

    async def scene() -> None:
        leg = Hanging()
        service = service_in(tmp_path, leg)
        before = service.standing.judge.version
        running = asyncio.ensure_future(service.run())
        await asyncio.wait_for(leg.asked.wait(), 20)
        rule = '@id("x") forbid (principal, action, resource);\n'
        (tmp_path / "rules.cedar").write_text(rule, encoding="utf-8")
        async with asyncio.timeout(20):
            while service.standing.judge.version == before:
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait({running})
        await service.close()

    asyncio.run(scene())


def test_a_gateway_whose_record_is_full_goes_on_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "TICK", 0.001)

    async def scene() -> None:
        service = service_in(tmp_path, Hanging())
        service.ledger.close()
        running = asyncio.ensure_future(service.run())
        done, _ = await asyncio.wait({running}, timeout=0.2)
        assert not done
        running.cancel()
        await asyncio.wait({running})
        await service.close()

    asyncio.run(scene())
