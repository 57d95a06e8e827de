"""What servers say, decoded once and strictly, and told apart."""

from __future__ import annotations

import re

from ostiary.gateway.ports import UpstreamFailure
from ostiary.model.json import JsonObject, JsonValue
from ostiary.wire import strict_json
from ostiary.wire.methods import CANCELLED

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\t\x80-\xff]*")
SESSION = re.compile(r"[\x21-\x7e]{1,1024}")
"""A session id: visible ASCII (revision 2025-11-25, transports)."""


def decode(name: str, data: bytes, limits: strict_json.Limits) -> JsonObject:
    """One message of the server ``name``. Raises
    :class:`~ostiary.gateway.ports.UpstreamFailure`, which holds no text of the server."""
    try:
        value = strict_json.decode(data, limits)
    except strict_json.RefusedJson as refusal:
        raise UpstreamFailure(
            f"{name} sent an answer that is refused: {_plain(refusal)}", sent=True
        ) from None
    if not isinstance(value, dict):
        raise UpstreamFailure(f"{name} sent JSON that is no single message", sent=True)
    return value


def _plain(refusal: strict_json.RefusedJson) -> str:
    """Why, without the text of the server that the reason may quote."""
    words = str(refusal)
    return "a key occurs twice in one object" if words.startswith("the key ") else words[:120]


def is_answer(message: JsonObject) -> bool:
    """Whether a message is an answer: a result or an error, and not both (JSON-RPC 2.0, 5)."""
    return (
        message.get("jsonrpc") == "2.0"
        and "method" not in message
        and (isinstance(message.get("result"), dict) != isinstance(message.get("error"), dict))
        and ("result" in message) != ("error" in message)
    )


def is_ask(message: JsonObject) -> bool:
    """Whether a message is a request or a notification with a usable id and method."""
    if message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        return False
    if "result" in message or "error" in message:
        return False
    return "id" not in message or is_id(message["id"])


def is_id(value: JsonValue) -> bool:
    """Whether a value may name a request: a string or an integer."""
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two ids are the same; ``1``, ``1.0``, ``true`` and ``"1"`` are four."""
    return type(one) is type(other) and one == other


def cancelled(ident: JsonValue, reason: str) -> JsonObject:
    """What tells a server that nobody waits for its answer any more."""
    params: JsonObject = {"requestId": ident, "reason": reason}
    return {"jsonrpc": "2.0", "method": CANCELLED, "params": params}


def header_lines(headers: dict[str, str]) -> str:
    """Headers as they go over the wire. Raises :class:`ValueError` for what no header may hold
    (CWE-113)."""
    lines = []
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError(f"the header {name[:80]!r} cannot be sent")
        lines.append(f"{name}: {value}\r\n")
    return "".join(lines)
