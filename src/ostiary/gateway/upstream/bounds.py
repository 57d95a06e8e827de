"""How long, how much and how many: what one server may cost. Options of ``[servers.NAME]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, replace
from typing import Any

from ostiary.model.approval import Bounds
from ostiary.model.json import JsonValue
from ostiary.model.setting import Table

MIB = 1024 * 1024
SHORTEST = 0.001
"""Seconds of the shortest time that can be set."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on the conversations with one server. Each is a setting of the same name."""

    connect_seconds: float = 10.0
    """For name, address, connection and TLS together."""
    answer_seconds: float = 120.0
    """For an answer to begin, and between two signs of life of a stream."""
    queue_seconds: float = 10.0
    """Waiting for a turn or for a free connection."""
    idle_seconds: float = 4.0
    """How long an unused connection is kept. Short, so that it is seldom found dead."""
    close_seconds: float = 2.0
    """For saying goodbye to a session."""
    start_seconds: float = 30.0
    """For a box to be made and its program started."""
    answer_bytes: int = 16 * MIB
    """Of one message."""
    answer_depth: int = 128
    """Nested arrays and objects of one message."""
    head_bytes: int = 32 * 1024
    """Status line and headers of one HTTP answer."""
    connections: int = 64
    """Open at once for requests to one server."""
    streams: int = 1024
    """Open at once for listening to one server."""
    concurrent_calls: int = 64
    """Requests at one server at once, over all callers."""
    queued_calls: int = 256
    """Requests that wait for their turn; beyond it they are refused at once."""
    failures: int = 5
    """Failures in a row after which a server is left alone for a while."""
    pause_seconds: float = 1.0
    """The first while; it doubles up to ``pause_most_seconds``."""
    pause_most_seconds: float = 30.0
    reconnects: int = 100
    """Times one answer may be taken up again after its stream was closed."""
    unasked: int = 1024
    """Messages nobody asked for that are kept until somebody takes them."""
    unasked_bytes: int = 4 * MIB
    """Of these messages together."""
    memory_mib: int = 1024
    """Of one boxed server, all its processes together."""
    copies: int = 64
    """Boxed copies of one server at once: each caller has its own."""
    processes: int = 128
    """Processes and threads of one boxed server."""
    allow_private: bool = False
    """Whether a remote server may live on this machine or in a private network."""
    ca_file: str = ""
    """Certificates to trust beside the system's."""

    def within(self, bounds: Bounds) -> Limits:
        """These limits, with what the approval of a server sets."""
        return replace(
            self,
            concurrent_calls=bounds.concurrent_calls or self.concurrent_calls,
            answer_bytes=bounds.answer_bytes or self.answer_bytes,
            answer_seconds=bounds.answer_seconds or self.answer_seconds,
        )

    @classmethod
    def from_table(cls, table: Mapping[str, JsonValue], where: str = "servers") -> Limits:
        """Limits from the options of that name in ``table``; others are left to other readers.
        Raises :class:`~ostiary.model.setting.BadSetting`."""
        read, usual = Table(table, where), cls()
        given = {one.name: _read(read, usual, one) for one in fields(cls)}
        return cls(**given)  # type: ignore[arg-type]


def _read(read: Table, usual: Limits, one: Field[Any]) -> bool | int | float | str:
    default = getattr(usual, one.name)
    match one.type:
        case "bool":
            return read.flag(one.name, default=default)
        case "str":
            return read.text(one.name, default)
        case "int":
            return read.whole(one.name, default, 1)
        case _:
            return read.number(one.name, default, SHORTEST)
