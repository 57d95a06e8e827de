"""Tests of something else than what is used, or against what the caller may choose."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python
from ostiary.analyze.rules.command_injection import CHECK

BEFORE = """
import re
GIVEN = ("a", "b")
LINES = re.compile("^[a-z]+$", re.M)
def valid(one):
    return one in GIVEN
def either(one, other):
    return (one if other else "a") in GIVEN
"""
SAY_NOTHING = {
    "among what the caller gave": "if name not in ['a', other]:\n    return ''",
    "among all that the caller gave": "if name not in ['a', *names]:\n    return ''",
    "among itself": "if name not in (name, 'a'):\n    return ''",
    "among what the caller added": (
        "given = ['a']\ngiven.append(other)\nif name not in given:\n    return ''"
    ),
    "among values": "if name not in {'a': other}.values():\n    return ''",
    "of one of two": "if (name if other else 'a') not in GIVEN:\n    return ''",
    "of one of two, by a function": "if not either(name, other):\n    return ''",
    "of another where there is one": "if (other or name) not in GIVEN:\n    return ''",
    "once for each of none": "if not all(name in GIVEN for one in names):\n    return ''",
    "never for any of none": "if any(name not in GIVEN for one in names):\n    return ''",
    "something in its place": (
        "one = next((each for each in GIVEN if each == name), 'a')\nif one is None:\n    return ''"
    ),
    "of its beginning": "if not re.fullmatch('[a-z]+', name[:3]):\n    return ''",
    "of its beginning, held": (
        "head = name[:3]\nif not re.fullmatch('[a-z]+', head):\n    return ''"
    ),
    "of one of its lines": "if not re.search('^[a-z]+$', name, re.M):\n    return ''",
    "of a line, by name": "if not re.search('^[a-z]+$', name, flags=re.MULTILINE):\n    return ''",
    "of a line, as it was made": "if not LINES.search(name):\n    return ''",
}
SAY_SOMETHING = {
    "among what is written": "if name not in ['a', 'b']:\n    return ''",
    "among what was added": (
        "given = ['a']\ngiven.append('b')\nif name not in given:\n    return ''"
    ),
    "among keys": "if name not in {'a': other}:\n    return ''",
    "or what stands for nothing": "if (name or 'a') not in GIVEN:\n    return ''",
    "for each that the test is of": "if not all(name == one for one in GIVEN[:1]):\n    return ''",
    "nothing in its place": (
        "one = next((each for each in GIVEN if each == name), None)\nif one is None:\n    return ''"
    ),
    "whatever the case": "if not re.fullmatch('[a-z]+', name, re.I):\n    return ''",
    "all of it": "if not re.search('^[a-z]+$', name):\n    return ''",
}


def _found(lines: str) -> bool:
    body = textwrap.indent(lines, "    ")
    head = "async def run(name: str, other: str, names: list[str]) -> str:\n"
    return bool(python(CHECK, f"{head}{body}\n    return os.popen('ls ' + name).read()", BEFORE))


@pytest.mark.parametrize("lines", SAY_NOTHING.values(), ids=SAY_NOTHING)
def test_what_says_nothing_of_what_is_used(lines: str) -> None:
    assert _found(lines)


@pytest.mark.parametrize("lines", SAY_SOMETHING.values(), ids=SAY_SOMETHING)
def test_what_says_something_of_what_is_used(lines: str) -> None:
    assert not _found(lines)
