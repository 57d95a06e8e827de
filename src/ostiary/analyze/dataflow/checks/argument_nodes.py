"""Expressions that a call is given, by the place or the name of what they are for."""

from __future__ import annotations

from ostiary.analyze import ir
from ostiary.analyze.knowledge.known import Where


def operand_node(call: ir.Node, where: Where) -> ir.Expr | None:
    """The expression of an operand."""
    if not isinstance(call, ir.Call):
        return None
    if isinstance(where, int):
        return call.args[where] if where < len(call.args) else None
    if where == "base" and isinstance(call.callee, ir.Member):
        return call.callee.base
    return next((value for name, value in call.keywords if name == where), None)


def argument_node(
    test: ir.Call, params: tuple[ir.Parameter, ...], index: int, shift: int
) -> ir.Expr | None:
    """The expression of an argument, by the place of its parameter."""
    if index - shift < len(test.args):
        return test.args[index - shift]
    pattern = params[index].pattern if index < len(params) else None
    name = pattern.id if isinstance(pattern, ir.NamePattern) else ""
    return next((value for key, value in test.keywords if key == name), None)
