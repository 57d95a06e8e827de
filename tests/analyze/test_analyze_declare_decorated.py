"""Python servers that declare functions: what is declared, and what its code reaches."""

from __future__ import annotations

import textwrap

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts


def facts(**files: str) -> Facts:
    named = {f"{name}.py": textwrap.dedent(text).encode() for name, text in files.items()}
    return read_facts(Project({path: SourceFile(path, named[path]) for path in sorted(named)}))


def tool(found: Facts, name: str) -> Reached:
    return next(one for one in found.tools if one.entry.name == name)


SERVER = """
    import subprocess
    from typing import Literal
    from mcp.server.fastmcp import Context, FastMCP
    from mcp.types import ToolAnnotations
    from shell import run

    server = FastMCP("demo")

    @server.tool()
    def show(path: str, ctx: Context) -> str:
        "Shows a file."
        return run(f"cat {path}")

    @server.tool(name="say", description="Says it.", annotations=ToolAnnotations(readOnlyHint=True))
    def other(how: Literal["loud", "soft"], unused: str) -> str:
        return subprocess.check_output(["say", how])

    @server.resource("note://{name}")
    def note(name: str) -> str:
        return open(name).read()
"""
SHELL = """
    import os
    def run(line):
        return os.popen(line).read()
"""


def test_a_tool_is_read_with_its_words_and_parameters() -> None:
    found = facts(server=SERVER, shell=SHELL)
    show, say = tool(found, "show").entry, tool(found, "say").entry
    assert show.description == "Shows a file."
    assert [one.name for one in show.parameters or ()] == ["path"]
    assert say.description == "Says it."
    assert say.annotations == {"readOnlyHint": True}
    assert (say.parameters or ())[0].schema["enum"] == ["loud", "soft"]


def test_what_a_tool_reaches_carries_the_name_of_its_parameter() -> None:
    found = facts(server=SERVER, shell=SHELL)
    (shell,) = [one for one in tool(found, "show").effects if one.kind is EffectKind.SHELL]
    assert shell.place.file == "shell.py"
    ((source, flow),) = shell.operands["command"].sources()
    assert (source.name, source.owner) == ("path", "show")
    assert not flow.guarantees & g.SAFE
    assert [step.says for step in shell.chain] == ["calls run"]


def test_a_declared_choice_is_known_where_it_arrives() -> None:
    found = facts(server=SERVER, shell=SHELL)
    (process,) = [one for one in tool(found, "say").effects if one.kind is EffectKind.PROCESS]
    ((source, flow),) = process.operands["arguments"].deep_sources()
    assert source.name == "how"
    assert flow.guarantees & g.CHOSEN


def test_one_tool_is_not_blamed_for_what_another_does() -> None:
    found = facts(server=SERVER, shell=SHELL)
    assert not [one for one in tool(found, "say").effects if one.kind is EffectKind.SHELL]
    assert not [one for one in tool(found, "show").effects if one.kind is EffectKind.PROCESS]


def test_a_parameter_that_no_code_reads_is_told_apart() -> None:
    found = facts(server=SERVER, shell=SHELL)
    assert tool(found, "say").reads == frozenset({"how"})


def test_a_resource_is_an_entry_too() -> None:
    found = facts(server=SERVER, shell=SHELL)
    (note,) = [one for one in found.reached if one.entry.kind is EntryKind.RESOURCE]
    assert note.entry.uri == "note://{name}"
    (read,) = [one for one in note.effects if one.kind is EffectKind.READ_FILE]
    assert [source.name for source, _ in read.operands["path"].sources()] == ["name"]


def test_what_a_module_does_by_itself_is_an_entry() -> None:
    found = facts(server="import os\nos.system('id')\n")
    (module,) = [one for one in found.reached if one.entry.kind is EntryKind.IMPORT]
    assert [one.kind for one in module.effects] == [EffectKind.SHELL]


def test_the_same_files_give_the_same_facts() -> None:
    one, two = facts(server=SERVER, shell=SHELL), facts(server=SERVER, shell=SHELL)
    assert [
        (each.entry.name, [(effect.kind, effect.place) for effect in each.effects])
        for each in one.reached
    ] == [
        (each.entry.name, [(effect.kind, effect.place) for effect in each.effects])
        for each in two.reached
    ]
