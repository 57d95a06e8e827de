"""Functions that are wrapped before they are declared keep their name, words and parameters."""

from __future__ import annotations

import pytest

from analyze.declared import python
from ostiary.analyze.dataflow.effect import EffectKind

SERVER = """
import functools
from functools import wraps
from mcp.server.fastmcp import FastMCP
server = FastMCP("x")

def guarded(function):
    @{wraps}
    def inner(*args, **kwargs):
        print("called")
        return function(*args, **kwargs)
    return inner

def bare(function):
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

def read_it(path: str) -> str:
    '''Reads a file.'''
    return open(path).read()

{declared}
"""


@pytest.mark.parametrize("wraps", ["functools.wraps(function)", "wraps(function)"])
@pytest.mark.parametrize(
    "declared",
    [
        "server.tool()(guarded(read_it))",
        "server.add_tool(guarded(read_it))",
        "server.tool()(guarded(guarded(read_it)))",
    ],
)
def test_a_wrapped_function_is_declared_as_what_it_wraps(wraps: str, declared: str) -> None:
    found = python(SERVER.format(wraps=wraps, declared=declared))
    (tool,) = (one for one in found.values() if one.entry.name == "read_it")
    assert tool.entry.description == "Reads a file."
    assert [one.name for one in tool.entry.parameters or ()] == ["path"]
    kinds = {one.kind for one in tool.effects}
    assert {EffectKind.READ_FILE, EffectKind.LOG} <= kinds


def test_a_wrapper_that_names_nothing_stays_what_it_is() -> None:
    found = python(SERVER.format(wraps="wraps(function)", declared="server.tool()(bare(read_it))"))
    assert "inner" in found
    assert "read_it" not in found
