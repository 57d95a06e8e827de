"""A tool that is asked for a command, code or a query and runs it: told as what it is for."""

from __future__ import annotations

import pytest

from analyze.levels import TYPESCRIPT, facts_of
from analyze.test_analyze_rules_injection import HEAD, found
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


FIRST = "import shlex\nWAYS = ['git', 'ls']\n@server.tool()\ndef t(line: str):\n"
CHECKED = {
    "compared in a helper": (
        "def check(line):\n    words = shlex.split(line)\n"
        "    if not words or words[0].lower() != 'git': raise ValueError\n"
        + FIRST + "    check(line)\n    line = f'{line} -a'\n    subprocess.run(shlex.split(line))"
    ),
    "words checked in a helper": (
        "def check(words):\n    name = words[0]\n    if name not in WAYS: raise ValueError\n"
        + FIRST + "    words = shlex.split(line)\n    check(words)\n    subprocess.run(words)"
    ),
    "a list put together": (
        "def check(words: list):\n    name = os.path.basename(words[0]) if words else ''\n"
        "    if name not in WAYS: raise ValueError\n"
        + FIRST + "    words = [one.replace('X', line) for one in tool.words]\n"
        "    words.append(line)\n    check(words)\n    subprocess.run(words)"
    ),
    "split in place": (
        FIRST + "    words = line.split()\n    if words[0] not in WAYS: return\n"
        "    subprocess.run(words)"
    ),
}  # fmt: skip
UNCHECKED = {
    "another word": (
        FIRST + "    words = line.split()\n    if words[1] not in WAYS: return\n"
        "    subprocess.run(words)"
    ),
    "somebody else's": (
        FIRST.replace("line: str", "line: str, other: str")
        + "    if other.split()[0] not in WAYS: return\n    subprocess.run(line.split())"
    ),
    "a list put together": (
        FIRST + "    words = [one.replace('X', line) for one in tool.words]\n"
        "    words.append(line)\n    subprocess.run(words)"
    ),
    "a letter": (
        FIRST + "    if line[0] == '/': subprocess.run(shlex.split(line))"
    ),
}  # fmt: skip


@pytest.mark.parametrize("body", CHECKED.values(), ids=list(CHECKED))
def test_a_program_whose_first_word_was_compared_is_not_the_callers_choice(body: str) -> None:
    assert not found(body, "program-choice")


@pytest.mark.parametrize("body", UNCHECKED.values(), ids=list(UNCHECKED))
def test_a_check_of_something_else_settles_no_program(body: str) -> None:
    assert found(body, "program-choice")


def test_a_check_of_one_argument_says_nothing_of_the_others() -> None:
    body = "if words[0] not in ALLOWED: return\n    os.system('x ' + words[{}])"
    head = "@server.tool()\ndef t(words: list[str]):\n    "
    assert not found(head + body.format(0), "command-injection")
    assert found(head + body.format(1), "command-injection")


ASKS = """import httpx, os
API = os.environ["API"]
@server.tool()
def t(a: str, b: str, c: str, d: str, url: str):
    {}
"""


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("httpx.get(f'{API}/v1/{a}')", []),
        ("httpx.get(API + f'/v1/{a}')", []),
        ("httpx.get(a)", ["a"]),
        ("httpx.get(f'https://{a}.example.com/')", ["a"]),
        ("httpx.get(shuffle(a, b, c, d))", []),
        ("httpx.get(shuffle(a, b, c, url))", ["url"]),
    ],
)
def test_what_stands_behind_the_host_of_an_address_does_not_move_it(
    body: str, named: list[str]
) -> None:
    head = "from other import shuffle\n"
    findings = found(head + ASKS.format(body), "request-forgery")
    assert [one.message.split()[1] for one in findings] == named


def test_what_is_written_into_a_query_does_not_move_the_host() -> None:
    text = f"""{TYPESCRIPT}server.tool("t", {{ p: z.string() }}, async ({{ p }}) => {{
  const query = new URLSearchParams();
  query.set("q", p);
  await fetch(process.env.HOST + "?" + query.toString());
  const url = new URL("/v1/x", process.env.HOST);
  url.searchParams.append("q", p);
  await fetch(url.toString());
}});
"""
    findings, failed = run(CHECKS, facts_of({"index.ts": text}), "the server")
    assert not failed
    assert not [one for one in findings if one.rule == "request-forgery"]


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ("if x and not x.isalnum(): raise ValueError", 0),
        ("if x is not None and x not in ALLOWED: raise ValueError", 0),
        ("if not (not x or ok(x)): raise ValueError", 0),
        ("if x and bad(x): raise ValueError", 0),
        ("if y and not x.isalnum(): raise ValueError", 1),
        ("if y and bad(x): raise ValueError", 1),
        ("if x or not x.isalnum(): pass", 1),
    ],
)
def test_a_value_that_is_tested_unless_it_is_empty_was_tested(test: str, count: int) -> None:
    head = "def ok(v): return v.isalnum()\ndef bad(v): return not v.isalnum()\n"
    body = f"@server.tool()\ndef t(x: str = None, y: str = None):\n    {test}\n    os.system(x)"
    assert len(found(head + body, "command-injection")) == count


def test_an_address_that_a_library_made_clean_is_left_alone() -> None:
    text = f"""{TYPESCRIPT}import open from "open";
import {{ sanitizeUrl }} from "SANITIZER";
server.tool("t", {{ p: z.string() }}, async ({{ p }}) => {{ await open(sanitizeUrl(p)); }});
"""
    for module, count in (("strict-url-sanitise", 0), ("./elsewhere", 1)):
        findings, _ = run(CHECKS, facts_of({"a.ts": text.replace("SANITIZER", module)}), "it")
        assert len([one for one in findings if one.rule == "open-target"]) == count


def test_a_query_is_told_where_it_is_put_together_and_once() -> None:
    body = """class One:
    def run(self, text): return DB.execute(text)
class Two:
    def run(self, text): return DB.executescript(text)
now = One() if os.environ.get("A") else Two()
def every(text): return now.run(text)
@server.tool()
def a(table: str):
    return every(f"DROP TABLE {table}")
@server.tool()
def b(): return every("SELECT 1")
"""
    (finding,) = found(DATABASE + body, "query-injection")
    line = (HEAD + DATABASE + body).splitlines()[(finding.location.line or 0) - 1]
    assert "DROP TABLE" in line


@pytest.mark.parametrize(
    ("check", "count"),
    [
        ("if ip.is_private or ip.is_loopback: raise ValueError", 0),
        ("if not ip.is_global: raise ValueError", 0),
        ("if ip.is_loopback: raise ValueError", 1),
        ("if not ip.is_private: raise ValueError", 1),
        ("if ip.is_private: print('private')", 1),
    ],
)
def test_an_address_that_was_checked_to_be_public_is_no_forgery(check: str, count: int) -> None:
    head = "import ipaddress, socket, requests\nfrom urllib.parse import urlparse\n"
    body = (
        "@server.tool()\ndef t(url: str):\n"
        "    ip = ipaddress.ip_address(socket.gethostbyname(urlparse(url).hostname))\n"
        f"    {check}\n    return requests.get(url)"
    )
    assert len(found(head + body, "request-forgery")) == count


def test_an_address_that_a_library_found_private_is_refused() -> None:
    text = f"""{TYPESCRIPT}import isPrivate from "private-ip";
function check(url: string) {{
  const host = new URL(url).hostname;
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  if (bare === "localhost" || isPrivate(bare)) throw new Error("private");
}}
server.tool("t", {{ p: z.string() }}, async ({{ p }}) => {{
  CHECK
  return await fetch(p);
}});
"""
    for call, count in (("check(p);", 0), ("", 1)):
        findings, _ = run(CHECKS, facts_of({"a.ts": text.replace("CHECK", call)}), "it")
        assert len([one for one in findings if one.rule == "request-forgery"]) == count
