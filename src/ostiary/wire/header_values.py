"""Header values of MCP over HTTP: how a text travels in one, and how a wrong one is refused.

Source: specification 2026-07-28, basic/transports/streamable-http, "Value Encoding".
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from ostiary.model.json import JsonValue
from ostiary.wire import stateless

MARK, END = "=?base64?", "?="
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ALLOWED = re.compile(r"[\t\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is refused: a JSON-RPC error and the HTTP status it travels with."""

    code: int
    message: str
    status: int = 400
    data: JsonValue = field(default=None, hash=False)


def mismatch(header: str, given: str | None, what: str) -> Problem:
    how = "is missing" if given is None else f"does not match {what}"
    return Problem(stateless.HEADER_MISMATCH, f"Header mismatch: {header} {how}")


def encode_value(value: str) -> str:
    """``value`` as a header value: itself, or Base64 where a header could not carry it."""
    if is_plain(value) and not (value.startswith(MARK) and value.endswith(END)):
        return value
    coded = base64.b64encode(value.encode("utf-8")).decode("ascii")
    return f"{MARK}{coded}{END}"


def decode_value(value: str) -> str | None:
    """What a header value says; ``None`` if it holds characters or Base64 no sender may
    use."""
    if not _ALLOWED.fullmatch(value):
        return None
    if not (value.startswith(MARK) and value.endswith(END)) or len(value) < len(MARK + END):
        return value
    coded = value[len(MARK) : -len(END)]
    try:
        raw = base64.b64decode(coded, validate=True)
        # Two codings of one value would be two requests to a reader that compares coded values.
        return raw.decode("utf-8") if base64.b64encode(raw).decode("ascii") == coded else None
    except (binascii.Error, UnicodeDecodeError):
        return None


def is_plain(value: str) -> bool:
    return _PLAIN.fullmatch(value) is not None and value == value.strip(" ")
