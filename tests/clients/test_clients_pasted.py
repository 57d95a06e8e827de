"""Configuration pasted from a page is understood in every form in which pages show it."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.clients.pasted.read import MAX_BYTES, Pasted, Text, read_pasted
from ostiary.clients.table import load_table
from ostiary.model.client import Scope, ServerEntry, Transport

SERVER = {"command": "npx", "args": ["-y", "pkg"], "env": {"TOKEN": "abc"}}
ARGV = ("npx", "-y", "pkg")
PACKED = base64.b64encode(json.dumps(SERVER).encode()).decode()


def read(text: str, client: str = "") -> Pasted:
    record = next((one for one in load_table() if one.id == client), None)
    return read_pasted([Text("page.md", text.encode())], record)


def only(text: str) -> ServerEntry:
    found = read(text)
    assert not found.not_checked
    assert len(found.client.entries) == 1, found.client.entries
    return found.client.entries[0]


FORMS = {
    "mcpServers": json.dumps({"mcpServers": {"s": SERVER}}),
    "servers": json.dumps({"servers": {"s": SERVER}, "inputs": []}),
    "amp": json.dumps({"amp.mcpServers": {"s": SERVER}}),
    "settings": json.dumps({"mcp": {"servers": {"s": SERVER}}}),
    "literal": json.dumps({"mcp.servers": {"s": SERVER}}),
    "zed": json.dumps({"context_servers": {"s": SERVER}}),
    "zed nested": json.dumps(
        {"context_servers": {"s": {"command": {"path": "npx", **SERVER, "command": "npx"}}}}
    ),
    "opencode": json.dumps(
        {"mcp": {"s": {"type": "local", "command": list(ARGV), "environment": {"TOKEN": "abc"}}}}
    ),
    "array": json.dumps({"mcpServers": [{"name": "s", **SERVER}]}),
    "bare array": json.dumps([{"name": "s", **SERVER}]),
    "bare map": json.dumps({"s": SERVER}),
    "bare server": json.dumps({"name": "s", **SERVER}),
    "cline": json.dumps({"mcpServers": {"s": {"transport": {"type": "stdio", **SERVER}}}}),
    "members": '"mcpServers": ' + json.dumps({"s": SERVER}),
    "member of a map": '"s": ' + json.dumps(SERVER) + ",",
    "comments": '// add this\n{"mcpServers": {"s": ' + json.dumps(SERVER) + ", /* x */ },}",
    "json5": "{mcpServers: {s: {command: 'npx', args: ['-y', 'pkg',], env: {TOKEN: 'abc'}}}}",
    "toml": '[mcp_servers.s]\ncommand = "npx"\nargs = ["-y", "pkg"]\nenv = { TOKEN = "abc" }\n',
    "toml array": '[[mcp_servers]]\nname = "s"\ncommand = "npx"\nargs = ["-y", "pkg"]\n'
    'env = { TOKEN = "abc" }\n',
    "goose": "extensions:\n  s:\n    type: stdio\n    cmd: npx\n    args: [-y, pkg]\n"
    "    envs:\n      TOKEN: abc\n",
    "continue": "mcpServers:\n  - name: s\n    command: npx\n    args: [-y, pkg]\n"
    "    env: {TOKEN: abc}\n",
    "fence": "# Install\n\nAdd:\n\n```json\n"
    + json.dumps({"mcpServers": {"s": SERVER}})
    + "\n```\n",
    "indented fence": "1. Add\n   ~~~json5\n   {mcpServers: {s: "
    + json.dumps(SERVER)
    + "}}\n   ~~~\n",
    "toml fence": "Add:\n```toml\n[mcp_servers.s]\ncommand = 'npx'\nargs = ['-y', 'pkg']\n"
    "[mcp_servers.s.env]\nTOKEN = 'abc'\n```\n",
    "yaml in text": "Put this into config.yaml:\n\nextensions:\n  s:\n    cmd: npx\n"
    "    args: [-y, pkg]\n    envs: {TOKEN: abc}\n\nand restart.\n",
    "toml in text": "In config.toml:\n\n[mcp_servers.s]\ncommand = 'npx'\nargs = ['-y', 'pkg']\n"
    "env = { TOKEN = 'abc' }\n\nThat's all!\n",
    "text": "Don't forget: add " + json.dumps({"mcpServers": {"s": SERVER}}) + " and restart.",
    "escaped": json.dumps({"mcpServers": {"s": SERVER}}).replace('"', "&quot;"),
    "add-json": "$ claude mcp add-json s '" + json.dumps(SERVER) + "' --scope user",
    "add": "Run `claude mcp add s -e TOKEN=abc -- npx -y pkg` now",
    "add over lines": "codex mcp add s \\\n  --env TOKEN=abc \\\n  -- npx -y pkg\n",
    "add without dashes": "gemini mcp add -e TOKEN=abc s npx -y pkg",
    "code": "code --add-mcp '" + json.dumps({"name": "s", **SERVER}) + "'",
    "code on Windows": 'code --add-mcp "'
    + json.dumps({"name": "s", **SERVER}).replace('"', '\\"')
    + '"',
    "cursor link": f"cursor://anysphere.cursor-deeplink/mcp/install?name=s&config={quote(PACKED)}",
    "cursor page": f"[add](https://cursor.com/en/install-mcp?name=s&amp;config={PACKED.rstrip('=')})",
    "code link": "vscode:mcp/install?" + quote(json.dumps({"name": "s", **SERVER})),
    "code page": "https://insiders.vscode.dev/redirect/mcp/install?name=s&config="
    + quote(json.dumps(SERVER)),
    "code redirect": "https://vscode.dev/redirect?url="
    + quote("vscode:mcp/install?" + quote(json.dumps({"name": "s", **SERVER}))),
    "studio link": f"lmstudio://add_mcp?name=s&config={quote(PACKED)}",
    "utf-8 with mark": "\ufeff" + json.dumps({"mcpServers": {"s": SERVER}}),
}


@pytest.mark.proves("CR-37")
@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_says_the_same_server(form: str) -> None:
    entry = only(FORMS[form])
    assert (entry.client, entry.scope, entry.name) == ("pasted", Scope.CAPTURED, "s")
    assert entry.transport is Transport.STDIO
    assert entry.argv == ARGV
    assert entry.enabled
    assert [(one.name, one.value.reveal() if one.value else "") for one in entry.env] == [
        ("TOKEN", "abc")
    ]


def test_lines_are_those_of_the_page() -> None:
    page = 'One\n\n```json\n{\n  "mcpServers": {\n    "s": {"command": "x"}\n  }\n}\n```\n'
    assert only(page).line == 6
    assert only("a\nb\nclaude mcp add s -- x\n").line == 3


@pytest.mark.parametrize(
    "page",
    [
        "{“mcpServers”: {“s”: {“command”: “npx”}}}",
        "See: {“mcpServers”: {“s”: {“command”: “npx”}}} there",
        'claude mcp add-json s ‘{"command":"npx"}’',
        "claude mcp add s –– npx",
    ],
)
def test_typography_is_understood_and_told(page: str) -> None:
    entry = only(page)
    assert entry.argv == ("npx",)
    assert any("typographic" in one for one in entry.problems)
    assert "typographic" in read(page).client.files[0].understood[0]


def test_typographic_quotes_inside_a_value_are_told() -> None:
    text = json.dumps({"mcpServers": {"s": {"command": "npx", "args": ["“pkg”"]}}})
    assert any("typographic" in one for one in only(text).problems)


def test_what_a_page_says_twice_for_two_clients_is_one_server() -> None:
    page = "```json\n" + FORMS["mcpServers"] + "\n```\n\n```json\n" + FORMS["servers"] + "\n```\n"
    found = read(page)
    assert len(found.client.entries) == 1
    assert len(found.client.files[0].understood) == 2


def test_a_link_is_decoded_and_never_followed_to_another_place() -> None:
    found = read("https://vscode.dev/redirect?url=https%3A%2F%2Fevil.example%2F%3Fconfig%3D%7B%7D")
    assert not found.client.entries
    assert "something other than an install link" in found.not_checked[0].reason


def test_a_remote_server_on_a_command_line() -> None:
    entry = only("claude mcp add --transport sse s https://x.example/sse -H 'Authorization: k'")
    assert (entry.transport, entry.url) == (Transport.SSE, "https://x.example/sse")
    assert entry.headers[0].name == "Authorization"


def test_a_client_that_is_named_reads_it_its_own_way() -> None:
    text = json.dumps({"mcpServers": {"s": {"url": "https://x.example/mcp"}}})
    assert read(text).client.entries[0].transport is Transport.HTTP
    assert read(text, "gemini-cli").client.entries[0].transport is Transport.SSE
    assert "Gemini CLI" in read(text, "gemini-cli").client.name


def test_values_that_run_a_program_are_told_whoever_will_read_them() -> None:
    text = json.dumps({"mcpServers": {"s": {"command": "x", "env": {"K": "$(pass show k)"}}}})
    assert only(text).executes[0].command == "$(pass show k)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no configuration of MCP servers"),
        ("just some words", "no configuration of MCP servers"),
        ('{"name": "x", "version": "1"}', "'name', 'version'"),
        ('{"mcpServers": {"s": {"command": "npx"', "ends before its last brace"),
        ('```json\n{"mcpServers": nonsense here}\n```', "cannot be read|not a value|missing"),
        ("claude mcp add-json s '{broken'", "line 1"),
        ("cursor://anysphere.cursor-deeplink/mcp/install?name=s&config=%%%", "cannot be decoded"),
        ("vscode:mcp/install?nonsense", "line 1|no server"),
        ("[" * 100_000, "nested deeper|cannot be read|recognised"),
        ('{"mcpServers":' * 50_000, "nested|ends before|cannot be read"),
        ("x" * (MAX_BYTES + 1), "more than"),
    ],
)
def test_what_is_not_understood_is_named(text: str, says: str) -> None:
    found = read(text)
    assert not found.client.entries
    assert found.not_checked
    assert all(re.search(says, f"{one.subject} {one.reason}") for one in found.not_checked)


def test_one_broken_piece_does_not_cost_the_others() -> None:
    page = f'```json\n{FORMS["mcpServers"]}\n```\n\n```json\n{{"mcpServers": oops}}\n```\n'
    found = read(page)
    assert len(found.client.entries) == 1
    assert "line 6" in found.not_checked[0].subject


def test_examples_of_other_things_are_no_servers() -> None:
    page = 'Call it:\n```json\n{"url": "https://x.example", "method": "GET"}\n```\n'
    assert not read(page + "```json\n" + FORMS["mcpServers"] + "\n```").not_checked
    assert len(read(page + "```json\n" + FORMS["mcpServers"] + "\n```").client.entries) == 1


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="{}[]\":,`~\n mcpServers=-'\\“”#/*", max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    read(text)
    read(text + FORMS["mcpServers"])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.integers(0, 400), st.integers(0, 60))
def test_no_cut_breaks_it(form: str, start: int, size: int) -> None:
    text = FORMS[form]
    read(text[:start] + text[start + size :])


@pytest.mark.parametrize(
    ("piece", "says"),
    [
        ("{/*", "neither a value nor a comment that ends"),
        ("/*", "no configuration of MCP servers was recognised"),
        ("{'", "is missing before this"),
        ('```\n"command":\n~~~\n', "this word is not a value"),
        ("claude mcp add a b\n", "only 200 pieces of one page are read"),
        ('"a":', "no configuration of MCP servers was recognised"),
        ("- mcp:\n", "no configuration of MCP servers was recognised"),
    ],
)
def test_long_hostile_pages_are_named_and_cost_few_words(piece: str, says: str) -> None:
    found = read(piece * (400_000 // len(piece)))
    assert says in found.not_checked[0].reason
    assert len(found.not_checked) <= 200


def test_pieces_beyond_the_limit_are_not_dropped_silently() -> None:
    found = read("".join(f"claude mcp add s{at} x\n" for at in range(300)))
    assert len(found.client.entries) == 200
    assert "pieces" in found.not_checked[0].reason
