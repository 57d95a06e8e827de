"""The name a declaration has when nobody gives it another: ``server.tool(name || "search", …)``."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze import ir
from ostiary.analyze.dataflow.value import Place, Value
from ostiary.analyze.written.walk import inside


def otherwise(module: ir.Module, place: Place) -> Value | None:
    """The literal that stands in for the first argument of the call at this place."""
    for call in _calls(module):
        if (call.line, call.column) == (place.line, place.column) and call.args:
            first = call.args[0]
            other = first.right if isinstance(first, ir.Logical) and first.op != "and" else None
            if isinstance(other, ir.Constant) and isinstance(other.value, str):
                return Value(text=(other.value,), scalar=other.value, literal=True)
    return None


def _calls(module: ir.Module) -> Iterator[ir.Call]:
    waiting: list[object] = [module.body]
    while waiting:
        root = waiting.pop()
        for node in inside(root):
            if isinstance(node, ir.Call):
                yield node
            elif isinstance(node, ir.FunctionDef | ir.ClassDef) and node is not root:
                waiting.append(node)
