"""Surfaces and tools made by hand."""

from __future__ import annotations

from ostiary.model.check import Check, Neighbourhood, run
from ostiary.model.finding import Finding
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.surface import Item, Surface, Tool
from ostiary.wire.canonical import digest

TEXT: JsonObject = {"type": "string"}
NUMBER: JsonObject = {"type": "integer"}


def tool(name: str, description: str = "", **raw: JsonValue) -> Tool:
    """A tool; ``properties`` and ``required`` go into its input schema, the rest beside it."""
    schema: JsonObject = {"type": "object", "properties": raw.pop("properties", {})}
    if "required" in raw:
        schema["required"] = raw.pop("required")
    whole: JsonObject = {"name": name, "description": description, "inputSchema": schema, **raw}
    return Tool("tool", name, whole, digest(whole))


def item(kind: str, name: str, /, **raw: JsonValue) -> Item:
    key = {"resource": "uri", "template": "uriTemplate"}.get(kind, "name")
    whole: JsonObject = {key: name, **raw}
    return Item(kind, name, whole, digest(whole))


def surface(*tools: Tool, server: str = "box", **more: object) -> Surface:
    fields: dict[str, object] = {"server": server, "key": server, "revision": None, "tools": tools}
    return Surface(**{**fields, **more})  # type: ignore[arg-type]


def found(
    check: Check[Neighbourhood], one: Surface, *neighbours: Surface, rule: str = ""
) -> list[Finding]:
    """What one check says of a surface; a check that breaks fails the test."""
    findings, failed = run((check,), Neighbourhood(one, neighbours), one.server)
    assert not failed
    return [finding for finding in findings if not rule or finding.rule == rule]
