"""Captured surfaces: what is understood, what is refused, and that nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.surface import Surface
from ostiary.wire.canonical import digest
from ostiary.wire.capture import UnknownCapture, read_capture, write_capture
from ostiary.wire.hello import Hello
from ostiary.wire.strict_json import RefusedJson
from ostiary.wire.surface import LISTINGS, Gathered

TOOL: JsonObject = {"name": "read", "description": "Reads.", "inputSchema": {"type": "object"}}
INITIALIZE: JsonObject = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"tools": {"listChanged": True}},
    "serverInfo": {"name": "claimed", "version": "1.1"},
    "instructions": "Be kind.",
    "x-more": 1,
}
DISCOVER: JsonObject = {
    "supportedVersions": ["2026-07-28"],
    "capabilities": {"tools": {}},
    "instructions": "Be kind.",
    "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "claimed", "version": "2.0"}},
}


def read(value: object, name: str = "dir/weather.json") -> tuple[Surface, ...]:
    return read_capture(json.dumps(value).encode(), name)


def one(value: object) -> Surface:
    found = read(value)
    assert len(found) == 1
    return found[0]


def answer(result: JsonObject, number: int = 1) -> JsonObject:
    return {"jsonrpc": "2.0", "id": number, "result": result}


def ask(method: str, number: int = 1, **params: JsonValue) -> JsonObject:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def lines(*messages: JsonObject) -> bytes:
    return b"\n".join(json.dumps(message).encode() for message in messages)


@pytest.mark.parametrize(
    "value",
    [
        [TOOL],
        {"tools": [TOOL]},
        {"tools": {"tools": [TOOL]}},
        answer({"tools": [TOOL]}),
        {"result": {"tools": [TOOL]}},
        [answer({"tools": [TOOL]})],
        [{"tools": [TOOL]}],
    ],
)
@pytest.mark.proves("SA-21")
def test_a_tool_list_is_known_in_every_envelope(value: object) -> None:
    surface = one(value)
    assert surface.server == "weather"
    assert surface.source == "dir/weather.json"
    assert [tool.raw for tool in surface.tools] == [TOOL]
    assert surface.tools[0].digest == digest(TOOL)
    assert surface.revision is None
    assert not surface.missing


@pytest.mark.parametrize("value", [INITIALIZE, answer(INITIALIZE)])
@pytest.mark.proves("RD-24")
def test_an_initialize_answer_is_known(value: object) -> None:
    surface = one(value)
    assert (surface.revision, surface.claimed_name, surface.claimed_version) == (
        "2025-06-18",
        "claimed",
        "1.1",
    )
    assert surface.instructions == "Be kind."
    assert surface.capabilities == {"tools": {"listChanged": True}}
    assert surface.meta["x-more"] == 1
    assert surface.server == "weather"


def test_a_discover_answer_is_known() -> None:
    surface = one(answer(DISCOVER))
    assert (surface.revision, surface.claimed_version) == ("2026-07-28", "2.0")
    assert surface.instructions == "Be kind."


@pytest.mark.proves("SA-21")
def test_prompts_resources_and_templates_are_read_too() -> None:
    surface = one(
        {
            **INITIALIZE,
            "tools": [TOOL],
            "prompts": [{"name": "p"}],
            "resources": [{"uri": "file:///x", "name": "x"}],
            "resourceTemplates": [{"uriTemplate": "file:///{x}", "name": "t"}],
        }
    )
    assert [item.kind for item in surface.items()] == ["tool", "prompt", "resource", "template"]
    assert [item.name for item in surface.items()] == ["read", "p", "file:///x", "file:///{x}"]
    assert "tools" not in surface.meta


def test_several_servers_in_one_file_keep_their_names() -> None:
    named = read({"servers": {"a": {"tools": [TOOL]}, "b": [TOOL]}})
    assert [surface.server for surface in named] == ["a", "b"]
    assert [surface.server for surface in read({"a": [TOOL], "b": []})] == ["a", "b"]
    assert [surface.server for surface in read([{"tools": []}, {"tools": [TOOL]}])] == [
        "weather",
        "weather#2",
    ]
    assert [
        one.server for one in read([{"server": "x", "tools": []}, {"server": "x", "tools": []}])
    ] == [
        "x",
        "x#2",
    ]
    assert len({surface.key for surface in named}) == 2


def test_duplicate_names_are_kept_and_malformed_items_named() -> None:
    surface = one({"tools": [TOOL, 3, TOOL, {"description": "nameless"}]})
    assert [tool.name for tool in surface.tools] == ["read", "read"]
    assert surface.missing == ("tools[1]: not an object", "tools[3]: a tool without a name")


def test_a_thousand_malformed_items_are_counted() -> None:
    surface = one({"tools": [TOOL, *range(1000)]})
    assert len(surface.missing) == 21
    assert surface.missing[-1] == "tools: 980 more items that cannot be read"


def test_a_capture_of_one_page_says_so() -> None:
    assert "nextCursor" in one({"tools": [TOOL], "nextCursor": "more"}).missing[0]
    assert one({"tools": 3, "prompts": []}).missing == ("tools: not an array",)


def test_a_session_log_is_put_together() -> None:
    log = lines(
        ask("initialize", 0),
        answer(INITIALIZE, 0),
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        ask("tools/list", 1),
        answer({"tools": [TOOL], "nextCursor": "c"}, 1),
        ask("tools/list", 2, cursor="c"),
        answer({"tools": [{"name": "two"}]}, 2),
        ask("tools/call", 3, name="read"),
        answer({"content": [], "tools": [{"name": "not one"}]}, 3),
        ask("prompts/list", 4),
        {"jsonrpc": "2.0", "id": 4, "error": {"code": -32603, "message": "x"}},
    )
    (surface,) = read_capture(log, "s.jsonl")
    assert surface.server == "s"
    assert surface.claimed_name == "claimed"
    assert [tool.name for tool in surface.tools] == ["read", "two"]
    assert surface.missing == ("prompts: the server answered error -32603",)


def test_a_log_shows_a_list_that_changed_in_the_session() -> None:
    changed: JsonObject = {**TOOL, "description": "Reads, and sends a copy."}
    log = lines(
        ask("tools/list", 1),
        answer({"tools": [TOOL]}, 1),
        ask("tools/list", 2),
        answer({"tools": [TOOL]}, 2),
        ask("tools/list", 3),
        answer({"tools": [changed]}, 3),
    )
    (surface,) = read_capture(log, "s.jsonl")
    assert [tool.description for tool in surface.tools] == ["Reads.", "Reads, and sends a copy."]
    assert surface.irregular == ("tools: listed again, and 1 differed; all are kept",)


def test_pages_listed_again_are_no_duplicates_and_a_log_of_answers_alone_has_pages() -> None:
    other: JsonObject = {"name": "two"}
    twice = [
        message
        for number in (1, 3)
        for message in (
            ask("tools/list", number),
            answer({"tools": [TOOL], "nextCursor": "c"}, number),
            ask("tools/list", number + 1, cursor="c"),
            answer({"tools": [other, other]}, number + 1),
        )
    ]
    (again,) = read_capture(lines(*twice), "s.jsonl")
    assert [tool.name for tool in again.tools] == ["read", "two", "two"]
    assert not again.irregular
    alone = lines(answer({"tools": [TOOL], "nextCursor": "c"}), answer({"tools": [TOOL]}, 2))
    (surface,) = read_capture(alone, "s.jsonl")
    assert [tool.name for tool in surface.tools] == ["read", "read"]
    assert not surface.irregular


def test_a_log_with_wrappers_noise_and_a_missing_page() -> None:
    log = b"\n".join(
        (
            json.dumps({"ts": 1, "message": ask("tools/list", 1)}).encode(),
            b"-- connected",
            json.dumps(
                {"ts": 2, "message": answer({"tools": [TOOL], "nextCursor": "c"}, 1)}
            ).encode(),
        )
    )
    (surface,) = read_capture(log, "s.log")
    assert [tool.name for tool in surface.tools] == ["read"]
    assert surface.missing == (
        "line 2: not a JSON-RPC message",
        "tools: the log ends before the last page",
    )


def test_two_sessions_in_one_log_are_two_surfaces() -> None:
    log = lines(
        answer(INITIALIZE, 1),
        answer({"tools": [TOOL]}, 2),
        answer(DISCOVER, 1),
        answer({"tools": []}, 2),
    )
    first, second = read_capture(log, "s.jsonl")
    assert (first.revision, len(first.tools)) == ("2025-06-18", 1)
    assert (second.revision, len(second.tools)) == ("2026-07-28", 0)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (3, "no object or array"),
        ({"mcpServers": {"x": {"command": "y"}}}, "'mcpServers' is no known surface"),
        ({}, "no known surface"),
        (["a"], "neither tools, surfaces nor"),
        ({"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": "no"}}, "'no'"),
        ({"format": "ostiary/surface/9"}, "'ostiary/surface/9'"),
        ([answer({"content": []})], "neither tools, surfaces nor"),
    ],
)
def test_what_is_no_surface_is_refused_with_the_reason(value: object, why: str) -> None:
    with pytest.raises(UnknownCapture, match=why):
        read(value)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b'{"tools":[],"tools":[]}', b"[" * 100_000, b'{"tools":[NaN]}', b"{}{}"],
)
def test_what_has_no_single_reading_is_refused(data: bytes) -> None:
    with pytest.raises((RefusedJson, UnknownCapture)):
        read_capture(data, "x.json")


WORDS = [
    "tools",
    "name",
    "result",
    "jsonrpc",
    "id",
    "method",
    "params",
    "prompts",
    "resources",
    "uri",
    "servers",
    "format",
    "supportedVersions",
    "protocolVersion",
    "capabilities",
    "server",
    "nextCursor",
    "initialize",
]
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(WORDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
objects = st.dictionaries(
    st.sampled_from(["description", "x", "_meta", "title"]), values, max_size=3
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()), texts)
def test_any_bytes_are_surfaces_or_a_refusal(data: bytes, name: str) -> None:
    try:
        found = read_capture(data, name)
    except (UnknownCapture, RefusedJson):
        return
    assert all(surface.source == name for surface in found)
    assert len({surface.server for surface in found}) == len(found)


@settings(max_examples=100, deadline=None)
@given(st.lists(values.map(lambda value: json.dumps(value).encode()), max_size=6))
def test_any_lines_are_surfaces_or_a_refusal(found: list[bytes]) -> None:
    try:
        read_capture(b"\n".join(found), "x.jsonl")
    except (UnknownCapture, RefusedJson):
        return


@st.composite
def surfaces(draw: st.DrawFn) -> Surface:
    gathered = Gathered(
        hello=Hello(
            revision=draw(st.none() | st.just("2026-07-28")),
            claimed_name=draw(texts),
            claimed_version=draw(texts),
            instructions=draw(texts),
            capabilities=draw(objects),
            meta=draw(objects),
        ),
        missing=draw(st.lists(texts, max_size=2)),
        irregular=draw(st.lists(texts, max_size=2)),
    )
    for listing in LISTINGS:
        names = draw(st.lists(texts, max_size=3))
        gathered.add(listing, [{**draw(objects), listing.named_by: name} for name in names])
    return gathered.surface(draw(texts) or "s", draw(texts) or "k", "live")


@settings(max_examples=150, deadline=None)
@given(surfaces())
def test_what_is_written_is_read_again_and_written_the_same(surface: Surface) -> None:
    written = write_capture(surface)
    (again,) = read_capture(written, "live")
    assert again == surface
    assert write_capture(again) == written


def test_a_written_surface_shows_what_hides_and_ignores_key_order() -> None:
    hidden = "a\u200b\u202e\U000e0041é漢"
    surface = one({"tools": [{"name": "t", "description": hidden}]})
    text = write_capture(surface).decode()
    assert '"a\\u200b\\u202e\\udb40\\udc41é漢"' in text
    assert text.endswith("}\n")
    turned = one({"tools": [{"description": hidden, "name": "t"}]})
    assert write_capture(replace(turned, key=surface.key)) == write_capture(surface)


def test_large_hostile_captures_are_read_or_refused() -> None:
    many = read_capture(b"[" + b",".join([b'{"tools":[]}'] * 50_000) + b"]", "x.json")
    assert (many[0].server, many[49_999].server) == ("x", "x#50000")
    relisted = b"".join(
        b'{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"%d"}]}}\n' % number
        for number in range(10_000)
    )
    (log,) = read_capture(relisted, "x.jsonl")
    assert len(log.tools) == 10_000
    assert log.irregular == ("tools: listed again, and 9,999 differed; all are kept",)
    with pytest.raises(RefusedJson):
        read_capture(b"{\n" * 2_000_000, "x")
    with pytest.raises(UnknownCapture, match="split it"):
        read_capture(b"{}\n" * 500_001, "x")
