"""Work is counted: any input ends, what was left out is named, the answer is always the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ostiary.analyze import reaching
from ostiary.analyze.dataflow import budget
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts

RISING = "".join(
    f"def a{n}(x):\n    open(x)\n    return {f'a{n - 1}(x)' if n else 'x'}\n" for n in range(60)
)
TOOL = """
from mcp.server.fastmcp import FastMCP
import subprocess
mcp = FastMCP("s")
@mcp.tool()
def last(path: str) -> str:
    return subprocess.run(path, shell=True)
"""


def facts(**files: str) -> tuple[set[tuple[str | None, str]], set[str]]:
    """What was not checked, and what the tools do."""
    found = read_facts(
        Project(
            {f"{name}.py": SourceFile(f"{name}.py", text.encode()) for name, text in files.items()}
        )
    )
    not_checked = {(one.file, one.reason) for one in found.not_checked}
    return not_checked, {effect.kind.value for one in found.tools for effect in one.effects}


@pytest.fixture(autouse=True)
def _little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_OF_ONE", 300)


def test_a_function_that_takes_too_much_is_named_and_the_others_are_read() -> None:
    heavy = "def heavy(x):\n" + "    x = x + str(x)\n" * 500
    not_checked, does = facts(heavy=heavy, tool=TOOL)
    assert ("heavy.py", "heavy takes too much work to be followed") in not_checked
    assert "shell" in does


def test_a_target_that_takes_too_much_ends_and_its_files_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "MOST_WORK", 1_000)
    not_checked, does = facts(rising=RISING, tool=TOOL)
    assert ("rising.py", "not all of its functions were followed") in not_checked
    assert "shell" in does, "what an entry reaches has a share of its own"


SCRIPT = """
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { exec } from "child_process";
const server = new Server({ name: "s", version: "1" }, {});
server.setRequestHandler(ListToolsRequestSchema, async () => {
  const every = [{ name: "go", inputSchema: { type: "object", properties: { x: {} } } }];
  return { tools: every.filter((one) => wanted(one.name)) };
});
server.setRequestHandler(CallToolRequestSchema, async (request) => {
  if (request.params.name === "go") exec(request.params.arguments.x);
});
"""


def test_a_bundle_that_takes_too_much_leaves_the_server_beside_it_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "MOST_WORK", 2_000)
    bundle = ";".join(
        f"function f{n}(a){{return g(f{max(n - 1, 0)}(a+'{n}'))}}" for n in range(900)
    )
    files = {"a/page.js": bundle + ";f899(1)", "src/server.js": SCRIPT}
    found = read_facts(
        Project({path: SourceFile(path, text.encode()) for path, text in files.items()})
    )
    assert ("a/page.js", "not all of its functions were followed") in {
        (one.file, one.reason) for one in found.not_checked
    }
    (tool,) = found.tools
    assert tool.entry.name == "go"
    assert "shell" in {effect.kind.value for effect in tool.effects}


def test_more_may_be_allowed_later() -> None:
    before = budget.Budget(2_000)
    assert not before.exhausted
    while before.spend(10):
        pass
    assert before.exhausted
    assert not before.spend(1)
    before.renew(100)
    assert before.spend(50)


REMEMBERED = """
import os
from mcp.server.fastmcp import FastMCP
server = FastMCP("s")
folder = "/tmp"
@server.tool()
def take(line: str) -> None:
    global folder
    folder = line
@server.tool()
def go(name: str) -> None:
    os.system("ls " + folder + name)
"""


def test_an_entry_that_cannot_be_followed_once_more_keeps_what_was_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reaching, "MOST_REACH", 1)
    not_checked, does = facts(tool=REMEMBERED)
    assert "shell" in does
    assert ("tool.py", "what its entries reach takes too much work to be followed") in not_checked


def test_more_entries_may_reach_more_within_a_bound() -> None:
    assert budget.reach_of(1) < budget.reach_of(100) < budget.reach_of(100_000)
    assert budget.reach_of(100_000) == budget.MOST_REACH_OF_ALL


def test_a_share_is_of_one_function_and_not_of_those_it_calls() -> None:
    shares = budget.Budget(10_000)
    shares.begin()
    shares.spend(200)
    shares.begin()
    assert not shares.spend(400)
    assert not shares.end()
    assert shares.spend(50)
    assert shares.end()


@pytest.mark.parametrize("seed", ["0", "1", "42"])
def test_facts_are_the_same_whatever_the_hashes_are(seed: str, tmp_path: Path) -> None:
    (tmp_path / "rising.py").write_text(RISING, "utf-8")
    (tmp_path / "tool.py").write_text(TOOL + "\nfrom rising import a20\na20('x')\n", "utf-8")
    assert _printed(tmp_path, seed) == _printed(tmp_path, "7")


def _printed(folder: Path, seed: str) -> bytes:
    """Every fact, as a process with this seed gives it."""
    return subprocess.run(
        [sys.executable, "-c", _PRINTS, str(folder)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    ).stdout


_PRINTS = """
import sys
from pathlib import Path
from ostiary.audit.source import audit_folder
found = audit_folder(Path(sys.argv[1]))
for reached in found.facts.reached:
    print(reached.entry.kind, reached.entry.name, sorted(reached.reads))
    for effect in reached.effects:
        print(effect.kind, effect.callee, effect.place, effect.chain, effect.tags)
        for role, value in effect.operands.items():
            print(role, list(value.flows.items()), value.text, list(value.fields))
print(*found.findings, *found.not_checked, sep="\\n")
"""
