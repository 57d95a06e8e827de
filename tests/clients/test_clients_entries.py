"""Single entries: values kept secret and unexpanded, contradictions told, nothing normalised away."""

# ruff: noqa: E501 - tables of files read better unbroken

from __future__ import annotations

from pathlib import Path

import pytest

from clients.machine import client, entry, look, write
from ostiary.clients.settings import is_reference
from ostiary.model.client import ServerEntry, Transport


def cursor(tmp_path: Path, server: object) -> ServerEntry:
    return entry(
        look(write(tmp_path, {".cursor/mcp.json": {"mcpServers": {"a": server}}})), "cursor", "a"
    )


@pytest.mark.parametrize(
    ("server", "transport", "problem"),
    [
        ({"command": "x", "type": "pigeon"}, Transport.STDIO, "the transport type 'pigeon' is not known"),
        ({"url": "ws://e", "type": "ws"}, Transport.WEBSOCKET, None),
        ({"url": "https://e", "type": "streamable_http"}, Transport.HTTP, None),
        ({"url": "https://e", "transport": "SSE"}, Transport.SSE, None),
        ({"serverUrl": "https://e"}, Transport.HTTP, None),
        ({"command": "x", "url": "https://e"}, Transport.STDIO, "it names both a command and a URL"),
        ({"type": "stdio"}, Transport.STDIO, "it should run a command and names none"),
        ({"type": "http"}, Transport.HTTP, "it should be reached at a URL and names none"),
        ({}, Transport.UNKNOWN, "it names neither a command nor a URL"),
        ([], Transport.UNKNOWN, "the entry is not an object"),
        (None, Transport.UNKNOWN, "the entry is not an object"),
        ({"command": "x", "args": "y"}, Transport.STDIO, "args is not a list"),
        ({"command": "x", "args": [1, None]}, Transport.STDIO, "the command line holds values that are not text"),
        ({"command": "x", "env": "A=1"}, Transport.STDIO, "env is neither a table nor a list"),
        ({"command": "x", "disabled": True}, Transport.STDIO, "disabled: true is not known to stop this client"),
    ],
)  # fmt: skip
def test_what_an_entry_means(
    server: object, transport: Transport, problem: str | None, tmp_path: Path
) -> None:
    one = cursor(tmp_path, server)
    assert one.transport is transport
    assert one.enabled
    assert (problem in one.problems) if problem else not one.problems


def test_one_bad_entry_does_not_cost_the_others(tmp_path: Path) -> None:
    servers = {"bad": 7, "good": {"command": "x"}, "worse": {"command": {}, "env": [[]]}}
    found = client(look(write(tmp_path, {".cursor/mcp.json": {"mcpServers": servers}})), "cursor")
    assert {one.name: one.argv for one in found.entries}["good"] == ("x",)
    assert len(found.entries) == 3


@pytest.mark.parametrize(
    "name", ["__proto__", "constructor", "", " padded", "zero\u200bwidth", "a\u202eb"]
)
def test_strange_names_are_kept_and_told(name: str, tmp_path: Path) -> None:
    found = look(write(tmp_path, {".cursor/mcp.json": {"mcpServers": {name: {"command": "x"}}}}))
    one = entry(found, "cursor", name)
    assert any("its name" in problem for problem in one.problems)


def test_a_name_that_occurs_twice_is_told(tmp_path: Path) -> None:
    text = '{"mcpServers": {"a": {"command": "safe"}, "a": {"command": "evil"}}}'
    found = look(write(tmp_path, {".cursor/mcp.json": text}))
    one = entry(found, "cursor", "a")
    assert one.argv == ("evil",)
    assert any("occurs twice" in problem for problem in one.problems)
    assert client(found, "cursor").files[0].duplicate_keys == ("/mcpServers/a",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${TOKEN}", True),
        ("${input:token}", True),
        ("${env:TOKEN}", True),
        ("Bearer ${TOKEN}", True),
        ("$TOKEN", True),
        ("%TOKEN%", True),
        ("{env:TOKEN}", True),
        ("${{ secrets.TOKEN }}", True),
        ("{{LIBRECHAT_USER_ID}}", True),
        ("$(op read x)", True),
        ("${TOKEN:-hunter2}", False),
        ("$ecret", False),
        ("abc${TOKEN}", False),
        ("Bearer abc", False),
        ("", False),
    ],
)
def test_references_are_told_from_values(text: str, expected: bool) -> None:
    assert is_reference(text) is expected


def test_values_never_show_and_are_never_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    server = {
        "command": "$TOKEN",
        "args": ["${TOKEN}", "~"],
        "env": {"A": "s3cret", "B": "${TOKEN}", "C": None, "N": 5},
    }
    one = cursor(tmp_path, server)
    assert one.argv == ("$TOKEN", "${TOKEN}", "~")
    assert {each.name: each.value.reveal() if each.value else None for each in one.env} == {
        "A": "s3cret", "B": None, "C": None, "N": "5",
    }  # fmt: skip
    assert "s3cret" not in repr(one.env)


def test_names_of_variables_in_codex(tmp_path: Path) -> None:
    text = (
        '[mcp_servers.a]\nurl = "https://e"\nbearer_token_env_var = "TOK"\n'
        'http_headers = { "X-A" = "value" }\nenv_http_headers = { "X-B" = "NAME" }\n'
        '[mcp_servers.b]\ncommand = "x"\nenv_vars = ["ONE", { name = "TWO", source = "remote" }]\n'
    )
    found = look(write(tmp_path, {".codex/config.toml": text}))
    headers = {one.name: one.value for one in entry(found, "codex", "a").headers}
    assert headers["Authorization"] is None
    assert headers["X-B"] is None
    assert headers["X-A"] is not None
    assert [(one.name, one.value) for one in entry(found, "codex", "b").env] == [
        ("ONE", None),
        ("TWO", None),
    ]


def test_tokens_that_cline_keeps_in_the_entry(tmp_path: Path) -> None:
    server = {
        "transport": {"type": "streamableHttp", "url": "https://e", "headers": {"X": "v"}},
        "oauth": {"tokens": {"access_token": "at", "refresh_token": "rt"}},
        "oauthClient": {"clientSecret": "cs"},
        "disabled": True,
    }
    files = {".cline/data/settings/cline_mcp_settings.json": {"mcpServers": {"a": server}}}
    one = entry(look(write(tmp_path, files)), "cline", "a")
    assert (one.transport, one.url, one.enabled) == (Transport.HTTP, "https://e", False)
    assert [each.name for each in one.headers] == ["X"]
    assert {each.name: each.value.reveal() for each in one.secrets if each.value} == {
        "oauth.tokens.access_token": "at",
        "oauth.tokens.refresh_token": "rt",
        "oauthClient.clientSecret": "cs",
    }


def test_configuration_that_runs_programs_is_reported_and_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    run = f"touch {marker}"
    home = write(
        tmp_path / "home",
        {
            ".config/crush/crush.json": {"mcp": {"a": {"command": "x", "env": {"T": f"$({run})"}, "args": [f"`{run}`"]}}},
            ".config/crush/crushrc": run,
            ".config/mcphub/servers.json": {"mcpServers": {"a": {"url": "https://e", "headers": {"T": f"${{cmd: {run}}}"}}}},
            ".claude.json": {"mcpServers": {"a": {"type": "http", "url": "https://e", "headersHelper": run}}},
            ".claude/settings.json": {"apiKeyHelper": run, "statusLine": {"command": run}, "hooks": {"Stop": [{"hooks": [{"type": "command", "command": run}]}]}},
            ".cursor/mcp.json": {"mcpServers": {"a": {"command": "x", "args": ["$(literal)"]}}},
        },
    )  # fmt: skip
    found = look(home)
    crush = entry(found, "crush", "a").executes
    assert {(one.what, one.command) for one in crush} == {
        ("$(cmd)", f"$({run})"),
        ("$(cmd)", f"`{run}`"),
    }
    script = next(one for one in client(found, "crush").files if one.path.endswith("crushrc"))
    assert [one.what for one in script.executes] == ["script"]
    assert entry(found, "mcphub", "a").executes[0].command == f"${{cmd: {run}}}"
    helper = entry(found, "claude-code", "a").executes[0]
    assert (helper.what, helper.command, helper.pointer) == (
        "headersHelper",
        run,
        "/mcpServers/a/headersHelper",
    )
    settings = next(
        one for one in client(found, "claude-code").files if one.path.endswith("settings.json")
    )
    assert {one.what for one in settings.executes} == {
        "apiKeyHelper",
        "statusLine.command",
        "hooks.hooks.command",
    }
    assert entry(found, "cursor", "a").executes == (), "Cursor does not run $(…)"
    assert not marker.exists()


def test_unknown_fields_are_kept(tmp_path: Path) -> None:
    one = cursor(tmp_path, {"command": "x", "futureField": {"deep": [1]}})
    assert one.raw["futureField"] == {"deep": [1]}


def test_the_sandbox_of_vs_code_is_told_and_approves(tmp_path: Path) -> None:
    server = {"type": "stdio", "command": "x", "sandboxEnabled": True}
    one = entry(
        look(write(tmp_path, {".config/Code/User/mcp.json": {"servers": {"a": server}}})),
        "vscode",
        "a",
    )
    assert one.sandbox == "sandboxEnabled: true"
    assert one.tools.auto_approve_all
    assert one.tools.why == "sandboxEnabled: true"
