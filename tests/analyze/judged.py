"""Small servers in both languages, judged by one check."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.model.check import Check, run
from ostiary.model.finding import Finding

PYTHON = """
import asyncio, importlib, io, json, os, pickle, re, subprocess, sys, tarfile, time, webbrowser
import zipfile
from typing import Any, Literal
import requests
import yaml
from mcp.server.fastmcp import Context, FastMCP
from pydantic import BaseModel, Field
server = FastMCP("demo")
"""
SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { execFile, execFileSync, spawn } from "child_process";
import fs from "fs";
import path from "path";
import _ from "lodash";
const server = new McpServer({ name: "s", version: "1" });
"""


def python(check: Check[Facts], body: str, before: str = "") -> list[Finding]:
    """What a check finds in a server of which ``body`` is a function that becomes a tool."""
    return _found(check, "s.py", f"{PYTHON}{before}\n@server.tool()\n{body}\n")


def script(
    check: Check[Facts], body: str, schema: str = "x: z.string()", before: str = ""
) -> list[Finding]:
    """The same for a script; ``body`` may use the parameters of ``schema`` from ``a``."""
    text = f'{SCRIPT}{before}server.tool("t", {{ {schema} }}, async (a) => {{ {body} }});\n'
    return _found(check, "s.ts", text)


def _found(check: Check[Facts], path: str, text: str) -> list[Finding]:
    facts = read_facts(Project({path: SourceFile(path, text.encode())}))
    findings, failed = run((check,), facts, "the server")
    assert not failed, failed
    return findings


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    """Rule and severity of each."""
    return [(one.rule, one.severity.word) for one in findings]
