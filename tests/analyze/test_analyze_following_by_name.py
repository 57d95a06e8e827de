"""Methods of receivers of which nothing is known: whose code they may run."""

from __future__ import annotations

import pytest

from analyze.judged import SCRIPT
from ostiary.analyze.bundled import Packages
from ostiary.analyze.ir import Module
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import code_evaluation
from ostiary.model.check import run

MAKER = """
class Maker {
  check(text) { return this.made(text); }
  made(text) { return new Function(text); }
}
"""
LOADED = (
    "const table = new Map(await load());\n"
    'server.tool("t", { x: z.string() }, async (a) => { await table.get("maker").check(a.x); });'
)
OWN, LIBRARY, OTHER = "src/a.ts", "node_modules/made/dist/index.js", "node_modules/b/index.mjs"
PNPM = "../node_modules/.pnpm/made@1.0.0/node_modules/made/dist/index.js"
SCOPED = "node_modules/@some/made/index.js"


def judged(files: dict[str, str]) -> list[tuple[str | None, str]]:
    """File of each place where a caller's text is run as code, and the tool that does it."""
    project = Project({path: SourceFile(path, text.encode()) for path, text in files.items()})
    findings, failed = run((code_evaluation.CHECK,), read_facts(project), "the server")
    assert not failed, failed
    return [(one.location.file, one.location.part) for one in findings]


def bundle(maker: str, tool: str, mark: str = "// {}") -> str:
    imports = "\n".join(line for line in SCRIPT.split("\n") if line.startswith("import"))
    made = '\nconst server = new McpServer({ name: "s", version: "1" });'
    return f"{imports}\n{mark.format(maker)}{MAKER}{mark.format(tool)}{made}\n{LOADED}\n"


@pytest.mark.parametrize("mark", ["// {}", "//#region {}", "/*!*** ./{} ***!*/"])
@pytest.mark.parametrize(
    ("maker", "tool", "count"),
    [
        (OWN, OWN, 1),
        (OWN, LIBRARY, 1),
        (LIBRARY, LIBRARY, 1),
        (LIBRARY, OWN, 0),
        (LIBRARY, OTHER, 0),
        (SCOPED, OWN, 0),
        (PNPM, LIBRARY, 1),
    ],
)
def test_a_method_of_a_bundled_library_is_the_library_s(
    mark: str, maker: str, tool: str, count: int
) -> None:
    assert len(judged({"dist/index.js": bundle(maker, tool, mark)})) == count


def test_a_comment_that_names_no_file_parts_nothing() -> None:
    text = bundle("see node_modules/made for more", OWN)
    assert len(judged({"dist/index.js": text})) == 1


def test_the_end_of_a_region_is_the_end_of_its_library() -> None:
    comments = ((2, f"#region {SCOPED}"), (5, "#endregion"), (7, f"#region {PNPM}"))
    packages = Packages(Module("a.js", "javascript", (), 9, comments=comments))
    assert [packages.at(line) for line in (1, 2, 4, 5, 6, 8)] == [
        "",
        "@some/made",
        "@some/made",
        "",
        "",
        "made",
    ]


PLUGIN = f"export {MAKER.strip()}\n"
SERVER = f"{SCRIPT}{LOADED}\n"


def test_of_copies_the_nearest_is_called() -> None:
    copies = {
        "dist/cjs/maker.js": PLUGIN,
        "dist/esm/maker.js": PLUGIN,
        "dist/esm/server.js": SERVER,
    }
    assert judged(copies) == [("dist/esm/maker.js", "tool t")]
    twins = {
        "dist/index.cjs": f"{PLUGIN}\n{SERVER}",
        "dist/index.js": f"{PLUGIN}\n{SERVER}",
    }
    assert {file for file, _ in judged(twins)} == {"dist/index.cjs", "dist/index.js"}


def test_classes_of_one_name_that_differ_are_not_copies() -> None:
    other = PLUGIN.replace("new Function(text)", "eval(\ntext)")
    found = judged({"a/maker.js": PLUGIN, "b/maker.js": other, "b/server.js": SERVER})
    assert {file for file, _ in found} == {"a/maker.js", "b/maker.js"}
