"""Quoting and checks that what follows them undoes."""

from __future__ import annotations

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules.command_injection import CHECK as COMMAND
from ostiary.analyze.rules.path_escape import CHECK as PATH
from ostiary.analyze.rules.request_forgery import CHECK as HOST

UNQUOTED = {
    "between apostrophes": 'os.system("ls \'" + shlex.quote(x) + "\'")',
    "between quotes": "os.system(f'ls \"{shlex.quote(x)}\"')",
    "for a shell in a shell": "os.system(f\"bash -c 'ls {shlex.quote(x)}'\")",
    "by another function": "inner(shlex.quote(x))",
    "as a word of a list": "subprocess.run(['sh', '-c', f\"ls '{shlex.quote(x)}'\"])",
    "cut": "os.system('ls ' + shlex.quote(x)[1:-1])",
    "stripped": "os.system('ls ' + shlex.quote(x).strip(\"'\"))",
}
QUOTED = {
    "as it is": "os.system('ls ' + shlex.quote(x) + ' /srv')",
    "after what is quoted": "os.system(f\"echo 'a b' \\\"c'd\\\" {shlex.quote(x)} 'e'\")",
    "after an apostrophe that is none": 'os.system("echo it\\\\\'s " + shlex.quote(x))',
    "by another function": "outer(shlex.quote(x))",
    "as bytes": "os.system(b'ls ' + shlex.quote(x).encode('utf-8'))",
    "without blanks": "os.system('ls ' + shlex.quote(x).strip())",
}
SHELL = """
import shlex
def inner(name):
    os.system(f"ls '{name}'")
def outer(name):
    os.system(f"ls {name}")
"""
DOTS_AGAIN = {
    "a letter becomes a dot": 'x.replace("_", ".")',
    "a letter goes": 'x.replace("~", "")',
    "a byte goes": 'x.replace("\\0", "")',
    "in a function": "changed(x)",
}
NO_DOTS = {
    "a letter becomes a letter": 'x.replace("_", "-")',
    "blanks go at the ends": "x.strip()",
    "as it is": "x",
}
LETTERS = """
def changed(name):
    return name.replace("_", ".")
"""
MOVES = {
    "what it asks for": 'u.searchParams.get("next")',
    "a host in its path": "`https:/${u.pathname}`",
    "what stands behind": "u.hash.slice(1)",
}
STAYS = {
    "as it was checked": "a.x",
    "its path below the host": "`https://a.example${u.pathname}`",
    "what it asks for, below the host": "`https://a.example${u.search}`",
    "as a whole": "u.href",
}


@pytest.mark.parametrize("line", UNQUOTED.values(), ids=UNQUOTED)
def test_quoting_that_counts_for_nothing(line: str) -> None:
    assert python(COMMAND, f"def run(x: str) -> None:\n    {line}", SHELL)


@pytest.mark.parametrize("line", QUOTED.values(), ids=QUOTED)
def test_quoting_that_counts(line: str) -> None:
    assert not python(COMMAND, f"def run(x: str) -> None:\n    {line}", SHELL)


def _read(path: str) -> bool:
    checked = 'if ".." in x or x.startswith("/"):\n        return ""'
    body = f'def run(x: str) -> str:\n    {checked}\n    return open("/srv/" + {path}).read()'
    return bool(python(PATH, body, LETTERS))


@pytest.mark.parametrize("path", DOTS_AGAIN.values(), ids=DOTS_AGAIN)
def test_dots_may_be_there_after_all(path: str) -> None:
    assert _read(path)


@pytest.mark.parametrize("path", NO_DOTS.values(), ids=NO_DOTS)
def test_dots_are_not_there(path: str) -> None:
    assert not _read(path)


def test_dots_are_looked_for_after_the_change() -> None:
    lines = 'x = x.replace("_", ".")\n    if ".." in x:\n        return ""'
    body = f'def run(x: str) -> str:\n    {lines}\n    return open("/srv/" + x).read()'
    assert not python(PATH, body)


def _fetched(address: str) -> bool:
    checked = 'const u = new URL(a.x); if (u.host !== "a.example") return;'
    return bool(script(HOST, f"{checked} return fetch({address});"))


@pytest.mark.parametrize("address", MOVES.values(), ids=MOVES)
def test_a_part_of_an_address_is_not_what_was_checked(address: str) -> None:
    assert _fetched(address)


@pytest.mark.parametrize("address", STAYS.values(), ids=STAYS)
def test_the_host_was_checked(address: str) -> None:
    assert not _fetched(address)


@pytest.mark.parametrize("waits", ["", "await "], ids=["nobody waits", "it is waited for"])
def test_a_check_that_is_made_once_a_promise_is_kept(waits: str) -> None:
    lines = 'const must = (p) => { if (!["a", "b"].includes(p)) throw new Error(); };'
    lines += f'{waits}Promise.resolve(a.x).then(must); execFileSync("sh", ["-c", "ls " + a.x]);'
    assert bool(script(COMMAND, lines)) == (not waits)
