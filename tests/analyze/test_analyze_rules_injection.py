"""Rules on a caller's text in commands and code: what they find, and what they leave alone."""

from __future__ import annotations

import pytest

from analyze.test_analyze_declare_decorated import facts
from ostiary.analyze.rules import CHECKS
from ostiary.model.check import run
from ostiary.model.finding import Finding

HEAD = """
import ast, os, re, shlex, subprocess
from typing import Literal
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")
ALLOWED = ["status", "log"]
"""


def found(body: str, rule: str) -> list[Finding]:
    findings, failed = run(CHECKS, facts(server=HEAD + body), "the server")
    assert not failed
    return [one for one in findings if one.rule == rule]


HITS = {
    "formatted": "def t(x: str): os.system(f'ls {x}')",
    "by an alias": (
        "go = subprocess.check_output\n@server.tool()\ndef t(x: str): go('ls ' + x, shell=True)"
    ),
    "in a helper": (
        "def h(c): return os.popen(c).read()\n@server.tool()\ndef t(x: str): return h(x)"
    ),
    "checked the wrong way": "def t(x: str):\n    if x in ALLOWED: return\n    os.system(x)",
    "checked and used all the same": (
        "def t(x: str):\n    if x not in ALLOWED: print('no')\n    os.system(x)"
    ),
    "half quoted": "def t(x: str, y: str): os.system(shlex.quote(x) + y)",
}
MISSES = {
    "quoted": "def t(x: str): os.system('ls ' + shlex.quote(x))",
    "a number": "def t(x: int): os.system(f'head -{x}')",
    "a choice": "def t(x: Literal['a', 'b']): os.system(x)",
    "from a list": "def t(x: str):\n    if x not in ALLOWED: raise ValueError\n    os.system(x)",
    "no shell": "def t(x: str): subprocess.run(['ls', x])",
    "of the operator": "def t(): os.system(os.environ['COMMAND'])",
    "a checked pattern": (
        "def t(x: str):\n    if not re.fullmatch('[a-z0-9]+', x): raise ValueError\n"
        "    os.system(x)"
    ),
}


def test_a_part_of_a_value_is_not_told_beside_the_whole() -> None:
    body = "def t(x: list[str]):\n    for one in [x[0], x]: os.system(f'ls {one}')"
    assert [one.message.split()[1] for one in found(_tool(body), "command-injection")] == ["x"]


def _tool(body: str) -> str:
    return body if "@server.tool()" in body else f"@server.tool()\n{body}"


@pytest.mark.proves("MS-20")
@pytest.mark.parametrize("body", HITS.values(), ids=list(HITS))
def test_a_command_that_a_caller_can_write_into_is_found(body: str) -> None:
    (finding, *_) = found(_tool(body), "command-injection")
    assert finding.location.part == "tool t"
    assert finding.evidence[0].says == "tool t is declared here"


@pytest.mark.parametrize("body", MISSES.values(), ids=list(MISSES))
def test_a_command_that_a_caller_cannot_write_into_is_left_alone(body: str) -> None:
    assert not found(_tool(body), "command-injection")


def test_only_the_unquoted_one_of_two_is_named() -> None:
    (finding,) = found(_tool(HITS["half quoted"]), "command-injection")
    assert finding.message.startswith("Parameter y of t")


def test_text_that_is_run_is_found_and_text_that_is_read_is_not() -> None:
    assert found(_tool("def t(x: str): return eval(x)"), "code-evaluation")
    assert found(_tool("def t(x: str): exec('y = ' + x)"), "code-evaluation")
    assert not found(_tool("def t(x: str): return ast.literal_eval(x)"), "code-evaluation")
    assert not found(_tool("def t(x: int): return eval(str(x))"), "code-evaluation")


DATABASE = "import sqlite3\nDB = sqlite3.connect('x.db')\n"


@pytest.mark.proves("MS-22")
@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return DB.execute('SELECT * FROM t WHERE a = ' + x)",
        "def t(x: str): return DB.cursor().execute(f'SELECT * FROM {x}')",
        "def t(x: str): return DB.execute(x)",
    ],
)
def test_a_query_that_a_caller_can_write_into_is_found(body: str) -> None:
    assert found(DATABASE + _tool(body), "query-injection")


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return DB.execute('SELECT * FROM t WHERE a = ?', (x,))",
        "def t(x: int): return DB.execute(f'SELECT * FROM t LIMIT {x}')",
        "def t(x: Literal['a', 'b']): return DB.execute(f'SELECT * FROM {x}')",
    ],
)
def test_a_query_with_bound_values_is_left_alone(body: str) -> None:
    assert not found(DATABASE + _tool(body), "query-injection")


BUILT = """
from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session
@server.tool()
def t(x: str, session: Session):
    return session.execute({})
"""


def test_a_query_that_a_library_builds_binds_its_values() -> None:
    built = "select(Note).where(or_(Note.title.ilike(f'%{x}%'), Note.path == x)).limit(3)"
    assert not found(BUILT.format(built), "query-injection")
    written = "select(Note).where(text(f'title = {x}'))"
    assert found(BUILT.format(written), "query-injection")


WEB = "import requests\nfrom urllib.parse import quote, urlparse\nBASE = 'https://api.example/v1'\n"


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return requests.get(x).text",
        "def t(x: str): return requests.get('https://' + x + '/v1').text",
        "def t(x: str):\n    if 'api.example' in x: return requests.get(x)",
    ],
)
def test_an_address_that_a_caller_chooses_is_found(body: str) -> None:
    assert found(WEB + _tool(body), "request-forgery")


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return requests.get(f'{BASE}/things/{x}').text",
        "def t(x: str): return requests.get(BASE, params={'q': x}).text",
        "def t(x: str): return requests.get('https://api.example/' + quote(x)).text",
        (
            "def t(x: str):\n"
            "    if urlparse(x).hostname not in ('a.example', 'b.example'): raise ValueError\n"
            "    return requests.get(x).text"
        ),
    ],
)
def test_an_address_whose_host_is_settled_is_left_alone(body: str) -> None:
    assert not found(WEB + _tool(body), "request-forgery")


def test_a_choice_is_one_whatever_it_is_called() -> None:
    checked = "def t(d: dict):\n    {} \n    os.system(d['scheme'])"
    held = "if d['scheme'] not in ALLOWED: raise ValueError"
    assert not found(_tool(checked.format(held)), "command-injection")
    assert found(_tool(checked.format("pass")), "command-injection")


def test_asking_for_an_address_is_no_request() -> None:
    body = "import socket\n@server.tool()\ndef t(host: str): return socket.getaddrinfo(host, 80)"
    assert not found(body, "request-forgery")
    body = "import socket\n@server.tool()\ndef t(host: str): socket.create_connection((host, 80))"
    assert found(body, "request-forgery")
