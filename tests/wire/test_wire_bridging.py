"""One era's messages as the other's: nothing is lost on the way there and back, whatever comes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.json import JsonObject
from ostiary.wire import bridging, bridging_changes, bridging_input, stateless
from ostiary.wire.bridging import Speaker
from ostiary.wire.bridging_input import Unbridgeable, Unfinished

words = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
objects: Any = st.dictionaries(words, values, max_size=4)
capabilities = st.fixed_dictionaries(
    {},
    optional={
        "elicitation": st.sampled_from([{}, {"form": {}}, {"url": {}}, {"form": {}, "url": {}}]),
        "sampling": st.sampled_from([{}, {"tools": {}}]),
        "roots": st.just({}),
        "experimental": objects,
    },
)
speakers = st.builds(
    Speaker,
    st.fixed_dictionaries({"name": words.filter(bool), "version": words}, optional={"x": values}),
    capabilities,
    st.sampled_from(["", *bridging.LEVELS]),
)
methods = st.sampled_from(["tools/call", "tools/list", "resources/read", "prompts/get", "x/y"])


@st.composite
def requests(draw: st.DrawFn) -> JsonObject:
    params = draw(objects)
    meta = draw(objects)
    if meta:
        params["_meta"] = meta
    return {"jsonrpc": "2.0", "id": draw(st.integers(0)), "method": draw(methods), "params": params}


@given(requests(), speakers)
def test_a_request_comes_back_as_it_was(message: JsonObject, speaker: Speaker) -> None:
    before = copy.deepcopy(message)
    there = bridging.request_to_stateless(message, speaker)
    assert bridging.request_to_handshake(there) == before
    assert message == before
    assert bridging.from_envelope(there["params"]) == speaker  # type: ignore[arg-type]


@given(methods, objects, objects)
def test_a_result_comes_back_as_it_was(method: str, result: JsonObject, server: JsonObject) -> None:
    result = {**result, "structuredContent": {"a": 1}}
    if method == "tools/list":
        result["tools"] = [{"name": "t", "outputSchema": {"type": "object"}, "x": 1}]
    before = copy.deepcopy(result)
    there = bridging.result_to_stateless(method, result, server)
    assert there["resultType"] == "complete"
    assert ("ttlMs" in there) == (method in bridging.CACHEABLE)
    assert bridging.result_to_handshake(method, there) == before
    assert result == before


def test_what_no_handshake_client_can_read_is_left_out() -> None:
    listed = bridging.result_to_handshake(
        "tools/list",
        {
            "resultType": "complete",
            "tools": [{"name": "a", "outputSchema": {"type": "array"}}, {"name": "b"}],
            "ttlMs": 5,
            "cacheScope": "public",
        },
    )
    assert listed == {"tools": [{"name": "a"}, {"name": "b"}]}
    called = bridging.result_to_handshake("tools/call", {"content": [], "structuredContent": [1]})
    assert called == {"content": []}


@given(objects, capabilities, words)
def test_an_opening_keeps_what_the_server_says(
    info: JsonObject, offered: JsonObject, instructions: str
) -> None:
    opened: JsonObject = {
        "protocolVersion": "2025-11-25",
        "capabilities": {**offered, "tasks": {"list": {}}},
        "serverInfo": info or {"name": "s", "version": "1"},
        "instructions": instructions,
    }
    found = bridging.discover_result(opened)
    assert stateless.is_hello(found)
    assert (found["ttlMs"], found["cacheScope"]) == (0, "private")
    assert bridging.initialize_result(found) == {**opened, "capabilities": offered}


@given(speakers)
def test_a_session_is_opened_for_the_one_who_speaks(speaker: Speaker) -> None:
    params = bridging.initialize_params(speaker)
    assert params["protocolVersion"] == "2025-11-25"
    assert bridging.from_initialize(params) == Speaker(speaker.info, speaker.capabilities)


def test_a_session_for_a_client_without_a_name_has_one() -> None:
    params = bridging.initialize_params(Speaker({"name": 3, "title": "T"}))
    assert params["clientInfo"] == {"name": "unnamed", "version": "0", "title": "T"}


@given(st.integers(-33000, -31000))
def test_no_error_has_a_code_that_its_reader_must_not_get(code: int) -> None:
    error: JsonObject = {"code": code, "message": "m", "data": {"uri": "x:y"}}
    there = bridging.error_to_stateless(error)
    assert there["code"] not in (-32002, -32042)
    assert not -32099 <= int(there["code"]) <= -32020  # type: ignore[arg-type]
    back = bridging.error_to_handshake("resources/read", error)
    assert back["code"] not in stateless.ERRORS
    assert {**there, "code": code} == error == {**back, "code": code}


@given(values, values)
def test_no_error_of_a_stranger_is_too_strange(code: Any, data: Any) -> None:
    error: JsonObject = {"code": code, "message": "m", "data": data}
    for made in (
        bridging.error_to_stateless(error),
        bridging.error_to_handshake("resources/read", error),
    ):
        assert {**made, "code": code} == error
    assert isinstance(bridging_input.url_questions(error, {"elicitation": {}}), dict)


def test_a_missing_capability_stays_one() -> None:
    error: JsonObject = {"code": -32021, "message": "m", "data": {"requiredCapabilities": {}}}
    assert bridging.error_to_stateless(error) == error


def test_a_resource_that_is_missing_is_missing_in_both_eras() -> None:
    error: JsonObject = {"code": -32002, "message": "gone", "data": {"uri": "x:y"}}
    there = bridging.error_to_stateless(error)
    assert there["code"] == -32602
    assert bridging.error_to_handshake("resources/read", there) == error


def test_log_messages_reach_only_who_asked_for_them() -> None:
    def said(level: str) -> JsonObject:
        return {"method": "notifications/message", "params": {"level": level}}

    assert not bridging.heard_at("", said("emergency"))
    assert not bridging.heard_at("warning", said("info"))
    assert bridging.heard_at("warning", said("warning"))
    assert bridging.heard_at("debug", said("strange"))


kinds = st.sampled_from(["elicitation/create", "sampling/createMessage", "roots/list", "ping", 3])
questions = st.fixed_dictionaries({"method": kinds}, optional={"params": objects | words})
results = st.fixed_dictionaries(
    {},
    optional={
        "resultType": st.sampled_from(["complete", "input_required", "other", 1, None]),
        "inputRequests": st.dictionaries(words, questions | values, max_size=3) | values,
        "requestState": words | values,
    },
)


@given(methods, results, capabilities)
def test_no_client_is_asked_what_it_did_not_offer(
    method: str, result: JsonObject, offered: JsonObject
) -> None:
    before = copy.deepcopy(result)
    try:
        found = bridging_input.unfinished(method, result, offered)
    except Unbridgeable:
        assert result.get("resultType") != "complete"
        return
    assert result == before
    if found is None:
        assert result.get("resultType", "complete") == "complete"
        return
    assert method in bridging_input.ASKABLE
    assert found.questions or found.state is not None
    for question in found.questions.values():
        assert bridging_input.QUESTIONS[str(question["method"])] in offered


@given(
    requests(), st.dictionaries(words, objects, min_size=1, max_size=3), st.none() | words, objects
)
def test_a_retry_carries_the_answers_and_the_state_and_nothing_of_the_last(
    message: JsonObject, answers: dict[str, JsonObject], state: str | None, old: JsonObject
) -> None:
    params: Any = message["params"]
    stale = {**message, "params": {**params, "inputResponses": old, "requestState": "old"}}
    asked = Unfinished({key: {"method": "roots/list"} for key in answers}, state)
    made: Any = bridging_input.retry(stale, asked, answers)
    assert made["params"]["inputResponses"] == answers
    assert made["params"].get("requestState") == state
    rest = {k: v for k, v in made["params"].items() if k not in ("inputResponses", "requestState")}
    assert rest == params


FORM: JsonObject = {"message": "Name?", "requestedSchema": {"type": "object", "properties": {}}}


@given(words)
def test_a_question_goes_there_and_back(state: str) -> None:
    """A handshake server's requests, put to a stateless client, put to a handshake client."""
    asked: dict[str, JsonObject] = {
        "a": {"jsonrpc": "2.0", "id": 7, "method": "elicitation/create", "params": FORM},
        "b": {"jsonrpc": "2.0", "id": 8, "method": "roots/list"},
        "c": {
            "jsonrpc": "2.0",
            "id": 9,
            "method": "elicitation/create",
            "params": {"mode": "url", "url": "https://x", "message": "m", "elicitationId": "e"},
        },
    }
    offered: JsonObject = {"elicitation": {"form": {}, "url": {}}, "roots": {}}
    result = bridging_input.input_required(asked, state)
    found = bridging_input.unfinished("tools/call", result, offered)
    assert found is not None
    assert found.state == state
    back = [
        bridging_input.server_request(question, f"q{number}")
        for number, question in enumerate(found.questions.values())
    ]
    assert back[0] == {**asked["a"], "id": "q0"}
    assert back[1] == {**asked["b"], "id": "q1"}
    assert back[2]["params"] == {**asked["c"]["params"], "elicitationId": "q2"}  # type: ignore[dict-item]


def test_answers_go_to_who_asked_and_strange_ones_nowhere() -> None:
    waiting: dict[str, JsonObject] = {
        "a": {"id": 7, "method": "roots/list"},
        "b": {"id": "x", "method": "elicitation/create"},
    }
    answers, missing = bridging_input.server_answers(
        {"inputResponses": {"a": {"roots": []}, "z": {}, "b": "no object"}}, waiting
    )
    assert answers == [{"jsonrpc": "2.0", "id": 7, "result": {"roots": []}}]
    assert missing == {"b": waiting["b"]}


def test_an_error_is_a_cancelled_form_and_never_an_invented_answer() -> None:
    refused: JsonObject = {"id": 1, "error": {"code": -1, "message": "no"}}
    assert bridging_input.input_response("elicitation/create", refused) == {"action": "cancel"}
    with pytest.raises(Unbridgeable):
        bridging_input.input_response("sampling/createMessage", refused)


@pytest.mark.parametrize(
    ("method", "request_", "offered", "problem"),
    [
        ("tools/call", {"method": "roots/list"}, {"roots": {}}, False),
        ("tools/call", {"method": "roots/list"}, {}, True),
        ("tools/list", {"method": "roots/list"}, {"roots": {}}, True),
        ("tools/call", {"method": "tools/call"}, {"roots": {}}, True),
        (
            "tools/call",
            {"method": "elicitation/create", "params": FORM},
            {"elicitation": {}},
            False,
        ),
        (
            "tools/call",
            {"method": "elicitation/create", "params": {**FORM, "mode": "url"}},
            {"elicitation": {}},
            True,
        ),
        (
            "tools/call",
            {"method": "sampling/createMessage", "params": {"tools": []}},
            {"sampling": {}},
            True,
        ),
    ],
)
def test_who_may_be_asked_what(
    method: str, request_: JsonObject, offered: JsonObject, problem: bool
) -> None:
    assert (bridging_input.may_ask(method, request_, offered) is not None) is problem


def test_addresses_to_visit_become_questions() -> None:
    error: JsonObject = {
        "code": -32042,
        "message": "m",
        "data": {"elicitations": [{"mode": "url", "url": "https://x", "message": "m"}]},
    }
    found = bridging_input.url_questions(error, {"elicitation": {"url": {}}})
    assert list(found) == ["url-1"]
    assert bridging_input.url_questions(error, {"elicitation": {}}) == {}
    assert bridging_input.url_questions({**error, "code": -1}, {"elicitation": {"url": {}}}) == {}


filters = st.fixed_dictionaries(
    {},
    optional={
        "toolsListChanged": st.booleans(),
        "promptsListChanged": st.booleans(),
        "resourcesListChanged": st.booleans(),
        "resourceSubscriptions": st.lists(st.sampled_from(["a:x", "a:x/y", "b:"]), max_size=3),
        "other": values,
    },
)
notices = st.one_of(
    st.sampled_from(["tools", "prompts", "resources"]).map(
        lambda kind: {"jsonrpc": "2.0", "method": f"notifications/{kind}/list_changed"}
    ),
    st.sampled_from(["a:x", "a:x/y", "a:xy", "c:"]).map(
        lambda uri: {
            "jsonrpc": "2.0",
            "method": "notifications/resources/updated",
            "params": {"uri": uri},
        }
    ),
    objects,
)
SERVES: JsonObject = {
    "tools": {"listChanged": True},
    "prompts": {},
    "resources": {"subscribe": True, "listChanged": True},
}


@given(filters, notices)
def test_a_listener_gets_what_it_asked_for_and_nothing_else(
    wanted: JsonObject, notice: JsonObject
) -> None:
    served = bridging_changes.honoured(wanted, SERVES)
    assert (
        served.items()
        <= {**wanted, "resourceSubscriptions": served.get("resourceSubscriptions")}.items()
    )
    assert "promptsListChanged" not in served
    if bridging_changes.wants(served, notice):
        assert bridging_changes.wants(wanted, notice)


@given(notices, st.integers() | words)
def test_a_tag_comes_off_as_it_went_on(notice: JsonObject, listener: int | str) -> None:
    tagged: Any = bridging_changes.tagged(notice, listener)
    assert tagged["params"]["_meta"][bridging_changes.SUBSCRIPTION_KEY] == listener
    bare: JsonObject = {
        key: value for key, value in notice.items() if value != {} or key != "params"
    }
    if isinstance(notice.get("params", {}), dict):
        assert bridging_changes.untagged(tagged) == bare


def test_a_part_of_a_subscribed_resource_counts_and_a_neighbour_does_not() -> None:
    def updated(uri: str) -> JsonObject:
        return {"method": bridging_changes.UPDATED, "params": {"uri": uri}}

    wanted: JsonObject = {"resourceSubscriptions": ["file:///a"]}
    assert bridging_changes.wants(wanted, updated("file:///a/b"))
    assert not bridging_changes.wants(wanted, updated("file:///ab"))
