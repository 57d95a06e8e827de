"""A check counts where the path goes on only if it passed: everything else says nothing."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules.command_injection import CHECK

BEFORE = """
import contextlib
def must(one):
    if one not in ("a", "b"):
        raise ValueError(one)
"""
IN_VAIN = {
    "what else stands in the test": "if name in GIVEN and other:\n    print(1)",
    "a condition": 'mode = "x" if name in GIVEN else "y"',
    "an expression": "both = name in GIVEN and other",
    "a branch that goes on": "if name in GIVEN:\n    pass",
    "a loop": "while name in GIVEN:\n    break",
    "of a row": "for one in [1]:\n    if name in GIVEN:\n        continue",
    "a comprehension": "kept = [one for one in [name] if one in GIVEN]",
    "a failure that is caught": "try:\n    must(name)\nexcept ValueError:\n    pass",
    "an assertion that is caught": (
        "try:\n    assert name in GIVEN\nexcept AssertionError:\n    pass"
    ),
    "a failure that is suppressed": "with contextlib.suppress(ValueError):\n    must(name)",
    "of something else": "must(other)",
    "never called": "def check():\n    must(name)",
    "under a switch of the caller": "if other:\n    must(name)",
    "swapped after it": "ok = name in GIVEN\nname, other = other, name\nif not ok:\n    return ''",
    "gone through after it": (
        "ok = name in GIVEN\nfor name in [other]:\n    pass\nif not ok:\n    return ''"
    ),
}
HOLDS = {
    "it returns": "if name not in GIVEN:\n    return ''",
    "it returns for one more reason": "if name not in GIVEN or other:\n    return ''",
    "it raises": "must(name)",
    "the failure ends it": "try:\n    must(name)\nexcept ValueError:\n    return ''",
    "whatever is done at last": "try:\n    must(name)\nfinally:\n    print(1)",
}
SCRIPTS_IN_VAIN = {
    "nobody waits": "later(a.x);",
    "nobody waits, with more to do": "later(a.x).then(() => console.log(1));",
    "its failure is caught": "await later(a.x).catch(() => {});",
    "beside something said": "GIVEN.includes(a.x) || console.log(1);",
    "a condition": "const mode = GIVEN.includes(a.x) ? 1 : 2;",
    "later": "setTimeout(() => must(a.x), 1);",
    "what else stands in the test": "if (GIVEN.includes(a.x) && a.x.length) console.log(1);",
}
SCRIPTS_HOLD = {
    "it is waited for": "await later(a.x);",
    "its failure ends it": "await later(a.x).catch((e) => { throw new Error(e); });",
    "it throws": "must(a.x);",
}


def _python(lines: str) -> bool:
    body = textwrap.indent(lines, "    ")
    head = "async def run(name: str, other: str) -> str:\n"
    before = f'{BEFORE}\nGIVEN = ("a", "b")\n'
    return bool(python(CHECK, f"{head}{body}\n    return os.popen('ls ' + name).read()", before))


def _script(lines: str) -> bool:
    helpers = (
        'const GIVEN = ["a", "b"];'
        "const must = (p) => { if (!GIVEN.includes(p)) throw new Error(); };"
        "const later = async (p) => { await 1; must(p); };"
    )
    return bool(script(CHECK, f'{helpers}{lines} execFileSync("sh", ["-c", "ls " + a.x]);'))


@pytest.mark.parametrize("lines", IN_VAIN.values(), ids=IN_VAIN)
def test_a_check_in_vain(lines: str) -> None:
    assert _python(lines)


@pytest.mark.parametrize("lines", HOLDS.values(), ids=HOLDS)
def test_a_check_that_holds(lines: str) -> None:
    assert not _python(lines)


ROWS = """
def every(row):
    for one in row:
        if one not in GIVEN:
            raise ValueError(one)
def go(row):
    for one in row:
        os.popen("ls " + one)
"""


@pytest.mark.parametrize("check", ["every(names)", "pass"])
def test_what_is_known_of_each_of_a_row_is_known_where_the_row_is_handed_on(check: str) -> None:
    body = f"def run(names: list[str]) -> str:\n    {check}\n    go(names)\n    return ''"
    assert bool(python(CHECK, body, f'GIVEN = ("a", "b")\n{ROWS}')) is (check == "pass")


@pytest.mark.parametrize("lines", SCRIPTS_IN_VAIN.values(), ids=SCRIPTS_IN_VAIN)
def test_a_check_of_a_script_in_vain(lines: str) -> None:
    assert _script(lines)


@pytest.mark.parametrize("lines", SCRIPTS_HOLD.values(), ids=SCRIPTS_HOLD)
def test_a_check_of_a_script_that_holds(lines: str) -> None:
    assert not _script(lines)
