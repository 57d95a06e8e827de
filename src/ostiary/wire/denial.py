"""A refusal as it goes over the wire: what was refused, why, by which rule, and what to do instead.

The structure is the envelope of the draft SEP-2643. What may not be known of is answered exactly
like what does not exist.
"""

from __future__ import annotations

from ostiary.model.decision import Decision, Effect, Reason
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.model.visible import NAME, one_line, visible
from ostiary.wire.methods import completed

AUTHORIZATION = "io.modelcontextprotocol/authorization"
"""Key of the envelope in ``_meta`` of a result, and in the ``data`` of an error."""

AUTHORIZATION_CONTEXT = "io.modelcontextprotocol/authorization-context-id"
"""Key in a request's ``_meta`` under which a client names the refusal it follows up on."""

DECISION = "ostiary/decision"
"""Key, beside the envelope, of the rules that decided and what each says."""

REFUSED = -31403
"""JSON-RPC code of a refused request. Outside of the ranges that JSON-RPC and MCP reserve
(2026-07-28, basic, error codes); the draft SEP gives none."""

INVALID_PARAMS = -32602
RESOURCE_NOT_FOUND = -32002
"""Revisions up to 2025-11-25 only."""

_STATELESS = "stateless"
_TEXT = 600
"""Characters of one sentence of a rule that are shown."""


def denial(
    message: JsonObject, decision: Decision, context_id: str, era: str
) -> tuple[JsonObject, int]:
    """The answer to a request that was refused, and its HTTP status.

    ``message`` is the request as the caller sent it: names are told back as the caller said them.
    ``context_id`` names the refusal in the record and must be opaque. ``era`` is ``handshake`` or
    ``stateless``. The status is 200 throughout: 401 and 403 would make clients seek another
    token, and no token mends a refusal by policy.
    """
    if decision.hidden:
        return unknown(message, era)
    if message.get("method") == "tools/call":
        return _answer(message, "result", _result(decision, context_id, era)), 200
    error: JsonObject = {
        "code": REFUSED,
        "message": _headline(decision),
        "data": _structure(decision, context_id),
    }
    return _answer(message, "error", error), 200


def unknown(message: JsonObject, era: str) -> tuple[JsonObject, int]:
    """The answer to a request about something that does not exist, or that the caller may not
    know of: both get this one, so that neither can be told from the other."""
    params = as_object(message.get("params"))
    method = as_text(message.get("method"))
    return _answer(message, "error", _not_found(method, params, era)), 200


def _not_found(method: str, params: JsonObject, era: str) -> JsonObject:
    if method == "tools/call":
        return _error(INVALID_PARAMS, "Unknown tool", params.get("name"))
    if method == "prompts/get":
        return _error(INVALID_PARAMS, "Unknown prompt", params.get("name"))
    if method == "completion/complete":
        kind, name = completed(params.get("ref"))
        return _error(INVALID_PARAMS, f"Unknown {kind or 'reference'}", name)
    if method.startswith("resources/") and "uri" in params:
        code = INVALID_PARAMS if era == _STATELESS else RESOURCE_NOT_FOUND
        return {
            "code": code,
            "message": "Resource not found",
            "data": {"uri": params["uri"]},
        }
    return {"code": INVALID_PARAMS, "message": "Unknown server"}


def _error(code: int, what: str, name: JsonValue) -> JsonObject:
    shown = f": {visible(name, NAME)}" if isinstance(name, str) and name else ""
    return {"code": code, "message": what + shown}


def _result(decision: Decision, context_id: str, era: str) -> JsonObject:
    """A tool result that says no: models read results, while many clients keep errors to
    themselves (the draft SEP, "Where the envelope attaches", case 4)."""
    result: JsonObject = {
        "content": [{"type": "text", "text": in_words(decision, context_id)}],
        "isError": True,
        "_meta": _structure(decision, context_id),
    }
    return {"resultType": "complete", **result} if era == _STATELESS else result


def in_words(decision: Decision, context_id: str) -> str:
    """What the model and the person read."""
    lines = [_headline(decision), "Nothing was sent to the server and nothing was done."]
    lines += [f"Why: {_sentence(one.text)} (rule {one.rule})" for one in decision.reasons]
    remedies = dict.fromkeys(_sentence(one.remedy) for one in decision.reasons if one.remedy)
    lines += [f"What to do instead: {remedy}" for remedy in remedies]
    lines.append("The same request would be refused again; do not repeat it unchanged.")
    if context_id:
        lines.append(f"Reference: {context_id}")
    return "\n".join(lines)


def _headline(decision: Decision) -> str:
    first = decision.reasons[0]
    if decision.effect is Effect.ASK:
        return f"A person has to approve this first: {_sentence(first.text)}"
    return f"Refused by policy: {_sentence(first.text)}"


def _sentence(text: str) -> str:
    return one_line(text, _TEXT)


def _structure(decision: Decision, context_id: str) -> JsonObject:
    envelope: JsonObject = {
        "reason": "insufficient_authorization",
        "remediation": _posture(decision),
    }
    if context_id:
        envelope["authorizationContextId"] = context_id
    told: JsonObject = {
        "effect": decision.effect.value,
        "reasons": [_reason(one) for one in decision.reasons],
    }
    return {AUTHORIZATION: envelope, DECISION: told}


def _posture(decision: Decision) -> str:
    """``undisclosed`` where something could help that no hint type of the draft describes: the
    client must not retry unchanged, and must not take the refusal for final."""
    if decision.effect is Effect.ASK or any(one.remedy for one in decision.reasons):
        return "undisclosed"
    return "unavailable"


def _reason(reason: Reason) -> JsonObject:
    told: JsonObject = {"rule": reason.rule, "text": _sentence(reason.text)}
    if reason.remedy:
        told["remedy"] = _sentence(reason.remedy)
    return told


def _answer(message: JsonObject, key: str, value: JsonObject) -> JsonObject:
    return {"jsonrpc": "2.0", "id": message.get("id"), key: value}
