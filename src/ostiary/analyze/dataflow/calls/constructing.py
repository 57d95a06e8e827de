"""Objects made of classes of the target: the constructor applied, the fields it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow.calls.applied import absorb, substitution_of
from ostiary.analyze.dataflow.calls.waiting import (
    given_to,
)
from ostiary.analyze.dataflow.join import whole_flows
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Arguments,
    Class,
    Closure,
    External,
    Instance,
    Value,
)

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


def construct(frame: Frame, one: Class, args: Arguments, node: ir.Node) -> Value:
    """An instance of a class of the target."""
    engine = frame.engine
    engine.made_in.setdefault(one.number, set()).add(frame.number)
    foreign = tuple(External(f"{name}()") for name in engine.foreign_bases(one))
    made = Value(refs=(Instance(one), *foreign), place=frame.place(node))
    for now in engine.lineage(one):
        methods = engine.class_methods.get(now.number, {})
        maker = methods.get("__init__") or methods.get("constructor")
        if maker is not None:
            return constructed(frame, maker, given_to(made, args), node)
    return _fields_given(frame, one, made, args)


def constructed(frame: Frame, maker: Closure, args: Arguments, node: ir.Node) -> Value:
    """The object that is being made, after its constructor ran on it."""
    engine = frame.engine
    made = args.receiver or NOTHING
    if frame.python:
        args = Arguments(
            (made, *args.positional), args.keywords, args.receiver, args.more, args.extra
        )
    engine.called.add(maker.number)
    if frame.number:
        engine.callers.setdefault(maker.number, set()).add(frame.number)
    summary = engine.summary(maker)
    place = frame.place(node)
    substitution = substitution_of(frame, maker, args, summary, place)
    absorb(frame, maker, summary, substitution, place)
    if summary.receiver is None:
        return made
    fields = {name: substitution.value(part) for name, part in summary.receiver.fields.items()}
    for ref in made.refs:
        if isinstance(ref, Instance):
            for name, part in fields.items():
                engine.keep_field(ref.of, name, part)
    return made.with_fields({**made.fields, **fields})


def _fields_given(frame: Frame, one: Class, made: Value, args: Arguments) -> Value:
    names = [field.name for now in frame.engine.lineage(one) for field in now.definition.fields]
    fields = dict(zip(names, args.positional, strict=False))
    fields.update(args.keywords)
    for name, part in fields.items():
        frame.engine.keep_field(one, name, part)
    flows = {} if args.extra is None else whole_flows(args.extra)
    for value in (*args.positional, *args.keywords.values()):
        frame.read(value)
    return replace(made, fields={**made.fields, **fields}, flows=flows)
