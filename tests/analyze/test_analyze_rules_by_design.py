"""A tool that is asked for a command, code or a query and runs it: told as what it is for."""

from __future__ import annotations

import pytest

from analyze.levels import TYPESCRIPT, facts_of
from analyze.test_analyze_rules_injection import found
from ostiary.analyze.rules import CHECKS
from ostiary.model.check import run
from ostiary.model.grade import Severity

DATABASE = "import sqlite3\nDB = sqlite3.connect('x.db')\n"


def worst(body: str, rule: str) -> Severity:
    findings = found(f"{DATABASE}@server.tool()\n{body}", rule)
    assert findings
    return max(one.severity for one in findings)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("def t(command: str): return os.popen(command).read()", "command-injection"),
        ("def t(shell_cmd: str): subprocess.run(shell_cmd, shell=True)", "command-injection"),
        ("def t(code: str): exec(code)", "code-evaluation"),
        ("def t(sql: str): return DB.execute(sql)", "query-injection"),
        ("def t(query: str): return DB.execute(f'EXPLAIN {query}')", "query-injection"),
        ("def t(query: str): return DB.execute(f'SELECT * FROM ({query})')", "query-injection"),
    ],
)
def test_what_a_tool_is_asked_to_run_is_of_medium_severity(body: str, rule: str) -> None:
    assert worst(body, rule) is Severity.MEDIUM


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("def t(command: str): return os.popen(f'git {command}').read()", "command-injection"),
        ("def t(branch: str): return os.popen(branch).read()", "command-injection"),
        ("def t(name: str): exec(f'import {name}')", "code-evaluation"),
        ("def t(query: str): return DB.execute(f\"SELECT 1 WHERE a = '{query}'\")",
         "query-injection"),
        ("def t(table: str): return DB.execute(f'DROP TABLE {table}')", "query-injection"),
    ],
)  # fmt: skip
def test_what_a_tool_puts_into_something_of_its_own_is_high(body: str, rule: str) -> None:
    assert worst(body, rule) is Severity.HIGH


def test_a_method_known_by_its_name_counts_only_where_its_text_reads_like_a_query() -> None:
    asks = "@server.tool()\ndef t(uri: str, job):\n    job.{}\n"
    assert not found(asks.format("execute(uri)"), "query-injection")
    assert not found(asks.format("execute('go ' + uri)"), "query-injection")
    assert found(asks.format("execute('SELECT a FROM ' + uri)"), "query-injection")


def test_values_that_a_driver_quotes_are_left_alone() -> None:
    head = "from clickhouse_connect.driver.binding import format_query_value as q\n"
    body = "@server.tool()\ndef t(x: str): return DB.execute(f'SELECT {q(x)}')\n"
    assert not found(head + DATABASE + body, "query-injection")


@pytest.mark.parametrize(
    ("options", "count"), [("", 0), (", {shell: false}", 0), (", {shell: true}", 1)]
)
def test_an_array_of_arguments_is_no_set_of_options(options: str, count: int) -> None:
    text = f"""{TYPESCRIPT}import child from "child_process";
server.tool("t", {{ p: z.string() }}, ({{ p }}) => {{
  const list = [];
  list.push(p);
  child.execFile("git", list{options});
}});
"""
    findings, failed = run(CHECKS, facts_of({"index.ts": text}), "the server")
    assert not failed
    assert len([one for one in findings if one.rule == "command-injection"]) == count
