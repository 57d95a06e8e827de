"""Names on the joined endpoint, and the ways of messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.names import (
    SERVER_NAME,
    joined,
    joined_uri,
    rename,
    split,
    split_uri,
    with_joined_links,
)
from ostiary.gateway.ports import Era
from ostiary.gateway.routes import BadRequest, method_of, route
from ostiary.gateway.shown import template_form
from ostiary.model.json import JsonObject

servers = st.from_regex(SERVER_NAME, fullmatch=True).filter(lambda name: len(name) < 40)


@given(servers, st.text(max_size=40))
def test_a_joined_name_leads_back_to_exactly_one_thing(server: str, name: str) -> None:
    assert split(joined(server, name)) == (server, name)
    assert split_uri(joined_uri(server, name)) == (server, name)


@given(servers, servers, st.text(max_size=20), st.text(max_size=20))
def test_two_things_never_share_a_name(a: str, b: str, one: str, other: str) -> None:
    if (a, one) != (b, other):
        assert joined(a, one) != joined(b, other)


def test_nothing_but_the_name_of_a_definition_changes() -> None:
    raw: JsonObject = {"name": "x", "inputSchema": {"$defs": {"a": {}}}, "zzz": [1]}
    assert rename("tool", "one", raw) == {**raw, "name": "one__x"}
    assert raw["name"] == "x"


def test_links_in_results_lead_through_the_gateway() -> None:
    result: JsonObject = {
        "content": [
            {"type": "resource_link", "uri": "file:///a", "name": "a"},
            {"type": "resource", "resource": {"uri": "file:///b", "text": "b"}},
            {"type": "text", "text": "file:///c"},
        ],
        "structuredContent": {"uri": "file:///d"},
    }
    linked = with_joined_links("one", result)
    content = linked["content"]
    assert isinstance(content, list)
    assert content[0] == {"type": "resource_link", "uri": "ostiary://one/file:///a", "name": "a"}
    assert content[1] == {
        "type": "resource",
        "resource": {"uri": "ostiary://one/file:///b", "text": "b"},
    }
    assert content[2] == {"type": "text", "text": "file:///c"}
    assert linked["structuredContent"] == {"uri": "file:///d"}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tools/call", {}),
        ("tools/call", {"name": 3}),
        ("tools/call", []),
        ("resources/read", {"uri": None}),
        ("completion/complete", {"ref": {"type": "ref/tool", "name": "x"}}),
        ("completion/complete", {}),
    ],
)
def test_a_request_that_names_nothing_goes_nowhere(method: str, params: JsonObject) -> None:
    message: JsonObject = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    found = method_of(message, Era.HANDSHAKE)
    assert found is not None
    with pytest.raises(BadRequest):
        route(found, message, "")


@pytest.mark.parametrize(
    ("template", "uri", "fits"),
    [
        ("file:///{name}", "file:///a.txt", True),
        ("file:///{name}", "file:///a/b.txt", False),
        ("file:///{+path}", "file:///a/b.txt", True),
        ("note://{id}/text{?lang}", "note://7/text?lang=de", True),
        ("note://{id}/text", "note://7/other", False),
        ("a.b/{x}", "aXb/1", False),
        ("file:///{name}", "file:///../etc/passwd", False),
    ],
)
def test_an_address_belongs_to_a_template_it_expands_from(
    template: str, uri: str, fits: bool
) -> None:
    assert bool(template_form(template).fullmatch(uri)) is fits
