"""Paths that end with a call: what was tested before it holds after it."""

from __future__ import annotations

import pytest

from analyze.test_analyze_rules_injection import found

LEAVE = {
    "a function that always raises": "def no(): raise ValueError('no')\n",
    "one that ends the process": "import sys\ndef no(): sys.exit(2)\n",
}
STAY = {
    "a function that may return": "def no():\n    if ALLOWED: raise ValueError('no')\n",
    "one that others write": "def no(): raise NotImplementedError\n",
    "one that only tells": "def no(): print('no')\n",
}
TOOL = "@server.tool()\ndef t(x: str):\n    if x not in ALLOWED: no()\n    os.system(x)"


@pytest.mark.parametrize("before", LEAVE.values(), ids=list(LEAVE))
def test_a_check_that_leaves_by_a_call_holds(before: str) -> None:
    assert not found(before + TOOL, "command-injection")


@pytest.mark.parametrize("before", STAY.values(), ids=list(STAY))
def test_a_call_that_comes_back_ends_nothing(before: str) -> None:
    assert found(before + TOOL, "command-injection")


def test_what_is_called_without_being_waited_for_goes_on_beside() -> None:
    before = "async def no(): raise ValueError('no')\n"
    tool = TOOL.replace("def t", "async def t")
    assert found(before + tool, "command-injection")
    assert not found(before + tool.replace("no()", "await no()"), "command-injection")
