"""Objects that have the form of a tool, for servers whose list of tools cannot be followed.

A name, a description and a schema in one object are a tool's definition wherever they stand. Lists
that are filtered, sorted and put together at run time are made of such objects. What is found so
is named, and that the list itself was not read is told all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.scope import Imported
from ostiary.analyze.dataflow.value import NOTHING, Closure, Place, Value
from ostiary.analyze.declare.answers import answer
from ostiary.analyze.declare.beside import beside
from ostiary.analyze.declare.dispatch import answering, given_arguments
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.envelope import enclosed, envelope
from ostiary.analyze.declare.listed import SCHEMAS, Listed, definition, forms
from ostiary.analyze.declare.recipes import elements, function, prose, text
from ostiary.analyze.declare.schemas import Checked

SHAPE: Final = "shape"
"""The framework of a tool that is known by the form of its definition alone."""
_PARSING: Final = frozenset({"typescript-sdk McpServer", "fastmcp (TypeScript)", "mcp-framework"})
"""Frameworks that hold arguments against the schema before a handler runs."""
_MAKES: Final = re.compile(
    r"tools?(?:et|s)?\Z|\A(?:make|create|build|get|define)\w*tool", re.IGNORECASE
)
_MOST_MADE: Final = 200
"""Functions that are asked for the definitions they make."""
_CALLABLE: Final = re.compile(r"[A-Za-z0-9_.:/-]{1,128}")
_IDS: Final = ("method", "id", "toolName", "tool_name", "key", "slug")
_DEEPEST: Final = 3
_LEAST: Final = 2
"""Tools from which on a table with their names as keys is the table of their handlers."""


def shaped(engine: Engine, whatever: Entry | None) -> tuple[Entry, ...]:
    """An entry a definition by its form; ``whatever`` answers for the list that was not read."""
    framework = whatever.framework if whatever else ""
    checked = Checked.FORMATS if framework in _PARSING else Checked.NOT
    found: dict[str, Listed] = {}
    tables: list[Value] = []
    for value in _values(engine):
        tables.append(value)
        for one in _definitions(engine, value, checked, 0):
            known = found.get(one.name)
            found[one.name] = one if known is None else _merged(known, one)
    handlers = beside(engine, found.values()) | _handlers(tables, set(found))
    word = envelope(engine, _working(found.values(), handlers))
    return tuple(
        entry
        for one in found.values()
        if (entry := _entry(one, handlers.get(one.name), whatever, checked, word)) is not None
    )


def _working(
    definitions: Iterable[Listed], handlers: Mapping[str, Closure]
) -> Iterator[tuple[Closure, frozenset[str]]]:
    """Each handler with the names of the arguments it is declared to take."""
    for one in definitions:
        own = one.handler or handlers.get(one.name)
        if own is not None:
            yield own, frozenset(each.name for each in one.parameters or ())


def _merged(first: Listed, second: Listed) -> Listed:
    """One definition that is built in steps: what it was made of says more than the result."""
    return replace(
        first,
        title=first.title or second.title,
        parameters=second.parameters if first.parameters is None else first.parameters,
        annotations=first.annotations or second.annotations,
        handler=first.handler or second.handler,
    )


def _values(engine: Engine) -> Iterator[Value]:
    """What modules hold and hand out, then what their functions make that are named for it."""
    made: dict[int, Closure] = {}
    for path, linked in engine.modules.items():
        held = dict(engine.namespace(path)) if linked.module.language != "python" else {}
        for name, binding in linked.scope.variables.items():
            if not isinstance(binding, Imported):
                held.setdefault(name, binding)
        for name, value in held.items():
            yield value
            for closure in value.closures() if _MAKES.search(name) else ():
                made.setdefault(closure.number, closure)
    for closure in list(made.values())[:_MOST_MADE]:
        yield answer(engine, closure)


def _definitions(engine: Engine, value: Value, checked: Checked, depth: int) -> Iterator[Listed]:
    if depth > _DEEPEST:
        return
    for parts in forms(engine, value):
        if text(parts.get("name")) and _is_definition(parts):
            yield definition(engine, _called(parts), value, checked=checked)
            return
    named = [
        (name, part, parts)
        for name, part in value.fields.items()
        for parts in forms(engine, part)
        if _is_definition(parts) and "name" not in parts and not name.isdigit() and name != "*"
    ]
    for name, part, parts in named:
        one = definition(engine, {**parts, "name": _literal(name)}, part, checked=checked)
        yield one
    for part in () if named else elements(value):
        yield from _definitions(engine, part, checked, depth + 1)


def _is_definition(parts: dict[str, Value]) -> bool:
    return _is_described(parts.get("description")) and any(
        word in parts and not any(parts[word].closures()) for word in SCHEMAS
    )


def _is_described(value: Value | None) -> bool:
    """Whether it has a description, be it one of two that a setting chooses from: of that no more
    is known than that it is no object, no function and nothing of a caller's."""
    if value is None:
        return False
    return bool(prose(value)) or not (value.fields or value.refs or value.flows or value.literal)


def _called(parts: dict[str, Value]) -> dict[str, Value]:
    """The parts with the name that a client may call: where ``name`` is words for people, the
    identifier beside it."""
    if _CALLABLE.fullmatch(text(parts.get("name"))):
        return parts
    other = next((parts[word] for word in _IDS if _CALLABLE.fullmatch(text(parts.get(word)))), None)
    return parts if other is None else {**parts, "name": other, "title": parts["name"]}


def _literal(name: str) -> Value:
    return Value(text=(name,), scalar=name, literal=True)


def _handlers(tables: Iterable[Value], names: set[str]) -> dict[str, Closure]:
    """Functions in a table whose keys are the names of the tools."""
    found: dict[str, Closure] = {}
    for table in tables:
        keys = names & set(table.fields)
        if len(keys) < _LEAST:
            continue
        for name in keys:
            handler = function(table.fields[name])
            if handler is not None:
                found.setdefault(name, handler)
    return found


def _entry(
    one: Listed, handler: Closure | None, whatever: Entry | None, checked: Checked, word: str
) -> Entry | None:
    own = one.handler or handler
    given = given_arguments(one.name, one.parameters, checked=checked)
    given = given if own is None else enclosed(given, word)
    place = one.place
    own_file = one.handler.file if one.handler else ""
    if one.handler and (place is None or place.file != own_file):
        place = Place(own_file, one.handler.function.line, one.handler.function.column)
    place = place or (whatever.place if whatever else None)
    if place is None:
        return None
    entry = Entry(
        kind=EntryKind.TOOL,
        name=one.name,
        place=place,
        framework=SHAPE,
        title=one.title,
        description=one.description,
        parameters=one.parameters,
        annotations=one.annotations,
        handler=own,
        binds=(given, NOTHING),
    )
    if own is None and whatever is not None:
        binds = answering(whatever, one.name, given)
        return replace(entry, handler=whatever.handler, binds=binds, dispatched=True)
    return entry
