"""A failing server is left alone, nobody jumps the queue, and neighbours notice nothing."""

from __future__ import annotations

import asyncio
import socket

import pytest

from gateway.upstreams import (
    Peer,
    approval,
    ask,
    honest,
    limits,
    linked,
    nothing,
    opener,
    raw,
    result,
    run,
    silent,
    whole,
)
from ostiary.gateway.ports import Era, UpstreamFailure
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.breaker import Breaker, State
from ostiary.gateway.upstream.openers import open_upstream
from ostiary.gateway.upstream.trouble import Busy
from ostiary.model.approval import Bounds, Start
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_breaker_opens_tries_once_and_closes() -> None:
    clock = Clock()
    breaker = Breaker("srv", Limits(failures=3, pause_seconds=1, pause_most_seconds=4), clock)
    for _ in range(2):
        breaker.enter()
        breaker.failed()
    assert str(breaker.state) == "closed"
    breaker.enter()
    breaker.failed()
    for pause in (1, 2, 4, 4):
        assert str(breaker.state) == "open"
        clock.now += pause - 0.5
        with pytest.raises(Busy) as caught:
            breaker.enter()
        assert not caught.value.sent
        assert caught.value.status == 503
        assert caught.value.retry_after is not None
        clock.now += 0.5
        assert str(breaker.state) == "half-open"
        breaker.enter()
        with pytest.raises(Busy):
            breaker.enter()
        breaker.failed()
    clock.now += 4
    breaker.enter()
    breaker.unknown()
    breaker.enter()
    breaker.succeeded()
    assert breaker.state is State.CLOSED
    breaker.enter()


def test_success_in_between_counts_from_the_start() -> None:
    breaker = Breaker("srv", Limits(failures=2), Clock())
    for _ in range(10):
        breaker.enter()
        breaker.failed()
        breaker.enter()
        breaker.succeeded()
    assert breaker.state is State.CLOSED


def test_failures_of_requests_already_under_way_do_not_prolong_the_pause() -> None:
    clock = Clock()
    breaker = Breaker("srv", Limits(failures=2, pause_seconds=1), clock)
    for _ in range(50):
        breaker.failed()
    clock.now += 1
    assert breaker.state is State.HALF_OPEN


def test_a_dead_server_is_left_alone_and_found_again() -> None:
    async def main() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        clock = Clock()
        way = open_upstream(
            approval(Start("http", url=f"http://127.0.0.1:{port}/")),
            env={},
            headers={},
            limits=limits(failures=3),
            clock=clock,
        )
        link = await way.open(Era.STATELESS, "", {})
        for _ in range(3):
            with pytest.raises(UpstreamFailure, match="no connection"):
                await link.request(ask(), {}, nothing)
        with pytest.raises(UpstreamFailure, match="left alone") as caught:
            await link.request(ask(), {}, nothing)
        assert (caught.value.status, caught.value.sent) == (503, False)
        with pytest.raises(UpstreamFailure, match="left alone"):
            await way.open(Era.STATELESS, "", {})

        async with raw(honest, port=port):
            clock.now += 1
            await link.request(ask(), {}, nothing)
            assert way.state is State.CLOSED
            await way.close()

    run(main)


def test_what_a_server_says_does_not_open_its_breaker() -> None:
    """Whoever can make a server answer with errors must not take it from everybody else."""

    async def main() -> None:
        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(whole(b"", "500 No"))

        async with raw(script) as server, linked(server.url, failures=2) as link:
            for _ in range(6):
                with pytest.raises(UpstreamFailure, match="500"):
                    await link.request(ask(), {}, nothing)
            assert len(server.seen) == 6

    run(main)


def test_no_more_requests_at_once_than_allowed_and_the_first_is_the_first() -> None:
    async def main() -> None:
        running = most = 0
        order: list[object] = []

        async def script(peer: Peer) -> None:
            nonlocal running, most
            while request := await peer.request():
                order.append(request.message["id"])
                running += 1
                most = max(most, running)
                await asyncio.sleep(0.001)
                running -= 1
                await peer.send(whole(result(request.message["id"])))

        async with raw(script) as server, linked(server.url, concurrent_calls=2) as link:
            await asyncio.gather(*(link.request(ask(n), {}, nothing) for n in range(20)))
            assert most == 2
            assert sorted(order, key=str) == sorted(range(20), key=str)
            assert all(abs(place - int(str(n))) <= 1 for place, n in enumerate(order))

    run(main)


def test_a_full_queue_refuses_at_once_and_a_long_wait_ends() -> None:
    async def main() -> None:
        async with (
            raw(silent) as server,
            linked(server.url, concurrent_calls=1, queued_calls=1, queue_seconds=0.1) as link,
        ):
            first = asyncio.create_task(link.request(ask(1), {}, nothing))
            await asyncio.sleep(0)
            second = asyncio.create_task(link.request(ask(2), {}, nothing))
            await asyncio.sleep(0)
            with pytest.raises(UpstreamFailure, match="waiting already") as caught:
                await link.request(ask(3), {}, nothing)
            assert (caught.value.status, caught.value.sent) == (503, False)
            with pytest.raises(UpstreamFailure, match="no turn") as late:
                await second
            assert late.value.retry_after == 0.1
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            assert len(server.seen) <= 1

    run(main)


def test_turns_survive_any_mixture_of_ends() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                if request.message["id"] % 3 == 0:
                    return
                await peer.send(whole(result(request.message["id"])))

        async with raw(script) as server:
            way = opener(server.url, concurrent_calls=3, failures=1000)
            link = await way.open(Era.STATELESS, "", {})
            tasks = [asyncio.create_task(link.request(ask(n), {}, nothing)) for n in range(90)]
            await asyncio.sleep(0)
            for number in range(1, 90, 3):
                tasks[number].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert way.turns._running == 0
            assert way.turns.waiting == 0
            await way.close()

    run(main)


def test_a_dead_server_does_not_slow_its_neighbours() -> None:
    async def main() -> None:
        async with (
            raw(silent) as dead,
            raw(honest) as alive,
            linked(dead.url) as stuck,
            linked(alive.url) as link,
        ):
            hanging = [asyncio.create_task(stuck.request(ask(n), {}, nothing)) for n in range(200)]
            while len(dead.seen) < Limits().concurrent_calls:
                await asyncio.sleep(0)
            for number in range(50):
                await link.request(ask(number), {}, nothing)
            assert not any(one.done() for one in hanging)
            for one in hanging:
                one.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

    run(main)


def test_an_approval_sets_limits_of_its_own() -> None:
    own = Limits().within(Bounds(concurrent_calls=3, answer_bytes=1000, answer_seconds=1.5))
    assert (own.concurrent_calls, own.answer_bytes, own.answer_seconds) == (3, 1000, 1.5)
    assert Limits().within(Bounds()) == Limits()


def test_settings_are_read_and_refused_by_name() -> None:
    table: JsonObject = {
        "answer_seconds": 5,
        "allow_private": True,
        "ca_file": "/x",
        "url": "ignored",
    }
    found = Limits.from_table(table, "servers.srv")
    assert (found.answer_seconds, found.allow_private, found.ca_file) == (5, True, "/x")
    bad: tuple[tuple[str, JsonValue], ...] = (
        ("answer_seconds", "5"),
        ("answer_seconds", 0),
        ("answer_seconds", -1),
        ("answer_seconds", float("nan")),
        ("connections", 1.5),
        ("connections", True),
        ("allow_private", 1),
        ("ca_file", 1),
    )
    for name, value in bad:
        with pytest.raises(BadSetting, match=f"servers.srv.{name}"):
            Limits.from_table({name: value}, "servers.srv")


@pytest.mark.parametrize(
    "start",
    [
        Start("http", url="ftp://x/"),
        Start("http", url="http://user:pass@x/"),
        Start("http", url="http://x\r\ny/"),
        Start("http", url=""),
        Start("http", url="http://x/", headers=("A",)),
        Start("stdio", ("x",), env=("A",)),
    ],
)
def test_an_approval_that_cannot_be_followed_is_a_bad_setting(start: Start) -> None:
    with pytest.raises(BadSetting, match=r"servers\.srv\."):
        open_upstream(approval(start), env={}, headers={}, limits=limits())


def test_a_header_of_the_settings_that_no_request_may_hold_is_a_bad_setting() -> None:
    start = Start("http", url="http://x/", headers=("A",))
    with pytest.raises(BadSetting, match=r"servers\.srv") as caught:
        open_upstream(approval(start), env={}, headers={"A": "secret\r\nB: c"}, limits=limits())
    assert "secret" not in str(caught.value)
