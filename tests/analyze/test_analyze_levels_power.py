"""What follows from what the code of tools does: chains that no single tool shows."""

from __future__ import annotations

import textwrap

import pytest

from analyze.levels import PYTHON, TYPESCRIPT, reach_of
from ostiary.analyze.verdict.power import powers
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity

HEAD = """
import os, subprocess, docker
from pathlib import Path
"""
SAVE = """
@server.tool()
def save(path: str, text: str):
    Path(path).write_text(text)
"""
SAVE_BELOW = """
@server.tool()
def save(name: str, text: str):
    root = Path("/srv/notes").resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(name)
    path.write_text(text)
"""
REGISTER = """
@server.tool()
def register(command: str):
    Path(os.path.expanduser("~/.cursor/mcp.json")).write_text(command)
"""
RESTART = """
@server.tool()
def restart(name: str):
    docker.from_env().containers.get(name).restart()
"""


def found(*tools: str) -> dict[str, Finding]:
    """Findings of the powers of these tools, by what is gained."""
    reach = reach_of("server.py", PYTHON + HEAD + "".join(tools))
    return {one.message: one for one in powers(tuple(reach.values()))}


def gains(*tools: str) -> str:
    return "\n".join(found(*tools))


@pytest.mark.proves("SA-12")
def test_a_tool_that_writes_anywhere_reaches_the_configuration_of_clients() -> None:
    (message,) = [one for one in found(SAVE) if "configuration of an MCP client" in one]
    finding = found(SAVE)[message]
    assert "save comes to execution of programs of its choosing" in message
    assert finding.severity is Severity.HIGH
    steps = [step.says for step in finding.evidence]
    assert steps[0] == "save can write any file at a path of the caller's choosing"
    assert finding.remedy == "Let its box write only the folders it shall work in (--write DIR)."


@pytest.mark.proves("SA-12")
def test_in_another_language_too() -> None:
    text = (
        TYPESCRIPT + "import fs from 'fs';\n"
        "server.tool('save', {path: z.string(), text: z.string()},"
        " async ({path, text}) => fs.writeFileSync(path, text));"
    )
    told = powers(tuple(reach_of("src/index.ts", text).values()))
    assert any("configuration of an MCP client" in one.message for one in told)


def test_a_tool_that_is_kept_below_a_folder_does_not() -> None:
    assert "configuration of an MCP client" not in gains(SAVE_BELOW)


HOMES = {
    "by os.path": """
        root = os.path.expanduser("~")
        path = os.path.realpath(os.path.join(root, name))
        if os.path.commonpath([path, root]) != root:
            raise ValueError(name)
        open(path, "w").write(text)
    """,
    "by pathlib": """
        root = Path.home()
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise ValueError(name)
        path.write_text(text)
    """,
    "a plain name": "(Path.home() / os.path.basename(name)).write_text(text)",
}
NARROWER = {
    "a folder of its own": HOMES["by pathlib"].replace("Path.home()", "Path.home() / 'notes'"),
    "an ending": "(Path.home() / (os.path.basename(name) + '.md')).write_text(text)",
}


def saving(body: str) -> str:
    inner = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return f"@server.tool()\ndef save(name: str, text: str):\n{inner}\n"


@pytest.mark.proves("SA-12")
@pytest.mark.parametrize("body", HOMES.values(), ids=list(HOMES))
def test_a_tool_that_is_kept_below_the_home_folder_reaches_it_all_the_same(body: str) -> None:
    assert "save comes to execution of programs" in gains(saving(body))


@pytest.mark.parametrize("body", NARROWER.values(), ids=list(NARROWER))
def test_a_tool_that_is_kept_below_a_folder_of_its_own_does_not(body: str) -> None:
    assert "configuration of every MCP client" not in gains(saving(body))


@pytest.mark.proves("SA-12")
def test_a_script_that_is_kept_below_the_home_folder_or_a_client_s() -> None:
    text = (
        TYPESCRIPT + "import fs from 'fs'; import os from 'os'; import path from 'path';\n"
        "const root = path.join(os.homedir(), 'FOLDER');\n"
        "server.tool('save', {name: z.string(), text: z.string()}, async ({name, text}) =>"
        " fs.writeFileSync(path.join(root, path.basename(name)), text));"
    )
    for folder, reaches in (("", True), (".cursor", True), ("notes", False)):
        found = powers(tuple(reach_of("src/index.ts", text.replace("FOLDER", folder)).values()))
        assert any("execution of programs" in one.message for one in found) is reaches, folder


@pytest.mark.proves("SA-12")
def test_a_tool_that_writes_that_very_file_does() -> None:
    assert "what it writes there names commands that are run later" in gains(REGISTER)


@pytest.mark.proves("SA-25")
def test_a_file_tool_and_a_container_pivot_from_one_to_the_other() -> None:
    assert "together with restart come to execution of code as the web server or container" in (
        gains(SAVE_BELOW, RESTART)
    )
    assert "as the web server or container" not in gains(SAVE_BELOW)
    assert "as the web server or container" not in gains(RESTART)


@pytest.mark.proves("SA-25")
def test_a_file_tool_and_a_tool_that_runs_files_pivot_too() -> None:
    run = "@server.tool()\ndef run(file: str): subprocess.run(['python3', file])\n"
    assert "together with run come to execution of code of its choosing" in gains(SAVE_BELOW, run)
