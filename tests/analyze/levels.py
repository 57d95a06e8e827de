"""Small servers in both languages and what their tools can do by their code."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ostiary.analyze.facts import Facts
from ostiary.analyze.levels import tool_reach
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.model.access import Level
from ostiary.model.audit import ToolReach
from ostiary.model.grade import Confidence

PYTHON = """
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")
"""
TYPESCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
const server = new McpServer({ name: "demo", version: "1.0.0" });
"""


def facts_of(files: Mapping[str, str]) -> Facts:
    """The facts of a few files."""
    return read_facts(Project({path: SourceFile(path, files[path].encode()) for path in files}))


def reach_of(path: str, text: str) -> dict[str, ToolReach]:
    """What every tool of one file can do, by name."""
    return {one.access.tool: one for one in tool_reach(facts_of({path: text}))}


def python(text: str) -> ToolReach:
    """The tool ``t`` of a Python server."""
    return reach_of("server.py", PYTHON + textwrap.dedent(text))["t"]


def typescript(text: str) -> ToolReach:
    """The tool ``t`` of a TypeScript server."""
    return reach_of("src/index.ts", TYPESCRIPT + textwrap.dedent(text))["t"]


def likely(tool: ToolReach) -> set[Level]:
    """Levels with more than little evidence."""
    return {one.level for one in tool.access.capabilities if one.confidence > Confidence.LOW}


def unsure(tool: ToolReach) -> set[Level]:
    """Levels with little evidence."""
    return {one.level for one in tool.access.capabilities if one.confidence is Confidence.LOW}


def goes_to(tool: ToolReach) -> set[tuple[str, str]]:
    """Hosts and how each comes about."""
    return {(one.host, one.how) for one in tool.destinations}
