"""Lists of tools that stand in JSON files of a target, as a client's configuration shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.manifests.text import ManifestText, Unreadable
from ostiary.analyze.modules import is_apart
from ostiary.analyze.project import Project, SourceFile
from ostiary.model.json import JsonObject, JsonValue, as_object
from ostiary.model.surface import Surface
from ostiary.model.visible import NAME, visible
from ostiary.wire.surface import LISTINGS, Gathered

_SERVERS: Final = ("mcpServers", "servers", "mcp_servers", "context_servers")
_LARGEST: Final = 500_000
_TOOLS: Final = LISTINGS[0]


@dataclass(frozen=True, slots=True)
class InJson:
    """The tools that a file lists for one server."""

    surface: Surface
    places: dict[str, Place]
    """Where each tool stands, by ``tool NAME``."""
    home: Place
    """Where the server stands."""


def listed_in_json(project: Project) -> Iterator[tuple[InJson, ...]]:
    """For each file, the servers for which it lists tools with their descriptions."""
    for file in project.files.values():
        if file.path.endswith(".json") and not is_apart(file.path) and _may_list(file):
            found = tuple(_of_file(file))
            if found:
                yield found


def _may_list(file: SourceFile) -> bool:
    return len(file.data) <= _LARGEST and b'"tools"' in file.data and b"escription" in file.data


def _of_file(file: SourceFile) -> Iterator[InJson]:
    try:
        text = ManifestText(file)
        raw = text.json()
    except Unreadable:
        return
    yield from _of_server(text, "the file", raw, 0)
    for key in _SERVERS:
        start = text.key(key)
        for name, value in as_object(raw.get(key)).items():
            yield from _of_server(text, name, as_object(value), text.key(name, start))


def _of_server(text: ManifestText, name: str, raw: JsonObject, start: int) -> Iterator[InJson]:
    tools = raw.get("tools")
    if not isinstance(tools, list):
        return
    described = [one for one in tools if _is_described(one)]
    if not described:
        return
    gathered = Gathered()
    gathered.add(_TOOLS, described)
    surface = gathered.surface(visible(name, NAME), f"{text.path} {name}", text.path)
    places = {}
    at = text.key("tools", start)
    for tool in surface.tools:
        at = text.key(tool.name, at)
        places[f"tool {visible(tool.name, NAME)}"] = Place(text.path, text.line_at(at))
    yield InJson(surface, places, Place(text.path, text.line_at(start)))


def _is_described(raw: JsonValue) -> bool:
    one = as_object(raw)
    return isinstance(one.get("name"), str) and isinstance(one.get("description"), str)
