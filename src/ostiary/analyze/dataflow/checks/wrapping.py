"""Decorators of the target that take from a function what it makes certain: what stands in its
place never calls it, or goes on where it failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.parts import nodes

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.value import Value


def takes_away(decorator: Value) -> bool:
    """Whether nothing is certain after a call of what the decorator makes of a function."""
    return any(_replaces(one.function) for one in decorator.closures())


def _replaces(decorator: ir.FunctionDef) -> bool:
    first = decorator.params[0].pattern if decorator.params else None
    if not isinstance(first, ir.NamePattern):
        return False
    given = first.id
    inner = [one for one in _functions(decorator.body) if _hands_back(decorator, one)]
    return bool(inner) and any(_loses(one, given) for one in inner)


def _loses(wrapper: ir.FunctionDef, given: str) -> bool:
    returned = [
        one.value for one in nodes(wrapper.body, into_functions=False) if isinstance(one, ir.Return)
    ]
    if any(isinstance(one, ir.Unary) and one.op == "not" for one in returned):
        return True
    return not _names(_surely(wrapper.body), given)


def _surely(body: Iterable[ir.Stmt]) -> Iterator[object]:
    """What is carried out whose failure ends the function."""
    for one in body:
        match one:
            case ir.Try():
                ends = all(part and isinstance(part[-1], ir.Throw) for _, _, part in one.handlers)
                yield from _surely(one.body) if ends else ()
                yield from _surely((*one.other, *one.final))
            case ir.If():
                yield one.test
                then, other = tuple(_surely(one.then)), tuple(_surely(one.other))
                yield from (*then, *other)
            case ir.With() if any(_suppresses(item) for item, _ in one.items):
                continue
            case _:
                yield one


def _suppresses(node: ir.Expr) -> bool:
    callee = node.callee if isinstance(node, ir.Call) else None
    return "suppress" in (getattr(callee, "id", ""), getattr(callee, "name", ""))


def _hands_back(decorator: ir.FunctionDef, wrapper: ir.FunctionDef) -> bool:
    """Whether a function is what the decorator returns."""
    for one in nodes(decorator.body, into_functions=False):
        if isinstance(one, ir.Return):
            value = one.value
            if isinstance(value, ir.Lambda) and value.function is wrapper:
                return True
            if isinstance(value, ir.Name) and value.id == wrapper.name:
                return True
    return False


def _functions(body: Iterable[ir.Stmt]) -> Iterator[ir.FunctionDef]:
    for one in nodes(body, into_functions=False):
        if isinstance(one, ir.Define | ir.Lambda):
            yield one.function


def _names(roots: Iterable[object], name: str) -> bool:
    found = nodes(roots)
    return any(isinstance(one, ir.Name) and one.id == name for one in found)
