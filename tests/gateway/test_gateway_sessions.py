"""Sessions over replicas, restarts and rests; conversations that no two callers share."""

from __future__ import annotations

import asyncio
import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway.running import Running, http_server, program, running_gateway, started
from gateway.talking import Talk, stateless, stateless_headers
from ostiary.gateway.ports import Era, Inbound
from ostiary.gateway.resting import Resting
from ostiary.gateway.seal import Seal
from ostiary.gateway.sessions import MOST_KEPT, Listener, Session, Sessions, UnknownSession
from ostiary.gateway.strangers import Strangers
from ostiary.model.approval import Start
from ostiary.model.challenge import Challenge
from ostiary.model.event import Event
from ostiary.model.principal import Principal, Proof

SERVERS = Path(__file__).with_name("servers")
MISCHIEF = SERVERS / "mischief.py"
LISTENER = SERVERS / "listener.py"
ME = Principal("local:me", Proof.TOKEN)


def odd() -> Start:
    return program(MISCHIEF)


def test_any_replica_serves_a_session_with_the_servers_own_session(tmp_path: Path) -> None:
    with (
        http_server(LISTENER) as url,
        running_gateway(tmp_path, {"ears": Start("http", url=url)}) as first,
        started(first.place) as second,
    ):
        client = Talk(first.endpoint("ears"), first.token).open()
        here = json.loads(client.call("heard").text)["session"]
        client.url = second.endpoint("ears")
        there = json.loads(client.call("heard").text)["session"]
        assert here == there


def test_a_session_survives_a_restart(tmp_path: Path) -> None:
    with running_gateway(tmp_path, {"odd": odd()}) as first:
        client = Talk(first.endpoint("odd"), first.token).open()
        assert client.call("echo", text="before").text == "before"
        place = first.place
    with started(place) as second:
        client.url = second.endpoint("odd")
        assert client.call("echo", text="after").text == "after"


def test_a_session_that_was_ended_is_over(tmp_path: Path) -> None:
    with running_gateway(tmp_path, {"odd": odd()}) as running:
        client = Talk(running.endpoint("odd"), running.token).open()
        assert end(running, client) == 204
        assert client.call("echo", text="x").status == 404


def end(running: Running, client: Talk) -> int:
    where = urlsplit(client.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        headers = {**running.headers, "Mcp-Session-Id": client.session}
        connection.request("DELETE", where.path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.proves("CS-06")
def test_clients_of_both_eras_share_one_address(tmp_path: Path) -> None:
    with running_gateway(tmp_path, {"odd": odd()}) as running:
        old = Talk(running.endpoint(), running.token).open()
        assert old.call("odd__echo", text="old").text == "old"
        modern = Talk(running.endpoint(), running.place.token("modern"))
        message = stateless("tools/call", name="odd__echo", arguments={"text": "new"})
        assert modern.post(message, stateless_headers(message)).text == "new"


def inbound(session: str = "", who: Principal = ME, endpoint: str = "one") -> Inbound:
    return Inbound(who, endpoint, Era.HANDSHAKE, {}, session)


def sessions(now: list[float], retired: list[Session] | None = None, key: int = 1) -> Sessions:
    names = iter(f"s{number}" for number in range(100_000))
    took = [] if retired is None else retired
    seal = Seal(bytes([key]) * 32, "session", bytes)
    return Sessions(seal, lambda: next(names), lambda: now[0], took.append)


def test_a_session_is_found_by_its_owner_at_its_endpoint() -> None:
    kept = sessions([0.0])
    session = kept.begin(inbound(), {"capabilities": {}}, "2025-11-25")
    sealed = kept.seal(session, "theirs")
    assert kept.find(inbound(sealed)) is session
    again = sessions([0.0]).find(inbound(sealed))
    assert (again.id, again.revision, again.resumed) == (session.id, "2025-11-25", "theirs")
    for other in (
        inbound(sealed, Principal("local:you", Proof.TOKEN)),
        inbound(sealed, Principal("local:me", Proof.TOKEN, only=("one/echo",))),
        inbound(sealed, endpoint="two"),
        inbound(sealed + "A"),
        inbound(""),
    ):
        with pytest.raises(UnknownSession):
            sessions([0.0]).find(other)
        with pytest.raises(UnknownSession):
            kept.find(other)


def test_a_session_is_over_after_its_day() -> None:
    sealed = sessions([0.0]).seal(sessions([0.0]).begin(inbound(), {}, "2025-11-25"), "")
    assert sessions([86_000.0]).find(inbound(sealed)).principal == ME.id
    with pytest.raises(UnknownSession, match="too old"):
        sessions([90_000.0]).find(inbound(sealed))


def test_memory_of_sessions_is_bounded_and_forgotten_ones_come_back() -> None:
    retired: list[Session] = []
    kept = sessions([0.0], retired)
    first = kept.seal(kept.begin(inbound(), {}, "2025-11-25"), "")
    for _ in range(MOST_KEPT):
        kept.seal(kept.begin(inbound(), {}, "2025-11-25"), "x" * 20)
    assert len(kept) <= MOST_KEPT
    assert retired
    assert kept.find(inbound(first)).principal == ME.id


def test_what_nobody_listens_to_is_kept_for_a_while_and_bounded() -> None:
    session = sessions([0.0]).begin(inbound(), {}, "2025-11-25")
    heard: list[object] = []

    async def take(message: object) -> None:
        heard.append(message)

    async def main() -> None:
        for number in range(500):
            await session.push({"n": number})
        assert len(session.backlog) == 100
        session.listeners.append(Listener(take))
        await session.push({"n": "last"})

    asyncio.run(main())
    assert heard == [{"n": "last"}]


def test_a_conversation_that_rests_is_closed_and_one_in_use_is_not() -> None:
    kept = sessions([0.0])
    session = kept.begin(inbound(), {}, "2025-11-25")
    kept.seal(session, "")
    leg = Rested()
    session.legs["one"] = leg  # type: ignore[assignment]

    async def main() -> None:
        resting = Resting(kept, seconds=100.0)
        assert await resting.look(0.0) == 0
        leg.used += 1
        assert await resting.look(150.0) == 0
        assert await resting.look(240.0) == 0
        assert await resting.look(260.0) == 1
        assert leg.closed

    asyncio.run(main())


class Rested:
    """What resting looks at of a leg."""

    def __init__(self) -> None:
        self.used = 0
        self.closed = False
        self.waiting = False

    async def close(self) -> None:
        self.closed = True


def test_a_flood_of_strangers_is_counted_and_not_written_one_by_one() -> None:
    now = [1000.0]
    told: list[Event] = []
    strangers = Strangers(told.append, lambda: now[0])
    for _ in range(5000):
        strangers(Challenge(401, "a token that is unknown"), "/mcp")
    now[0] = 1011.0
    strangers(Challenge(401, "a token that is unknown"), "/mcp")
    assert len(told) == 22
    assert told[20].why == "4980 more callers were not let in"
