"""Values that are held not to be options of a program, by functions that throw."""

from __future__ import annotations

import pytest

from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import argument_injection
from ostiary.model.check import run

SERVER = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { execFileSync } from "node:child_process";
import { z } from "zod";
const server = new McpServer({ name: "s", version: "1" });
function off() { return process.env.ALLOW_ALL === "true"; }
function plain(value, other) { CHECK }
server.tool("t", { p: z.string(), o: z.string() }, async ({ p, o }) => {
  BODY
  return execFileSync("git", ["show", p]);
});
"""
THROWS = 'throw new Error("an option");'
HELD = [
    f'if (value.startsWith("-")) {THROWS}',
    f'if (typeof value === "string" && value.startsWith("-")) {THROWS}',
    f'if (typeof value !== "string" || !value.startsWith("-")) return; {THROWS}',
    f'if (off()) return; if (value.startsWith("-")) {THROWS}',
    f'if (off()) return; if (typeof value !== "string" || !value.startsWith("-")) return; {THROWS}',
]
OPEN = [
    "if (off()) return;",
    f'if (other) return; if (value.startsWith("-")) {THROWS}',
    f'if (typeof value === "string" || value.startsWith("-")) return; {THROWS}',
    f'if (typeof value !== "string") {THROWS}',
]


def count(check: str, body: str = "plain(p, o);") -> int:
    text = SERVER.replace("CHECK", check).replace("BODY", body)
    facts = read_facts(Project({"index.ts": SourceFile("index.ts", text.encode())}))
    found, failed = run((argument_injection.CHECK,), facts, "the server")
    assert not failed
    return len(found)


@pytest.mark.parametrize("check", HELD)
def test_a_function_that_throws_for_options_holds_though_it_can_be_switched_off(check: str) -> None:
    assert count(check) == 0


@pytest.mark.parametrize("check", OPEN)
def test_a_function_that_lets_options_through_holds_nothing(check: str) -> None:
    assert count(check) == 1


def test_what_is_no_text_is_not_made_harmless_where_it_is_used() -> None:
    assert count("", 'if (typeof p !== "string") return execFileSync("git", ["show", p]);') == 2
