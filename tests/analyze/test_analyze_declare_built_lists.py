"""Python servers that put their list of functions together before they declare them."""

from __future__ import annotations

import pytest

from analyze.declared import python

BUILT = '''
import functools
from fastmcp import FastMCP
from fastmcp.tools import FunctionTool
def read_all(where: str) -> str:
    """Reads all of it."""
    return where
def drop_all(where: str, sure: bool) -> str:
    """Drops all of it."""
    return where
def timed(work):
    @functools.wraps(work)
    def wrapper(*args, **kwargs):
        return work(*args, **kwargs)
    return wrapper
READS = [read_all]
WRITES = [drop_all]
def chosen(readonly):
    every = list(READS)
    if not readonly:
        every.extend(WRITES)
    final = []
    for one in every:
        work = timed(one)
        if readonly:
            work = timed(work)
        final.append(work)
    return final
mcp = FastMCP("x")
for one in chosen(False):
    GIVE
'''


@pytest.mark.parametrize(
    "given",
    [
        "mcp.add_tool(one)",
        "mcp.add_tool(FunctionTool.from_function(one, annotations={}))",
        "tool = FunctionTool.from_function(one)\n    mcp.add_tool(tool)",
        "mcp.tool(one)",
    ],
)
def test_a_list_of_functions_that_is_built_one_by_one(given: str) -> None:
    found = python(BUILT.replace("GIVE", given))
    assert found.keys() >= {"read_all", "drop_all"}
    assert found["drop_all"].entry.description == "Drops all of it."
    assert [one.name for one in found["drop_all"].entry.parameters or ()] == ["where", "sure"]
