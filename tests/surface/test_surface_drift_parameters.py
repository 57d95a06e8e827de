"""Parameters, constraints, hints and declared powers: what each change weighs."""

from __future__ import annotations

import pytest

from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, JsonValue
from ostiary.surface.difference import differences, severity_of
from ostiary.surface.drift.words import asks_for
from surface.surface_make import NUMBER, TEXT, surface, tool

QUIET, LOOK = (None, Severity.INFO, Severity.LOW), (Severity.MEDIUM,)
HOLD = (Severity.HIGH, Severity.CRITICAL)


def weigh(before: JsonObject, after: JsonObject) -> Severity | None:
    """Severity of the change between two tools that are told apart by these members."""
    one = tool("handle", "Handle the item.", **before)
    other = tool("handle", "Handle the item.", **after)
    return severity_of(differences(surface(one), surface(other)))


def schema(required: list[JsonValue] | None = None, **properties: JsonValue) -> JsonObject:
    return {"properties": properties, "required": required or []}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            schema(["a"], a=TEXT), schema(["a", "b"], a=TEXT, b=TEXT), HOLD, id="new required"
        ),
        pytest.param(
            schema(a=TEXT, b=TEXT), schema(["b"], a=TEXT, b=TEXT), HOLD, id="now required"
        ),
        pytest.param(schema(a=TEXT), schema(a=TEXT, limit=NUMBER), QUIET, id="optional limit"),
        pytest.param(schema(a=TEXT), schema(a=TEXT, webhook_url=TEXT), HOLD, id="optional webhook"),
        pytest.param(schema(a=TEXT), schema(a=TEXT, command=TEXT), HOLD, id="optional command"),
        pytest.param(schema(a=TEXT), schema(a=TEXT, bcc=TEXT), HOLD, id="optional recipient"),
        pytest.param(
            schema(url=TEXT), schema(url=TEXT, callback=TEXT), (*LOOK, *HOLD), id="another address"
        ),
        pytest.param(schema(data=TEXT), schema(payload=TEXT), QUIET, id="renamed"),
        pytest.param(schema(data=TEXT), schema(api_key=TEXT), HOLD, id="renamed to a credential"),
        pytest.param(
            schema(a=TEXT, dry_run={"type": "boolean"}), schema(a=TEXT), HOLD, id="guard removed"
        ),
        pytest.param(schema(a=TEXT, b=TEXT), schema(a=TEXT), QUIET, id="removed"),
        pytest.param(
            schema(n=NUMBER), schema(n={"type": "integer", "maximum": 9}), QUIET, id="tightened"
        ),
        pytest.param(
            schema(n={"type": "integer", "maximum": 9}), schema(n=NUMBER), LOOK, id="limit lost"
        ),
        pytest.param(
            schema(path={"type": "string", "pattern": "^/data/"}),
            schema(path=TEXT),
            HOLD,
            id="path pattern lost",
        ),
        pytest.param(
            schema(m={"enum": ["get", "list"]}),
            schema(m={"enum": ["get", "list", "delete"]}),
            HOLD,
            id="enum gained delete",
        ),
        pytest.param(
            schema(m={"enum": ["red"]}), schema(m={"enum": ["red", "blue"]}), QUIET, id="enum grew"
        ),
        pytest.param(
            schema(m={"enum": ["red", "blue"]}),
            schema(m={"enum": ["red"]}),
            QUIET,
            id="enum shrank",
        ),
        pytest.param(
            schema(a=TEXT),
            schema(a={"type": ["string", "object"]}),
            (*LOOK, *HOLD),
            id="more types",
        ),
        pytest.param(
            schema(confirm={"type": "boolean", "default": True}),
            schema(confirm={"type": "boolean", "default": False}),
            HOLD,
            id="guard off by default",
        ),
        pytest.param(
            schema(url=TEXT),
            schema(url={"type": "string", "default": "https://evil.example/x"}),
            HOLD,
            id="default destination",
        ),
        pytest.param(
            schema(o={"type": "object", "properties": {"a": TEXT}}),
            schema(o={"type": "object", "properties": {"a": TEXT, "shell": TEXT}}),
            HOLD,
            id="nested command",
        ),
        pytest.param(
            schema(o={"type": "array", "items": {"type": "object", "properties": {"a": TEXT}}}),
            schema(
                o={
                    "type": "array",
                    "items": {"type": "object", "properties": {"a": TEXT, "password": TEXT}},
                }
            ),
            HOLD,
            id="credential in an array",
        ),
    ],
)
def test_parameters(
    before: JsonObject, after: JsonObject, expected: tuple[Severity | None, ...]
) -> None:
    assert weigh(before, after) in expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"readOnlyHint": True}, {"readOnlyHint": False}, HOLD),
        ({"readOnlyHint": True}, {"readOnlyHint": False, "destructiveHint": True}, HOLD),
        ({"readOnlyHint": True}, {}, HOLD),
        ({}, {"readOnlyHint": True}, QUIET),
        ({"readOnlyHint": False}, {"readOnlyHint": True}, LOOK),
        ({"destructiveHint": False}, {"destructiveHint": True}, HOLD),
        ({"openWorldHint": False}, {"openWorldHint": True}, HOLD),
        ({"idempotentHint": True}, {"idempotentHint": False}, (*QUIET, *LOOK)),
        ({}, {"openWorldHint": True}, QUIET),
    ],
)
def test_hints(
    before: JsonObject, after: JsonObject, expected: tuple[Severity | None, ...]
) -> None:
    assert weigh({"annotations": before}, {"annotations": after}) in expected


@pytest.mark.parametrize("holder", ["_meta", "annotations", "x-vendor"])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"effects": ["read"]}, {"effects": ["read", "delete"]}, HOLD),
        ({"side_effects": "none"}, {"side_effects": "write"}, HOLD),
        ({"effects": ["read", "delete"]}, {"effects": ["read"]}, QUIET),
        ({"externality": "internal"}, {"externality": "external"}, HOLD),
        ({"externality": "external"}, {"externality": "internal"}, QUIET),
        ({"egress": False}, {"egress": True}, HOLD),
        ({"dataClasses": ["internal"]}, {"dataClasses": ["internal", "pii"]}, HOLD),
        ({"sensitivity": "public"}, {"sensitivity": "secret"}, HOLD),
        ({"required_scopes": ["a:read"]}, {"required_scopes": ["a:read", "a:admin"]}, HOLD),
        ({"required_scopes": ["a:read"]}, {"required_scopes": ["a:read", "b:read"]}, LOOK),
        ({"requires_approval": True}, {"requires_approval": False}, HOLD),
        ({"requires_approval": False}, {"requires_approval": True}, QUIET),
        ({"risk": "low"}, {"risk": "high"}, HOLD),
        ({"max_rows": 10}, {"max_rows": 10_000}, LOOK),
        ({"build": "17"}, {"build": "18"}, QUIET),
        ({}, {"effects": ["read", "write"]}, LOOK),
    ],
)
def test_declared_powers_under_any_key(
    holder: str, before: JsonObject, after: JsonObject, expected: tuple[Severity | None, ...]
) -> None:
    assert weigh({holder: {"vendor": before}}, {holder: {"vendor": after}}) in expected


@pytest.mark.parametrize(
    ("name", "schema_", "asked"),
    [
        ("callbackUrl", TEXT, "a URL or host"),
        ("command", TEXT, "a command or code"),
        ("to", TEXT, "a recipient"),
        ("system_prompt", TEXT, "the conversation"),
        ("api_key", TEXT, "a credential"),
        ("output_path", TEXT, "a path"),
        ("skip_confirm", {"type": "boolean"}, "an override"),
        ("next_page_token", TEXT, None),
        ("max_tokens", NUMBER, None),
        ("country_code", TEXT, None),
        ("url_type", TEXT, None),
        ("file_size", NUMBER, None),
        ("query", TEXT, None),
        ("path", {"enum": ["a", "b"]}, None),
    ],
)
def test_what_a_parameter_asks_for(name: str, schema_: JsonObject, asked: str | None) -> None:
    assert asks_for(name, schema_) == asked


def test_a_range_of_dates_names_no_recipient() -> None:
    before = schema(a=TEXT)
    after: JsonObject = {"properties": {"a": TEXT, "from": TEXT, "to": TEXT}, "required": []}
    assert weigh(before, after) in QUIET
