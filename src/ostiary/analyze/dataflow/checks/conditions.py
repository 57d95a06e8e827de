"""What a test makes certain where it holds, and where it does not.

A check is worth what it really guarantees: a prefix compared without a separator is recorded as
just that (``PREFIX_ONLY``), a host compared by substring as ``HOST_SUBSTRING``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.running import runs
from ostiary.analyze.dataflow.calls.waiting import is_beside
from ostiary.analyze.dataflow.checks.address_tests import TESTS_OF_ADDRESSES, of_addresses
from ostiary.analyze.dataflow.checks.argument_nodes import argument_node, operand_node
from ostiary.analyze.dataflow.checks.either import Certain, asked_about, either, empty_where
from ostiary.analyze.dataflow.checks.flags import certain_by_flag
from ostiary.analyze.dataflow.checks.method_tests import METHODS, all_among, contains
from ostiary.analyze.dataflow.checks.origin_checks import of_origins
from ostiary.analyze.dataflow.checks.path_tests import (
    is_separator,
    leads_up_nowhere,
    not_up,
)
from ostiary.analyze.dataflow.checks.pattern_tests import OF_TEXT
from ostiary.analyze.dataflow.checks.several import (
    PLACE_IS,
    asked_for_nothing,
    asked_of,
    asked_of_one,
    by_any,
    gives_nothing,
    of_all,
    of_first,
    of_surroundings,
)
from ostiary.analyze.dataflow.checks.ways_to_ask import (
    found_by,
    in_other_case,
    is_local,
    is_place,
)
from ostiary.analyze.dataflow.checks.whichever import only_one
from ostiary.analyze.dataflow.checks.whose import is_given
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.join import as_far_as_normal, guaranteed, plain
from ostiary.analyze.dataflow.value import NOTHING, Closure, Origin, Value
from ostiary.analyze.knowledge.known import Where

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_NORMAL = g.NORMAL_PATH | g.REAL_PATH


def refine(frame: Frame, test: ir.Expr, truth: bool) -> None:
    """Take over what is certain where a test came out this way."""
    for found in _certain(frame, test, truth):
        _apply(frame, found)
    if type(test) in _BY_SUMMARY:
        for origin, bits in _by_summary(frame, test, truth):
            frame.learn(origin, bits)
    empty = empty_where(test, truth)
    if empty is not None:
        _emptied(frame, empty)
    if truth and isinstance(test, ir.Compare) and test.op == "==":
        left, right = quietly(frame, test.left), quietly(frame, test.right)
        _equated(frame, test.left, left, right)
        _equated(frame, test.right, right, left)


def _emptied(frame: Frame, node: ir.Expr) -> None:
    """What is empty here does no harm, and nor does what it is where it came as it is."""
    for origin, flow in quietly(frame, node).flows.items():
        if flow.guarantees & g.EXACT:
            frame.learn(origin, g.EMPTY)


def keep_checked(frame: Frame, name: str, empty: Value | None) -> None:
    """At the end of a branch: a variable that is empty on the other one keeps what was made
    certain of it here, also where it is only derived from what was checked. ``empty`` is what it
    was where it is empty here."""
    value = frame.scope.variables.get(name)
    if isinstance(value, Value) and value.flows and not frame.ended:
        known = guaranteed(value, g.EMPTY) if value is empty else frame.known(value)
        frame.scope.variables[name] = known


def _equated(frame: Frame, node: ir.Expr, own: Value, value: Value) -> None:
    """A folder that equals the separator is the root from here on. What equals something else is
    as good as that: it is one of a fixed set as far as what it came from is concerned, and comes
    from where the other came from."""
    if not (isinstance(node, ir.Name) and node.id in frame.scope.variables):
        return
    if is_separator(value):
        frame.scope.variables[node.id] = value
    elif own.flows and is_given(value) and own.flows.keys().isdisjoint(value.flows):
        flows = {**guaranteed(own, g.CHOSEN | g.SAME).flows, **plain(value.flows, ~g.EXACT)}
        frame.scope.variables[node.id] = own.with_flows(flows)


def certain_if(frame: Frame, test: ir.Expr, truth: bool) -> dict[Origin, int]:
    """The same as facts about origins, for the summary of a function that returns a test."""
    facts: dict[Origin, int] = {}
    for found in _certain(frame, test, truth):
        asked = asked_about(found.node)
        value = NOTHING if asked is None else quietly(frame, asked)
        for origin, bits in of_origins(value, found.bits):
            facts[origin] = g.learned(facts.get(origin, 0), bits)
    for origin, bits in _by_summary(frame, test, truth):
        facts[origin] = g.learned(facts.get(origin, 0), bits)
    return facts


def _apply(frame: Frame, found: Certain) -> None:
    value = quietly(frame, found.node)
    asked = asked_about(found.node)
    if asked is not None:
        of = value if asked is found.node else quietly(frame, asked)
        certain(frame, of, found.bits)
    _put(frame, found.node, guaranteed(value, found.bits))


def _put(frame: Frame, node: ir.Expr, value: Value) -> None:
    if isinstance(node, ir.Name):
        if node.id in frame.scope.variables:
            frame.scope.variables[node.id] = value
    elif (
        isinstance(node, ir.Member)
        and isinstance(node.base, ir.Name)
        and node.base.id in frame.scope.variables
        and value.flows
    ):
        frame.engine.note_asked(frame, node.base, node.name, value)


def certain(frame: Frame, value: Value, bits: int) -> None:
    """Something is certain of a value, and so of its origins where that follows."""
    for origin, gained in of_origins(value, bits):
        frame.learn(origin, gained)
    if bits & g.PROGRAM_CHOSEN:
        # Of a list whose first word was compared, whichever of its words that is.
        for origin in {one: None for part in value.fields.values() for one in part.flows}:
            frame.learn(origin, g.PROGRAM_CHOSEN)


# ── tests ────────────────────────────────────────────────────────────────────────────────────────


def _certain(frame: Frame, test: ir.Expr, truth: bool) -> list[Certain]:
    kind = type(test)
    found = _TESTS.get(kind)
    certain_of = [] if found is None else list(found(frame, test, truth))
    if kind in TESTS_OF_ADDRESSES:
        certain_of.extend(of_addresses(frame, test, truth))
    return certain_of


def _negated(frame: Frame, test: ir.Unary, truth: bool) -> list[Certain]:
    if test.op == "~" and isinstance(test.value, ir.Call):  # of a place, -1 if there is none
        return list(_indexed(frame, test.value, truth)) if is_place(test.value) else []
    return _certain(frame, test.value, not truth) if test.op == "not" else []


def _difference(frame: Frame, test: ir.Binary, truth: bool) -> Iterator[Certain]:
    """``set(names) - ours`` that is empty."""
    if frame.python and test.op == "-" and not truth:
        yield from all_among(frame, test.left, test.right)


def _walrus(frame: Frame, test: ir.Assigned, truth: bool) -> list[Certain]:
    """``(found := test)``."""
    return [] if test.op is not None else _certain(frame, test.value, truth)


def _logical(frame: Frame, test: ir.Logical, truth: bool) -> list[Certain]:
    both = (test.op == "and") == truth
    left = _certain(frame, test.left, truth)
    right = _certain(frame, test.right, truth)
    if both:
        return [*left, *right, *leads_up_nowhere(frame, left, right)]
    narrowed = (one for one in left if one.bits & g.OUTSIDE and not truth)
    return [*either(test, left, right, truth), *narrowed]


def _waited(frame: Frame, test: ir.Await, truth: bool) -> list[Certain]:
    waiting, frame.waiting = frame.waiting, True
    found = _certain(frame, test.value, truth)
    frame.waiting = waiting
    return found


def _variable(frame: Frame, test: ir.Name, truth: bool) -> list[Certain]:
    """A variable that holds the outcome of a test."""
    held = frame.tests.get(test.id)
    return [] if held is None else _certain(frame, held.node, truth)


def _compared(frame: Frame, test: ir.Compare, truth: bool) -> Iterator[Certain]:
    op, asked = test.op, truth
    if op in ("!=", "not-in", "is-not"):
        op, truth = {"!=": "==", "not-in": "in", "is-not": "is"}[op], not truth
    if op in ("==", "is") and _is_nothing(test.right) and asked_for_nothing(frame, test.left):
        yield from _certain(frame, test.left, not truth)
    found = found_by(test, asked)
    if found is not None:
        yield from _indexed(frame, *found)
    elif op == "==":
        yield from _equal(frame, test, truth)
    elif op == "in":
        yield from contains(frame, test.left, test.right, truth)
    elif op in ("<", "<=", ">", ">="):
        yield from _bounded(test)


def _is_nothing(node: ir.Expr) -> bool:
    return isinstance(node, ir.Constant) and node.value is None


def _equal(frame: Frame, test: ir.Compare, truth: bool) -> Iterator[Certain]:
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(one, ir.Unary) and one.op == "typeof":
            name = quietly(frame, other).known_text
            if truth and name in ("number", "boolean", "bigint"):
                yield Certain(one.value, g.NUMBER)
            continue
        value = quietly(frame, one)
        against = quietly(frame, other)
        if not truth:
            yield from not_up(value, one, against)
            continue
        if value.flows and any(flow.guarantees & g.RELATIVE_OF for flow in value.flows.values()):
            yield Certain(one, g.CONTAINED)
        elif value.flows and not is_given(against):
            word = len(against.known_text or "") > 1
            yield Certain(one, g.CHOSEN | g.SAME | (g.PROGRAM_CHOSEN if word else 0))
            same = in_other_case(one)
            if same is not None:
                yield Certain(same, g.CHOSEN)
        elif value.flows:
            yield Certain(one, g.SAME)


def _indexed(frame: Frame, node: ir.Call, present: bool) -> Iterator[Certain]:
    if isinstance(node.callee, ir.Member) and node.args:
        yield from contains(frame, node.args[0], node.callee.base, present)


def _bounded(test: ir.Compare) -> Iterator[Certain]:
    for side in (test.left, test.right):
        if isinstance(side, ir.Member) and side.name in ("length", "size"):
            yield Certain(side.base, g.SIZE_LIMITED)
        elif (
            isinstance(side, ir.Call)
            and isinstance(side.callee, ir.Name)
            and side.callee.id == "len"
            and side.args
        ):
            yield Certain(side.args[0], g.SIZE_LIMITED)
        elif isinstance(side, ir.Name):
            yield Certain(side, g.SIZE_LIMITED)


def _called(frame: Frame, test: ir.Call, truth: bool) -> Iterator[Certain]:
    callee = test.callee
    if isinstance(callee, ir.Member):
        found = METHODS.get(callee.name)
        if found is not None:
            yield from found(frame, test, callee, truth)
            return
    named = callee.id if isinstance(callee, ir.Name) and test.args else ""
    if named in _BUILT_IN:
        yield from _of_built_in(frame, test, named, truth)
        return
    yield from _known_tests(frame, test, truth)
    yield from _by_function(frame, test, truth)


_BUILT_IN = frozenset(("bool", "Boolean", "isinstance", "any", "all", "next", "isNaN"))


def _of_built_in(frame: Frame, test: ir.Call, named: str, truth: bool) -> Iterator[Certain]:
    """What functions of the language themselves say of their first argument."""
    first = test.args[0]
    if named in ("bool", "Boolean"):
        yield from _certain(frame, first, truth)
    elif named == "isinstance" and truth and len(test.args) > 1:
        if isinstance(test.args[1], ir.Name) and test.args[1].id in ("int", "float", "bool"):
            yield Certain(first, g.NUMBER)
    elif named in ("any", "all") and isinstance(first, ir.Comprehension):
        yield from of_all(frame, first, truth, _certain, every=truth == (named == "all"))
    elif named == "next" and isinstance(first, ir.Comprehension) and gives_nothing(test.args[1:]):
        yield from of_first(frame, first, truth, _certain)
    elif named == "isNaN" and not truth:
        yield Certain(first, g.NUMBER)


def _known_tests(frame: Frame, test: ir.Call, truth: bool) -> Iterator[Certain]:
    for name in quietly(frame, test.callee).externals():
        for known in frame.knowledge.calls(name):
            for where, bits in known.tests if truth else known.refutes:
                node = operand_node(test, where)
                if node is not None:
                    yield Certain(node, as_far_as_normal(quietly(frame, node), bits))


def refine_operand(frame: Frame, node: ir.Node, where: Where, bits: int) -> None:
    """An operand that a call made certain by returning at all."""
    found = operand_node(node, where)
    if found is not None:
        _apply(frame, Certain(found, bits))


# ── tests that are functions of the target ───────────────────────────────────────────────────────

_BY_SUMMARY = frozenset(
    (ir.Unary, ir.Logical, ir.Name, ir.Await, ir.Call, ir.Compare, ir.Index, ir.Assigned)
)
"""Kinds of tests that may come down to a call."""


def _by_summary(frame: Frame, test: ir.Expr, truth: bool) -> Iterator[tuple[Origin, int]]:
    """What a function's result says of its arguments."""
    if isinstance(test, ir.Unary) and test.op == "not":
        yield from _by_summary(frame, test.value, not truth)
    elif isinstance(test, ir.Logical) and (test.op == "and") == truth:
        yield from _by_summary(frame, test.left, truth)
        yield from _by_summary(frame, test.right, truth)
    elif isinstance(test, ir.Logical):
        for side, other in ((test.left, test.right), (test.right, test.left)):
            empty = empty_where(side, truth)
            if empty is not None:
                held = quietly(frame, empty).flows
                found = _by_summary(frame, other, truth)
                yield from (one for one in found if one[0] in held)
    elif isinstance(test, ir.Await):
        waiting, frame.waiting = frame.waiting, True
        waited = tuple(_by_summary(frame, test.value, truth))
        frame.waiting = waiting
        yield from waited
    else:
        by_kind = _SUMMARIES.get(type(test))
        yield from () if by_kind is None else by_kind(frame, test, truth)


_ARE = {"==": True, "is": True, "!=": False, "is-not": False}


def _by_variable(frame: Frame, test: ir.Name, truth: bool) -> Iterator[tuple[Origin, int]]:
    """A variable that holds the outcome of a test, or was set where one came out true."""
    if test.id in frame.tests:
        yield from _by_summary(frame, frame.tests[test.id].node, truth)
    elif truth:
        yield from certain_by_flag(frame, test.id).items()


def _by_comparison(frame: Frame, test: ir.Compare, truth: bool) -> Iterator[tuple[Origin, int]]:
    """``found is None``, where what is found is there exactly where a test held."""
    found = found_by(test, truth)
    if found is not None and found[1]:
        yield from by_any(frame, found[0], PLACE_IS)
        for asked in asked_of_one(frame, found[0], PLACE_IS):
            yield from certain_if(*asked, True).items()
    asks = test.op in _ARE and _is_nothing(test.right)
    if asks and asked_for_nothing(frame, test.left):
        yield from _by_summary(frame, test.left, truth != _ARE[test.op])


def _by_walrus(frame: Frame, test: ir.Assigned, truth: bool) -> Iterator[tuple[Origin, int]]:
    yield from () if test.op is not None else _by_summary(frame, test.value, truth)


def _by_index(frame: Frame, test: ir.Index, truth: bool) -> Iterator[tuple[Origin, int]]:
    yield from _by_element(frame, test) if truth else ()


def _by_element(frame: Frame, test: ir.Expr) -> Iterator[tuple[Origin, int]]:
    """What is certain where one of several things is as it was asked for."""
    yield from by_any(frame, test)
    for asked in asked_of_one(frame, test):
        yield from certain_if(*asked, True).items()


def _by_call(frame: Frame, test: ir.Call, truth: bool) -> Iterator[tuple[Origin, int]]:
    yield from _by_element(frame, test) if truth else ()
    called = _only_called(frame, test)
    asked = None if called is None else asked_of(frame, test, called)
    if asked is not None:
        yield from certain_if(*asked, truth).items()
    if called is not None and called.around and is_local(frame, test):
        yield from of_surroundings(frame, called, truth, test)
    for node, path, bits in _ensured(frame, test, truth, called):
        value = quietly(frame, node)
        for name in path:
            value = frame.engine.member(frame, value, name, test)
        yield from of_origins(value, bits)


def _by_function(frame: Frame, test: ir.Call, truth: bool) -> Iterator[Certain]:
    """``if valid(name)``: what holds of the variable itself, also where it is only derived from
    what was given."""
    for node, path, bits in _ensured(frame, test, truth, _only_called(frame, test)):
        if not path and isinstance(node, ir.Name) and bits & OF_TEXT:
            yield Certain(node, bits & OF_TEXT)


def _only_called(frame: Frame, test: ir.Call) -> Closure | None:
    """The function of the target that is called, if it is one. A promise is true whatever comes of
    it."""
    function = only_one(quietly(frame, test.callee))
    if function is None or not runs(frame, function, test):
        return None
    return None if is_beside(frame, function, test) else function


def _ensured(
    frame: Frame, test: ir.Call, truth: bool, closure: Closure | None
) -> Iterator[tuple[ir.Expr, tuple[str, ...], int]]:
    """Arguments, the way to a part of each, and what the function called makes certain of it."""
    if closure is None:
        return
    summary = frame.engine.summary(closure)
    shift = 1 if frame.python and closure.bound is not None else 0
    for param, bits in (summary.ensures_true if truth else summary.ensures_false).items():
        if param.function != closure.number or param.position < shift:
            continue
        node = argument_node(test, closure.function.params, param.position, shift)
        if node is not None:
            yield node, param.path, bits


_TESTS: dict[type, Callable[..., list[Certain] | Iterator[Certain]]] = {
    ir.Unary: _negated,
    ir.Logical: _logical,
    ir.Name: _variable,
    ir.Compare: _compared,
    ir.Call: _called,
    ir.Await: _waited,
    ir.Assigned: _walrus,
    ir.Binary: _difference,
}
_SUMMARIES: dict[type, Callable[..., Iterator[tuple[Origin, int]]]] = {
    ir.Name: _by_variable,
    ir.Call: _by_call,
    ir.Index: _by_index,
    ir.Compare: _by_comparison,
    ir.Assigned: _by_walrus,
}
