"""Expressions evaluated. One function a kind of node, in a table at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.chosen import key_name, note_choice, note_compared
from ostiary.analyze.dataflow.calls.running import carry_out
from ostiary.analyze.dataflow.calls.special_methods import by_key
from ostiary.analyze.dataflow.checks.each import gone_through, of_each
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.elements import element, item, loosely, rows
from ostiary.analyze.dataflow.join import (
    alternatives,
    concatenated,
    guaranteed,
    join,
    limited,
    plain,
    stepped,
    whole,
    whole_flows,
)
from ostiary.analyze.dataflow.meeting import at_any_place
from ostiary.analyze.dataflow.members import read_member
from ostiary.analyze.dataflow.scope import Binding, Scope
from ostiary.analyze.dataflow.value import NOTHING, External, Flow, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_MOST_NAMES = 60


def evaluate(frame: Frame, node: ir.Expr) -> Value:
    """The value of an expression, used: its effects are recorded."""
    value = quietly(frame, node)
    return frame.read(value) if value.flows else value


def quietly(frame: Frame, node: ir.Expr) -> Value:
    """The value of an expression that is only looked into: reading it is noted by who uses it."""
    if not frame.engine.spend():
        return NOTHING
    handler = _TABLE.get(type(node))
    return NOTHING if handler is None else handler(frame, node)


def evaluate_test(frame: Frame, node: ir.Expr) -> Value:
    """The value of a condition: of a bare variable it is only asked whether it is there."""
    if isinstance(node, ir.Name | ir.Member):
        return frame.ask(quietly(frame, node))
    return evaluate(frame, node)


# ── the kinds ────────────────────────────────────────────────────────────────────────────────────


def _name(frame: Frame, node: ir.Name) -> Value:
    value = frame.lookup(node.id)
    if value is None:
        value = read_global(frame, node)
    return frame.known(value)


def read_global(frame: Frame, node: ir.Name) -> Value:
    """A name that nothing in the target binds: one of the language's own."""
    if node.id in ("undefined", "NaN", "Infinity"):
        return NOTHING
    known = frame.knowledge.canonical(node.id)
    own = Value(refs=(External(known),))
    put_over = frame.engine.put_over.get(known)
    return own if put_over is None else join((own, put_over))


def _constant(frame: Frame, node: ir.Constant) -> Value:
    known = frame.engine.constants.get(node)
    if known is None:
        value = node.value
        text = (value,) if isinstance(value, str) else ()
        known = Value(text=text, scalar=value, literal=True, place=frame.place(node))
        frame.engine.constants[node] = known
    return known


def _regex(_frame: Frame, node: ir.Regex) -> Value:
    return Value(
        refs=(External("RegExp()"),),
        fields={
            "source": Value(text=(node.pattern,), scalar=node.pattern, literal=True),
            "flags": Value(text=(node.flags,), scalar=node.flags, literal=True),
        },
    )


def _member(frame: Frame, node: ir.Member) -> Value:
    base = quietly(frame, node.base)
    value = frame.known(read_member(frame, base, node.name, node))
    if not base.fields and not base.refs and base.flows and value is NOTHING:
        return Value(flows=plain(base.flows, g.SAFE))
    return value


def _index(frame: Frame, node: ir.Index) -> Value:
    base = quietly(frame, node.base)
    if base.refs and frame.python:
        found = by_key(frame, base, node)
        if found is not NOTHING:
            return found
    return _part(frame, base, node)


def _part(frame: Frame, base: Value, node: ir.Index) -> Value:
    key = node.key
    if isinstance(key, ir.Constant) and isinstance(key.value, str):
        return frame.known(read_member(frame, base, key.value, node))
    if isinstance(key, ir.Constant) and isinstance(key.value, int):
        return frame.known(_numbered(base, key.value))
    value = evaluate(frame, key)
    text = value.known_text
    if text is not None:
        return frame.known(read_member(frame, base, text, node))
    frame.read(base)
    if isinstance(key, ir.Opaque):
        return replace(limited(base, ~(g.EXACT | g.BY_ENDS)), literal=False, scalar=None, text=())
    externals = [name for name in base.externals() if frame.knowledge.reads(f"{name}.*")]
    if externals:
        names = known_names(frame, key) or (key_name(frame, value),)
        return join(read_member(frame, base, name, node) for name in names)
    note_choice(frame, base, value)
    return frame.known(element(base))


def known_names(frame: Frame, key: ir.Expr) -> tuple[str, ...]:
    """Every text that a key may be: an element of a table, or of what a loop goes through."""
    if isinstance(key, ir.Index):
        table = quietly(frame, key.base)
    else:
        table = frame.among.get(key.id, NOTHING) if isinstance(key, ir.Name) else NOTHING
    names = [one.known_text for one in table.fields.values()]
    if table.flows or table.refs or len(names) > _MOST_NAMES:
        return ()
    return tuple(name for name in names if name is not None) if None not in names else ()


def _numbered(base: Value, index: int) -> Value:
    if index < 0:
        return element(base)
    return item(base, index)


def _template(frame: Frame, node: ir.Template) -> Value:
    value = concatenated(evaluate(frame, part) for part in node.parts)
    if not value.flows:
        return value
    return value.with_flows(stepped(value.flows, frame.place(node), "is put into a string"))


def _binary(frame: Frame, node: ir.Binary) -> Value:
    if node.op == "+":
        return _sum(frame, node)
    left, right = evaluate(frame, node.left), evaluate(frame, node.right)
    if node.op == "%" and frame.python:
        return _percent(left, right)
    if node.op == "/" and frame.python and any("Path" in name for name in left.externals()):
        return _path_joined(left, right)
    if node.op == "*" and frame.python:
        _repeated(frame, node, left, right)
    if node.op in ("|", "&") and (left.fields or right.fields):
        return join((left, right))
    made = Value(flows=whole_flows(join((left, right))))
    return (
        made if node.op == "*" and left.text else guaranteed(made, 0 if frame.python else g.NUMBER)
    )


def _repeated(frame: Frame, node: ir.Binary, left: Value, right: Value) -> None:
    """Text or a list many times over: memory by a number."""
    for written, one, times in ((node.left, left, right), (node.right, right, left)):
        many = isinstance(one.scalar, str | bytes) or isinstance(written, ir.Sequence)
        if many and (times.flows or times.literal):
            frame.record(EffectKind.ALLOCATE, "*", {"amount": times}, node, ("repeats",))


def _sum(frame: Frame, node: ir.Binary) -> Value:
    parts: list[ir.Expr] = []
    now: ir.Expr = node
    while isinstance(now, ir.Binary) and now.op == "+":
        parts.append(now.right)
        now = now.left
    parts.append(now)
    values = [evaluate(frame, part) for part in reversed(parts)]
    if frame.python and any(value.fields for value in values):
        return _rows_joined(values)
    value = concatenated(values)
    if not value.flows:
        return value
    return value.with_flows(stepped(value.flows, frame.place(node), "is joined to a string"))


def _rows_joined(values: list[Value]) -> Value:
    """``["git", "log"] + names``: the elements of one after those of the other."""
    if not all(all(map(str.isdigit, value.fields)) and not value.text for value in values):
        return join(values)
    fields: dict[str, Value] = {}
    index = 0
    for value in values:
        index = _spread_into(fields, index, value)
    return Value(fields=fields)


def _percent(left: Value, right: Value) -> Value:
    text = left.known_text
    if text is None:
        return Value(flows=plain(whole_flows(join((left, right))), g.JOINED))
    return formatted(text.split("%"), lambda index: item(right, index) if right.fields else right)


def formatted(pieces: list[str], value_at: Callable[[int], Value]) -> Value:
    """Literal pieces with a value between each two."""
    row: list[Value] = []
    for index, piece in enumerate(pieces):
        if index:
            row.append(whole(value_at(index - 1)))
        row.append(Value(text=(piece,), scalar=piece, literal=True))
    return concatenated(row)


def _path_joined(left: Value, right: Value) -> Value:
    slash = Value(text=("/",), scalar="/", literal=True)
    joined = concatenated((whole(left), slash, whole(right)))
    refs = tuple(External("pathlib.Path()") for name in left.externals() if "Path" in name)[:1]
    return joined.with_refs(refs)


def _logical(frame: Frame, node: ir.Logical) -> Value:
    if node.op != "and" and _is_empty(node.right):
        return _or_nothing(frame, node)
    from_left = evaluate(frame, node.left)
    saved = frame.conditions
    frame.conditions += 1
    if node.op in ("and", "or"):
        right = _where(frame, node.left, node.op == "and", node.right, evaluate)
    else:
        right = unless_given(frame, node.right)
    frame.conditions = saved
    if node.op == "and":
        return join((right, Value(flows=from_left.flows, refs=()))) if right.literal else right
    sure = not isinstance(node.left, ir.Logical)
    return _fallen_back(from_left, right, sure=sure)


def unless_given(frame: Frame, node: ir.Expr) -> Value:
    """The value of an expression that may not be evaluated: what it checks is not certain, nor
    what it sets."""
    before, facts, writes = dict(frame.scope.variables), frame.facts, frame.writes
    frame.facts = dict(facts)
    value = evaluate(frame, node)
    maybe_set(frame, before, writes)
    frame.facts = facts
    return value


def maybe_set(frame: Frame, before: dict[str, Binding], writes: int) -> None:
    """Variables that an expression sets keep what they held, if it may not be evaluated."""
    if frame.writes != writes:
        now = at_any_place(before, frame.scope.variables)
        frame.scope.variables.clear()
        frame.scope.variables.update(now)


def _where(
    frame: Frame,
    test: ir.Expr,
    truth: bool,
    node: ir.Expr,
    evaluated: Callable[[Frame, ir.Expr], Value],
) -> Value:
    """The value of an expression that is reached only where a test came out so. What the test says
    holds there, and nowhere after it."""
    variables, facts = frame.scope.variables, frame.facts
    before, frame.facts, writes = dict(variables), dict(facts), frame.writes
    frame.engine.refine(frame, test, truth)
    asked = [
        (name, variables[name], binding)
        for name, binding in before.items()
        if variables[name] is not binding
    ]
    value = evaluated(frame, node)
    for name, checked, binding in asked:
        if variables.get(name) is checked:
            variables[name] = binding
    maybe_set(frame, before, writes)
    frame.facts = facts
    return value


def _is_empty(node: ir.Expr) -> bool:
    """``{}`` or ``[]``."""
    return (isinstance(node, ir.Mapping) and not node.entries) or (
        isinstance(node, ir.Sequence) and not node.items
    )


def _or_nothing(frame: Frame, node: ir.Logical) -> Value:
    """``given ?? {}``: what was given, of which others may still read a part only."""
    value = quietly(frame, node.left)
    return value if value.flows else alternatives((value, quietly(frame, node.right)))


def _fallen_back(from_left: Value, right: Value, *, sure: bool) -> Value:
    """``a or b``. What was found to lie below a folder is there, if that is all of ``a``. Where
    links cannot be followed, nothing lies there yet, and the path itself in the place of what they
    lead to is no less known."""
    below = (flow.guarantees & (g.CONTAINED | g.BELOW) for flow in from_left.flows.values())
    if sure and from_left.flows and all(below):
        return from_left
    made = alternatives(
        (
            replace(from_left, literal=False, scalar=None)
            if from_left.literal and not isinstance(from_left.scalar, str)
            else from_left,
            right,
        )
    )
    real = {
        origin: Flow(flow.guarantees | g.REAL_PATH, flow.steps)
        for origin, flow in made.flows.items()
        if (known := from_left.flows.get(origin)) is not None
        and known.guarantees & g.REAL_PATH
        and flow.guarantees & g.NORMAL_PATH
    }
    return made.with_flows({**made.flows, **real}) if real else made


def _compare(frame: Frame, node: ir.Compare) -> Value:
    nothing = isinstance(node.right, ir.Constant) and node.right.value is None
    left = evaluate_test(frame, node.left) if nothing else evaluate(frame, node.left)
    right = evaluate(frame, node.right)
    decided = _decided(frame, node.op, left, right)
    if decided is not None:
        return Value(scalar=decided, literal=True)
    if node.op == "==":
        note_compared(frame, left, right)
    return Value(adds=g.NUMBER)


def _decided(frame: Frame, op: str, left: Value, right: Value) -> bool | None:
    """Whether a comparison is settled: only for the name that a dispatcher is evaluated with."""
    if not frame.settled:
        return None
    if not any(origin in frame.settled for one in (left, right) for origin in one.flows):
        return None
    text, other = left.known_text, right.known_text
    if text is None:
        return None
    if op in ("==", "!=", "is", "is-not"):
        return None if other is None else (text == other) == (op in ("==", "is"))
    names = _names_in(right) if op in ("in", "not-in") else None
    return None if names is None else (text in names) == (op == "in")


def _names_in(value: Value) -> set[str] | None:
    """What a literal list or mapping holds as names; ``None`` if that is not wholly known."""
    if not value.fields or "*" in value.fields or value.flows:
        return None
    if not all(name.isdigit() for name in value.fields):
        return set(value.fields)
    texts = [part.known_text for part in value.fields.values()]
    return None if None in texts else {text for text in texts if text is not None}


def _unary(frame: Frame, node: ir.Unary) -> Value:
    value = evaluate_test(frame, node.value) if node.op == "not" else evaluate(frame, node.value)
    if node.op == "not" and value.literal and isinstance(value.scalar, bool):
        return Value(scalar=not value.scalar, literal=True)
    if node.op == "-" and value.literal and isinstance(value.scalar, int | float):
        return Value(scalar=-value.scalar, literal=True)
    return Value(adds=g.NUMBER)


def _conditional(frame: Frame, node: ir.Conditional) -> Value:
    evaluate_test(frame, node.test)
    whole = quietly if _is_empty(node.other) else evaluate
    frame.conditions += 1
    then = _where(frame, node.test, True, node.then, whole)
    other = _where(frame, node.test, False, node.other, whole)
    frame.conditions -= 1
    return alternatives((then, other))


def _sequence(frame: Frame, node: ir.Sequence) -> Value:
    fields: dict[str, Value] = {}
    index = 0
    for one in node.items:
        if isinstance(one, ir.Spread):
            index = _spread_into(fields, index, evaluate(frame, one.value))
            continue
        value = evaluate(frame, one)
        if index < 0:
            fields["*"] = join((fields["*"], value)) if "*" in fields else value
            fields[f"last{len(fields)}"] = value
        else:
            fields[str(index)] = value
            index += 1
    return Value(fields=fields, place=frame.place(node))


def _spread_into(fields: dict[str, Value], index: int, value: Value) -> int:
    """Elements of a spread value in a row; -1 once positions are no longer known."""
    whole_row = value.fields and not value.flows and all(name.isdigit() for name in value.fields)
    if index >= 0 and whole_row:
        for part in value.fields.values():
            fields[str(index)] = part
            index += 1
        return index
    part = element(value)
    fields["*"] = join((fields["*"], part)) if "*" in fields else part
    return -1


def _mapping(frame: Frame, node: ir.Mapping) -> Value:
    fields: dict[str, Value] = {}
    spreads: list[Value] = []
    for key, item_node in node.entries:
        value = evaluate(frame, item_node)
        if key is None:
            for name, part in value.fields.items():
                fields[name] = part
            spreads.append(replace(value, fields={}, literal=False, text=()))
            continue
        label = _key_text(frame, key)
        if label is None:
            fields["*"] = join((fields["*"], value)) if "*" in fields else value
        else:
            fields[label] = value
    own = Value(fields=fields, place=frame.place(node))
    return join((own, *spreads)) if spreads else own


def _key_text(frame: Frame, key: ir.Expr) -> str | None:
    if isinstance(key, ir.Constant):
        return str(key.value)
    return evaluate(frame, key).known_text


def _lambda(frame: Frame, node: ir.Lambda) -> Value:
    closure = frame.engine.closure(node.function, frame, node.function.name)
    return Value(refs=(closure,), place=frame.place(node))


def _class(frame: Frame, node: ir.ClassExpr) -> Value:
    return frame.engine.evaluate_class(frame, node.definition)


def _await(frame: Frame, node: ir.Await) -> Value:
    if frame.python:
        carry_out(frame, node.value)
        return quietly(frame, node.value)
    waiting, frame.waiting = frame.waiting, True
    value = quietly(frame, node.value)
    held = frame.tests.get(node.value.id) if isinstance(node.value, ir.Name) else None
    if held is not None:  # what was called before has ended from here on
        quietly(frame, held.node)
    frame.waiting = waiting
    return value


def _yield(frame: Frame, node: ir.Yield) -> Value:
    if node.value is not None:
        frame.yields.append(evaluate(frame, node.value))
    return NOTHING


def _spread(frame: Frame, node: ir.Spread) -> Value:
    return evaluate(frame, node.value)


def _assigned(frame: Frame, node: ir.Assigned) -> Value:
    return frame.engine.assigned(frame, node)


def _comprehension(frame: Frame, node: ir.Comprehension) -> Value:
    known = rows(evaluate(frame, node.clauses[0][1])) if len(node.clauses) == 1 else ()
    if known and node.key is None:
        return _each_row(frame, node, known)
    frame.conditions += 1
    frame.loops += 1
    facts = dict(frame.facts)
    unchecked: dict[str, Binding] = {}
    values = NOTHING
    for target, over, tests in node.clauses:
        values = evaluate(frame, over)
        frame.engine.assign(frame, target, frame.known(element(values)), declares=True)
        if isinstance(target, ir.NamePattern):
            frame.among[target.id] = values
        for test in tests:
            evaluate(frame, test)
            unchecked.update({**frame.scope.variables, **unchecked})
            frame.engine.refine(frame, test, True)
    value = evaluate(frame, node.element)
    if node.key is not None:
        evaluate(frame, node.key)
    if not (node.lazy or unchecked or len(node.clauses) > 1):
        facts = {**facts, **of_each((), gone_through(values), facts, frame.facts)}
    frame.facts = facts
    frame.scope.variables.update(unchecked)
    frame.loops -= 1
    frame.conditions -= 1
    return Value(fields={"*": value})


def _each_row(frame: Frame, node: ir.Comprehension, known: tuple[Value, ...]) -> Value:
    """A comprehension over objects that are known one by one."""
    target, _, tests = node.clauses[0]
    outer, facts = frame.scope, dict(frame.facts)
    frame.conditions += 1
    frame.loops += 1
    made: list[Value] = []
    for row in known:
        frame.scope = Scope(outer, outer.number)
        frame.engine.assign(frame, target, row, declares=True)
        settled = [evaluate(frame, test) for test in tests]
        for test in tests:
            frame.engine.refine(frame, test, True)
        if not any(one.literal and one.scalar is False for one in settled):
            made.append(evaluate(frame, node.element))
        frame.scope, frame.facts = outer, dict(facts)
    frame.loops -= 1
    frame.conditions -= 1
    if tests:
        return loosely(made)
    return Value(fields={str(place): one for place, one in enumerate(made)})


def _opaque(frame: Frame, node: ir.Opaque) -> Value:
    values = [evaluate(frame, part) for part in node.parts]
    if not values:
        return NOTHING
    return join((values[-1], *(Value(flows=whole_flows(one)) for one in values[:-1])))


def _tagged(frame: Frame, node: ir.Tagged) -> Value:
    return frame.engine.call_tagged(frame, node)


def _call(frame: Frame, node: ir.Call) -> Value:
    return frame.engine.call(frame, node)


_TABLE: dict[type, Callable[..., Value]] = {
    ir.Name: _name,
    ir.Constant: _constant,
    ir.Regex: _regex,
    ir.Member: _member,
    ir.Index: _index,
    ir.Spread: _spread,
    ir.Call: _call,
    ir.Template: _template,
    ir.Tagged: _tagged,
    ir.Binary: _binary,
    ir.Logical: _logical,
    ir.Compare: _compare,
    ir.Unary: _unary,
    ir.Conditional: _conditional,
    ir.Sequence: _sequence,
    ir.Mapping: _mapping,
    ir.Lambda: _lambda,
    ir.ClassExpr: _class,
    ir.Await: _await,
    ir.Yield: _yield,
    ir.Assigned: _assigned,
    ir.Comprehension: _comprehension,
    ir.Opaque: _opaque,
}
