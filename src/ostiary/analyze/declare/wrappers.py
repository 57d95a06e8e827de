"""The function inside a wrapper: ``functools.wraps`` says whose name and parameters it has."""

from __future__ import annotations

from ostiary.analyze import ir
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Closure, Param, Value

_DEEPEST = 4
"""Wrappers in wrappers."""


def unwrapped(engine: Engine, handler: Closure) -> tuple[Closure, tuple[Closure, ...]]:
    """The innermost function, and the wrappers around it, outer first."""
    around: list[Closure] = []
    while len(around) < _DEEPEST and (inside := _inside(engine, handler)) is not None:
        around.append(handler)
        handler = inside
    return handler, tuple(around)


def _inside(engine: Engine, handler: Closure) -> Closure | None:
    names = {name for one in handler.function.decorators if (name := _named(one))}
    for number in handler.around if names else ():
        given = handler.within.get(number)
        for index, one in enumerate(engine.body(number).closure.function.params):
            held = isinstance(one.pattern, ir.NamePattern) and one.pattern.id in names
            found = _function(handler, given.parameter(index)) if held and given else None
            if found is not None:
                return found
    return None


def _function(handler: Closure, value: Value) -> Closure | None:
    """The function that a value is, parameters of the functions around followed."""
    for _ in range(_DEEPEST):
        found = next(value.closures(), None)
        if found is not None:
            return found
        given = next(
            (
                handler.within[one.function].parameter(one.position)
                for one in value.flows
                if isinstance(one, Param) and not one.path and one.function in handler.within
            ),
            None,
        )
        if given is None:
            return None
        value = given
    return None


def _named(decorator: ir.Expr) -> str:
    """``f`` in ``@wraps(f)`` and ``@functools.wraps(f)``."""
    if not isinstance(decorator, ir.Call) or not decorator.args:
        return ""
    callee, first = decorator.callee, decorator.args[0]
    said = callee.name if isinstance(callee, ir.Member) else getattr(callee, "id", "")
    return first.id if said == "wraps" and isinstance(first, ir.Name) else ""
