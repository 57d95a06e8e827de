"""Code that is chosen by a name: which of it runs is known where the name is.

Seen from inside a function, a name that is a parameter leads to anything in a table, and to every
branch of a dispatcher. A call that gives the name is looked at once more for just that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.substitute import Substitution
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.join import whole_flows
from ostiary.analyze.dataflow.summary import Settled, Summary
from ostiary.analyze.dataflow.value import (
    Class,
    Closure,
    Instance,
    Param,
    SourceKind,
    Value,
)

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_DEEPEST = 2
_ANY_PART = "…"
_LEAST = 3
"""Letters of a name from which on it says which things are meant."""
_LEAST_BRANCHES = 4
"""Texts that a parameter is compared with from which on it is what a dispatcher is asked for."""
_CHOOSING = (
    SourceKind.MODEL,
    SourceKind.REQUEST,
    SourceKind.REMOTE,
    SourceKind.ENVIRONMENT,
    SourceKind.MACHINE,
)


def note_choice(frame: Frame, table: Value, key: Value) -> None:
    """``TABLE[key]`` where the key is not known here: of code, if the table holds any."""
    names = tuple(_names(key))
    if names and sum(_holds_code(one, 0) for one in table.fields.values()) > 1:
        frame.chooses.update(names)


def note_compared(frame: Frame, value: Value, with_: Value) -> None:
    """``if name == "one": … elif name == "two": …``, where the name is not known here."""
    text = with_.known_text
    for origin in () if text is None else _names(value):
        texts = frame.compared.setdefault(origin, set())
        texts.add(text or "")
        if len(texts) >= _LEAST_BRANCHES:
            frame.chooses.add(origin)


def key_name(frame: Frame, key: Value) -> str:
    """What is read by a key that is not known, of things that are read by name: ``*`` is any of
    them, where a caller or a walk through all of them chooses; else what is known of the name."""
    frame.chooses.update(_names(key))
    known = "".join(one if isinstance(one, str) else _ANY_PART for one in key.text)
    if len(known.replace(_ANY_PART, "")) >= _LEAST:
        return known
    flows = whole_flows(key)
    free = any(isinstance(one, Param) or one.kind in _CHOOSING for one in flows)
    return "*" if free or not flows else _ANY_PART


def pass_on(frame: Frame, summary: Summary, substitution: Substitution) -> None:
    """What decides in a callee decides in its caller, where it is the caller's parameter."""
    for origin in summary.chooses:
        if substitution.binds(origin.function):
            frame.chooses.update(_names(substitution.actual(origin)))
        else:
            frame.chooses.add(origin)


def of_handlers(frame: Frame) -> Iterator[Param]:
    """What decides in functions that are made here and declared to answer for something."""
    for effect in [one for one in frame.effects.values() if one.kind is EffectKind.DECLARE]:
        for value in effect.operands.values():
            for closure in value.closures():
                if frame.number in closure.around:
                    yield from frame.engine.summary(closure).chooses


def chosen(closure: Closure, summary: Summary, substitution: Substitution) -> Settled:
    """What a call gives of the names that decide in the function it calls."""
    found = []
    for origin in sorted(summary.chooses):
        if origin.function == closure.number and origin.position >= 0:
            text = substitution.actual(origin).known_text
            if text is not None:
                found.append((origin.position, origin.path, text))
    return tuple(found)


def _names(key: Value) -> Iterator[Param]:
    if key.known_text is None:
        for origin, flow in key.flows.items():
            if isinstance(origin, Param) and flow.guarantees & g.EXACT:
                yield origin


def _holds_code(value: Value, depth: int) -> bool:
    if any(isinstance(ref, Closure | Instance | Class) for ref in value.refs):
        return True
    return depth < _DEEPEST and any(_holds_code(one, depth + 1) for one in value.fields.values())
