"""Writes what was judged: the decoded value, as bytes, with nothing added or left out."""

from __future__ import annotations

import json

import orjson

from ostiary.model.json import JsonObject


def encode(message: JsonObject) -> bytes:
    """``message`` as UTF-8 JSON on one line."""
    try:
        return orjson.dumps(message)
    except TypeError:
        # Integers beyond 64 bits are valid JSON and were judged as such.
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def id_of(message: JsonObject) -> int | str | None:
    """The id of a message, if it is one."""
    found = message.get("id")
    return found if isinstance(found, int | str) else None


def answer(ident: int | str | None, result: JsonObject) -> JsonObject:
    """A JSON-RPC answer with a result."""
    return {"jsonrpc": "2.0", "id": ident, "result": result}


def failure(
    ident: int | str | None, code: int, text: str, data: JsonObject | None = None
) -> JsonObject:
    """A JSON-RPC answer with an error."""
    error: JsonObject = {"code": code, "message": text}
    if data is not None:
        error["data"] = data
    return {"jsonrpc": "2.0", "id": ident, "error": error}
