"""Assignments, as statements and inside of expressions."""

from __future__ import annotations

from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.aliases import note_alias
from ostiary.analyze.dataflow.assignment import assign_pattern, bind
from ostiary.analyze.dataflow.checks.conditions import certain_if
from ostiary.analyze.dataflow.checks.flags import note_flags
from ostiary.analyze.dataflow.checks.held import held
from ostiary.analyze.dataflow.declared_types import annotated
from ostiary.analyze.dataflow.expressions import evaluate, quietly, unless_given
from ostiary.analyze.dataflow.frame import Frame
from ostiary.analyze.dataflow.join import concatenated, join
from ostiary.analyze.dataflow.value import NOTHING, Value

_UNLESS: Final = frozenset(("and", "or", "??"))
"""Ways to assign that look at what is there before they evaluate anything."""


def assign(frame: Frame, node: ir.Assign) -> None:
    note_flags(frame, node.targets, node, certain_if)
    if node.value is None:
        refs = annotated(frame, node.annotation)
        for target in node.targets:
            if isinstance(target, ir.NamePattern) and target.id not in frame.scope.variables:
                frame.assign(target.id, Value(refs=refs), declares=True)
        return
    value = (unless_given if node.op in _UNLESS else quietly)(frame, node.value)
    if node.op is not None:
        value = combined(frame, node.targets[0], node.op, frame.read(value))
    elif node.annotation and not value.refs:
        value = value.with_refs(annotated(frame, node.annotation))
    for target in node.targets:
        if isinstance(target, ir.NamePattern):
            _bind(frame, target.id, value, node)
        else:
            if isinstance(target, ir.PlacePattern):
                frame.read(value)
            assign_pattern(frame, target, value, declares=node.declares)


def _bind(frame: Frame, name: str, value: Value, node: ir.Assign) -> None:
    """A variable gets a value, and holds the outcome of a test if that is one."""
    test = held(frame, name, node)
    bind(frame, name, value, node, declares=node.declares)
    note_alias(frame, name, node.value, value)
    if isinstance(node.value, ir.Index):
        _note_walk(frame, name, node.value)
    if test is not None and name not in test.names:
        frame.tests[name] = test


def _note_walk(frame: Frame, name: str, value: ir.Index) -> None:
    """``now = now[key]``: the variable goes down by a key."""
    if isinstance(value.base, ir.Name) and value.base.id == name:
        key = quietly(frame, value.key)
        if key.flows:
            frame.walked[name] = key


def combined(frame: Frame, target: ir.Pattern, op: str, value: Value) -> Value:
    """``a += b`` and its kin."""
    before = NOTHING
    if isinstance(target, ir.NamePattern):
        before = frame.lookup(target.id) or NOTHING
    elif isinstance(target, ir.PlacePattern):
        before = quietly(frame, target.place)
    if op == "+" and not before.fields and not value.fields:
        return concatenated((before, value))
    return join((before, value))


def assigned(frame: Frame, node: ir.Assigned) -> Value:
    """An assignment used as an expression."""
    note_flags(frame, (node.target,), node, certain_if)
    value = (unless_given if node.op in _UNLESS else evaluate)(frame, node.value)
    if node.op is not None:
        value = combined(frame, node.target, node.op, value)
    assign_pattern(frame, node.target, value, declares=frame.python)
    if node.op is None and isinstance(node.target, ir.NamePattern):
        note_alias(frame, node.target.id, node.value, value)
    return value
