"""JSON-RPC 2.0 messages: made, encoded, and told apart strictly when they arrive."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TypeAlias

from ostiary.model.json import JsonObject, JsonValue, as_object

METHOD_NOT_FOUND = -32601

Id: TypeAlias = "int | str | None"


@dataclass(frozen=True, slots=True)
class Result:
    """An answer that carries a result."""

    id: Id
    value: JsonObject = field(hash=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that carries an error."""

    id: Id
    code: int
    message: str
    data: JsonValue = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the other side, which expects an answer."""

    id: Id
    method: str
    params: JsonObject = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification."""

    method: str
    params: JsonObject = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Malformed:
    """JSON that is no JSON-RPC message, and why."""

    why: str
    is_answer: bool = False
    """Whether it was meant as the answer to a request."""


Message: TypeAlias = "Result | Failure | Call | Notice | Malformed"


def call(number: int, method: str, params: JsonObject) -> JsonObject:
    """A request."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def notice(method: str, params: JsonObject | None = None) -> JsonObject:
    """A notification."""
    message: JsonObject = {"jsonrpc": "2.0", "method": method}
    if params:
        message["params"] = params
    return message


def reply_to(request: Call) -> JsonObject:
    """The only answers a recorder gives: an empty result to ``ping``, a refusal to the rest."""
    if request.method == "ping":
        return {"jsonrpc": "2.0", "id": request.id, "result": {}}
    error: JsonObject = {"code": METHOD_NOT_FOUND, "message": "Method not found"}
    return {"jsonrpc": "2.0", "id": request.id, "error": error}


def encode(message: JsonObject) -> bytes:
    """One line of UTF-8 without line breaks inside, and without the one at its end."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def messages(value: JsonValue) -> tuple[Message, ...]:
    """The messages in one JSON value; an array is a batch (revision 2025-03-26)."""
    if isinstance(value, list):
        if not value:
            return (Malformed("an empty batch"),)
        return tuple(read(one) for one in value)
    return (read(value),)


def read(value: JsonValue) -> Message:
    """``value`` as one message (JSON-RPC 2.0, sections 4 and 5)."""
    if not isinstance(value, dict):
        return Malformed("a message that is no object")
    if value.get("jsonrpc") != "2.0":
        answers = "jsonrpc" in value and ("result" in value or "error" in value)
        return Malformed('a message without "jsonrpc": "2.0"', answers)
    if "method" in value:
        return _request(value)
    return _answer(value)


def _request(value: JsonObject) -> Message:
    method = value["method"]
    if not isinstance(method, str):
        return Malformed("a request whose method is no string")
    if "result" in value or "error" in value:
        return Malformed("a message that is request and answer at once")
    if not isinstance(value.get("params", {}), dict | list):
        return Malformed(f"a request {method[:80]!r} whose params are no object")
    params = as_object(value.get("params", {}))
    if "id" not in value:
        return Notice(method, params)
    number = value["id"]
    if isinstance(number, bool) or not isinstance(number, int | str):
        return Malformed(f"a request {method[:80]!r} whose id is neither string nor integer")
    return Call(number, method, params)


def _answer(value: JsonObject) -> Message:
    if ("result" in value) == ("error" in value):
        return Malformed("an answer that needs either a result or an error", is_answer=True)
    number = value.get("id", False)
    if isinstance(number, bool) or not isinstance(number, int | str | None):
        return Malformed("an answer whose id is neither string nor integer", is_answer=True)
    if "error" in value:
        return _failure(number, value["error"])
    result = value["result"]
    if number is None:
        return Malformed("a result without an id", is_answer=True)
    if not isinstance(result, dict):
        return Malformed("an answer whose result is no object", is_answer=True)
    return Result(number, result)


def _failure(number: Id, error: JsonValue) -> Message:
    if not isinstance(error, dict):
        return Malformed("an answer whose error is no object", is_answer=True)
    code = error.get("code")
    message = error.get("message")
    if not isinstance(code, int) or isinstance(code, bool) or not isinstance(message, str):
        return Malformed("an error without an integer code and a message", is_answer=True)
    return Failure(number, code, message, error.get("data"))
