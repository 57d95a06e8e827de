"""However a network cuts what a server sends, it is read the same way; noise is never an answer."""

from __future__ import annotations

import asyncio
import itertools
import socket

import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.test_upstream_http import EVIL
from gateway.upstreams import LAST, STREAM, chunk, event, head, result, whole
from ostiary.gateway.ports import UpstreamFailure
from ostiary.gateway.upstream.connection import Connection
from ostiary.gateway.upstream.lines import LineReader, TooLongLine
from ostiary.wire.sse import EventReader

GOOD = result(1)
FINE = {
    "a length": whole(GOOD),
    "chunks": head(None, "application/json", "Transfer-Encoding: chunked")
    + chunk(GOOD[:7])
    + chunk(GOOD[7:])
    + LAST,
    "trailers": head(None, "application/json", "Transfer-Encoding: chunked")
    + chunk(GOOD)
    + b"0\r\nX-Sum: 1\r\nContent-Length: 3\r\nContent-Type: text/html\r\n\r\n",
    "extensions": head(None, "application/json", "Transfer-Encoding: chunked")
    + b"%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD),
    "nothing": b"HTTP/1.1 202 Accepted\r\n\r\n".replace(
        b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"
    ),
    "a stream": STREAM + chunk(event(GOOD)) + LAST,
}


async def _read(data: bytes, cuts: list[int]) -> tuple[int, bytes] | str:
    """What a connection makes of ``data`` when it arrives in pieces."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    _, connection = await loop.create_connection(
        lambda: Connection("srv", 32768, lambda _: None, lambda _: gone.set()), sock=ours
    )
    task = loop.create_task(connection.exchange(b"GET / HTTP/1.1\r\n\r\n", 1_000_000, 10))
    await asyncio.sleep(0)
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    theirs.settimeout(5)
    for start, end in itertools.pairwise(edges):
        try:
            theirs.sendall(data[start:end])
        except OSError:
            break
        for _ in range(3):
            await asyncio.sleep(0)
    theirs.close()
    try:
        reply = await task
        body = reply.body
        if reply.streamed:
            while part := await reply.read(10):
                body += part
        return reply.status, body
    except UpstreamFailure as failure:
        return type(failure).__name__
    finally:
        connection.abort("the test is over")
        await gone.wait()


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(FINE) + sorted(set(EVIL) - {"endless extensions"})),
    st.lists(st.integers(0, 400), max_size=12),
)
def test_the_cuts_between_packets_change_nothing(what: str, cuts: list[int]) -> None:
    data = (FINE | EVIL)[what]

    async def both() -> None:
        at_once = await _read(data, [])
        assert isinstance(at_once, tuple) is (what in FINE), at_once
        assert await _read(data, cuts) == at_once

    uvloop.run(both())


@settings(max_examples=150)
@given(st.binary(max_size=300), st.integers(0, 3), st.data())
def test_noise_is_an_answer_or_a_failure_and_never_anything_else(
    noise: bytes, kind: int, data: st.DataObject
) -> None:
    """Bytes put anywhere into an honest answer."""
    honest = sorted(FINE.values())[kind]
    place = data.draw(st.integers(0, len(honest)))
    mixed = honest[:place] + noise + honest[place:]
    found = asyncio.run(_read(mixed, [place]))
    if isinstance(found, tuple):
        assert 200 <= found[0] < 600
        assert len(found[1]) <= len(mixed)


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8))
def test_lines_are_the_same_however_they_arrive(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    reader = LineReader(1000)
    found = []
    for start, end in itertools.pairwise(edges):
        found += reader.feed(data[start:end])
    assert found == data.split(b"\n")[:-1]


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_line_is_kept_beyond_its_limit(parts: list[bytes]) -> None:
    reader = LineReader(50)
    held = b""
    for part in parts:
        longest = max(map(len, (held + part).split(b"\n")))
        try:
            lines = reader.feed(part)
        except TooLongLine:
            assert longest > 50
            return
        held = (held + part).split(b"\n")[-1]
        assert len(held) <= 50
        assert all(len(line) <= 50 + len(part) for line in lines)


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 10**6)), max_size=5),
    st.lists(st.integers(0, 200), max_size=8),
)
def test_where_a_stream_stopped_is_known_however_it_arrives(
    fields: list[tuple[int, int]], cuts: list[int]
) -> None:
    data = b"".join(b"id: %d\r\nretry: %d\r\ndata: x\r\n\r\n" % one for one in fields)
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    reader = EventReader(1000)
    count = 0
    for start, end in itertools.pairwise(edges):
        count += len(reader.feed(data[start:end]))
    assert count == len(fields)
    assert reader.last_id == (b"%d" % fields[-1][0] if fields else b"")
    assert reader.retry == (fields[-1][1] if fields else None)


def test_odd_ids_and_waits_of_a_stream_are_left_out() -> None:
    reader = EventReader(1000)
    reader.feed(b"id: a\nid: b\0c\nretry: -1\nretry: 1e9\nretry: \xb2\nretry: 99999999999\n\n")
    assert (reader.last_id, reader.retry) == (b"a", None)
