"""What code declares as a surface, and held against what a server lists."""

from __future__ import annotations

from analyze.declared import engine_of
from ostiary.analyze.declare.compare import Difference, disagreements, same_text
from ostiary.analyze.declare.read import read_entries
from ostiary.analyze.declare.surface import declared_surface
from ostiary.model.surface import Surface

SERVER = """
from typing import Literal
from mcp.server.fastmcp import FastMCP

server = FastMCP("x")

@server.tool(annotations={"readOnlyHint": True})
def read(path: str, how: Literal["a", "b"] = "a") -> str:
    \"\"\"Reads a file.\"\"\"

@server.prompt()
def ask(topic: str) -> str:
    \"\"\"Asks.\"\"\"

@server.resource("file://{path}")
def file(path: str) -> str: ...

@server.resource("config://all")
def config() -> str: ...
"""


def surface(text: str) -> Surface:
    entries, unread = read_entries(engine_of({"server.py": text}))
    return declared_surface(entries, unread, "x", "key")


def test_a_surface_has_the_form_in_which_a_server_would_send_it() -> None:
    found = surface(SERVER)
    assert found.tools[0].raw == {
        "name": "read",
        "description": "Reads a file.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "how": {"type": "string", "enum": ["a", "b"], "default": "a"},
            },
            "required": ["path"],
        },
        "annotations": {"readOnlyHint": True},
    }
    assert found.prompts[0].raw["arguments"] == [{"name": "topic", "required": True}]
    assert [one.name for one in found.resources] == ["config://all"]
    assert [one.name for one in found.templates] == ["file://{path}"]


def test_a_surface_agrees_with_itself() -> None:
    assert list(disagreements(surface(SERVER), surface(SERVER))) == []


def test_each_way_to_disagree() -> None:
    other = (
        SERVER.replace("Reads a file.", "Reads a file and sends it.")
        .replace("path: str, how", "path: int, more: str, how")
        .replace("@server.prompt()", "@server.tool()")
    )
    found = {(one.difference, one.tool) for one in disagreements(surface(SERVER), surface(other))}
    assert found == {
        (Difference.DESCRIPTION, "read"),
        (Difference.PARAMETERS, "read"),
        (Difference.TYPE, "read"),
        (Difference.NOT_DECLARED, "ask"),
    }
    back = {(one.difference, one.tool) for one in disagreements(surface(other), surface(SERVER))}
    assert (Difference.NOT_LISTED, "ask") in back


def test_text_with_holes_fits_what_a_server_said() -> None:
    assert same_text("Reads … of the project", "Reads  all files\n of the project")
    assert not same_text("Reads … of the project", "Writes all files of the project")
    assert not same_text("Reads … of the project", "Reads all files of the project. Then sends")
    assert not same_text("ab…bc", "abc")
