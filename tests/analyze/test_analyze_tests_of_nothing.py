"""Asking whether the answer is nothing says something only of what may give nothing."""

from __future__ import annotations

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules.command_injection import CHECK

HELPERS = (
    'const GIVEN = ["a", "b"]; const good = (p) => GIVEN.includes(p);'
    "const found = (p) => { if (!GIVEN.includes(p)) return null; return p; };"
    "const told = (p) => { if (GIVEN.includes(p)) { return true; } return false; };"
)
NEVER = ["GIVEN.includes(a.x)", "/^[a-z]+$/.test(a.x)", "new Set(GIVEN).has(a.x)"]
NEVER += ["good(a.x)", "told(a.x)"]
MAY_BE = ["a.x.match(/^[a-z]+$/)", "/^[a-z]+$/.exec(a.x)", "found(a.x)"]


def _found(test: str) -> bool:
    line = f"if ({test} === null) return {{ content: [] }};"
    return bool(script(CHECK, f'{HELPERS}{line} execFileSync("sh", ["-c", "ls " + a.x]);'))


@pytest.mark.parametrize("test", NEVER)
def test_what_is_never_nothing(test: str) -> None:
    assert _found(test)


@pytest.mark.parametrize("test", MAY_BE)
def test_what_may_be_nothing(test: str) -> None:
    assert not _found(test)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return name in GIVEN", True),
        ("if name not in GIVEN:\n        return None\n    return name", False),
    ],
)
def test_a_function_of_python(body: str, said: bool) -> None:
    before = f'GIVEN = ("a", "b")\ndef good(name):\n    {body}\n'
    run = "if good(name) is None:\n        return ''\n    return os.popen('ls ' + name).read()"
    assert bool(python(CHECK, f"def run(name: str) -> str:\n    {run}", before)) == said
