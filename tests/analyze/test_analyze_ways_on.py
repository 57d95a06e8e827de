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
"""
GOES_ON = {
    "a loop that is left has no end": "for _ in [1]:\n    break\nelse:\n    return ''",
    "nor has a walk": "while other:\n    break\nelse:\n    return ''",
    "nor has a row of objects": "for _ in [{'a': 1}]:\n    break\nelse:\n    return ''",
    "a row that is left before it returns": (
        "for one in [{'a': 1}, {'a': 2}]:\n    if other:\n        break\n    return ''"
    ),
}
ENDS = {
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
