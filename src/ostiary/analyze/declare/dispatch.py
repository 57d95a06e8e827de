"""Lists of definitions that one handler answers: an entry a definition, told apart by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Closure, Flow, Place, Source, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind, EntryParameter
from ostiary.analyze.declare.listed import Listed
from ostiary.analyze.declare.schemas import Checked
from ostiary.analyze.declare.sources import ASKED, named


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """A handler that serves every definition of a list."""

    kind: EntryKind
    framework: str
    place: Place
    handler: Closure | None
    binds: Callable[[Value, Value], tuple[Value, ...]]
    """Its arguments, given the name that is asked for and the arguments that come with it."""
    checked: Checked = Checked.NOT
    """How arguments are held against the schema before it runs."""


def dispatched(shared: Dispatcher, definitions: tuple[Listed, ...]) -> Iterator[Entry]:
    """One entry a definition. Without any definition, one entry for whatever is asked for."""
    if not definitions and shared.handler is not None:
        name = f"any {shared.kind.value}"
        whatever = Value(flows={Source(SourceKind.MODEL, ASKED, name): Flow(g.EXACT)})
        yield _entry(shared, Listed(name, shared.place), whatever)
    for one in definitions:
        yield _entry(shared, one, asked_name(one.name))


def asked_name(name: str) -> Value:
    """The name that a caller asks for, in an evaluation for just that name."""
    origin = Source(SourceKind.MODEL, ASKED, name)
    flow = Flow(g.EXACT | g.CHOSEN)
    return Value(flows={origin: flow}, text=(name,), scalar=name, literal=True)


def given_arguments(
    owner: str, parameters: tuple[EntryParameter, ...] | None, *, checked: Checked
) -> Value:
    """The object of arguments: known parameters by name, anything else by the name it is read."""
    whole = Source(SourceKind.MODEL, "", owner)
    fields = named(SourceKind.MODEL, owner, parameters or (), checked=checked)
    return Value(flows={whole: Flow(g.EXACT)}, fields=fields)


def answering(whatever: Entry, name: str, given: Value) -> tuple[Value, ...]:
    """What the handler for whatever is asked for is called with when one thing is asked for."""
    return tuple(_for_one(value, name, given) for value in whatever.binds)


def _for_one(value: Value, name: str, given: Value) -> Value:
    asked = {source.name for source, _ in value.sources(SourceKind.MODEL)}
    if ASKED in asked:
        return asked_name(name)
    if "" in asked:
        return given
    parts = {key: _for_one(part, name, given) for key, part in value.fields.items()}
    return value.with_fields(parts) if parts else value


def _entry(shared: Dispatcher, one: Listed, asked: Value) -> Entry:
    given = given_arguments(one.name, one.parameters, checked=shared.checked)
    own = one.handler is not None
    return Entry(
        kind=shared.kind,
        name=one.name,
        place=one.place or shared.place,
        framework=shared.framework,
        title=one.title,
        description=one.description,
        parameters=one.parameters,
        annotations=one.annotations,
        uri=one.uri,
        handler=one.handler or shared.handler,
        binds=(given, given) if own else shared.binds(asked, given),
        dispatched=not own,
    )
