"""Names that are held against a pattern before they become paths."""

from __future__ import annotations

import pytest

from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import path_escape
from ostiary.model.check import run
from ostiary.model.grade import Severity

SERVER = """
import re
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")
NAME = re.compile(r"^[a-z]{3,8}$")
ANY_CASE = re.compile(r"[a-z]{3,8}", re.IGNORECASE)
LOOSE = re.compile(r"[a-z]{3,8}")
SPACED = re.compile(r"[ a-z ] {3,8}", re.VERBOSE)
CHOSEN = re.compile(r"[a-z]{3,8}", OPTIONS)

def valid(name):
    return bool(NAME.match(name))

def named(raw):
    name = raw.strip()
    if not name or not valid(name):
        return None
    return name

@server.tool()
def t(p: str) -> str:
BODY
    return open(f"/srv/notes/{p}").read()
"""


def grave(body: str) -> int:
    text = SERVER.replace("BODY", "\n".join(f"    {line}" for line in body.splitlines()))
    project = Project({"server.py": SourceFile("server.py", text.encode())})
    found, failed = run((path_escape.CHECK,), read_facts(project), "the server")
    assert not failed
    return sum(1 for one in found if one.severity >= Severity.HIGH)


HELD = [
    "if not NAME.match(p): raise ValueError(p)",
    "if NAME.fullmatch(p) is None: raise ValueError(p)",
    "if NAME.match(p) is not None: p = p\nelse: raise ValueError(p)",
    "if not ANY_CASE.fullmatch(p): raise ValueError(p)",
    "if not re.match(r'^[a-z]+$', p): raise ValueError(p)",
    "if re.fullmatch(r'[a-z]+', p) is None: raise ValueError(p)",
    "if not bool(NAME.match(p)): raise ValueError(p)",
    "if not valid(p): raise ValueError(p)",
    "q = p.strip()\nif not valid(q): raise ValueError(p)\np = q",
    "p = named(p)\nif p is None: raise ValueError(p)",
]
OPEN = [
    "pass",
    "if not LOOSE.match(p): raise ValueError(p)",
    "if NAME.match(p): raise ValueError(p)",
    "if NAME.fullmatch(p) is not None: raise ValueError(p)",
    "if not SPACED.fullmatch(p): raise ValueError(p)",
    "if not CHOSEN.fullmatch(p): raise ValueError(p)",
    "valid(p)",
]


@pytest.mark.parametrize("body", HELD)
def test_a_name_that_matched_a_pattern_of_plain_characters_leads_nowhere(body: str) -> None:
    assert grave(body) == 0


@pytest.mark.parametrize("body", OPEN)
def test_a_pattern_that_holds_nothing_or_is_not_understood_is_no_check(body: str) -> None:
    assert grave(body) == 1
