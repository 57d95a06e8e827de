"""Tests of several things: that one of them is so, and which one that is."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.checks.either import Certain, shared
from ostiary.analyze.dataflow.checks.origin_checks import of_origins
from ostiary.analyze.dataflow.checks.path_tests import taken_apart
from ostiary.analyze.dataflow.checks.whose import holds_given
from ostiary.analyze.dataflow.elements import MOST_ROWS, element
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.scope import Scope
from ostiary.analyze.dataflow.value import NOTHING, Closure, Origin, Value
from ostiary.analyze.parts import PARTS

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_Ask: TypeAlias = "Callable[[Frame, ir.Expr, bool], list[Certain]]"
_ONE_IS: Final = frozenset(("some", "find", "findLast"))
"""Calls that give something true where a function holds of one."""
PLACE_IS: Final = frozenset(("findIndex", "findLastIndex"))
_KEEPS: Final = frozenset(("filter",))
_OR_NOTHING: Final = frozenset(
    ("next", "find", "findLast", "match", "search", "fullmatch", "exec", "pop", "shift", "at")
)
"""Calls that give something true or nothing."""
_TRUE_OR_FALSE: Final = frozenset(
    (
        *("includes", "has", "test", "some", "every", "startsWith", "endsWith", "hasOwnProperty"),
        *("startswith", "endswith", "is_relative_to", "isInteger", "isSafeInteger", "isFinite"),
    )
)


def asked_for_nothing(frame: Frame, node: ir.Expr) -> bool:
    """Whether something is there exactly where it is true, so that ``is None`` asks for that."""
    if isinstance(node, ir.Assigned):
        return node.op is None and asked_for_nothing(frame, node.value)
    if isinstance(node, ir.Name):
        known = frame.tests.get(node.id)
        held = None if known is None else known.node
        return isinstance(held, ir.Index) or (
            isinstance(held, ir.Call)
            and getattr(held.callee, "name", getattr(held.callee, "id", "")) in _OR_NOTHING
        )
    return isinstance(node, ir.Call) and not _says(frame, node)


def _says(frame: Frame, node: ir.Call) -> bool:
    """Whether a call gives true or false, so that it is never nothing."""
    callee = node.callee
    if isinstance(callee, ir.Member) and callee.name in _TRUE_OR_FALSE:
        return True
    functions = tuple(quietly(frame, callee).closures())
    return any(_is_yes_or_no(one) for called in functions for one in _given(called.function.body))


def _is_yes_or_no(node: ir.Expr | None) -> bool:
    """Whether an expression that a function returns may be false and not nothing."""
    if isinstance(node, ir.Call):
        return isinstance(node.callee, ir.Member) and node.callee.name in _TRUE_OR_FALSE
    if isinstance(node, ir.Logical):
        return _is_yes_or_no(node.left) or _is_yes_or_no(node.right)
    if isinstance(node, ir.Unary):
        return node.op == "not"
    return isinstance(node, ir.Compare) or (isinstance(node, ir.Constant) and node.value is False)


def _given(body: tuple[ir.Stmt, ...]) -> Iterator[ir.Expr | None]:
    """What statements may return, those of functions inside aside."""
    stack: list[object] = list(body)
    while stack:
        one = stack.pop()
        if isinstance(one, ir.Return):
            yield one.value
        elif isinstance(one, tuple):
            stack.extend(one)
        elif isinstance(one, ir.If | ir.Loop | ir.Switch | ir.Try | ir.With | ir.Block):
            stack.extend(getattr(one, part) for part in PARTS[type(one)])


def of_all(
    frame: Frame, test: ir.Comprehension, truth: bool, ask: _Ask, *, every: bool
) -> Iterator[Certain]:
    """``any(bad(x) for x in row)``, ``all(good(x) for x in row)``: of ``every`` element, or of
    some."""
    found = _each(frame, test, truth, ask) or ask(frame, test.element, truth)
    if every and holds_given(_rows(quietly(frame, test.clauses[0][1]))):
        found = [one for one in found if _is_of(one.node, test)]
    for one in found if every or truth else ():
        yield one if every else Certain(one.node, one.bits & ~(g.HOST_PUBLIC | g.OUTSIDE))
        if every and one.bits & g.HOST_PUBLIC:
            yield Certain(test.clauses[0][1], g.HOST_PUBLIC)
        if every and one.bits & g.NOT_UP and _is_of(one.node, test):
            path = taken_apart(frame, test.clauses[0][1])
            yield from () if path is None else (Certain(path, g.NO_DOTS),)


def _rows(over: Value) -> Value:
    """What is gone through as a row, which may be empty where the caller gave it."""
    return over if over.fields else Value(fields={"*": over})


def _is_of(node: ir.Expr, test: ir.Comprehension) -> bool:
    """Whether something is, or is a part of, one of the things gone through."""
    while isinstance(node, ir.Member | ir.Index):
        node = node.base
    names = {one.id for one, _, _ in test.clauses if isinstance(one, ir.NamePattern)}
    return not isinstance(node, ir.Name) or node.id in names


def gives_nothing(default: tuple[ir.Expr, ...]) -> bool:
    """Whether ``next`` gives something false where there is nothing."""
    return all(isinstance(one, ir.Constant) and not one.value for one in default)


def of_first(frame: Frame, test: ir.Comprehension, truth: bool, ask: _Ask) -> Iterator[Certain]:
    """``next((x for x in row if good(x)), None)`` that gave one."""
    for condition in test.clauses[-1][2] if truth else ():
        for one in ask(frame, condition, True):
            yield Certain(one.node, one.bits & ~(g.HOST_PUBLIC | g.OUTSIDE))


def _each(frame: Frame, test: ir.Comprehension, truth: bool, ask: _Ask) -> list[Certain]:
    """What the test says whichever of a few known texts it was made with."""
    target, over, conditions = test.clauses[0]
    if len(test.clauses) > 1 or conditions or not isinstance(target, ir.NamePattern):
        return []
    several = _texts(quietly(frame, over))
    variables = frame.scope.variables
    before = variables.get(target.id)
    held: list[Certain] = []
    for number, text in enumerate(several):
        variables[target.id] = text
        found = ask(frame, test.element, truth)
        held = list(shared(held, found)) if number else found
    if several and before is not None:
        variables[target.id] = before
    return held


def _texts(value: Value) -> list[Value]:
    """All elements of a sequence, if each is a text that is wholly known."""
    parts = list(value.fields.values())
    whole = all(one.known_text is not None for one in parts)
    return parts if whole and not value.flows and len(parts) <= MOST_ROWS else []


def asked_of(frame: Frame, test: ir.Call, called: Closure) -> tuple[Frame, ir.Expr] | None:
    """What a function asks of several things that it is given, where it does nothing else, and
    where to ask it: with what it is given here."""
    asks = _only_test(called.function)
    plain = not test.keywords and not any(isinstance(one, ir.Spread) for one in test.args)
    if asks is None or not plain or called.bound is not None:
        return None
    there = _placed(frame, called)
    for parameter, given in zip(called.function.params, test.args, strict=False):
        if isinstance(parameter.pattern, ir.NamePattern) and parameter.kind == "plain":
            there.scope.variables[parameter.pattern.id] = quietly(frame, given)
    return there, asks


def _placed(frame: Frame, called: Closure) -> Frame:
    """The same evaluation inside a function, which leaves nothing behind."""
    there = copy.copy(frame.engine.elsewhere(frame, called.file))
    there.scope = Scope(frame.engine.body(called.number).scope, frame.scope.number)
    there.effects = {}
    return there


def _only_value(function: ir.FunctionDef) -> ir.Expr | None:
    """What a function returns, where that is all it does."""
    only = function.body[0] if len(function.body) == 1 else None
    return only.value if isinstance(only, ir.Return) else None


def _only_test(function: ir.FunctionDef) -> ir.Expr | None:
    """``return any(…)``, where that is all."""
    value = _only_value(function)
    if not (isinstance(value, ir.Call) and isinstance(value.callee, ir.Name) and value.args):
        return None
    several = value.callee.id in ("any", "all") and isinstance(value.args[0], ir.Comprehension)
    return value if several else None


def asked_of_one(
    frame: Frame, test: ir.Expr, names: frozenset[str] = _ONE_IS
) -> Iterator[tuple[Frame, ir.Expr]]:
    """``ours.some(one => one === name)``: what is asked of one of a list of ours, and where."""
    call = test.base if isinstance(test, ir.Index) else test
    names = _KEEPS if isinstance(test, ir.Index) else names
    if not (isinstance(call, ir.Call) and isinstance(call.callee, ir.Member) and call.args):
        return
    ours = quietly(frame, call.callee.base) if call.callee.name in names else NOTHING
    if not ours.fields or ours.flows or holds_given(ours):
        return
    for closure in quietly(frame, call.args[0]).closures():
        function = closure.function
        target = function.params[0].pattern if function.params else None
        asks = _only_value(function)
        if isinstance(target, ir.NamePattern) and asks is not None and not function.is_async:
            there = _placed(frame, closure)
            there.scope.variables[target.id] = element(ours)
            yield there, asks


def by_any(
    frame: Frame, test: ir.Expr, names: frozenset[str] = _ONE_IS
) -> Iterator[tuple[Origin, int]]:
    """``items.some(item => …)`` that held, ``items.find(item => …)`` that found one: what the
    function makes certain of what stands around it."""
    if isinstance(test, ir.Index):
        yield from _by_any(frame, test.base, _KEEPS)
    else:
        yield from _by_any(frame, test, names)


def _by_any(frame: Frame, test: ir.Expr, names: frozenset[str]) -> Iterator[tuple[Origin, int]]:
    if not (isinstance(test, ir.Call) and isinstance(test.callee, ir.Member) and test.args):
        return
    if test.callee.name not in names:
        return
    for closure in quietly(frame, test.args[0]).closures():
        if not closure.function.is_async:  # a promise is true whatever comes of it
            yield from of_surroundings(frame, closure, True, test)


def of_surroundings(
    frame: Frame, closure: Closure, truth: bool, node: ir.Node
) -> Iterator[tuple[Origin, int]]:
    """What the result of a function says of parameters of those that it stands in."""
    summary = frame.engine.summary(closure)
    for origin, bits in (summary.ensures_true if truth else summary.ensures_false).items():
        if origin.function in closure.within:
            value = closure.within[origin.function].parameter(origin.position)
            for name in origin.path:
                value = frame.engine.member(frame, value, name, node)
            yield from of_origins(value, bits)
        elif origin.function != closure.number:
            yield origin, bits
