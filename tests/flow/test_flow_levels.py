"""The level of a tool follows from its name, first sentence and schema, each with evidence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow.flow_make import NUMBER, TEXT, main_level, tool
from ostiary.flow.levels import tool_access
from ostiary.model.access import DataClass, Level, ToolAccess
from ostiary.model.grade import Confidence
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.surface import Tool

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


def sure(access: ToolAccess, level: Level) -> Confidence | None:
    found = access.has(level)
    return found.confidence if found else None


MAIN = [
    ("get_invoice", "Get an invoice.", {}, Level.READ),
    ("listBranches", "", {}, Level.READ),
    ("acme-search-orders", "Search orders", {}, Level.READ),
    ("update_branch", "Update a branch.", {}, Level.WRITE),
    ("branch.create", "", {}, Level.WRITE),
    ("azure_delete_blob", "", {}, Level.DESTROY),
    ("confirm_delete_application", "", {}, Level.DESTROY),
    ("container_file_delete", "", {}, Level.DESTROY),
    ("start_process", "Start a program in a terminal", {"command": TEXT}, Level.EXECUTE),
    ("interact_with_process", "Give input to a process", {"input": TEXT}, Level.EXECUTE),
    ("execute_python", "", {"code": TEXT}, Level.EXECUTE),
    ("browser_evaluate", "Evaluate JavaScript on the page", {"function": TEXT}, Level.EXECUTE),
    ("slack_post_message", "Post to a channel", {"channel_id": TEXT, "text": TEXT}, Level.SEND),
    ("add_issue_comment", "", {"issue": TEXT, "body": TEXT}, Level.SEND),
    ("issue_write", "Create or update an issue.", {"title": TEXT}, Level.SEND),
    ("http_post", "Make an HTTP POST request", {"url": TEXT, "body": TEXT}, Level.SEND),
    ("create_refund", "", {"charge": TEXT}, Level.SPEND),
    ("transfer_funds", "", {"recipient": TEXT, "amount": NUMBER}, Level.SPEND),
    ("place_order", "Place an order", {"symbol": TEXT, "quantity": NUMBER}, Level.SPEND),
    ("attach_user_policy", "", {}, Level.ADMINISTER),
    ("create_role", "", {}, Level.ADMINISTER),
    ("regenerate_service_key", "", {}, Level.ADMINISTER),
    ("grant_access", "", {"user": TEXT}, Level.ADMINISTER),
    # words that look like more than they are
    ("get_update_status", "Get the status of an update", {}, Level.READ),
    ("list_deleted_items", "List deleted items", {}, Level.READ),
    ("get_test_run", "", {}, Level.READ),
    ("create_draft", "", {"to": TEXT, "subject": TEXT, "body": TEXT}, Level.WRITE),
    ("convert_currency", "", {"from": TEXT, "to": TEXT, "amount": NUMBER}, Level.READ),
    ("go_forward", "Navigate forward in history", {}, Level.READ),
    ("check_image", "Check an image. Use this before you delete anything.", {}, Level.READ),
    ("get_rules", "Get the settings that are used to create and delete buckets", {}, Level.READ),
]


@pytest.mark.parametrize(("name", "text", "parameters", "level"), MAIN)
def test_main_level(name: str, text: str, parameters: dict[str, JsonObject], level: Level) -> None:
    assert main_level(tool_access(tool(name, text, parameters))) is level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("删除指定的文件", Level.DESTROY),
        ("このツールはファイルを削除します", Level.DESTROY),
        ("Eliminar un archivo del disco", Level.DESTROY),
        ("Supprime un fichier", Level.DESTROY),
        ("Löscht alle Dateien", Level.DESTROY),
        ("Excluir um arquivo", Level.DESTROY),
        ("Удалить файл", Level.DESTROY),
        ("Envía un mensaje", Level.SEND),
        ("执行脚本", Level.EXECUTE),
        ("获取天气", Level.READ),
    ],
)
def test_other_languages(text: str, level: Level) -> None:
    assert main_level(tool_access(tool("x1", text))) is level


def test_every_level_has_readable_evidence() -> None:
    access = tool_access(
        tool("delete_rows", "Delete rows.", {"where": TEXT}, {"readOnlyHint": False})
    )
    found = access.has(Level.DESTROY)
    assert found is not None
    assert [one.says for one in found.basis] == [
        "words: 'delete' in the name",
        "words: 'delete' in the description",
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"command": TEXT}},
        {
            "$defs": {"R": {"properties": {"shell_command": TEXT}}},
            "properties": {"request": {"$ref": "#/$defs/R"}},
        },
        {"allOf": [{"properties": {"cmd": TEXT}}]},
        {"properties": {"command": {"anyOf": [{"const": "ls"}, TEXT]}}},
        {"properties": {"command": TEXT | {"description": "for example 'list' or 'view'"}}},
        {"properties": {"jobs": {"items": {"properties": {"command": TEXT}}}}},
    ],
)
def test_a_command_parameter_is_found_wherever_it_hides(schema: JsonObject) -> None:
    access = tool_access(tool("get_weather", "Get the weather.", schema=schema))
    assert (sure(access, Level.EXECUTE) or LOW) >= MEDIUM
    assert access.outward is not None


def test_an_enumerated_command_is_an_action_and_not_a_shell() -> None:
    access = tool_access(tool("edit", "", {"command": {"enum": ["view", "create"]}, "path": TEXT}))
    assert access.has(Level.EXECUTE) is None
    assert sure(access, Level.WRITE) is HIGH


def test_choices_of_an_action_each_count() -> None:
    action: JsonObject = {"enum": ["list", "create", "delete"]}
    access = tool_access(tool("manage_keys", "Manage things.", {"action": action}))
    assert sure(access, Level.DESTROY) is HIGH
    found = access.has(Level.DESTROY)
    assert found is not None
    assert found.basis[0].says == "schema: `action` can be 'delete'"


def test_arithmetic_is_not_a_change() -> None:
    operation: JsonObject = {"enum": ["add", "subtract"]}
    access = tool_access(tool("calculate", "", {"operation": operation}))
    assert access.levels() == (Level.READ,)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Run any SQL statement.", MEDIUM),
        ("Run a read-only SQL query.", LOW),
        ("Execute a SELECT statement.", LOW),
    ],
)
def test_what_a_statement_may_do(text: str, confidence: Confidence) -> None:
    access = tool_access(tool("run_query", text, {"sql": TEXT}))
    assert sure(access, Level.READ) is HIGH
    assert sure(access, Level.DESTROY) is confidence


def test_labels() -> None:
    fetch = tool_access(tool("fetch", "Fetches a URL", {"url": TEXT}))
    assert (fetch.untrusted, fetch.private, fetch.outward) == (HIGH, None, HIGH)
    mail = tool_access(tool("search_emails", "", {"query": TEXT}))
    assert (mail.untrusted, mail.private, mail.outward) == (HIGH, HIGH, None)
    env = tool_access(tool("get_env", "Returns the environment variables"))
    assert env.private is HIGH
    assert DataClass.CREDENTIALS in env.data
    weather = tool_access(tool("get_forecast", "Get the weather forecast", {"city": TEXT}))
    assert (weather.private, weather.outward) == (None, None)
    made = tool_access(tool("create_issue", "", {"title": TEXT}))
    assert (made.untrusted, made.outward) == (None, HIGH)


@pytest.mark.parametrize(
    ("name", "parameters", "hints", "part"),
    [
        ("delete_file", {}, {"readOnlyHint": True}, "read-only"),
        ("update_row", {}, {"readOnlyHint": True}, "read-only"),
        ("run_command", {"command": TEXT}, {"readOnlyHint": True}, "read-only"),
        ("delete_file", {}, {"readOnlyHint": False, "destructiveHint": False}, "not destructive"),
        ("fetch", {"url": TEXT}, {"openWorldHint": False}, "closed world"),
    ],
)
def test_false_claims(
    name: str, parameters: dict[str, JsonObject], hints: JsonObject, part: str
) -> None:
    access = tool_access(tool(name, "", parameters, hints))
    assert [one.startswith(part) for one in access.contradicted] == [True]


@pytest.mark.parametrize(
    ("name", "text", "parameters", "hints"),
    [
        ("create_chart", "Create a chart", {"data": TEXT}, {"readOnlyHint": True}),
        ("search", "Search", {"q": TEXT}, {"readOnlyHint": True, "openWorldHint": True}),
        ("run_query", "Run a query", {"sql": TEXT}, {"readOnlyHint": True}),
        ("update_row", "", {}, {"destructiveHint": False}),
        ("delete_file", "", {}, {"readOnlyHint": "yes"}),
        ("get_update_status", "", {}, {"readOnlyHint": True}),
    ],
)
def test_honest_or_unprovable_claims_stand(
    name: str, text: str, parameters: dict[str, JsonObject], hints: JsonObject
) -> None:
    assert tool_access(tool(name, text, parameters, hints)).contradicted == ()


def test_a_claim_of_less_power_removes_nothing() -> None:
    plain = tool_access(tool("drop_table", "Drop a table"))
    claimed = tool_access(tool("drop_table", "Drop a table", hints={"readOnlyHint": True}))
    assert sure(plain, Level.DESTROY) is sure(claimed, Level.DESTROY) is HIGH


def test_rewording_keeps_the_level() -> None:
    texts = ("Read a file.", "Reads and returns the content of a file", "Returns a file's text.")
    levels = {tool_access(tool("read_file", text, {"path": TEXT})).levels() for text in texts}
    assert levels == {(Level.READ,)}


def test_nothing_said_is_read_at_low_confidence_with_the_reason() -> None:
    access = tool_access(tool("frobnicate"))
    assert [(one.level, one.confidence) for one in access.capabilities] == [(Level.READ, LOW)]
    assert "nothing found" in access.capabilities[0].basis[0].says


def test_huge_and_looping_definitions_end() -> None:
    loop: JsonObject = {
        "$defs": {"R": {"properties": {"again": {"$ref": "#/$defs/R"}}}},
        "properties": {"r": {"$ref": "#/$defs/R"}},
    }
    assert tool_access(tool("loop", "x", schema=loop)).levels() == (Level.READ,)
    many: dict[str, JsonObject] = {f"p{number}": TEXT for number in range(50_000)}
    assert tool_access(tool("a" * 100_000, "b " * 500_000, many)).capabilities


_JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
_KEYS = st.sampled_from(
    ("properties", "enum", "anyOf", "$ref", "items", "type", "description", "command", "url")
)


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=60),
    _JSON,
    st.dictionaries(_KEYS, _JSON | st.dictionaries(_KEYS, _JSON), max_size=5),
    _JSON,
)
def test_never_raises_and_always_answers(
    name: str, text: JsonValue, schema: JsonObject, hints: JsonValue
) -> None:
    raw: JsonObject = {
        "name": name,
        "description": text,
        "inputSchema": {"properties": schema},
        "annotations": hints,
    }
    made = Tool(kind="tool", name=name, raw=raw, digest="")
    access = tool_access(made)
    assert access.capabilities
    assert access == tool_access(made)
    assert all(one.basis for one in access.capabilities)
