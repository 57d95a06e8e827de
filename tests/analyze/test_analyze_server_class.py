"""What kind of server the code of its tools makes."""

from __future__ import annotations

import textwrap

import pytest

from ostiary.analyze.levels import tool_reach
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.server_class import ServerClass, server_class

HEAD = """
import json, os, smtplib, sqlite3, subprocess
import httpx
from mcp.server.fastmcp import FastMCP
server = FastMCP("x")
db = sqlite3.connect("x.db")
"""


def class_of(*bodies: str, name: str = "handle") -> ServerClass:
    """The class of a server with one tool a body."""
    tools = "".join(
        f'@server.tool()\ndef {name}_{at}(it: str) -> str:\n    """Handles it."""\n'
        f"{textwrap.indent(textwrap.dedent(body), '    ')}\n\n"
        for at, body in enumerate(bodies)
    )
    files = {"server.py": SourceFile("server.py", (HEAD + tools).encode())}
    facts = read_facts(Project(files))
    return server_class(facts, tool_reach(facts))


FILE = "return open(it).read()"
CALL = 'return httpx.get("https://api.example.com/" + it).text'
QUERY = 'return db.execute("SELECT * FROM t WHERE a = ?", (it,)).fetchall()'
MAIL = 'smtplib.SMTP("mail.example.com").sendmail("a@example.com", it, "hello")'
KEEP = 'open("/var/lib/x/notes.json", "a").write(it)'
RUN = "return subprocess.run(it, shell=True)"
ADD = "return it + it"


@pytest.mark.proves("SA-27")
@pytest.mark.parametrize(
    ("bodies", "kind", "also"),
    [
        ((FILE, FILE, CALL), "file system", "API wrapper"),
        ((CALL, CALL), "API wrapper", ""),
        ((QUERY, QUERY, QUERY), "database", ""),
        ((MAIL, CALL), "messaging", "API wrapper"),
        ((KEEP, KEEP), "stateful", ""),
        ((RUN, FILE, FILE), "code runner", "file system"),
        (("return eval(it)",), "code runner", ""),
        (("return subprocess.run(['git', 'log', it])",), "API wrapper", ""),
        ((ADD,), "unknown", ""),
        ((ADD, CALL), "API wrapper", ""),
    ],
)
def test_what_the_code_of_tools_makes_of_a_server(
    bodies: tuple[str, ...], kind: str, also: str
) -> None:
    found = class_of(*bodies)
    assert (found.kind, found.also) == (kind, also)


@pytest.mark.proves("SA-27")
def test_a_debugger_by_its_words() -> None:
    assert class_of(ADD, ADD, name="set_breakpoint").kind == "debugger"


def test_a_server_without_tools_is_unknown() -> None:
    facts = read_facts(Project({"a.py": SourceFile("a.py", b"x = 1\n")}))
    assert server_class(facts, ()) == ServerClass("unknown")


def test_how_many_tools_speak_for_it() -> None:
    assert class_of(FILE, FILE, CALL).says == "2 of 3 tools"
