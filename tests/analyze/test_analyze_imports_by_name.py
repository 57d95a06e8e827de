"""Modules that are named in a call are those that an import would have given."""

from __future__ import annotations

import pytest

from analyze.declared import given, python
from ostiary.analyze.dataflow.effect import EffectKind

SERVER = """
import importlib
from mcp.server.fastmcp import FastMCP
server = FastMCP("x")
@server.tool()
def run(line: str, name: str) -> int:
    return {}(line)
"""


@pytest.mark.parametrize(
    "callee",
    [
        "__import__('os').system",
        "__import__('os.path').system",
        "importlib.import_module('os').system",
        "importlib.__import__('os').system",
        "__import__('asyncio.subprocess', fromlist=['x']).create_subprocess_shell",
        "__import__('asyncio.subprocess', None, None, ['x']).create_subprocess_shell",
        "importlib.import_module('asyncio.subprocess').create_subprocess_shell",
    ],
)
def test_a_module_by_its_name_is_the_module(callee: str) -> None:
    assert given(python(SERVER.format(callee))["run"], EffectKind.SHELL, "command").keys() == {
        "line"
    }


@pytest.mark.parametrize(
    "callee",
    [
        "__import__('os.path', fromlist=['x']).system",
        "importlib.import_module('.os', 'x').system",
        "importlib.import_module(name).system",
    ],
)
def test_another_module_is_another(callee: str) -> None:
    assert not given(python(SERVER.format(callee))["run"], EffectKind.SHELL, "command")


def test_which_module_is_loaded_is_still_an_effect() -> None:
    one = python(SERVER.format("importlib.import_module(name).system"))["run"]
    assert given(one, EffectKind.LOAD_CODE, "name").keys() == {"name"}
