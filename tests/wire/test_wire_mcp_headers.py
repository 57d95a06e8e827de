"""MCP headers: what is repeated of a body, and what happens when head and body disagree."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.json import JsonObject
from ostiary.wire import handshake
from ostiary.wire.header_parameters import header_parameters, param_headers
from ostiary.wire.header_values import decode_value, encode_value
from ostiary.wire.mcp_headers import (
    check_param_headers,
    check_stateless,
    invalid_header_parameters,
    is_stateless,
    request_headers,
)

VERSION = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"
ENVELOPE: JsonObject = {VERSION: "2026-07-28", CAPABILITIES: {}}
NAMED = [("tools/call", "name"), ("prompts/get", "name"), ("resources/read", "uri")]


def request(method: str = "tools/list", **params: object) -> JsonObject:
    given: JsonObject = {"_meta": ENVELOPE, **params}  # type: ignore[dict-item]
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": given}


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def code(message: JsonObject, headers: dict[str, str] | None) -> int | None:
    problem = check_stateless(message, headers)
    return None if problem is None else problem.code


@given(st.text())
def test_every_text_comes_back_from_a_header(text: str) -> None:
    encoded = encode_value(text)
    assert encoded.isascii()
    assert encoded == encoded.strip()
    assert not set(encoded) & {"\r", "\n", "\0"}
    assert decode_value(encoded) == text


@given(st.text())
def test_a_decoded_header_value_is_written_in_one_way_or_as_it_stands(text: str) -> None:
    decoded = decode_value(text)
    assert (
        decoded is None
        or decoded == text
        or encode_value(decoded) == text
        or (base64.b64encode(decoded.encode()).decode() == text[9:-2])
    )


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("us-west1", "us-west1"),
        ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
        (" padded ", "=?base64?IHBhZGRlZCA=?="),
        ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
        ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
        ("", ""),
    ],
)
def test_examples_of_the_specification(value: str, encoded: str) -> None:
    assert encode_value(value) == encoded
    assert decode_value(encoded) == value


@pytest.mark.parametrize(
    "value",
    [
        "=?base64?SGVsbG8?=",  # padding left out
        "=?base64?SGVs bG8=?=",
        "=?base64?SGVsbG9=?=",  # bits that say nothing
        "=?base64?/////w==?=",  # no UTF-8
        "=?base64?SGVsbG8=\n?=",
        "a\x00b",
        "a\rb",
        "caf\xe9",
    ],
)
def test_malformed_values_say_nothing(value: str) -> None:
    assert decode_value(value) is None


@pytest.mark.parametrize(
    "value", ["=?BASE64?SGVsbG8=?=", "=?base64?SGVsbG8=", "SGVsbG8=?=", "=?base64?="]
)
def test_what_lacks_the_marks_is_literal(value: str) -> None:
    assert decode_value(value) == value


@given(st.sampled_from(NAMED), st.text())
def test_what_we_send_is_what_we_accept(named: tuple[str, str], name: str) -> None:
    method, key = named
    message = request(method, **{key: name})
    assert check_stateless(message, lower(request_headers(message, "2026-07-28"))) is None


@given(st.sampled_from(NAMED), st.text(min_size=1), st.text(min_size=1))
def test_another_name_in_the_head_is_refused(named: tuple[str, str], one: str, two: str) -> None:
    method, key = named
    headers = lower(request_headers(request(method, **{key: one}), "2026-07-28"))
    expected = None if one == two else -32020
    assert code(request(method, **{key: two}), headers) == expected


@pytest.mark.parametrize("header", ["mcp-protocol-version", "mcp-method", "mcp-name"])
@pytest.mark.parametrize("value", [None, "", "tools/List", "2025-11-25", "=?base64?!?=", "é"])
def test_each_header_is_needed_and_must_be_true(header: str, value: str | None) -> None:
    message = request("tools/call", name="echo")
    headers = lower(request_headers(message, "2026-07-28"))
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    problem = check_stateless(message, headers)
    assert problem is not None
    assert (problem.status, problem.code) == (400, -32020)


def test_a_name_that_only_the_head_has_is_refused() -> None:
    message = request("tools/call")
    headers = lower(request_headers(message, "2026-07-28"))
    assert code(message, headers) is None
    assert code(message, headers | {"mcp-name": "echo"}) == -32020


def test_a_name_that_is_no_text_matches_no_header() -> None:
    message = request("tools/call", name=["echo"])
    headers = lower(request_headers(message, "2026-07-28"))
    assert code(message, headers) == -32020
    assert code(message, headers | {"mcp-name": "['echo']"}) == -32020


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        {"_meta": None},
        {"_meta": []},
        {"_meta": {CAPABILITIES: {}}},
        {"_meta": {VERSION: "2026-07-28"}},
        {"_meta": {VERSION: 20260728, CAPABILITIES: {}}},
        {"_meta": {VERSION: "2026-07-28", CAPABILITIES: []}},
    ],
)
def test_a_request_without_its_envelope_is_refused(params: JsonObject | None) -> None:
    message: JsonObject = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    if params is not None:
        message["params"] = params
    headers = {"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list"}
    problem = check_stateless(message, headers)
    assert problem is not None
    assert (problem.status, problem.code) == (400, -32602)


def test_an_unknown_revision_is_answered_with_those_that_are_spoken() -> None:
    meta: JsonObject = {VERSION: "1900-01-01", CAPABILITIES: {}}
    message: JsonObject = {"id": 1, "method": "tools/list", "params": {"_meta": meta}}
    headers = {"mcp-protocol-version": "1900-01-01", "mcp-method": "tools/list"}
    problem = check_stateless(message, headers)
    assert problem is not None
    assert (problem.status, problem.code) == (400, -32022)
    assert problem.data == {"supported": ["2026-07-28"], "requested": "1900-01-01"}
    assert code(message, None) == -32022


@pytest.mark.parametrize("revision", [None, *handshake.REVISIONS])
def test_a_message_without_envelope_is_of_the_handshake_era(revision: str | None) -> None:
    assert not is_stateless({"method": "tools/list", "params": {}}, revision)
    assert not is_stateless({"method": "tools/list"}, revision)
    assert not is_stateless({"id": 1, "result": {}}, revision)


@pytest.mark.parametrize("revision", [None, *handshake.REVISIONS])
def test_an_envelope_makes_it_stateless_whatever_the_head_says(revision: str | None) -> None:
    message = request()
    assert is_stateless(message, revision)
    headers = {} if revision is None else {"mcp-protocol-version": revision}
    assert code(message, headers) == -32020


@pytest.mark.parametrize("revision", ["2026-07-28", "2027-01-01", "", "nonsense"])
def test_a_revision_that_is_none_of_the_handshake_makes_it_stateless(revision: str) -> None:
    assert is_stateless({"method": "tools/list"}, revision)


def test_answers_and_notifications_of_the_stateless_era() -> None:
    headers = {"mcp-protocol-version": "2026-07-28"}
    assert code({"jsonrpc": "2.0", "id": 1, "result": {}}, headers) == -32600
    notice: JsonObject = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
    assert code(notice, headers) is None
    assert code(notice, headers | {"mcp-method": "notifications/progress"}) == -32020
    assert code(notice, {"mcp-protocol-version": "1900-01-01"}) == -32022
    assert code(notice | {"params": {"_meta": {VERSION: "2026-07-29"}}}, headers) == -32020
    assert code(notice | {"params": {"_meta": {VERSION: "2026-07-29"}}}, None) == -32022
    assert code(notice | {"params": {"_meta": ENVELOPE}}, None) is None


def test_earlier_revisions_get_their_revision_only() -> None:
    headers = request_headers(request("tools/call", name="x"), "2025-11-25")
    assert headers == {"MCP-Protocol-Version": "2025-11-25"}


SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "region": {"type": "string", "x-mcp-header": "Region"},
        "size": {"type": "integer", "x-mcp-header": "Size"},
        "place": {
            "type": "object",
            "properties": {"deep": {"type": "boolean", "x-mcp-header": "Deep"}},
        },
        "x-mcp-header": {"type": "string", "default": {"x-mcp-header": "data"}},
    },
}
GOOD: JsonObject = {"region": "ö", "size": 42, "place": {"deep": True}}
SENT = {"mcp-param-region": "=?base64?w7Y=?=", "mcp-param-size": "42", "mcp-param-deep": "true"}


def test_marked_parameters_travel_in_headers() -> None:
    assert invalid_header_parameters(SCHEMA) is None
    found = header_parameters(SCHEMA)
    message = request("tools/call", name="echo", arguments=GOOD)
    headers = lower(request_headers(message, "2026-07-28", found))
    assert {name: value for name, value in headers.items() if "param" in name} == SENT
    assert check_param_headers(SCHEMA, GOOD, headers) is None


@pytest.mark.parametrize("absent", [{}, {"region": None}, None, [], {"place": {"deep": None}}])
def test_parameters_without_value_have_no_header(absent: JsonObject) -> None:
    assert param_headers(header_parameters(SCHEMA), absent) == {}
    assert check_param_headers(SCHEMA, absent, {"mcp-param-other": "ignored"}) is None
    assert check_param_headers(SCHEMA, absent, {"mcp-param-region": "x"}) is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mcp-param-region", None),
        ("mcp-param-region", "o"),
        ("mcp-param-region", "=?base64?w7Y?="),
        ("mcp-param-region", "\xf6"),
        ("mcp-param-size", "43"),
        ("mcp-param-size", "42.5"),
        ("mcp-param-size", "4_2"),
        ("mcp-param-size", " 42"),
        ("mcp-param-deep", "True"),
        ("mcp-param-deep", "1"),
    ],
)
def test_a_parameter_header_must_be_true(name: str, value: str | None) -> None:
    headers = {key: text for key, text in (SENT | {name: value}).items() if text is not None}
    problem = check_param_headers(SCHEMA, GOOD, headers)
    assert problem is not None
    assert (problem.status, problem.code) == (400, -32020)


def test_integers_are_compared_as_numbers() -> None:
    for text in ("42", "42.0", "42.000", "042"):
        assert check_param_headers(SCHEMA, {"size": 42}, {"mcp-param-size": text}) is None
        assert check_param_headers(SCHEMA, {"size": 42.0}, {"mcp-param-size": text}) is None
    assert check_param_headers(SCHEMA, {"size": True}, {"mcp-param-size": "1"}) is not None
    large = 2**70
    assert check_param_headers(SCHEMA, {"size": large}, {"mcp-param-size": str(large)}) is None
    assert check_param_headers(SCHEMA, {"size": large}, {"mcp-param-size": str(large + 1)})


def marked(mark: object, kind: object = "string") -> JsonObject:
    return {"type": kind, "x-mcp-header": mark}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": marked("")}},
        {"properties": {"a": marked("Two Words")}},
        {"properties": {"a": marked("Line\r\nBreak")}},
        {"properties": {"a": marked("Gr\xfc\xdfe")}},
        {"properties": {"a": marked(1)}},
        {"properties": {"a": marked("A", "number")}},
        {"properties": {"a": marked("A", "object")}},
        {"properties": {"a": marked("A", ["string", "null"])}},
        {"properties": {"a": {"x-mcp-header": "A"}}},
        {"properties": {"a": marked("A"), "b": marked("a")}},
        {"properties": {"a": {"type": "array", "items": marked("A")}}},
        {"properties": {"a": {"type": "array", "prefixItems": [marked("A")]}}},
        {"properties": {"a": {"items": {"properties": {"b": marked("A")}}}}},
        {"anyOf": [{"properties": {"a": marked("A")}}]},
        {"allOf": [marked("A")]},
        {"if": {"properties": {"a": marked("A")}}},
        {"$defs": {"a": marked("A")}},
        {"additionalProperties": marked("A")},
        {"patternProperties": {".*": marked("A")}},
        {"dependentSchemas": {"a": marked("A")}},
        marked("A"),
    ],
)
def test_schemas_whose_tool_must_be_dropped(schema: JsonObject) -> None:
    assert invalid_header_parameters(schema)
    assert header_parameters(schema) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["properties", "items", "anyOf", "$defs", "type", "x-mcp-header", "a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON)
def test_any_schema_is_walked_and_what_it_sends_is_accepted(schema: object, value: object) -> None:
    invalid_header_parameters(schema)  # type: ignore[arg-type]
    found = header_parameters(schema)  # type: ignore[arg-type]
    headers = lower(param_headers(found, value))  # type: ignore[arg-type]
    assert check_param_headers(schema, value, headers) is None  # type: ignore[arg-type]
