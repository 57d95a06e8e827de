"""Checks with a decorator of the target around them: some let the check be in vain."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python
from ostiary.analyze.rules.command_injection import CHECK

CHECKED = """
import asyncio, contextlib, functools
GIVEN = ("a", "b")
KEPT = {}
def around(wrapped):
    @functools.wraps(wrapped)
    def inner(*args):
%s
    return inner
@around
def must(one):
    if one not in GIVEN:
        raise ValueError(one)
    return True
@around
def fail():
    raise ValueError()
"""
GONE = {
    "its failure is caught": "try:\n    return wrapped(*args)\nexcept Exception:\n    return None",
    "its failure is suppressed": "with contextlib.suppress(Exception):\n    return wrapped(*args)",
    "it is never called": "return True",
    "it is turned round": "return not wrapped(*args)",
}
KEPT = {
    "it is called": "print(args)\nreturn wrapped(*args)",
    "its failure is told": (
        "try:\n    return wrapped(*args)\nexcept ValueError as error:\n    print(error)\n    raise"
    ),
    "something is done at last": "try:\n    return wrapped(*args)\nfinally:\n    print(1)",
    "its result is kept": (
        "if args in KEPT:\n    return KEPT[args]\nfound = wrapped(*args)\nreturn found"
    ),
    "it is handed on": "return called(wrapped, args)",
    "it is called further in": "def later():\n    return wrapped(*args)\nreturn later()",
}


def _found(wrapper: str, used: str) -> bool:
    before = CHECKED % textwrap.indent(wrapper, "        ")
    text = f"async def run(name: str) -> str:\n    {used}\n    return os.popen('ls ' + name).read()"
    return bool(python(CHECK, text, before))


@pytest.mark.parametrize("wrapper", GONE.values(), ids=GONE)
def test_a_check_that_its_decorator_takes_away(wrapper: str) -> None:
    assert _found(wrapper, "must(name)")
    assert _found(wrapper, "if not must(name): return ''")
    assert _found(wrapper, "fail()")


@pytest.mark.parametrize("wrapper", KEPT.values(), ids=KEPT)
def test_a_check_that_its_decorator_leaves(wrapper: str) -> None:
    assert not _found(wrapper, "must(name)")
    assert not _found(wrapper, "fail()")


def test_a_decorator_that_gives_the_function_back() -> None:
    before = CHECKED % "        return None"
    before = before.replace("    return inner", "    return wrapped")
    text = "def run(name: str) -> str:\n    must(name)\n    return os.popen('ls ' + name).read()"
    assert not python(CHECK, text, before)
