"""Checks written in other ways than most: each holds where it holds, and nowhere else."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules.command_injection import CHECK

BEFORE = """
import contextlib
OURS = ("a", "b")
HELD = []
def must(one):
    if one not in OURS:
        raise ValueError(one)
"""
HOLDS = {
    "a row that is written out": "[must(x) for x in [name]]",
    "a loop over a row": "for x in (name, other):\n    must(x)",
    "in lower case": "if name.lower() not in OURS:\n    return ''",
    "equal in upper case": "if name.upper() != 'A':\n    return ''",
    "a loop that returns": "while name not in OURS:\n    return ''",
    "a loop that throws": "while name not in OURS:\n    raise ValueError",
    "held by the test": "if not (ok := name in OURS):\n    return ''",
    "a match held by the test": "if not (m := re.fullmatch('[a-z]+', name)):\n    return ''",
    "a match that is none": "if (m := re.fullmatch('[a-z]+', name)) is None:\n    return ''",
    "a function inside": (
        "def check():\n    if name not in OURS:\n        raise ValueError\ncheck()"
    ),
    "a function inside that calls another": "def check():\n    must(name)\ncheck()",
    "what a function inside says": (
        "def good():\n    return name in OURS\nif not good():\n    return ''"
    ),
    "a part of ours": "if not {name, other}.issubset(OURS):\n    return ''",
    "none but ours": "if {name} - set(OURS):\n    return ''",
    "none but ours, held": "wrong = set([name, other]) - set(OURS)\nif wrong:\n    return ''",
    "before the first": "if 'abc'.find(name) < 0 or name not in OURS:\n    return ''",
}
HOLDS_NOT = {
    "in lower case, not refused": "name.lower() in OURS",
    "in lower case, of a text": "if name.lower() not in 'abc':\n    return ''",
    "in lower case, in a given row": "if name.lower() not in [other]:\n    return ''",
    "a loop that is left": "while name not in OURS:\n    break",
    "a row of another": "[must(x) for x in [other]]",
    "a row, on a condition": "[must(x) for x in [name] if other]",
    "a row, perhaps": "[must(x) if other else 0 for x in [name]]",
    "a generator": "(must(x) for x in [name])",
    "a loop that is left early": "for x in (other, name):\n    must(x)\n    break",
    "a loop that passes one over": (
        "for x in (other, name):\n    if x == name:\n        continue\n    must(x)"
    ),
    "a loop whose failures are caught": (
        "for x in (other, name):\n    try:\n        must(x)\n"
        "    except ValueError:\n        continue"
    ),
    "held by another test": "if not (ok := name in OURS or other):\n    return ''",
    "a function inside, not called": "def check():\n    must(name)",
    "a function inside, before": "def check():\n    must(name)\ncheck()\nname = other",
    "a function of an earlier call": "HELD.append(lambda: must(name))\nHELD[0]()",
    "none but what was given": "if {name} - {other}:\n    return ''",
    "ours but these": "if set(OURS) - {name}:\n    return ''",
    "none but ours, not refused": "if not {name} - set(OURS):\n    return ''",
    "none but ours, set after": (
        "wrong = {name} - set(OURS)\nname = other\nif wrong:\n    return ''"
    ),
    "a part of what was given": "if not {name}.issubset({other}):\n    return ''",
}
SCRIPTS_HOLD = {
    "one that equals it": "if (!OURS.some((x) => x === a.x)) return;",
    "found": "const one = OURS.find((x) => x === a.x); if (!one) return;",
    "at a place": "if (OURS.findIndex((x) => x === a.x) < 0) return;",
    "at no place": "if (OURS.findIndex((x) => x === a.x) === -1) return;",
    "at a place by value": "if (OURS.indexOf(a.x) < 0) return;",
    "at a place, in bits": "if (!~OURS.indexOf(a.x)) return;",
    "all of a row": "if (![a.x].every((x) => OURS.includes(x))) return;",
    "a row": "for (const x of [a.x, a.y]) must(x);",
    "in lower case": "if (!OURS.includes(a.x.toLowerCase())) return;",
    "a key": "if (!Object.hasOwn({ a: 1 }, a.x)) return;",
    "a loop that returns": "while (!OURS.includes(a.x)) return;",
    "a function inside": "const check = () => { must(a.x); }; check();",
    "called at once": "(() => must(a.x))();",
}
SCRIPTS_HOLD_NOT = {
    "one that equals another": "if (!OURS.some((x) => x === a.y)) return;",
    "one that equals it, or more": "if (!OURS.some((x) => x === a.x || a.y)) return;",
    "one that differs": "if (!OURS.some((x) => x !== a.x)) return;",
    "one of given ones": "if (![...OURS, a.y].some((x) => x === a.x)) return;",
    "a promise": "if (!OURS.some(async (x) => x === a.x)) return;",
    "the first place": "if (!OURS.findIndex((x) => x === a.x)) return;",
    "another in a row": "if (![a.y].every((x) => OURS.includes(x))) return;",
    "one of a row": "if (![a.x, a.y].some((x) => OURS.includes(x))) return;",
    "a key of what was given": 'if (!Object.hasOwn(a.x, "a")) return;',
    "nobody waits": "const check = async () => { must(a.x); }; check();",
    "set after": "let v = 'a'; const check = () => must(v); check(); v = a.x; a = { x: v };",
}


def _python(lines: str) -> bool:
    body = textwrap.indent(lines, "    ")
    head = "def run(name: str, other: str) -> str:\n"
    return bool(python(CHECK, f"{head}{body}\n    return os.popen('ls ' + name).read()", BEFORE))


def _script(lines: str) -> bool:
    helpers = (
        'const OURS = ["a", "b"];const must = (p) => { if (!OURS.includes(p)) throw new Error(); };'
    )
    sink = 'execFileSync("sh", ["-c", "ls " + a.x]);'
    return bool(script(CHECK, f"{helpers}{lines} {sink}", "x: z.string(), y: z.string()"))


@pytest.mark.parametrize("lines", HOLDS.values(), ids=HOLDS)
def test_it_holds(lines: str) -> None:
    assert not _python(lines)


@pytest.mark.parametrize("lines", HOLDS_NOT.values(), ids=HOLDS_NOT)
def test_it_does_not_hold(lines: str) -> None:
    assert _python(lines)


@pytest.mark.parametrize("lines", SCRIPTS_HOLD.values(), ids=SCRIPTS_HOLD)
def test_it_holds_in_scripts(lines: str) -> None:
    assert not _script(lines)


@pytest.mark.parametrize("lines", SCRIPTS_HOLD_NOT.values(), ids=SCRIPTS_HOLD_NOT)
def test_it_does_not_hold_in_scripts(lines: str) -> None:
    assert _script(lines)
