"""Claims, lists and manifests held against the code: what is told and what is left alone."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.declare.entry import Unread
from ostiary.analyze.declared import judge_surface, surface_of
from ostiary.analyze.facts import Facts
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona, Severity
from ostiary.model.surface import Surface, Tool

HEAD = """
import openai, os, posthog, smtplib, sqlite3, subprocess, tempfile
import httpx
from mcp.server.fastmcp import FastMCP
server = FastMCP("x")
db = sqlite3.connect("x.db")
"""


def facts_of(files: Mapping[str, str]) -> Facts:
    made = {path: SourceFile(path, text.encode()) for path, text in sorted(files.items())}
    return read_facts(Project(made))


def python(text: str) -> Facts:
    return facts_of({"server.py": HEAD + textwrap.dedent(text)})


def told(
    facts: Facts, rule: str = "claim-against-code", stated: Surface | None = None
) -> list[Finding]:
    return [one for one in judge_surface(facts, stated=stated).findings if one.rule == rule]


def tool(body: str, hint: str = "readOnlyHint", name: str = "handle", doc: str = "Does it.") -> str:
    value = "False" if hint == "destructiveHint" else "True"
    return (
        f'@server.tool(annotations={{"{hint}": {value}}})\n'
        f'def {name}(it: str) -> str:\n    """{doc}"""\n    {body}\n'
    )


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("os.remove(it)", Severity.HIGH),
        ("subprocess.run(it, shell=True)", Severity.HIGH),
        ("eval(it)", Severity.HIGH),
        ('db.execute("DELETE FROM notes WHERE id = ?", (it,))', Severity.HIGH),
        ('httpx.delete("https://api.example.com/notes/" + it)', Severity.HIGH),
        ('smtplib.SMTP("mail.example.com").sendmail("a@example.com", it, "hello")', Severity.HIGH),
        ('open(it, "w").write("x")', Severity.MEDIUM),
        ('db.execute("INSERT INTO notes VALUES (?)", (it,))', Severity.MEDIUM),
    ],
)
def test_code_that_speaks_against_read_only(body: str, severity: Severity) -> None:
    (found,) = told(python(tool(body)))
    assert found.severity is severity
    assert found.location.part == "tool handle"
    assert found.location.line == 7
    assert found.evidence[-1].location.line == 10


@pytest.mark.parametrize(
    "body",
    [
        "return open(it).read()",
        'subprocess.run(["git", "log", it])',
        'db.execute("SELECT * FROM notes WHERE id = ?", (it,))',
        'httpx.post("https://api.example.com/search", json={"q": it})',
        'httpx.delete("https://api.example.com/session/" + it)',
        'open("/var/cache/x/last.json", "w").write(it)',
        'os.remove("/var/cache/x/last.json")',
        'posthog.Posthog("k").capture("me", "used", {"tool": "handle"})',
        'openai.OpenAI().chat.completions.create(model="m", messages=[{"content": it}])',
    ],
)
def test_reading_and_a_cache_of_its_own_are_left_alone(body: str) -> None:
    assert told(python(tool(body))) == []
    assert told(python(tool(body, name="get_it", doc="Read-only tool."))) == []


@pytest.mark.proves("RD-12")
def test_a_description_that_says_it_only_reads() -> None:
    text = tool("os.remove(it)", "idempotentHint", doc="Cleans. This tool is read-only.")
    (found,) = told(python(text))
    assert "described as reading only" in found.message
    partly = tool("os.remove(it)", "idempotentHint", doc="This tool is read-only if asked.")
    assert told(python(partly)) == []


def test_a_name_that_reads_and_a_claim_not_to_destroy_are_softer() -> None:
    named = told(python(tool("os.remove(it)", "idempotentHint", name="get_note")))
    claimed = told(python(tool("os.remove(it)", "destructiveHint")))
    assert [one.severity for one in (*named, *claimed)] == [Severity.MEDIUM, Severity.MEDIUM]
    assert told(python(tool('open(it, "w").write("x")', "destructiveHint"))) == []
    assert told(python(tool("os.remove(it)", "idempotentHint", name="forget"))) == []


def test_tools_of_one_handler_that_were_not_told_apart_are_left_alone() -> None:
    listed = ", ".join(
        f'{{ name: "{name}", annotations: {{ readOnlyHint: true }}, inputSchema: {{}} }}'
        for name in ("a", "b", "c")
    )
    text = f"""
    import {{ Server }} from "@modelcontextprotocol/sdk/server/index.js";
    import fs from "fs";
    import * as types from "@modelcontextprotocol/sdk/types.js";
    const server = new Server({{ name: "x", version: "1" }}, {{}});
    server.setRequestHandler(types.ListToolsRequestSchema, async () => ({{ tools: [{listed}] }}));
    server.setRequestHandler(types.CallToolRequestSchema, async (request) => {{
      GUARD fs.rmSync(request.params.arguments.path);
    }});
    """
    assert told(facts_of({"index.ts": text.replace("GUARD", "")})) == []
    apart = 'if (request.params.name === "b")'
    (found,) = told(facts_of({"index.ts": text.replace("GUARD", apart)}))
    assert found.location.part == "tool b"


# ── what a running server lists ──────────────────────────────────────────────────────────────────

SERVER = tool("return it", name="read")


def changed(facts: Facts, **raw: object) -> Surface:
    """The surface of the code, with its one tool changed."""
    surface = surface_of(facts)
    (one,) = surface.tools
    return replace(surface, tools=(replace(one, raw={**one.raw, **raw}),))  # type: ignore[dict-item]


def test_an_equal_list_is_left_alone() -> None:
    facts = python(SERVER)
    assert told(facts, "listed-against-code", surface_of(facts)) == []
    assert told(facts, "listed-against-code") == []


@pytest.mark.proves("SA-16")
@pytest.mark.parametrize(
    ("raw", "severity", "words"),
    [
        ({"description": "Does something else."}, Severity.MEDIUM, "in other words"),
        ({"annotations": {"readOnlyHint": False}}, Severity.MEDIUM, "annotated otherwise"),
        (
            {"inputSchema": {"type": "object", "properties": {"other": {"type": "string"}}}},
            Severity.LOW,
            "other parameters",
        ),
    ],
)
def test_a_tool_that_differs(raw: dict[str, object], severity: Severity, words: str) -> None:
    facts = python(SERVER)
    (found,) = told(facts, "listed-against-code", changed(facts, **raw))
    assert found.severity is severity
    assert words in found.message
    assert (found.location.file, found.location.part) == ("server.py", "tool read")


@pytest.mark.proves("SA-16")
def test_tools_that_only_one_of_the_two_has() -> None:
    facts = python(SERVER)
    surface = surface_of(facts)
    new = Tool("tool", "upload", {"name": "upload"}, "")
    (more,) = told(facts, "listed-against-code", replace(surface, tools=(*surface.tools, new)))
    assert (more.severity, more.location.part) == (Severity.MEDIUM, "tool upload")
    (gone,) = told(facts, "listed-against-code", replace(surface, tools=(new,)))[:1]
    assert gone.persona is Persona.STRICT
    part = replace(facts, unread=(Unread(Place("server.py", 1), "not read"),))
    (unsure,) = told(part, "listed-against-code", replace(surface, tools=(*surface.tools, new)))
    assert (unsure.severity, unsure.persona) == (Severity.LOW, Persona.STRICT)


# ── what a manifest lists ────────────────────────────────────────────────────────────────────────


def bundle(tools: str, more: str = "") -> dict[str, str]:
    return {
        "server.py": HEAD + SERVER,
        "manifest.json": f"""{{"manifest_version": "0.3", "name": "x", "version": "1.0.0",
          "server": {{"type": "python", "entry_point": "server.py"}},
          "tools": [{tools}]{more}}}""",
    }


@pytest.mark.proves("SA-16")
def test_a_manifest_that_leaves_a_tool_out() -> None:
    (found,) = told(facts_of(bundle('{"name": "write"}')), "manifest-against-code")
    assert (found.location.file, found.location.line) == ("manifest.json", 3)
    assert "does not name read" in found.message
    assert "names write" in found.message


@pytest.mark.parametrize(
    ("tools", "more"),
    [('{"name": "read"}', ""), ("", ""), ('{"name": "write"}', ', "tools_generated": true')],
)
def test_manifests_that_are_right_or_say_nothing(tools: str, more: str) -> None:
    assert told(facts_of(bundle(tools, more)), "manifest-against-code") == []


def test_a_manifest_that_names_more_is_for_strict_readers() -> None:
    both = '{"name": "read"}, {"name": "gone"}'
    (found,) = told(facts_of(bundle(both)), "manifest-against-code")
    assert found.persona is Persona.STRICT
