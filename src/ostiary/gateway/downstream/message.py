"""Bytes of a client to one message with its era: the same on every transport."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.gateway.downstream.refused import PARSE_ERROR, Refused
from ostiary.gateway.ports import Era
from ostiary.model.json import JsonObject
from ostiary.wire import jsonrpc
from ostiary.wire.mcp_headers import VERSION_HEADER, check_stateless, is_stateless
from ostiary.wire.strict_json import Limits, RefusedJson, decode


def read_message(body: bytes, limits: Limits) -> JsonObject:
    """The one JSON-RPC message in ``body``. Raises :class:`Refused`."""
    try:
        value = decode(body, limits)
    except RefusedJson as refusal:
        raise Refused(400, f"Parse error: {refusal}", code=PARSE_ERROR) from None
    if not isinstance(value, dict):
        what = "a batch" if isinstance(value, list) else "no object"
        raise Refused(400, f"the body is {what}; send one JSON-RPC message at a time")
    message = jsonrpc.read(value)
    if isinstance(message, jsonrpc.Malformed):
        raise Refused(400, f"the body is {message.why}", id=_id(value))
    if not isinstance(value.get("params", value), dict):
        raise Refused(400, "the params are no object", id=_id(value))
    return value


def era_of(message: JsonObject, headers: Mapping[str, str] | None) -> Era:
    """The era of a message, its rules checked. ``headers`` are ``None`` where the transport has
    none. Raises :class:`Refused`."""
    if not is_stateless(message, None if headers is None else headers.get(VERSION_HEADER)):
        return Era.HANDSHAKE
    problem = check_stateless(message, headers)
    if problem is not None:
        raise Refused(
            problem.status, problem.message, code=problem.code, data=problem.data, id=_id(message)
        )
    return Era.STATELESS


def _id(message: JsonObject) -> int | str | None:
    value = message.get("id")
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None
