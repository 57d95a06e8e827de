"""What the code declares, held against the list that a running server gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ostiary.analyze.declare.recipes import HOLE
from ostiary.model.json import JsonObject, as_object, strings
from ostiary.model.surface import Surface, Tool


class Difference(StrEnum):
    """How code and list differ."""

    NOT_LISTED = "not listed"
    """The code declares a tool that the server does not list."""
    NOT_DECLARED = "not declared"
    """The server lists a tool that the code does not declare where it can be read."""
    DESCRIPTION = "description"
    PARAMETERS = "parameters"
    """Names of parameters, or which of them are required."""
    TYPE = "type"
    """The declared type of a parameter."""
    ANNOTATIONS = "annotations"
    """What it claims of itself: that it only reads, that it destroys nothing."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One difference of one tool."""

    difference: Difference
    tool: str
    code: str
    """What the code says; empty for nothing."""
    server: str
    """What the server says; empty for nothing."""
    certain: bool = True
    """False where part of the code's declarations could not be read."""


def disagreements(code: Surface, server: Surface) -> Iterator[Disagreement]:
    """Every difference, by name of tool. Order, titles and texts inside schemas do not count: they
    change with the version of a library."""
    declared = {one.name: one for one in code.tools}
    listed = {one.name: one for one in server.tools}
    for name in sorted({*declared, *listed}):
        own, other = declared.get(name), listed.get(name)
        if own is None:
            yield Disagreement(Difference.NOT_DECLARED, name, "", name, certain=not code.missing)
        elif other is None:
            yield Disagreement(Difference.NOT_LISTED, name, name, "", certain=not server.missing)
        else:
            yield from _of_tool(own, other)


def _of_tool(own: Tool, other: Tool) -> Iterator[Disagreement]:
    if own.description and not same_text(own.description, other.description):
        yield Disagreement(Difference.DESCRIPTION, own.name, own.description, other.description)
    ours, theirs = _claims(own), _claims(other)
    if ours and ours != theirs:
        yield Disagreement(Difference.ANNOTATIONS, own.name, ours, theirs)
    if "properties" in own.input_schema:
        yield from _parameters(own, other)


def _claims(one: Tool) -> str:
    """Its hints in one line; texts among them do not count."""
    return ", ".join(
        f"{name}: {str(value).lower()}"
        for name, value in sorted(one.annotations.items())
        if isinstance(value, bool)
    )


def same_text(code: str, server: str) -> bool:
    """Whether text read from code can be what a server said: blanks aside, and with anything where
    the code has a hole."""
    wanted, found = " ".join(code.split()), " ".join(server.split())
    if HOLE not in wanted:
        return wanted == found
    first, *middle, last = wanted.split(HOLE)
    if not found.startswith(first) or len(found) < len(first) + len(last):
        return False
    at = len(first)
    for piece in middle:
        at = found.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return found.endswith(last) and len(found) - len(last) >= at


def _parameters(own: Tool, other: Tool) -> Iterator[Disagreement]:
    ours, theirs = _named(own.input_schema), _named(other.input_schema)
    if ours != theirs:
        yield Disagreement(Difference.PARAMETERS, own.name, ", ".join(ours), ", ".join(theirs))
    for name, schema in own.properties.items():
        found = other.properties.get(name)
        if found is None:
            continue
        mine, its = _type(schema), _type(found)
        if mine and its and mine != its:
            yield Disagreement(Difference.TYPE, own.name, f"{name}: {mine}", f"{name}: {its}")


def _named(schema: JsonObject) -> list[str]:
    required = strings(schema.get("required"))
    return sorted(
        name if name in required else f"{name}?" for name in as_object(schema.get("properties"))
    )


def _type(schema: JsonObject) -> str:
    """The type in one word; empty where several are possible."""
    value = schema.get("type")
    if isinstance(value, str):
        return "number" if value == "integer" else value
    return ""
