"""What was not read is told: other languages, tools that were not found."""

from __future__ import annotations

import pytest

from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts

TOOL = """
from mcp.server.fastmcp import FastMCP
server = FastMCP("x")

@server.tool()
def add(a: int) -> int:
    return a
"""


def gaps(files: dict[str, str]) -> list[str]:
    made = {path: SourceFile(path, text.encode()) for path, text in sorted(files.items())}
    return [one.subject for one in read_facts(Project(made)).not_checked]


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("main.go", "Go"),
        ("src/main.rs", "Rust"),
        ("src/main/java/Server.java", "Java"),
        ("Server.cs", "C#"),
        ("lib/server.rb", "Ruby"),
        ("native.so", "machine code"),
    ],
)
def test_source_in_another_language_is_not_checked(path: str, language: str) -> None:
    assert gaps({path: "x", "server.py": TOOL}) == [f"source in {language}"]


def test_how_many_files_and_which() -> None:
    files = {path: SourceFile(path, b"package main") for path in ("a.go", "b.go")}
    (gap,) = read_facts(Project(files)).not_checked
    assert "source not checked" in gap.reason
    assert "2 files" in gap.reason
    assert gap.file == "a.go"


@pytest.mark.parametrize("path", ["examples/client.go", "tests/helper.rb", "README.md", "run.json"])
def test_what_does_not_run_is_no_gap(path: str) -> None:
    assert gaps({path: "{}", "server.py": TOOL}) == []


def test_source_without_any_declaration() -> None:
    assert gaps({"main.py": "print(1)\n"}) == ["the tools of the server"]
