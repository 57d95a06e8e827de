"""Methods of TypeScript classes that a decorator makes into tools, prompts and resources.

``@Tool({name, description, parameters})`` above a method, as the packages for NestJS have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import NOTHING, Closure, Value
from ostiary.analyze.declare.dispatch import given_arguments
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.listed import SCHEMAS, definition
from ostiary.analyze.declare.recipes import function, recipes, text
from ostiary.analyze.declare.schemas import Checked

_KINDS: Final = {
    "tool": EntryKind.TOOL,
    "prompt": EntryKind.PROMPT,
    "resource": EntryKind.RESOURCE,
}


def annotated(engine: Engine, effect: Effect) -> Iterator[Entry]:
    """The entry that a decorator makes of the method below it."""
    kind = next((_KINDS[tag] for tag in effect.tags if tag in _KINDS), None)
    handler = function(effect.operand("0"))
    if "decorators" not in effect.tags or kind is None or handler is None:
        return
    parts = _said(effect.operand("callee"))
    name = text(parts.get("name")) or text(parts.get("uri")) or handler.function.name
    named = {**parts, "name": Value(text=(name,), scalar=name, literal=True)}
    yield _entry(engine, effect, kind, named, handler)


def _said(decorator: Value | None) -> dict[str, Value]:
    """What the call that made the decorator was given: an object of options, or texts."""
    for made in recipes(decorator):
        if not made.args:
            continue
        if made.args[0].fields:
            return dict(made.args[0].fields)
        if text(made.args[0]):
            rest = made.args[1:2]
            return {"description": made.args[0]} if not rest else dict(_pair(made.args))
    return {}


def _pair(args: tuple[Value, ...]) -> Iterator[tuple[str, Value]]:
    yield "name", args[0]
    if args[1].fields:
        yield from args[1].fields.items()
    else:
        yield "description", args[1]


def _entry(
    engine: Engine, effect: Effect, kind: EntryKind, parts: dict[str, Value], handler: Closure
) -> Entry:
    checked = Checked.FORMATS if any(word in parts for word in SCHEMAS) else Checked.NOT
    one = definition(engine, parts, NOTHING, checked=checked)
    given = given_arguments(one.name, one.parameters, checked=checked)
    return Entry(
        kind=kind,
        name=one.name,
        place=effect.place,
        framework=effect.tags[0],
        title=one.title,
        description=one.description or handler.function.doc,
        parameters=one.parameters,
        annotations=one.annotations,
        uri=one.uri,
        handler=handler,
        binds=(given, NOTHING, NOTHING),
    )
