"""Small servers, read as the audit does, and what the rules on exposure say of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules.exposure import CHECKS
from ostiary.model.check import run
from ostiary.model.finding import Finding

PYTHON = "from mcp.server.fastmcp import FastMCP\nserver = FastMCP('demo')\n"
TYPESCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
const server = new McpServer({ name: "demo", version: "1.0.0" });
"""


def findings(files: Mapping[str, str]) -> list[Finding]:
    """Everything that the rules say; a rule that breaks fails the test."""
    project = Project(
        {
            path: SourceFile(path, textwrap.dedent(text).encode())
            for path, text in sorted(files.items())
        }
    )
    found, failed = run(CHECKS, read_facts(project), "the server")
    assert not failed, failed
    return found


def of_rule(rule: str, files: Mapping[str, str]) -> list[Finding]:
    return [one for one in findings(files) if one.rule == rule]


def python(rule: str, text: str) -> list[Finding]:
    """What one rule says of a Python server."""
    return of_rule(rule, {"server.py": PYTHON + textwrap.dedent(text)})


def typescript(rule: str, text: str) -> list[Finding]:
    """What one rule says of a TypeScript server."""
    return of_rule(rule, {"src/index.ts": TYPESCRIPT + textwrap.dedent(text)})
