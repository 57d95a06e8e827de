"""Bodies evaluated: a function's into a summary, a module's into its exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.assignment import assign_pattern
from ostiary.analyze.dataflow.calls.chosen import of_handlers
from ostiary.analyze.dataflow.declared_types import annotated
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.expressions import evaluate
from ostiary.analyze.dataflow.frame import Exit, Frame, meet
from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.scope import Scope
from ostiary.analyze.dataflow.statements import execute, hoist
from ostiary.analyze.dataflow.summary import Settled, Summary
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Flow,
    Hole,
    Instance,
    ModuleRef,
    Origin,
    Param,
    Value,
)
from ostiary.analyze.ir import NamePattern, Parameter

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.engine import Body, Engine, LinkedModule


def evaluate_module(engine: Engine, linked: LinkedModule) -> None:
    """Run a module's own statements; what it declares is in its scope and exports afterwards."""
    module = linked.module
    frame = Frame(engine, module, linked.scope, 0, "")
    if not frame.python:
        own = Value(refs=(ModuleRef(module.path),))
        linked.scope.variables.setdefault("exports", own)
        linked.scope.variables.setdefault("module", Value(fields={"exports": own}))
    hoist(frame, module.body)
    execute(frame, module.body)
    linked.effects = tuple(frame.effects.values())


def evaluate_function(engine: Engine, body: Body, known: Settled) -> Summary:
    """What one function does, in terms of its parameters."""
    closure = body.closure
    function = closure.function
    scope = Scope(body.scope, closure.number)
    frame = Frame(engine, body.module, scope, closure.number, closure.name)
    frame.outer = function.outer
    frame.settled = dict(body.settled)
    for index, path, text in known:
        frame.settled[Param(closure.number, index, path)] = text
    if body.owner is not None:
        frame.owner = Instance(body.owner)
    _receiver(frame, body)
    defaults: dict[int, Value] = {}
    for index, parameter in enumerate(function.params):
        if parameter.default is not None:
            defaults[index] = evaluate(frame, parameter.default)
        value = _parameter(frame, body, index, parameter)
        assign_pattern(frame, parameter.pattern, value, declares=True)
    hoist(frame, function.body)
    execute(frame, function.body)
    return _summary(frame, body, defaults)


def _receiver(frame: Frame, body: Body) -> None:
    function = body.closure.function
    if frame.python or function.is_arrow:
        return
    if function.kind == "static" and body.owner is not None:
        frame.scope.variables["this"] = Value(refs=(body.owner,))
        return
    refs = () if body.owner is None else (Instance(body.owner),)
    origin = Param(body.closure.number, -1)
    frame.scope.variables["this"] = Value(flows={origin: Flow(g.EXACT)}, refs=refs)


def _parameter(frame: Frame, body: Body, index: int, parameter: Parameter) -> Value:
    origin = Param(body.closure.number, index)
    flows: Mapping[Origin, Flow] = {origin: Flow(g.EXACT)}
    if origin in frame.settled:
        return _settled(frame, origin)
    fields = _settled_fields(frame, origin)
    refs = annotated(frame, parameter.annotation) if parameter.kind == "plain" else ()
    if fields:
        refs = tuple(one for one in refs if isinstance(one, Instance))
    function = body.closure.function
    if frame.python and index == 0 and body.owner is not None:
        if function.kind == "class":
            return Value(refs=(body.owner,))
        if function.kind != "static":
            refs = (Instance(body.owner), *refs)
    return Value(flows=flows, refs=refs, text=(Hole((origin,)),), fields=fields)


def _settled(frame: Frame, origin: Param) -> Value:
    text = frame.settled[origin]
    return Value(flows={origin: Flow(g.EXACT)}, text=(text,), scalar=text, literal=True)


def _settled_fields(frame: Frame, origin: Param) -> dict[str, Value]:
    """Fields of a parameter on the way to one whose text is settled."""
    fields: dict[str, Value] = {}
    size = len(origin.path)
    for one in frame.settled:
        if not isinstance(one, Param) or one.position != origin.position:
            continue
        if one.path[:size] == origin.path and len(one.path) > size:
            inner = Param(origin.function, origin.position, one.path[: size + 1])
            fields[inner.path[-1]] = (
                _settled(frame, inner)
                if inner in frame.settled
                else Value(flows={inner: Flow(g.EXACT)}, fields=_settled_fields(frame, inner))
            )
    return fields


def _summary(frame: Frame, body: Body, defaults: Mapping[int, Value]) -> Summary:
    function = body.closure.function
    if not frame.ended:
        nothing: Mapping[Origin, int] = {}
        ending = Exit(NOTHING, dict(frame.facts), None, nothing)
        frame.exits.append(ending)
    returns = join(one.value for one in frame.exits)
    if frame.yields:
        element = join(frame.yields)
        returns = join((returns, Value(fields={"*": element})))
    unwritten = _is_unwritten(function)
    if unwritten:
        returns = Value(flows=_of_parameters(body))
    receiver = frame.lookup("this") if not frame.python else _self(frame, body)
    for effect in frame.effects.values():
        if not effect.chain and effect.kind is not EffectKind.KEEP:
            frame.engine.note_local(effect)
    return Summary(
        returns=returns,
        effects=tuple(frame.effects.values()),
        pending=tuple(frame.pending.values()),
        reads=frozenset(frame.reads),
        chooses=frozenset((*frame.chooses, *of_handlers(frame))),
        ensures=_params(_all(one.facts for one in _checking(frame))),
        ensures_true=_params(
            _all(
                {**one.facts, **_more(one.facts, one.when_true)}
                for one in _allowing(frame)
                if one.when_true is not None
            )
        ),
        ensures_false=_params(
            _all(
                {**one.facts, **_more(one.facts, one.when_false)}
                for one in frame.exits
                if one.when_false is not None
            )
        ),
        receiver=receiver,
        left=frame.left,
        defaults=defaults,
        never_returns=not frame.exits and not function.is_generator and not unwritten,
        unwritten=unwritten,
    )


def _allowing(frame: Frame) -> list[Exit]:
    """The ways that say something of the arguments; that a check is switched off says nothing."""
    telling = [one for one in frame.exits if not (one.off or (one.ours and one.value.literal))]
    return telling if any(one.facts or one.when_true for one in telling) else frame.exits


def _checking(frame: Frame) -> list[Exit]:
    """The same of a function that gives nothing back: it returns, or it throws."""
    telling = [one for one in frame.exits if not (one.off or (one.ours and _is_nothing(one.value)))]
    return telling if any(one.facts for one in telling) else frame.exits


def _is_nothing(value: Value) -> bool:
    return value.scalar is None and not (value.flows or value.refs or value.fields or value.text)


def _is_unwritten(function: ir.FunctionDef) -> bool:
    """A method that others are to write: ``raise NotImplementedError``."""
    last = function.body[-1] if function.body else None
    if not isinstance(last, ir.Throw) or len(function.body) > 2:
        return False
    raised = last.value.callee if isinstance(last.value, ir.Call) else last.value
    return isinstance(raised, ir.Name) and raised.id == "NotImplementedError"


def _of_parameters(body: Body) -> Mapping[Origin, Flow]:
    """What somebody else's code may hand back: whatever it was given."""
    return {
        Param(body.closure.number, index): Flow()
        for index in range(len(body.closure.function.params))
    }


def _self(frame: Frame, body: Body) -> Value | None:
    params = body.closure.function.params
    if body.owner is None or not params or not isinstance(params[0].pattern, NamePattern):
        return None
    return frame.lookup(params[0].pattern.id)


def _more(facts: Mapping[Origin, int], added: Mapping[Origin, int]) -> dict[Origin, int]:
    return {origin: bits | facts.get(origin, 0) for origin, bits in added.items()}


def _all(many: Iterable[Mapping[Origin, int]]) -> dict[Origin, int]:
    result: dict[Origin, int] | None = None
    for facts in many:
        result = dict(facts) if result is None else meet(result, facts)
    return result or {}


def _params(facts: Mapping[Origin, int]) -> dict[Param, int]:
    return {origin: bits for origin, bits in facts.items() if isinstance(origin, Param)}
