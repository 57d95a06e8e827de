"""Statements executed, with what each branch makes certain. One function a kind of node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.aliases import note_element
from ostiary.analyze.dataflow.assigning import assign
from ostiary.analyze.dataflow.assignment import assign_pattern
from ostiary.analyze.dataflow.calls.chosen import note_compared
from ostiary.analyze.dataflow.calls.leaving import leaves
from ostiary.analyze.dataflow.calls.running import carry_out
from ostiary.analyze.dataflow.calls.special_methods import entered, left
from ostiary.analyze.dataflow.checks.by_default import SWITCHED, by_default
from ostiary.analyze.dataflow.checks.conditions import certain_if, keep_checked, refine
from ostiary.analyze.dataflow.checks.each import gone_through, of_each, refused_by
from ostiary.analyze.dataflow.checks.either import empty_where
from ostiary.analyze.dataflow.checks.flags import bound, declared
from ostiary.analyze.dataflow.checks.held import forget
from ostiary.analyze.dataflow.checks.path_checks import is_followed
from ostiary.analyze.dataflow.checks.swallowing import swallows
from ostiary.analyze.dataflow.checks.unwaited import done
from ostiary.analyze.dataflow.checks.ways_to_ask import orders
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.elements import element, rows
from ostiary.analyze.dataflow.expressions import evaluate, evaluate_test, quietly
from ostiary.analyze.dataflow.frame import Exit, Frame, State
from ostiary.analyze.dataflow.join import (
    guaranteed,
    join,
    whole_flows,
)
from ostiary.analyze.dataflow.link import bind_import, export
from ostiary.analyze.dataflow.meeting import at_any_place, branch, meet_again, take
from ostiary.analyze.dataflow.scope import Binding, Scope
from ostiary.analyze.dataflow.value import NOTHING, Flow, Origin, Param, SourceKind, Value

if TYPE_CHECKING:
    from ostiary.analyze.ir import Stmt

DEEPEST_LOOPS = 2
"""Loops nested deeper are gone through once."""
_CALLERS = (SourceKind.MODEL, SourceKind.REQUEST, SourceKind.REMOTE)


def hoist(frame: Frame, body: Iterable[Stmt]) -> None:
    """JavaScript's functions are there before the statements run."""
    if frame.python:
        return
    for statement in body:
        if isinstance(statement, ir.Define):
            _define(frame, statement)
        elif isinstance(statement, ir.Export) and statement.value is None:
            continue


def execute(frame: Frame, body: Iterable[Stmt]) -> None:
    """Statements in order, until the path ends."""
    for statement in body:
        if frame.ended:
            if isinstance(statement, ir.Define) and not frame.python:
                _define(frame, statement)
            continue
        if not frame.engine.spend():
            return
        _TABLE[type(statement)](frame, statement)


# ── branches ─────────────────────────────────────────────────────────────────────────────────────


def _if(frame: Frame, node: ir.If) -> None:
    test = evaluate_test(frame, node.test)
    if test.literal and isinstance(test.scalar, bool) and frame.settled:
        _block(frame, node.then if test.scalar else node.other)
        return
    start = take(frame)
    frame.conditions += 1

    ours = not _takes_part(frame, node.test)

    def then() -> None:
        refine(frame, node.test, True)
        frame.ours += ours
        _where(frame, node.test, True, node.then)
        frame.ours -= ours

    def other() -> None:
        refine(frame, node.test, False)
        _where(frame, node.test, False, node.other)

    exits = len(frame.exits)
    states = [branch(frame, start, then)]
    between = len(frame.exits)
    states.append(branch(frame, start, other))
    frame.conditions -= 1
    _switched(frame, node, states, (exits, between))
    meet_again(frame, states)


def _switched(frame: Frame, node: ir.If, states: list[State], exits: tuple[int, int]) -> None:
    """A branch that is only taken where the operator asks for it takes nothing from a check that
    is made otherwise."""
    then, other = states
    if exits[0] == len(frame.exits) and (
        then.facts == other.facts
        or not any(bits & SWITCHED for one in states for bits in one.facts.values())
    ):
        return
    truth = by_default(frame, node.test)
    if truth is None:
        return
    made, skipped = (then, other) if truth else (other, then)
    for origin, bits in made.facts.items():
        if bits & SWITCHED and not made.ended:
            skipped.facts[origin] = skipped.facts.get(origin, 0) | bits & SWITCHED
    last = exits[1], len(frame.exits)
    for place in range(*(last if truth else exits)):
        one = frame.exits[place]
        frame.exits[place] = replace(one, value=guaranteed(one.value, SWITCHED), off=True)
    for place in range(*(exits if truth else last)):
        frame.exits[place] = replace(frame.exits[place], ours=frame.ours > 0)


def _where(frame: Frame, test: ir.Expr, truth: bool, body: tuple[Stmt, ...]) -> None:
    """A branch, where the variable that was asked for is there, or is empty."""
    there, empty = empty_where(test, not truth), empty_where(test, truth)
    asked = there if empty is None else empty
    name = asked.id if isinstance(asked, ir.Name) else ""
    before = None if empty is None else frame.scope.variables.get(name)
    if empty is None and not isinstance(test, ir.Compare):
        frame.there.add(name)
    _block(frame, body)
    frame.there.discard(name)
    keep_checked(frame, name, before if isinstance(before, Value) else None)


def _takes_part(frame: Frame, node: object) -> bool:
    """Whether an argument of the function has a part in a condition."""
    if isinstance(node, ir.Name):
        value = frame.lookup(node.id)
        origins = () if value is None else whole_flows(value)
        return any(isinstance(one, Param) or one.kind in _CALLERS for one in origins)
    if isinstance(node, ir.Member):
        return _takes_part(frame, node.base)
    if isinstance(node, ir.Unary):
        return _takes_part(frame, node.value)
    if isinstance(node, ir.Compare | ir.Logical):
        return _takes_part(frame, node.left) or _takes_part(frame, node.right)
    if isinstance(node, ir.Call):
        return any(_takes_part(frame, one) for one in (node.callee, *node.args))
    return not isinstance(node, ir.Constant)


def _block(frame: Frame, body: tuple[Stmt, ...]) -> None:
    """A body of its own: what it declares does not hide what was there before."""
    if frame.python:
        execute(frame, body)
        return
    hidden = _hidden(frame, (name for one in body for name in declared(one)))
    before = len(frame.breaks), len(frame.continues)
    hoist(frame, body)
    execute(frame, body)
    if hidden:
        _uncover(frame, hidden)
        for one in (*frame.breaks[before[0] :], *frame.continues[before[1] :]):
            one.variables.update(hidden)


def _hidden(frame: Frame, names: Iterable[str]) -> dict[str, Binding]:
    """What variables hold that others of the same name are about to hide."""
    variables = frame.scope.variables
    return {name: variables[name] for name in names if name in variables}


def _uncover(frame: Frame, hidden: Mapping[str, Binding]) -> None:
    frame.scope.variables.update(hidden)
    for name in hidden:  # tests of those that hid them
        frame.tests.pop(name, None)
        forget(frame, name)


def _switch(frame: Frame, node: ir.Switch) -> None:
    subject = evaluate(frame, node.subject)
    chosen = _chosen(frame, node, subject)
    outer, frame.breaks = frame.breaks, []
    if node.label:
        frame.labels[node.label] = frame.breaks
    if chosen is not None:
        _block(frame, chosen)
        if frame.ended and not _returns(frame, chosen):
            frame.ended = False
        frame.breaks = outer
        return
    start = take(frame)
    frame.conditions += 1
    states = []
    for tests, body in node.cases:

        def run(tests: tuple[ir.Expr, ...] = tests, body: tuple[Stmt, ...] = body) -> None:
            for test in tests:
                evaluate(frame, test)
            if tests and all(isinstance(test, ir.Constant) for test in tests):
                compared = ir.Compare(node.line, node.column, "==", node.subject, tests[0])
                refine(frame, compared, True)
            _block(frame, body)

        state = branch(frame, start, run)
        state.ended = state.ended and _returns(frame, body)
        states.append(state)
    if all(tests for tests, _ in node.cases):
        states.append(start)
    frame.conditions -= 1
    meet_again(frame, [*states, *_jumped(frame.breaks)])
    frame.breaks = outer


def _jumped(states: list[State]) -> list[State]:
    """States that jumps left behind, as those of the place they lead to."""
    for one in states:
        one.ended = False
    return states


def _chosen(frame: Frame, node: ir.Switch, subject: Value) -> tuple[Stmt, ...] | None:
    """The one case that runs, where a dispatcher's name is settled."""
    text = subject.known_text
    if text is None or not any(origin in frame.settled for origin in subject.flows):
        for test in (one for tests, _ in node.cases for one in tests):
            if isinstance(test, ir.Constant):
                note_compared(frame, subject, quietly(frame, test))
        return None
    default: tuple[Stmt, ...] = ()
    for tests, body in node.cases:
        if not tests:
            default = body
        for test in tests:
            known = quietly(frame, test).known_text
            if known is None:
                return None
            if known == text:
                return body
    return default


def _returns(frame: Frame, body: tuple[Stmt, ...]) -> bool:
    """Whether a case leaves the function, and not just the switch."""
    del frame
    last = body[-1] if body else None
    if isinstance(last, ir.Block):
        return _returns_last(last.body)
    return _returns_last(body)


def _returns_last(body: tuple[Stmt, ...]) -> bool:
    return any(isinstance(one, ir.Return | ir.Throw) for one in body)


def _loop(frame: Frame, node: ir.Loop) -> None:
    if frame.python and node.target is not None:
        carry_out(frame, node.over)
    over = NOTHING if node.over is None else evaluate(frame, node.over)
    known = rows(over) if node.target is not None and not node.keys and not frame.loops else ()
    if known:
        broken = _each_row(frame, node, known)
        _went_through(frame, node, [take(frame)], [_going_on(frame)] if broken else [])
        return
    start = take(frame)
    frame.conditions += 1
    frame.loops += 1
    frame.over.append(over.flows)
    passes = 2 if frame.loops <= DEEPEST_LOOPS else 1
    states = [start]
    jumps = frame.breaks, frame.continues
    frame.breaks = []
    for _ in range(passes):
        meet_again(frame, states)
        frame.continues = []
        _pass(frame, node, over)
        state = take(frame)
        if not state.ended:
            skipped = [one.facts for one in frame.continues]
            held = of_each(node.body, gone_through(over), start.facts, state.facts, skipped)
            for one in (start, state, *frame.continues):
                one.facts = {**one.facts, **held}
        state.ended = False
        states = [start, state, *_jumped(frame.continues)]
    frame.over.pop()
    frame.loops -= 1
    frame.conditions -= 1
    left, (frame.breaks, frame.continues) = _jumped(frame.breaks), jumps
    _went_through(frame, node, states, left)


def _over(node: ir.Loop) -> ir.Expr | None:
    """What does not hold once a loop went to its end: the test of ``while``."""
    test = node.over if node.target is None else None
    return None if test is None or orders(test) else test


def _went_through(frame: Frame, node: ir.Loop, states: list[State], left: list[State]) -> None:
    """What a loop does at its end; where it was left before, it does not."""
    test = _over(node)
    if test is not None:
        meet_again(frame, states)
        refine(frame, test, False)
        states = [take(frame)]
    if node.other:
        meet_again(frame, states)
        frame.conditions += bool(left)
        execute(frame, node.other)
        frame.conditions -= bool(left)
        states = [take(frame)]
    meet_again(frame, [*states, *left])


def _going_on(frame: Frame) -> State:
    state = take(frame)
    state.ended = False
    return state


def _each_row(frame: Frame, node: ir.Loop, known: tuple[Value, ...]) -> bool:
    """A loop over objects that are known one by one: each has variables of its own, so that a
    function made in the loop keeps the object it was made for. Whether it may be left early."""
    outer = frame.scope
    facts, tests = dict(frame.facts), dict(frame.tests)
    frame.conditions += 1
    frame.loops += 1
    frame.rows += 1
    jumps = frame.breaks, frame.continues
    broken = False
    for row in known:
        frame.scope = Scope(outer, outer.number)
        frame.breaks, frame.continues = [], []
        exits = len(frame.exits)
        if node.target is not None:
            assign_pattern(frame, node.target, frame.read(row), declares=True)
        _block(frame, node.body)
        inner, frame.scope = frame.scope, outer
        left = (*frame.breaks, *frame.continues)
        broken = broken or bool(frame.breaks)
        if not frame.ended:
            facts = refused_by(node, facts, frame.facts)
        frame.facts, frame.tests = dict(facts), dict(tests)
        for variables in (inner.variables, *(one.variables for one in left)):
            _keep(frame, variables)
        if frame.ended and len(frame.exits) > exits:
            break
        frame.ended = False
    frame.rows -= 1
    frame.breaks, frame.continues = jumps
    frame.loops -= 1
    frame.conditions -= 1
    return broken


def _keep(frame: Frame, variables: Mapping[str, Binding]) -> None:
    """Variables of a loop's body that are there after the loop: all of Python's."""
    if not frame.python:
        return
    for name, value in variables.items():
        before = frame.scope.variables.get(name)
        both = [one for one in (before, value) if isinstance(one, Value)]
        frame.scope.variables[name] = join(both)


def _pass(frame: Frame, node: ir.Loop, over: Value) -> None:
    if node.target is not None:
        value = Value(flows=over.flows) if node.keys else frame.read(element(over))
        assign_pattern(frame, node.target, value, declares=True)
        if isinstance(node.target, ir.NamePattern) and not node.keys:
            frame.among[node.target.id] = over
            note_element(frame, node.target.id, node.over)
    elif node.over is not None:
        refine(frame, node.over, True)
    _block(frame, node.body)


def _try(frame: Frame, node: ir.Try) -> None:
    start = take(frame)
    frame.tries += 1
    _block(frame, node.body)
    frame.tries -= 1
    tried = take(frame)
    if not tried.ended:
        _block(frame, node.other)
        tried = take(frame)
    half = State(at_any_place(start.variables, tried.variables), start.facts, {}, False)
    states = [tried]
    for _, pattern, body in node.handlers:

        def run(pattern: ir.Pattern | None = pattern, body: tuple[Stmt, ...] = body) -> None:
            names = () if pattern is None or frame.python else bound(pattern)
            hidden = _hidden(frame, names)
            if pattern is not None:
                assign_pattern(frame, pattern, frame.engine.caught_error(), declares=True)
            _block(frame, body)
            _uncover(frame, hidden)

        frame.conditions += 1
        states.append(branch(frame, half, run))
        frame.conditions -= 1
    meet_again(frame, states)
    if node.final:
        _at_last(frame, node.final, half)


def _at_last(frame: Frame, final: tuple[Stmt, ...], half: State) -> None:
    """What is done whatever happened before: also where that ended half-way."""
    ended, before = frame.ended, take(frame)
    before.ended = half.ended = False
    meet_again(frame, [before, half])
    met, facts = dict(frame.scope.variables), dict(frame.facts)
    _block(frame, final)
    gained = {one: bits for one, bits in frame.facts.items() if bits != facts.get(one)}
    frame.facts = dict(before.facts)
    for origin, bits in gained.items():
        frame.learn(origin, bits)
    variables = frame.scope.variables
    anew = {name for name in variables if variables[name] is not met.get(name)}
    variables.update((name, one) for name, one in before.variables.items() if name not in anew)
    parts = any(isinstance(one, ir.Assign) for one in final)
    for name, test in before.tests.items():
        if not parts and name not in anew and anew.isdisjoint(test.names):
            frame.tests[name] = test
    frame.ended = frame.ended or ended


def _with(frame: Frame, node: ir.With) -> None:
    opened = []
    for value_node, pattern in node.items:
        value = evaluate(frame, value_node)
        opened.append(value)
        inside = entered(frame, value, value_node) if value.refs else value
        if pattern is not None:
            assign_pattern(frame, pattern, inside, declares=True)
    if swallows(frame, node, opened):
        _try(frame, ir.Try(node.line, node.column, node.body, (("", None, ()),)))
    else:
        execute(frame, node.body)
    for value in opened:
        if value.refs:
            left(frame, value, node)


# ── the plain ones ───────────────────────────────────────────────────────────────────────────────


def _do(frame: Frame, node: ir.Do) -> None:
    done(frame, node.value)
    if isinstance(node.value, ir.Logical) and leaves(frame, node.value.right):
        refine(frame, node.value.left, node.value.op == "or")
    elif leaves(frame, node.value):
        frame.ended = True


def _return(frame: Frame, node: ir.Return) -> None:
    """Who called waits for a promise that is given back."""
    waiting, frame.waiting = frame.waiting, True
    _left(frame, node)
    frame.waiting = waiting


def _left(frame: Frame, node: ir.Return) -> None:
    value = NOTHING if node.value is None else evaluate(frame, node.value)
    there = isinstance(node.value, ir.Name) and node.value.id in frame.there
    truth = False if node.value is None else there or _truth(value)
    facts = dict(frame.facts)
    when_true: dict[Origin, int] | None = {}
    when_false: dict[Origin, int] | None = {}
    if truth is False:
        when_true = None
    elif truth:
        when_false = None
    elif node.value is not None:
        when_true = certain_if(frame, node.value, True)
        when_false = certain_if(frame, node.value, False)
    if any(map(_is_other_form, value.flows.values())):
        frame.record(EffectKind.CALL, "return", {"path": value}, node, ("other form",))
    frame.exits.append(Exit(value, facts, when_true, when_false, frame.ours > 0))
    frame.ended = True


def _truth(value: Value) -> bool | None:
    """Whether a value is true, as far as is known: a message is, where some of it is known."""
    if value.literal and isinstance(value.scalar, bool | int | type(None)):
        return bool(value.scalar)
    return True if any(isinstance(one, str) and one for one in value.text) else None


def _is_other_form(flow: Flow) -> bool:
    """Whether a path was checked with its links followed, and this one still has them."""
    held = flow.guarantees
    other = held & g.REAL_CHECKED and held & g.NORMAL_PATH and not held & g.REAL_PATH
    return bool(other) and not is_followed(flow)


def _throw(frame: Frame, node: ir.Throw) -> None:
    if node.value is not None:
        evaluate(frame, node.value)
    frame.ended = True


def _jump(frame: Frame, node: ir.Jump) -> None:
    if node.label in frame.labels:
        frame.labels[node.label].append(take(frame))
    elif frame.loops or node.kind == "break":
        (frame.breaks if node.kind == "break" else frame.continues).append(take(frame))
    frame.ended = True


def _nested(frame: Frame, node: ir.Block) -> None:
    _block(frame, node.body)


def _define(frame: Frame, node: ir.Define) -> None:
    function = node.function
    closure = frame.engine.closure(function, frame, function.name)
    value = Value(refs=(closure,), place=frame.place(node))
    frame.engine.decorate(frame, function, value)
    frame.scope.variables[function.name] = value


def _define_class(frame: Frame, node: ir.DefineClass) -> None:
    value = frame.engine.evaluate_class(frame, node.definition)
    frame.scope.variables[node.definition.name] = value


def _import(frame: Frame, node: ir.Import) -> None:
    bind_import(frame, node)


def _export(frame: Frame, node: ir.Export) -> None:
    export(frame, node)


def _delete(frame: Frame, node: ir.Delete) -> None:
    for value in node.values:
        quietly(frame, value)


_TABLE: dict[type, Callable[..., None]] = {
    ir.Assign: assign,
    ir.Do: _do,
    ir.Return: _return,
    ir.Throw: _throw,
    ir.If: _if,
    ir.Loop: _loop,
    ir.Switch: _switch,
    ir.Try: _try,
    ir.With: _with,
    ir.Jump: _jump,
    ir.Block: _nested,
    ir.Define: _define,
    ir.DefineClass: _define_class,
    ir.Import: _import,
    ir.Export: _export,
    ir.Delete: _delete,
}
