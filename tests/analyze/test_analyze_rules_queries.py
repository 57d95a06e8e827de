"""Queries put together by hand: how text is quoted in them, where they are told, for which tool."""

from __future__ import annotations

import pytest

from analyze.judged import PYTHON, python, script
from ostiary.analyze.rules.query_injection import CHECK

DATABASES = """
import mysql.connector
import sqlite3
DB = sqlite3.connect("x.db")
MY = mysql.connector.connect()
def literal(text):
    return "'" + str(text).replace("'", "''") + "'"
def name(text):
    return f'"{text.replace(chr(34), chr(34) * 2)}"'
def quoted(text):
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
def undone(text):
    return "'" + text.replace("'", "''").replace("''", "'") + "'"
def once(text):
    return "'" + text.replace("'", "") + "'"
"""
QUOTED = {
    "by a helper": 'DB.execute(f"SELECT * FROM t WHERE a = {literal(x)}")',
    "where the quotes stand around it": """DB.execute("SELECT '" + x.replace("'", "''") + "'")""",
    "a name": 'DB.execute(f"SELECT * FROM {quoted(x)}")',
    "a name between backticks": "MY.cursor().execute('USE `' + x.replace('`', '``') + '`')",
    "after another text": (
        """DB.execute("SELECT 'it''s' WHERE a = '" + x.replace("'", "''") + "'")"""
    ),
}
OPEN = {
    "where a backslash escapes": 'MY.cursor().execute(f"SELECT * WHERE a = {literal(x)}")',
    "outside of quotes": """DB.execute("SELECT * WHERE a = " + x.replace("'", "''"))""",
    "between other quotes": """DB.execute('SELECT "' + x.replace("'", "''") + '"')""",
    "undone again": 'DB.execute(f"SELECT * WHERE a = {undone(x)}")',
    "after the quotes were closed": (
        """DB.execute("SELECT 'a' WHERE b = " + x.replace("'", "''"))"""
    ),
}


@pytest.mark.parametrize("query", QUOTED.values(), ids=list(QUOTED))
def test_text_between_quotes_that_are_doubled_in_it_is_left_alone(query: str) -> None:
    assert not python(CHECK, f"def t(x: str):\n    return {query}", DATABASES)


@pytest.mark.parametrize("query", OPEN.values(), ids=list(OPEN))
def test_doubled_quotes_say_nothing_elsewhere(query: str) -> None:
    assert python(CHECK, f"def t(x: str):\n    return {query}", DATABASES)


SCRIPTED = 'const Database = require("better-sqlite3"); const db = new Database("x");'


@pytest.mark.parametrize(
    ("doubled", "found"),
    [
        ("""a.x.replace(/'/g, "''")""", False),
        ("""a.x.replaceAll("'", "''")""", False),
        ("""a.x.replace("'", "''")""", True),
        ("""a.x.replace(/'/, "''")""", True),
    ],
)
def test_a_script_doubles_each_quote_or_the_first_alone(doubled: str, found: bool) -> None:
    body = f"""{SCRIPTED} return db.prepare("SELECT '" + {doubled} + "'").all();"""
    assert bool(script(CHECK, body)) is found


@pytest.mark.parametrize(
    ("allowed", "found"),
    [
        ("[a-z$]+", False),
        ("[a-z_\\u4e00-\\u9fff]+", False),
        ("[a-z ]+", True),
        ("[a-z#]+", True),
        ("[a-z\\u2000-\\u9fff]+", True),
    ],
)
def test_one_word_of_a_query_is_no_more_than_a_name(allowed: str, found: bool) -> None:
    body = f"""def t(x: str):
    if not re.fullmatch(r"{allowed}\\.?", x): raise ValueError
    return DB.execute("SELECT * FROM " + x)"""
    assert bool(python(CHECK, body, DATABASES)) is found


HELPED = """
import sqlite3
def run(query):
    return sqlite3.connect("x.db").execute(query)
def rows(table):
    return run("SELECT * FROM " + table)
@server.tool()
def other():
    return rows("t"), rows("u"), run("SELECT 1")
"""


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("rows(x)", 'return run("SELECT * FROM " + table)'),
        ("run(x)", "return run(x)"),
        ("run('SELECT ' + x)", "return run('SELECT ' + x)"),
    ],
)
def test_a_query_is_told_where_it_was_put_together(body: str, line: str) -> None:
    whole = f"def t(x: str):\n    return {body}"
    (found,) = python(CHECK, whole, HELPED)
    lines = f"{PYTHON}{HELPED}\n@server.tool()\n{whole}".split("\n")
    assert lines[(found.location.line or 0) - 1].strip() == line


DISPATCHED = """
import sqlite3
DB = sqlite3.connect("x.db")
def one(text): return DB.execute("SELECT 1 FROM " + text)
def two(text): return text
def three(text): return text
def dispatch(name, text):
    if name == "one": return one(text)
    elif name == "two": return two(text)
    elif name == "three": return three(text)
    elif name == "four": return text
def matched(name, text):
    match name:
        case "one": return one(text)
        case "two": return two(text)
        case "three": return three(text)
        case "four": return text
"""


@pytest.mark.parametrize("dispatcher", ["dispatch", "matched"])
@pytest.mark.parametrize(("name", "found"), [("one", True), ("two", False), ("four", False)])
def test_a_call_by_name_does_what_the_name_stands_for(
    dispatcher: str, name: str, found: bool
) -> None:
    body = f'def t(x: str):\n    return {dispatcher}("{name}", x)'
    assert bool(python(CHECK, body, DISPATCHED)) is found


def test_a_name_of_the_callers_leads_anywhere() -> None:
    body = "def t(x: str, y: str):\n    return dispatch(y, x)"
    assert python(CHECK, body, DISPATCHED)


def test_a_script_is_followed_by_name_too() -> None:
    body = """%s
      const run = (name, text) => { switch (name) {
        case "one": return db.prepare("SELECT * FROM " + text).all();
        case "two": return text; case "three": return text; case "four": return text; } };
      return run("%s", a.x);"""
    assert script(CHECK, body % (SCRIPTED, "one"))
    assert not script(CHECK, body % (SCRIPTED, "three"))
