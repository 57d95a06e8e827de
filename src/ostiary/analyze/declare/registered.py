"""Servers of JavaScript that are given tools, prompts and resources one call at a time.

``server.tool("name", "what it does", {…}, handler)``, ``server.registerTool("name", {…}, handler)``
and ``server.addTool({name, description, parameters, execute})``, whatever the library is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import NOTHING, Closure, Flow, Source, SourceKind, Value
from ostiary.analyze.declare.dispatch import given_arguments
from ostiary.analyze.declare.entry import Entry, EntryKind, EntryParameter, Unread
from ostiary.analyze.declare.listed import Listed, listed, parameters_of, schema_in
from ostiary.analyze.declare.literals import as_json
from ostiary.analyze.declare.otherwise import otherwise
from ostiary.analyze.declare.recipes import function, prose, recipes, text
from ostiary.analyze.declare.schema_code import schema_code
from ostiary.analyze.declare.schemas import Checked
from ostiary.analyze.declare.uris import variables
from ostiary.model.json import JsonObject, as_object

_KINDS: Final = {
    "tool": EntryKind.TOOL,
    "prompt": EntryKind.PROMPT,
    "resource": EntryKind.RESOURCE,
}
_HINTS: Final = frozenset(
    {"title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}
)
_CONFIG: Final = ("inputSchema", "argsSchema", "parameters", "schema", "paramsSchema")
_NAME: Final = re.compile(r"[A-Za-z0-9_.:/-]{1,128}")
_TEXTS: Final = frozenset({"title", "description"})
_AGENTS: Final = "agent framework"
"""Frameworks of agents; some hand the arguments over inside a ``context``."""
_UNCHECKED: Final = frozenset({"unknown framework", _AGENTS})
"""Frameworks of which it is not known that they check arguments."""
_OF_SDK: Final = frozenset({"tool", "registerTool", "prompt", "registerPrompt"})


@dataclass(frozen=True, slots=True)
class _Call:
    """What one declaring call says."""

    name: str
    handler: Closure
    between: tuple[Value, ...]
    """Arguments after the name and before the handler."""


def registered(engine: Engine, effect: Effect) -> Iterator[Entry | Unread]:
    """The entries that one call declares."""
    kind = next((_KINDS[tag] for tag in effect.tags if tag in _KINDS), None)
    module = engine.modules.get(effect.place.file)
    if kind is None or module is None or module.module.language == "python":
        return
    if "decorators" in effect.tags:
        return
    checked = _checked(effect)
    given = [effect.operands[role] for role in "01234" if role in effect.operands]
    if given and not text(given[0]) and len(given) > 2:
        given[0] = otherwise(module.module, effect.place) or given[0]
    call = _read(given)
    if call is not None:
        yield _entry(engine, effect, kind, call, checked)
        return
    found = [one for value in given for one in listed(engine, value, checked=checked)]
    if len(found) == 1 and found[0].handler is None and len(given) > 1:
        found = [replace(found[0], handler=_answers(given[1]))]
    for one in found:
        if one.handler is not None:
            yield _of_object(effect, kind, one, checked)
    if "by name" not in effect.tags and not any(one.handler for one in found):
        yield Unread(effect.place, f"the {kind.value} that is declared here could not be read")
        yield from _unnamed(effect, kind, given)


def _unnamed(effect: Effect, kind: EntryKind, given: list[Value]) -> Iterator[Entry]:
    """Functions that answer for something whose name could not be read."""
    name = f"any {kind.value}"
    for closure in given[-1].closures() if given else ():
        arguments = given_arguments(name, None, checked=Checked.NOT)
        yield Entry(
            kind=kind,
            name=name,
            place=effect.place,
            framework=effect.tags[0],
            handler=closure,
            binds=(arguments, NOTHING),
        )


def _checked(effect: Effect) -> Checked:
    """How arguments are held against the schema. A method ``tool`` that is given a name and a shape
    of zod is taken to be the SDK's, which parses them, where its server has no known type."""
    if effect.tags[0] not in _UNCHECKED:
        return Checked.FORMATS
    method = effect.callee.rpartition(".")[2]
    return Checked.FORMATS if method in _OF_SDK else Checked.NOT


def _read(given: list[Value]) -> _Call | None:
    """The call as a name, a few things and a handler."""
    start = next((at for at, one in enumerate(given[:2]) if _is_name(text(one), at)), None)
    handlers = [at for at, one in enumerate(given) if _answers(one) is not None]
    if start is None or not handlers or handlers[-1] <= start:
        return None
    handler = _answers(given[handlers[-1]])
    if handler is None:
        return None
    return _Call(text(given[start]), handler, tuple(given[start + 1 : handlers[-1]]))


def _is_name(name: str, at: int) -> bool:
    """Whether a text is what is declared; what comes second must be a name that can be called."""
    return bool(name) and (at == 0 or _NAME.fullmatch(name) is not None)


def _answers(value: Value) -> Closure | None:
    """The function that does the work; a task's begins it."""
    return function(value) or function(value.fields.get("createTask"))


def _entry(engine: Engine, effect: Effect, kind: EntryKind, call: _Call, checked: Checked) -> Entry:
    config = _config(call.between)
    schema = next((config[word] for word in _CONFIG if word in config), None)
    description = prose(config.get("description"))
    annotations = config.get("annotations")
    hints = as_object(None if annotations is None else as_json(annotations))
    uri = ""
    made = False
    for one in call.between:
        if kind is EntryKind.RESOURCE and not uri:
            uri, made = _uri(one), _is_made(one)
        elif prose(one):
            description = description or prose(one)
        elif not config and _is_hints(one):
            hints = as_object(as_json(one))
        elif not config and schema is None:
            schema = one
    parameters = parameters_of(
        None if schema is None else schema_in(engine, schema), checked=checked
    )
    if schema is None:
        parameters = _variables(uri) if kind is EntryKind.RESOURCE else ()
    return Entry(
        kind=kind,
        name=call.name,
        place=effect.place,
        framework=effect.tags[0],
        title=text(config.get("title")),
        description=description,
        parameters=parameters,
        annotations=_known(hints),
        uri=uri,
        handler=call.handler,
        binds=_binds(
            given_arguments(call.name, parameters, checked=checked),
            has_schema=schema is not None,
            asked=_asked(call.name, uri, made=made) if kind is EntryKind.RESOURCE else None,
        ),
        before=schema_code(schema, call.name) if checked is not Checked.NOT else (),
    )


def _known(hints: JsonObject) -> JsonObject:
    return {name: one for name, one in hints.items() if one is not None}


def _config(between: tuple[Value, ...]) -> dict[str, Value]:
    """The object of options of ``registerTool`` and the like; empty for the older form."""
    for one in between:
        named = _TEXTS & set(one.fields)
        plain = not any(_is_made(one.fields[name]) for name in named)
        if plain and (named or set(_CONFIG) & set(one.fields)) and not _is_hints(one):
            return dict(one.fields)
    return {}


def _is_hints(value: Value) -> bool:
    names = set(value.fields)
    return bool(names) and names <= _HINTS and not any(map(_is_made, value.fields.values()))


def _is_made(value: Value) -> bool:
    return any(True for _ in recipes(value))


def _uri(value: Value) -> str:
    found = text(value)
    for made in recipes(value):
        found = found or text(made.args[0] if made.args else None)
    return found


def _variables(uri: str) -> tuple[EntryParameter, ...]:
    return tuple(EntryParameter(name, {"type": "string"}) for name in variables(uri))


def _binds(given: Value, *, has_schema: bool, asked: Value | None) -> tuple[Value, ...]:
    """A handler with a schema gets the arguments; one without gets only what surrounds the call.
    That of a resource gets the address that was ``asked`` for first."""
    if asked is not None:
        return asked, given, NOTHING
    return (given, NOTHING) if has_schema else (NOTHING, NOTHING)


def _asked(name: str, uri: str, *, made: bool) -> Value:
    """The address that a resource is asked for: its own, unless it is made of a template."""
    if uri and not made:
        return Value(text=(uri,))
    return Value(flows={Source(SourceKind.MODEL, "uri", name): Flow(g.EXACT)})


def _of_object(effect: Effect, kind: EntryKind, one: Listed, checked: Checked) -> Entry:
    given = given_arguments(one.name, one.parameters, checked=checked)
    if effect.tags[0] == _AGENTS:
        given = replace(given, fields={"context": given, **given.fields})
    return Entry(
        kind=kind,
        name=one.name,
        place=one.place or effect.place,
        framework=effect.tags[0],
        title=one.title,
        description=one.description,
        parameters=one.parameters,
        annotations=one.annotations,
        uri=one.uri,
        handler=one.handler,
        binds=(given, NOTHING),
        before=schema_code(one.schema, one.name) if checked is not Checked.NOT else (),
    )
