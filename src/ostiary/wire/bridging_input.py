"""Questions of a server in the middle of a request, in both eras.

A handshake server sends a request of its own and waits; a stateless server ends the request with
``input_required`` and is asked again (SEP-2322). Sources: revision 2025-11-25, client features;
revision 2026-07-28, multi round-trip requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ostiary.model.json import JsonObject, JsonValue, as_list, as_object
from ostiary.wire import bridging

ELICIT = "elicitation/create"
SAMPLE = "sampling/createMessage"
ROOTS = "roots/list"
QUESTIONS = {ELICIT: "elicitation", SAMPLE: "sampling", ROOTS: "roots"}
"""What a server may ask in either era, and the client capability it needs."""
ASKABLE = frozenset({"tools/call", "prompts/get", "resources/read"})
"""The requests in whose middle a stateless server may ask."""
INPUT_REQUIRED = "input_required"


class Unbridgeable(ValueError):
    """The other era has no form for this. The message says what, for the caller to read."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An ``input_required`` result, read."""

    questions: dict[str, JsonObject] = field(hash=False)
    """Each question's method and params, by the server's key. May be empty: try again then."""
    state: str | None
    """Handed back exactly; ``None`` if the server gave none."""


def unfinished(method: str, result: JsonObject, capabilities: JsonObject) -> Unfinished | None:
    """The questions of a result to ``method``; ``None`` if the result is complete.

    ``capabilities`` are the client's: what it cannot answer, it must not be asked. Raises
    :class:`Unbridgeable` for a result that breaks the protocol.
    """
    kind = result.get("resultType", "complete")
    if kind == "complete":
        return None
    if kind != INPUT_REQUIRED:
        raise Unbridgeable("the server sent a kind of result that this client cannot read")
    if method not in ASKABLE:
        raise Unbridgeable(f"the server asked for input in the middle of {method}")
    state = result.get("requestState")
    if state is not None and not isinstance(state, str):
        raise Unbridgeable("the server sent a request state that is no string")
    asked = result.get("inputRequests", {})
    if not isinstance(asked, dict) or (not asked and state is None):
        raise Unbridgeable("the server wants input but does not say which")
    questions = {key: _question(value, capabilities) for key, value in asked.items()}
    return Unfinished(questions, state)


def server_request(question: JsonObject, number: int | str) -> JsonObject:
    """A question as the request that a handshake client expects."""
    params = as_object(question.get("params"))
    if question.get("method") == ELICIT and params.get("mode") == "url":
        # 2025-11-25 wants an id; ours is the request's, and no completion is announced for it.
        params = {"elicitationId": str(number), **params}
    made: JsonObject = {"jsonrpc": "2.0", "id": number, "method": question["method"]}
    return {**made, "params": params} if params else made


def input_response(method: str, answer: JsonObject) -> JsonObject:
    """A handshake client's answer to a server request as an entry of ``inputResponses``.

    An elicitation that the client could not carry out counts as cancelled. Raises
    :class:`Unbridgeable` for other errors: the stateless era has no place for them.
    """
    result = answer.get("result")
    if isinstance(result, dict):
        return result
    if method == ELICIT:
        return {"action": "cancel"}
    raise Unbridgeable(f"the client answered {method} with an error")


def retry(
    message: JsonObject, unfinished: Unfinished, responses: Mapping[str, JsonObject]
) -> JsonObject:
    """``message``, the stateless request that was not finished, with what was answered. The
    caller gives it a fresh id."""
    params = as_object(message.get("params"))
    kept: JsonObject = {
        key: value for key, value in params.items() if key not in ("inputResponses", "requestState")
    }
    if unfinished.questions:
        kept["inputResponses"] = dict(responses)
    if unfinished.state is not None:
        kept["requestState"] = unfinished.state
    return {**message, "params": kept}


def input_required(questions: Mapping[str, JsonObject], state: str) -> JsonObject:
    """Requests of a handshake server as the result that a stateless client expects.

    ``questions`` are the server's requests by a key of ours; ``state`` is sealed by the caller and
    finds the waiting call again. Raises :class:`Unbridgeable` for what may not be asked.
    """
    asked: JsonObject = {key: _input_request(request) for key, request in questions.items()}
    return {"resultType": INPUT_REQUIRED, "inputRequests": asked, "requestState": state}


def may_ask(method: str, request: JsonObject, capabilities: JsonObject) -> str | None:
    """Why a handshake server's ``request`` cannot be put to a stateless client in the middle of
    ``method``; ``None`` if it can."""
    asked = request.get("method")
    if not isinstance(asked, str) or asked not in QUESTIONS:
        return "no client is asked this"
    if method not in ASKABLE:
        return f"nothing can be asked in the middle of {method or 'nothing'}"
    if not _answers(capabilities, request):
        return "the client did not offer to answer this"
    return None


def server_answers(
    params: JsonObject, waiting: Mapping[str, JsonObject]
) -> tuple[list[JsonObject], dict[str, JsonObject]]:
    """The answers in a retry's ``inputResponses`` to the ``waiting`` requests of a handshake
    server, and the requests that are still without one. Anything else in it is ignored."""
    responses = as_object(params.get("inputResponses"))
    answers: list[JsonObject] = []
    missing: dict[str, JsonObject] = {}
    for key, request in waiting.items():
        given = responses.get(key)
        if isinstance(given, dict):
            answers.append({"jsonrpc": "2.0", "id": request["id"], "result": given})
        else:
            missing[key] = request
    return answers, missing


def url_questions(error: JsonObject, capabilities: JsonObject) -> dict[str, JsonObject]:
    """The questions in a "URL elicitation required" error of revision 2025-11-25, by key. Empty
    if it is another error, or the client cannot answer. Such a request is sent again whole."""
    if error.get("code") != bridging.URL_ELICITATION:
        return {}
    found: dict[str, JsonObject] = {}
    for number, params in enumerate(as_list(as_object(error.get("data")).get("elicitations")), 1):
        request: JsonObject = {"method": ELICIT, "params": params}
        if not isinstance(params, dict) or not _answers(capabilities, request):
            return {}
        found[f"url-{number}"] = request
    return found


def _question(value: JsonValue, capabilities: JsonObject) -> JsonObject:
    question = as_object(value)
    if question.get("method") not in QUESTIONS:
        raise Unbridgeable("the server asks something that no client is asked")
    if not isinstance(question.get("params", {}), dict):
        raise Unbridgeable("the server asks something whose params are no object")
    if not _answers(capabilities, question):
        raise Unbridgeable(f"the server asks for {question['method']}, which the client lacks")
    return question


def _answers(capabilities: JsonObject, request: JsonObject) -> bool:
    """Whether a client with ``capabilities`` answers ``request``."""
    name = QUESTIONS[str(request["method"])]
    offered = capabilities.get(name)
    if not isinstance(offered, dict):
        return False
    if name == "sampling":
        wants_tools = "tools" in as_object(request.get("params"))
        return not wants_tools or "tools" in offered
    if name != "elicitation":
        return True
    mode = as_object(request.get("params")).get("mode", "form")
    # An empty offer is one of forms (2025-11-25, elicitation, capabilities).
    return mode in offered or (mode == "form" and not offered)


def _input_request(request: JsonObject) -> JsonObject:
    method = request.get("method")
    if method not in QUESTIONS:
        raise Unbridgeable("the server asks something that no client is asked")
    # Ids of elicitations and tasks belong to 2025-11-25 alone.
    params: JsonObject = {
        key: value
        for key, value in as_object(request.get("params")).items()
        if key not in ("elicitationId", "task")
    }
    meta: JsonObject = {
        key: value
        for key, value in as_object(params.pop("_meta", None)).items()
        if key != "progressToken"
    }
    if meta:
        params["_meta"] = meta
    made: JsonObject = {"method": method}
    return {**made, "params": params} if params or method != ROOTS else made
