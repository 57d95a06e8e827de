"""Which tests prove which requirement, read from the marks without running anything."""

from __future__ import annotations

import ast
from collections import defaultdict

from house.repository import ROOT, TESTS


def proofs() -> dict[str, list[str]]:
    """Requirement id to the tests whose ``proves`` mark names it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for requirement in marked(node):
                    found[requirement].append(f"{path.relative_to(ROOT)}::{node.name}")
    return dict(found)


def marked(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[str]:
    return [
        argument.value
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.proves")
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
