"""One line of the record: its JSON, its number and its link in the chain.

A line is ``{"hash":"64 hex digits","number":N,...}`` and a line feed. The hash is SHA-256 over the
64 hex digits of the line before and the line without its ``hash`` member, byte by byte as written,
so that checking needs no JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

import orjson

from ostiary.model.event import Event
from ostiary.model.json import JsonObject, JsonValue

GENESIS = b"0" * 64
"""Stands for the hash before the first line of a chain."""

LARGEST_LINE = 16 * 1024 * 1024
"""Bytes that a reader holds for one line; nothing longer is written."""

LARGEST_TEXT = 4_000
"""Characters of one member, for example of an address, in a record that would be large."""

_LARGE = 64 * 1024
_OPEN = b'{"hash":"'
_START = len(_OPEN) + 64
_BODY = _START + 2


def encode(number: int, event: Event) -> bytes:
    """The body of an event's line: a JSON object that begins with its number.

    Raises ``ValueError`` (``TypeError``, ``RecursionError``) for what cannot be written.
    """
    value = {
        "number": number,
        "kind": event.kind,
        "at": event.at,
        "call": event.call,
        "principal": event.principal,
        "agent": event.agent,
        "client": event.client,
        "session": event.session,
        "server": event.server,
        "method": event.method,
        "thing": event.thing,
        "levels": event.levels,
        "effect": event.effect,
        "rules": event.rules,
        "why": event.why,
        "policy": event.policy,
        "lock": event.lock,
        "trace": event.trace,
        "content": event.content,
        "detail": event.detail,
    }
    try:
        body = orjson.dumps(value)
    except TypeError:
        body = plain(value)
    if len(body) > _LARGE:
        return plain({name: _bounded(one) for name, one in value.items()})
    return body


def _bounded(value: object) -> object:
    """A text that a stranger may have made long, cut."""
    if isinstance(value, str) and len(value) > LARGEST_TEXT:
        return f"{value[:LARGEST_TEXT]}[cut: {len(value)} characters]"
    return value


def encode_own(number: int, kind: str, at: float, members: JsonObject) -> bytes:
    """The body of a line of the ledger itself."""
    return plain({"number": number, "kind": kind, "at": at, **members})


def plain(value: object) -> bytes:
    """JSON for what orjson refuses: lone surrogates (escaped) and integers beyond 64 bits."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def link(before: bytes, body: bytes) -> bytes:
    """The hash of a line, in hex, from the hash before it and its body."""
    return sha256(before + body).hexdigest().encode()


def joined(mark: bytes, body: bytes) -> bytes:
    """The line of a body and its hash."""
    return b'{"hash":"%b",%b\n' % (mark, body[1:])


def parted(line: bytes) -> tuple[bytes, bytes] | None:
    """Hash and body of a line without its line feed; ``None`` if it is no line of a ledger."""
    if line[: len(_OPEN)] != _OPEN or line[_START:_BODY] != b'",' or line[-1:] != b"}":
        return None
    return line[len(_OPEN) : _START], b"{" + line[_BODY:]


def read(body: bytes) -> JsonObject | None:
    """The members of a body; ``None`` if it is not a JSON object with a number and a kind."""
    value = _decoded(body, orjson.loads) or _decoded(body, json.loads)
    if not isinstance(value, dict):
        return None
    number, kind, at = value.get("number"), value.get("kind"), value.get("at")
    if type(number) is not int or not isinstance(kind, str) or type(at) not in (int, float):
        return None
    return value


def _decoded(body: bytes, decode: Callable[[bytes], JsonValue]) -> JsonValue:
    try:
        return decode(body)
    except (ValueError, RecursionError):
        return None
