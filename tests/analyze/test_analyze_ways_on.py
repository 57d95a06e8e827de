"""Where a path of Python goes on: what ends one way ends no other, and what was not checked there
stays unchecked."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python
from ostiary.analyze.rules.command_injection import CHECK

BEFORE = """
import asyncio, atexit, contextlib, functools, re, threading
GIVEN = ("a", "b")
def must(one):
    if one not in GIVEN:
        raise ValueError(one)
class Quiet:
    def __enter__(self): return self
    def __exit__(self, *failed): return True
class Open:
    def __enter__(self): return self
    def __exit__(self, *failed): self.close()
class Around:
    def __enter__(self): return self
    def __exit__(self, *failed): return self.inner.__exit__(*failed)
@contextlib.contextmanager
def quiet():
    try:
        yield
    except Exception:
        pass
@contextlib.contextmanager
def timed():
    try:
        yield
    except ValueError as error:
        print(error)
        raise
    finally:
        print(1)
"""
GOES_ON = {
    "a loop that is left has no end": "for _ in [1]:\n    break\nelse:\n    return ''",
    "nor has a walk": "while other:\n    break\nelse:\n    return ''",
    "nor has a row of objects": "for _ in [{'a': 1}]:\n    break\nelse:\n    return ''",
    "a row that is left before it returns": (
        "for one in [{'a': 1}, {'a': 2}]:\n    if other:\n        break\n    return ''"
    ),
    "a context that catches": "with Quiet():\n    must(name)",
    "a context that catches what is raised": "with Quiet():\n    raise ValueError()",
    "a function that catches": "with quiet():\n    must(name)",
    "one of two that catches": "with open(other) as file, quiet():\n    must(name)",
    "suppressed by another name": (
        "held = contextlib.suppress(ValueError)\nwith held:\n    must(name)"
    ),
    "suppressed by a stack": (
        "with contextlib.ExitStack() as stack:\n"
        "    stack.enter_context(contextlib.suppress(Exception))\n    must(name)"
    ),
    "done at last": "try:\n    must(name)\nfinally:\n    os.system('ls ' + name)",
    "left at last": "while True:\n    try:\n        must(name)\n    finally:\n        break",
    "set where it failed": (
        "line = other\ntry:\n    must(name)\n    line = 'a'\n"
        "finally:\n    os.system('ls ' + line)\nreturn ''"
    ),
}
ENDS = {
    "in a context that does not catch": "with Open():\n    must(name)",
    "in one that leaves it to another": "with Around():\n    must(name)",
    "in a function that hands failures on": "with timed():\n    must(name)",
    "what was checked before is checked at last": (
        "must(name)\ntry:\n    print(other)\nfinally:\n    os.system('ls ' + name)"
    ),
    "whatever is done at last": "try:\n    must(name)\nfinally:\n    print(name)",
    "checked at last": "try:\n    print(other)\nfinally:\n    must(name)",
    "asked before what is done at last": (
        "try:\n    ok = name in GIVEN\nfinally:\n    print(1)\nif not ok:\n    return ''"
    ),
    "at the end of a loop": "for _ in [1]:\n    print(1)\nelse:\n    return ''",
    "at the end of a row": "for one in [{'a': 1}]:\n    print(one)\nelse:\n    return ''",
    "for each object": "for one in [{'a': 1}]:\n    return ''",
    "left where it was found": (
        "for one in GIVEN:\n    if name == one:\n        break\nelse:\n    return ''"
    ),
}


def _found(lines: str, before: str = "") -> bool:
    body = textwrap.indent(lines, "    ")
    head = "async def run(name: str, other: str) -> str:\n"
    text = f"{head}{body}\n    return os.popen('ls ' + name).read()"
    return bool(python(CHECK, text, f"{BEFORE}{before}\n"))


@pytest.mark.parametrize("lines", GOES_ON.values(), ids=GOES_ON)
def test_a_path_that_goes_on(lines: str) -> None:
    assert _found(lines)


@pytest.mark.parametrize("lines", ENDS.values(), ids=ENDS)
def test_a_path_that_ends(lines: str) -> None:
    assert not _found(lines)
