"""The surface that a server's code declares, in the form in which a server would send it."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.analyze.declare.entry import Entry, EntryKind, EntryParameter, Unread
from ostiary.analyze.declare.servers import DeclaredServer
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.surface import Surface
from ostiary.wire.hello import Hello
from ostiary.wire.surface import LISTINGS, Gathered

SOURCE = "source code"
ANY = "any "
"""How the name of an entry begins that stands for whatever a caller asks for."""


def declared_surface(
    entries: Iterable[Entry],
    unread: Iterable[Unread],
    server: str,
    key: str,
    *,
    says: DeclaredServer | None = None,
) -> Surface:
    """What the code declares, as a surface that every check of surfaces can look at; ``says`` is
    what it says of the server as a whole. What could not be read stands in ``missing``."""
    gathered = Gathered(hello=_hello(says))
    every = [one for one in entries if not one.internal and not one.name.startswith(ANY)]
    raws: dict[str, list[JsonValue]] = {
        "tools": [tool(one) for one in every if one.kind is EntryKind.TOOL],
        "prompts": [_prompt(one) for one in every if one.kind is EntryKind.PROMPT],
        "resources": [_resource(one, "uri") for one in every if _is_resource(one)],
        "templates": [_resource(one, "uriTemplate") for one in every if _is_template(one)],
    }
    for listing in LISTINGS:
        gathered.add(listing, raws[listing.part])
    gathered.missing.extend(f"{one.place.file}:{one.place.line}: {one.reason}" for one in unread)
    return gathered.surface(server, key, SOURCE)


def _hello(says: DeclaredServer | None) -> Hello:
    if says is None:
        return Hello(None)
    meta: JsonObject = {"description": says.description} if says.description else {}
    return Hello(None, says.name, says.version, says.instructions, meta=meta)


def tool(entry: Entry) -> JsonObject:
    """One tool as ``tools/list`` would give it."""
    raw = _named(entry)
    raw["inputSchema"] = input_schema(entry.parameters)
    if entry.annotations:
        raw["annotations"] = entry.annotations
    return raw


def input_schema(parameters: tuple[EntryParameter, ...] | None) -> JsonObject:
    """The schema of all arguments."""
    schema: JsonObject = {"type": "object"}
    if parameters is not None:
        schema["properties"] = {one.name: one.schema for one in parameters}
        required: list[JsonValue] = [one.name for one in parameters if one.required]
        if required:
            schema["required"] = required
    return schema


def _named(entry: Entry) -> JsonObject:
    raw: JsonObject = {"name": entry.name}
    if entry.title:
        raw["title"] = entry.title
    if entry.description:
        raw["description"] = entry.description
    return raw


def _prompt(entry: Entry) -> JsonObject:
    raw = _named(entry)
    arguments: list[JsonValue] = [
        {
            "name": one.name,
            "required": one.required,
            **({"description": text} if (text := one.schema.get("description")) else {}),
        }
        for one in entry.parameters or ()
    ]
    if arguments:
        raw["arguments"] = arguments
    return raw


def _is_resource(entry: Entry) -> bool:
    return entry.kind is EntryKind.RESOURCE and bool(entry.uri) and "{" not in entry.uri


def _is_template(entry: Entry) -> bool:
    return entry.kind is EntryKind.RESOURCE and "{" in entry.uri


def _resource(entry: Entry, named_by: str) -> JsonObject:
    return {**_named(entry), named_by: entry.uri}
