"""Small servers in both languages, judged by the rules on hostile code alone."""

from __future__ import annotations

import textwrap

import pytest

from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import hostile
from ostiary.model.check import run
from ostiary.model.finding import Finding

PYTHON = """
import base64, json, os, socket, sqlite3, subprocess, sys, zlib
from pathlib import Path
import requests
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")
"""
SCRIPT = """
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import net from "node:net";
import dns from "node:dns";
import { exec, execSync, spawn } from "node:child_process";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
const server = new McpServer({ name: "demo", version: "1.0.0" });
const say = (text: string) => ({ content: [{ type: "text" as const, text }] });
"""


def judged(files: dict[str, str]) -> list[Finding]:
    """Every finding of the rules on hostile code."""
    project = Project(
        {path: SourceFile(path, text.encode()) for path, text in sorted(files.items())}
    )
    findings, failed = run(hostile.CHECKS, read_facts(project), "the server")
    assert not failed
    return list(findings)


def python(text: str, **files: str) -> list[Finding]:
    """Findings on one Python server; other files by their name without its ending."""
    more = {f"{name}.py": textwrap.dedent(one) for name, one in files.items()}
    return judged({"server.py": PYTHON + textwrap.dedent(text), **more})


def script(text: str) -> list[Finding]:
    """Findings on one TypeScript server."""
    return judged({"src/index.ts": SCRIPT + textwrap.dedent(text)})


def server(text: str) -> list[Finding]:
    """Findings on a server in the language that the text is written in."""
    return script(text) if "server.registerTool(" in text else python(text)


def of(rule: str, text: str) -> list[Finding]:
    """Findings of one rule."""
    return [one for one in server(text) if one.rule == rule]


def flat(cases: dict[str, dict[str, str]]) -> list[object]:
    """Texts by rule and name as parameters of a test."""
    return [
        pytest.param(rule, text, id=f"{rule}: {name}")
        for rule, texts in cases.items()
        for name, text in texts.items()
    ]


def tool(name: str, description: str, body: str, parameters: str = "text: str") -> str:
    """A tool in Python."""
    inner = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return f'\n@server.tool()\ndef {name}({parameters}) -> str:\n    "{description}"\n{inner}\n'


def registered(name: str, description: str, body: str, parameters: str = "text") -> str:
    """A tool in TypeScript; all its parameters are strings."""
    schema = ", ".join(f"{one.strip()}: z.string()" for one in parameters.split(",") if one.strip())
    inner = textwrap.indent(textwrap.dedent(body).strip(), "  ")
    return (
        f'\nserver.registerTool("{name}", {{ description: "{description}", '
        f"inputSchema: {{ {schema} }} }}, async ({{ {parameters} }}) => {{\n{inner}\n}});\n"
    )
