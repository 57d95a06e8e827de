"""Classes defined, functions decorated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.calls.dispatch import dispatch
from ostiary.analyze.dataflow.checks.wrapping import takes_away
from ostiary.analyze.dataflow.declared_types import annotated
from ostiary.analyze.dataflow.expressions import evaluate, quietly
from ostiary.analyze.dataflow.scope import Scope
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Class, External, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

AROUND: Final = "<around>"
"""The part of a decorated function that holds what decorators of the target put around it."""


def evaluate_class(frame: Frame, definition: ir.ClassDef) -> Value:
    """A class: its methods as functions of this scope, its fields, what its body does."""
    bases = tuple(evaluate(frame, base) for base in definition.bases)
    defined = frame.engine.define_class(definition, frame, bases)
    value = Value(refs=(defined,), place=frame.place(definition))
    if definition.name:
        frame.scope.variables.setdefault(definition.name, value)
    methods = frame.engine.class_methods.setdefault(defined.number, {})
    for method in definition.methods:
        name = f"{definition.name}.{method.name}" if definition.name else method.name
        closure = frame.engine.closure(method, frame, name, defined)
        if method.kind == "setter" or _is_setter(method):
            frame.engine.setters[defined.number, method.name] = closure
            continue
        if method.name in methods and method.kind != "getter":
            continue
        methods[method.name] = closure
    _fields(frame, definition, defined)
    for method in definition.methods:
        if method.decorators and method.name in methods:
            decorate(frame, method, Value(refs=(methods[method.name],)))
    return value


def _is_setter(method: ir.FunctionDef) -> bool:
    """``@name.setter``."""
    return any(isinstance(one, ir.Member) and one.name == "setter" for one in method.decorators)


def _fields(frame: Frame, definition: ir.ClassDef, defined: Class) -> None:
    """Field initialisers, with the class's own names in sight."""
    outer = frame.scope
    frame.scope = Scope(outer, outer.number)
    frame.scope.variables["this"] = Value(refs=(defined,))
    own = frame.owner
    try:
        for one in definition.fields:
            refs = annotated(frame, one.annotation)
            value = Value(refs=refs)
            if one.value is not None:
                value = evaluate(frame, one.value)
                if not value.refs and refs:
                    value = Value(
                        value.flows,
                        value.text,
                        value.scalar,
                        value.literal,
                        refs,
                        value.fields,
                        value.place,
                        value.adds,
                    )
            static = one.static or frame.python
            frame.engine.keep_field(defined, one.name, value, static=static)
            if static:
                frame.scope.variables[one.name] = value
        frame.engine.execute(frame, definition.body)
    finally:
        frame.scope = outer
        frame.owner = own


def decorate(frame: Frame, function: ir.FunctionDef, value: Value) -> None:
    """Call each decorator with the function: libraries declare tools and routes so.

    The name keeps standing for the function itself; what decorators of the target put around it
    is handed on to those above them as its part :data:`AROUND`.
    """
    for decorator in reversed(function.decorators):
        made = quietly(frame, decorator)
        receiver = None
        if isinstance(decorator, ir.Member):
            receiver = quietly(frame, decorator.base)
        if any(isinstance(ref, External) for ref in made.refs) or made.refs:
            node = ir.Call(decorator.line, decorator.column, decorator, ())
            if frame.python and takes_away(made):
                frame.engine.replaced.update(one.number for one in value.closures())
            given = dispatch(frame, made, Arguments((value,), receiver=receiver), node)
            value = _wrapped(value, given, made)


def _wrapped(value: Value, given: Value, decorator: Value) -> Value:
    """The function with what a decorator of the target returned in its place."""
    if not any(decorator.closures()):
        return value
    own = {one.number for one in value.closures()}
    around = tuple(one for one in given.closures() if one.number not in own)
    before = value.fields.get(AROUND, NOTHING).refs
    if not around:
        return value
    return value.with_fields({**value.fields, AROUND: Value(refs=(*before, *around))})
