"""A module of CommonJS as a function that returns what the module exports."""

from __future__ import annotations

from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.typescript.rewriting import nodes

_LARGE: Final = 200_000
"""Nodes of a module looked through for ``module.exports``."""


def module_body(module: ir.FunctionDef) -> tuple[ir.Stmt, ...]:
    """The body of ``(exports, module) => {…}`` with both made before and what was exported
    returned after."""
    names = [_parameter_name(module, 0) or "exports", _parameter_name(module, 1) or "module"]
    return with_exports(module, names[0], names[1])


def with_exports(module: ir.FunctionDef, exports: str, own: str) -> tuple[ir.Stmt, ...]:
    """As :func:`module_body`, with the names given."""
    at = (module.line, module.column)
    entry = (ir.Constant(*at, "exports"), ir.Name(*at, exports))
    before = (
        ir.Assign(*at, (ir.NamePattern(*at, exports),), ir.Mapping(*at, ()), declares=True),
        ir.Assign(*at, (ir.NamePattern(*at, own),), ir.Mapping(*at, (entry,)), declares=True),
    )
    uses_exports, replaces = _uses(module, exports, own)
    whole = ir.Member(*at, ir.Name(*at, own), "exports")
    result: ir.Expr = ir.Name(*at, exports)
    if replaces:
        result = whole
        if uses_exports:
            result = ir.Conditional(*at, ir.Opaque(*at, ()), whole, ir.Name(*at, exports))
    return (*before, *module.body, ir.Return(*at, result))


def _uses(module: ir.FunctionDef, exports: str, own: str) -> tuple[bool, bool]:
    """Whether a module adds to its ``exports``, and whether it mentions ``module.exports``."""
    adds = replaces = False
    for one in nodes(module.body, _LARGE):
        if isinstance(one, ir.Member) and isinstance(one.base, ir.Name):
            replaces = replaces or (one.base.id == own and one.name == "exports")
            adds = adds or one.base.id == exports
        elif isinstance(one, ir.Call) and not adds:
            adds = any(isinstance(arg, ir.Name) and arg.id == exports for arg in one.args)
    return adds, replaces


def _parameter_name(function: ir.FunctionDef, index: int) -> str:
    if index >= len(function.params):
        return ""
    pattern = function.params[index].pattern
    return pattern.id if isinstance(pattern, ir.NamePattern) else ""


def exported(target: ir.Expr, name: str, value: ir.Expr) -> ir.Stmt:
    """``target.name = value``."""
    at = (value.line, value.column)
    place = ir.PlacePattern(*at, ir.Member(*at, target, name))
    return ir.Assign(*at, (place,), value)


def getter_value(value: ir.Expr) -> ir.Expr | None:
    """What ``() => x`` or ``function () { return x; }`` gives."""
    match value:
        case ir.Lambda(function=ir.FunctionDef(params=(), body=(ir.Return(value=got),))):
            return got
        case _:
            return None
