"""Packages that declare no tools: what they hand out is looked at all the same."""

from __future__ import annotations

import pytest

from analyze.judged import told
from analyze.test_analyze_declare_decorated import facts
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import command_injection
from ostiary.model.check import run

LIBRARY = """
    import os

    def tool(function):
        function.is_tool = True
        return function

    @tool
    def decorated(line):
        return os.system(line)

    def inner(line):
        return os.popen(line)

    class Model:
        def answer(self, text):
            raise NotImplementedError

    class Agent:
        def __init__(self, model: Model):
            self.model = model

        def _run(self, text):
            return inner(text)

        def _hidden(self, text):
            return os.system(text)

        def ask(self, text):
            return eval(self.model.answer(text))

        @classmethod
        def made(cls, text):
            return exec(text)

    print(decorated("ls"))
"""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("decorated", EffectKind.SHELL),
        ("Agent._run", EffectKind.SHELL),
        ("Agent.ask", EffectKind.EVALUATE),
        ("Agent.made", EffectKind.EVALUATE),
    ],
)
def test_functions_and_methods_that_are_handed_out_are_entries(name: str, kind: EffectKind) -> None:
    entries = {one.entry.name: one for one in facts(lib=LIBRARY).reached}
    reached = entries[name]
    assert reached.entry.kind is EntryKind.EXPORT
    (effect,) = (one for one in reached.effects if one.kind is kind)
    value = effect.operand("command" if kind is EffectKind.SHELL else "code")
    assert value is not None
    assert [source.owner for source, _ in value.sources()] == [name]


@pytest.mark.parametrize("name", ["inner", "Agent._hidden", "Agent.__init__"])
def test_what_is_called_inside_or_private_is_no_entry(name: str) -> None:
    assert name not in {one.entry.name for one in facts(lib=LIBRARY).reached}


GIVEN = """
    import os
    from fastmcp import Context
    from starlette.requests import Request

    def run(ctx: Context, asked: Request, command: str):
        os.system(ctx.settings.shell)
        os.system(asked.query_params["x"])
        os.system(command)
"""


def test_what_a_framework_gives_to_a_function_is_not_its_callers() -> None:
    (entry,) = (one for one in facts(lib=GIVEN).reached if one.entry.name == "run")
    assert [one.name for one in entry.entry.parameters or ()] == ["asked", "command"]
    told = {
        source.name.partition(".")[0]
        for effect in entry.effects
        for source, _ in effect.operands["command"].deep_sources()
        if effect.kind is EffectKind.SHELL
    }
    assert "ctx" not in told
    assert "command" in told


COMMANDS = """
import { Command } from "commander";
import { execSync } from "child_process";
class Copies {
  async make(from) { return this.clone(from); }
  async clone(from) { execSync(`git clone ${from}`); }
}
const program = new Command();
program.name("copies").command("make").argument("<from>", "where").option("-f")
  .action(async (from, options) => { await new Copies().make(from); });
program.parse();
"""
TOOLS = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
const server = new McpServer({ name: "s", version: "1" });
server.tool("wait", "Waits", {}, async () => ({ content: [] }));
"""


def commands(text: str) -> list[tuple[str, str]]:
    target = read_facts(Project({"cli.ts": SourceFile("cli.ts", text.encode())}))
    findings, failed = run((command_injection.CHECK,), target, "the program")
    assert not failed
    return told(findings)


def test_what_runs_for_a_command_is_an_entry_of_a_program_without_tools() -> None:
    assert commands(COMMANDS) == [("command-injection", "medium")]
    mended = COMMANDS.replace("execSync(`git clone ${from}`)", 'spawn("git", ["clone", from])')
    assert not commands(mended)
    assert not commands(COMMANDS + TOOLS)
