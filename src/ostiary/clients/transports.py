"""Which transport a server entry means: the spellings of all clients, and what silence means."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.clients.formats.document import Step
from ostiary.clients.record import Shape
from ostiary.model.client import Transport
from ostiary.model.json import JsonObject

SPELLINGS = {
    "stdio": Transport.STDIO,
    "local": Transport.STDIO,
    "command": Transport.STDIO,
    "http": Transport.HTTP,
    "remote": Transport.HTTP,
    "streamable": Transport.HTTP,
    "streamablehttp": Transport.HTTP,
    "httpstream": Transport.HTTP,
    "sse": Transport.SSE,
    "ws": Transport.WEBSOCKET,
    "websocket": Transport.WEBSOCKET,
    "sdk": Transport.BUILTIN,
    "builtin": Transport.BUILTIN,
    "platform": Transport.BUILTIN,
    "inmemory": Transport.BUILTIN,
}
"""Common spellings, in lower case without ``-`` and ``_``."""

Body = tuple[JsonObject, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    transport: Transport
    url: str | None


def kind_of(shape: Shape, bodies: tuple[Body, ...], runs: bool, problems: list[str]) -> Kind:
    """Transport and URL of an entry. ``runs`` says whether it names a command."""
    url, implied = _url(shape, bodies)
    declared = _declared(shape, bodies, problems)
    if runs and url is not None:
        problems.append("it names both a command and a URL")
    if declared is None:
        declared = _silent(runs, implied, problems)
    elif declared is Transport.STDIO and not runs:
        problems.append("it should run a command and names none")
    elif declared in (Transport.HTTP, Transport.SSE, Transport.WEBSOCKET) and url is None:
        problems.append("it should be reached at a URL and names none")
    return Kind(declared, url)


def _silent(runs: bool, implied: Transport | None, problems: list[str]) -> Transport:
    if runs:
        return Transport.STDIO
    if implied is not None:
        return implied
    problems.append("it names neither a command nor a URL")
    return Transport.UNKNOWN


def _url(shape: Shape, bodies: tuple[Body, ...]) -> tuple[str | None, Transport | None]:
    for field, transport in shape.urls:
        for body, _ in bodies:
            value = body.get(field)
            if isinstance(value, str) and value:
                return value, transport
    return None, None


def _declared(shape: Shape, bodies: tuple[Body, ...], problems: list[str]) -> Transport | None:
    for field in shape.type:
        for body, _ in bodies:
            word = body.get(field)
            if isinstance(word, str):
                return _fold(shape, word, problems)
    return None


def _fold(shape: Shape, word: str, problems: list[str]) -> Transport | None:
    for spelling, transport in shape.types:
        if spelling == word:
            return transport
    found = SPELLINGS.get(word.lower().replace("-", "").replace("_", ""))
    if found is None:
        problems.append(f"the transport type {word[:40]!r} is not known")
    return found
