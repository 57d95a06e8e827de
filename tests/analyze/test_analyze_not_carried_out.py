"""Checks of Python that are not carried out where they stand, or are one of several."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python
from ostiary.analyze.rules.command_injection import CHECK

BEFORE = """
import asyncio, atexit, contextlib, functools, threading
GIVEN = ("a", "b")
def must(one):
    if one not in GIVEN:
        raise ValueError(one)
def valid(one):
    return one in GIVEN
async def later(one):
    must(one)
async def valid_later(one):
    return one in GIVEN
def lazily(one):
    must(one)
    yield one
async def stop():
    raise ValueError()
def fail():
    raise ValueError()
class Base:
    def ask(self, one):
        raise NotImplementedError
class Strict(Base):
    def ask(self, one):
        must(one)
class Lax(Base):
    def ask(self, one):
        print(one)
class Strange(Base):
    def ask(self, one):
        if one not in GIVEN:
            raise KeyError(one)
"""
IN_VAIN = {
    "a coroutine held": "held = later(name)",
    "a coroutine is always true": "if not valid_later(name):\n    return ''",
    "a task": "asyncio.create_task(later(name))",
    "failures gathered": "await asyncio.gather(later(name), return_exceptions=True)",
    "a coroutine that fails": "stop()",
    "a generator": "lazily(name)",
    "a generator held": "held = lazily(name)",
    "a map": "map(must, [name])",
    "a thread": "threading.Thread(target=must, args=(name,)).start()",
    "at the end of the process": "atexit.register(must, name)",
    "given a part": "held = functools.partial(must, name)",
    "one of two functions": "(must if other else print)(name)",
    "one of a table": "{'a': must, 'b': print}[other](name)",
    "one of a table, or another": "{'a': must}.get(other, print)(name)",
    "a test that is one of two": "if not (valid if other else print)(name):\n    return ''",
    "what fails is one of two": "held = fail if other else print\nheld()",
    "one of two classes": "(Strict() if other else Lax()).ask(name)",
}
HOLDS = {
    "waited for": "await later(name)",
    "a test waited for": "if not await valid_later(name):\n    return ''",
    "a task waited for": "await asyncio.create_task(later(name))",
    "gathered": "await asyncio.gather(later(name), later(other))",
    "run": "asyncio.run(later(name))",
    "in time": "await asyncio.wait_for(later(name), 5)",
    "gone through": "for one in lazily(name):\n    print(one)",
    "listed": "list(lazily(name))",
    "in a thread that is waited for": "await asyncio.to_thread(must, name)",
    "each of two functions": "(must if other else fail)(name)",
    "each of two classes": "(Strict() if other else Strange()).ask(name)",
    "one that is not written yet": "(Strict() if other else Base()).ask(name)",
}


def _found(lines: str) -> bool:
    body = textwrap.indent(lines, "    ")
    head = "async def run(name: str, other: str) -> str:\n"
    return bool(python(CHECK, f"{head}{body}\n    return os.popen('ls ' + name).read()", BEFORE))


@pytest.mark.parametrize("lines", IN_VAIN.values(), ids=IN_VAIN)
def test_a_check_that_is_not_carried_out(lines: str) -> None:
    assert _found(lines)


@pytest.mark.parametrize("lines", HOLDS.values(), ids=HOLDS)
def test_a_check_that_is_carried_out(lines: str) -> None:
    assert not _found(lines)
