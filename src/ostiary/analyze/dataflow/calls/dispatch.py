"""Calls: which code runs, with what, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.applied import apply
from ostiary.analyze.dataflow.calls.builtin_methods import METHODS, builtin_method
from ostiary.analyze.dataflow.calls.by_name import methods_named
from ostiary.analyze.dataflow.calls.constructing import construct, constructed
from ostiary.analyze.dataflow.calls.declaring import declares_tool
from ostiary.analyze.dataflow.calls.foreign import foreign_call, note_call
from ostiary.analyze.dataflow.calls.language import is_language_call
from ostiary.analyze.dataflow.calls.operands import Operands
from ostiary.analyze.dataflow.calls.running import note_run
from ostiary.analyze.dataflow.calls.waiting import (
    given_to,
    is_parameter,
)
from ostiary.analyze.dataflow.checks.whichever import each
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.elements import items_of
from ostiary.analyze.dataflow.expressions import evaluate, quietly
from ostiary.analyze.dataflow.join import concatenated, join, plain
from ostiary.analyze.dataflow.members import read_member
from ostiary.analyze.dataflow.summary import Pending
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Arguments,
    Class,
    Closure,
    External,
    Instance,
    ModuleRef,
    Ref,
    Value,
)

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_WHOLE = 4
"""Arguments of ``__import__`` from which on it gives the module itself."""


def call(frame: Frame, node: ir.Call) -> Value:
    """The value of a call expression."""
    special = _special(frame, node)
    if special is not None:
        return special
    if frame.python:
        note_run(frame, node)
    args = arguments(frame, node)
    callee = node.callee
    if isinstance(callee, ir.Member):
        return _method_call(frame, node, callee, args)
    return dispatch(frame, quietly(frame, callee), args, node)


def arguments(frame: Frame, node: ir.Call) -> Arguments:
    """Arguments evaluated; whether they are read depends on what is called."""
    positional: list[Value] = []
    more: list[Value] = []
    for one in node.args:
        if isinstance(one, ir.Spread):
            value = evaluate(frame, one.value)
            row = value.fields and not value.flows and all(name.isdigit() for name in value.fields)
            if row and not more:
                positional.extend(value.fields.values())
            else:
                more.append(value)
        elif more:
            more.append(Value(fields={"*": evaluate(frame, one)}))
        else:
            positional.append(quietly(frame, one))
    keywords: dict[str, Value] = {}
    extra: list[Value] = []
    for name, one in node.keywords:
        value = quietly(frame, one)
        if name is None:
            extra.append(value)
            keywords.update({key: part for key, part in value.fields.items() if key != "*"})
        else:
            keywords[name] = value
    return Arguments(
        tuple(positional),
        keywords,
        None,
        join(more) if more else None,
        join(extra) if extra else None,
    )


def _special(frame: Frame, node: ir.Call) -> Value | None:
    callee = node.callee
    if not isinstance(callee, ir.Name):
        return None
    if (
        callee.id in ("require", "import", "__import__")
        and node.args
        and not (frame.python and callee.id != "__import__")
    ):
        return _required(frame, node)
    if callee.id == "super":
        return _super(frame, node)
    return None


def _required(frame: Frame, node: ir.Call) -> Value | None:
    value = evaluate(frame, node.args[0])
    name = value.known_text
    if name is not None and any(value.externals()):  # it was hidden, and is told all the same
        called = getattr(node.callee, "id", "")
        frame.record(EffectKind.LOAD_CODE, called, {"name": value}, node)
    if name is None or frame.lookup(getattr(node.callee, "id", "")) is not None:
        return None
    if frame.python and len(node.args) < _WHOLE and "fromlist" not in dict(node.keywords):
        name = name.partition(".")[0]  # otherwise it gives the package at the top
    return frame.engine.import_value(frame, name)


def _super(frame: Frame, node: ir.Call) -> Value:
    """``super(…)`` of a constructor in JavaScript, ``super()`` in Python."""
    if frame.owner is None:
        return NOTHING
    this = frame.lookup("this") or NOTHING
    lineage = frame.engine.lineage(frame.owner.of)[1:]
    if frame.python:
        own = _own_receiver(frame)
        return own.with_refs(tuple(Instance(one) for one in lineage[:1]))
    args = arguments(frame, node)
    for base in lineage:
        maker = frame.engine.class_methods.get(base.number, {}).get("constructor")
        if maker is not None:
            made = constructed(frame, maker, given_to(this, args), node)
            frame.scope.variables["this"] = join((this, made))
            break
    else:
        for name in frame.engine.foreign_bases(frame.owner.of):
            foreign_call(frame, name, Operands(args, this), node)
    return this


def _own_receiver(frame: Frame) -> Value:
    function = frame.engine.body(frame.number).closure.function if frame.number else None
    if function and function.params and isinstance(function.params[0].pattern, ir.NamePattern):
        return frame.lookup(function.params[0].pattern.id) or NOTHING
    return NOTHING


# ── methods ──────────────────────────────────────────────────────────────────────────────────────


def _method_call(frame: Frame, node: ir.Call, callee: ir.Member, args: Arguments) -> Value:
    base = quietly(frame, callee.base)
    name = callee.name
    args = given_to(base, args)
    target = read_member(frame, base, name, callee)
    callable_ = [ref for ref in target.refs if not isinstance(ref, ModuleRef)]
    foreign_only = bool(callable_) and all(isinstance(one, External) for one in callable_)
    if callable_ and not (foreign_only and _of_plain_text(frame, base, name)):
        return dispatch(frame, target, args, node)
    if callable_ and name in _ALSO_OF_LIBRARIES:
        for external in base.externals():
            note_call(frame, f"{external}.{name}", Operands(args, base), node)
    return plain_method(frame, base, name, args, node)


_ALSO_OF_LIBRARIES = frozenset({"add", "insert", "update", "remove", "delete"})
"""Methods of plain values that, on what a library gave, may change what lies elsewhere."""


def _of_plain_text(frame: Frame, base: Value, name: str) -> bool:
    """Whether a method of a foreign value is one of the language's own, not of the library."""
    return name in METHODS and not any(
        is_language_call(f"{external}.{name}") or frame.knowledge.calls(f"{external}.{name}")
        for external in base.externals()
    )


def plain_method(frame: Frame, base: Value, name: str, args: Arguments, node: ir.Call) -> Value:
    """A method of a value of which no class is known."""
    operands = Operands(args, base)
    own = builtin_method(frame, base, name, args, node)
    known = frame.knowledge.unknown_method(name)
    results = []
    if known or declares_tool(frame, name, args):
        results.append(foreign_call(frame, f"*.{name}", operands, node))
    if is_parameter(base) and name not in METHODS:
        frame.defer(Pending(base, args, frame.place(node), name))
    if own is not None:
        results.append(own)
    elif not base.refs and not known and name not in METHODS:
        results.extend(_by_name(frame, base, name, args, node))
    if results:
        return join(results)
    read_all(frame, operands)
    _run_callbacks(frame, operands, node)
    return Value(flows=plain(operands.everything().flows, g.SAFE))


def _by_name(frame: Frame, base: Value, name: str, args: Arguments, node: ir.Call) -> list[Value]:
    results = []
    for one, method in methods_named(frame, name, node.line):
        receiver = base.with_refs((Instance(one),))
        results.append(apply(frame, method.bound_to(receiver), args, node))
    return results


# ── whatever is called ───────────────────────────────────────────────────────────────────────────


def dispatch(frame: Frame, callee: Value, args: Arguments, node: ir.Call | ir.Tagged) -> Value:
    """Call everything that a value may be. Of several, what each of them makes certain is."""
    results: list[Value] = []

    def one(ref: Ref) -> None:
        match ref:
            case Closure():
                results.append(apply(frame, ref, args, node))
            case Class():
                results.append(construct(frame, ref, args, node))
            case External(name="Function.bind" | "Function.call" | "Function.apply"):
                results.append(_through_function(frame, ref.name, callee, args, node))
            case External():
                results.append(_foreign(frame, ref, callee, args, node))
            case Instance():
                method = read_member(frame, Value(refs=(ref,)), "__call__", node)
                if method.refs:
                    results.append(dispatch(frame, method, args, node))

    each(frame, callee.refs, one)
    if is_parameter(callee) and not _is_only_method(frame, callee):
        frame.defer(Pending(callee, args, frame.place(node)))
    if results:
        return join(results)
    operands = Operands(args, callee)
    read_all(frame, operands)
    _run_callbacks(frame, operands, node)
    return Value(flows=plain(operands.everything().flows, g.SAFE))


_INDIRECT = frozenset({"call", "apply", "bind"})


def _foreign(
    frame: Frame, ref: External, callee: Value, args: Arguments, node: ir.Call | ir.Tagged
) -> Value:
    """A function of a library, called as itself or by way of the language's own functions."""
    of, _, how = ref.name.rpartition(".")
    if ref.name == "functools.partial()" and "function" in callee.fields:
        return _partly_given(frame, callee, args, node)
    if not frame.python and how in _INDIRECT:
        given = args.positional
        if of == "Reflect" and how == "apply" and given:
            inner = Value(fields={"function": given[0]})
            return _through_function(
                frame, "Function.apply", inner, replace(args, positional=given[1:]), node
            )
        if any(one.effect for one in frame.knowledge.calls(of)):
            inner = Value(fields={"function": Value(refs=(External(of),))})
            return _through_function(frame, f"Function.{how}", inner, args, node)
    return foreign_call(frame, ref.name, Operands(args, args.receiver or NOTHING), node, callee)


def _partly_given(frame: Frame, callee: Value, args: Arguments, node: ir.Call | ir.Tagged) -> Value:
    """``partial(run, shell=True)(line)``."""
    first = tuple(callee.fields["positional"].fields.values())
    given = replace(
        args,
        positional=(*first, *args.positional),
        keywords={**callee.fields["keywords"].fields, **args.keywords},
        receiver=None,
    )
    return dispatch(frame, callee.fields["function"], given, node)


def _is_only_method(frame: Frame, callee: Value) -> bool:
    """Whether a method read from ``this`` is one that no other class can have put in its place."""
    refs = list(callee.closures())
    return bool(refs) and all(
        one.bound is not None and len(frame.engine.methods.get(one.function.name, ())) == 1
        for one in refs
    )


def _through_function(
    frame: Frame, how: str, callee: Value, args: Arguments, node: ir.Call | ir.Tagged
) -> Value:
    function = callee.fields.get("function", NOTHING)
    if how == "Function.bind":
        bound = args.positional[0] if args.positional else None
        refs = tuple(
            ref.bound_to(bound) if isinstance(ref, Closure) else ref for ref in function.refs
        )
        return function.with_refs(refs)
    first = args.positional[0] if args.positional else None
    if how == "Function.call":
        inner = Arguments(args.positional[1:], {}, first, args.more)
    else:
        rest = args.positional[1] if len(args.positional) > 1 else NOTHING
        known, more = items_of(rest)
        inner = Arguments(() if more else known, {}, first, rest if more else None)
    return dispatch(frame, function, inner, node)


def read_all(frame: Frame, operands: Operands) -> None:
    """Note that everything given to code that is not ours to follow is used."""
    frame.read(operands.base)
    for value in operands.given():
        _read_deep(frame, value, 0)


def _read_deep(frame: Frame, value: Value, depth: int) -> None:
    frame.read(value)
    if depth < 4:
        for part in value.fields.values():
            _read_deep(frame, part, depth + 1)


def _run_callbacks(frame: Frame, operands: Operands, node: ir.Call | ir.Tagged) -> None:
    """Functions handed to unknown code are taken to be called with what they were handed with."""
    everything = Value(flows=plain(operands.everything().flows, g.SAFE))
    facts = dict(frame.facts)
    for value in operands.given():
        for closure in value.closures():
            apply(frame, closure, Arguments((everything, everything)), node)
    if frame.python:
        frame.facts = facts


def _only_formats(frame: Frame, tag: ir.Expr) -> bool:
    named = list(quietly(frame, tag).externals())
    return bool(named) and all(
        any(known.result.formats for known in frame.knowledge.calls(name)) for name in named
    )


def call_tagged(frame: Frame, node: ir.Tagged) -> Value:
    """``tag`text ${x}```: the tag is called with the literal pieces and the values."""
    tag = node.tag
    if _only_formats(frame, tag):
        return evaluate(frame, node.template)
    pieces: list[list[Value]] = [[]]
    values: list[Value] = []
    for part in node.template.parts:
        if isinstance(part, ir.Constant):
            pieces[-1].append(evaluate(frame, part))
        else:
            values.append(evaluate(frame, part))
            pieces.append([])
    literal = {str(at): concatenated(one) for at, one in enumerate(pieces)}
    args = Arguments((Value(fields=literal), *values))
    if isinstance(tag, ir.Member):
        base = quietly(frame, tag.base)
        return dispatch(frame, read_member(frame, base, tag.name, tag), given_to(base, args), node)
    return dispatch(frame, quietly(frame, tag), args, node)
