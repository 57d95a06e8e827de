"""HTTP routes that a wrapper hands to models as tools: fastapi-mcp, ``FastMCP.from_fastapi``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.literals import as_json
from ostiary.analyze.declare.recipes import prose, recipes, text
from ostiary.analyze.declare.routes import routes
from ostiary.analyze.declare.sources import named
from ostiary.model.json import JsonValue, strings

_FASTAPI: Final = "fastapi"
_WRAPS: Final = "routes as tools"
_NOT_WORD: Final = re.compile(r"\W")


def route_tools(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry]:
    """A tool a route of FastAPI, where the application is wrapped. It stays a route too."""
    wrapper = next((one for one in effects if _WRAPS in one.tags), None)
    if wrapper is None:
        return
    for effect in effects:
        if effect.kind is not EffectKind.ROUTE:
            continue
        for entry in routes(engine, effect):
            method, _, path = entry.name.partition(" ")
            if entry.framework == _FASTAPI and path.startswith("/"):
                options = _options(effect)
                name = text(options.get("operation_id")) or _generated(entry, method, path)
                if _handed_out(wrapper, name, options):
                    yield _tool(entry, wrapper, name, options)


def _options(effect: Effect) -> dict[str, Value]:
    options: dict[str, Value] = {}
    for made in recipes(effect.operand("callee")):
        options.update(made.keywords)
    return options


def _generated(entry: Entry, method: str, path: str) -> str:
    """The name that FastAPI gives an operation without one."""
    own = entry.handler.function.name if entry.handler else ""
    return f"{_NOT_WORD.sub('_', own + path)}_{method.lower()}"


def _handed_out(wrapper: Effect, name: str, options: dict[str, Value]) -> bool:
    tags = set(strings(_literal(options.get("tags"))))
    for word, own in (("operations", {name}), ("tags", tags)):
        wanted = set(strings(_literal(wrapper.operand(f"include_{word}"))))
        unwanted = set(strings(_literal(wrapper.operand(f"exclude_{word}"))))
        if (wanted and not wanted & own) or unwanted & own:
            return False
    return True


def _literal(value: Value | None) -> JsonValue:
    return None if value is None else as_json(value)


def _tool(entry: Entry, wrapper: Effect, name: str, options: dict[str, Value]) -> Entry:
    description = prose(options.get("description")) or prose(options.get("summary"))
    return replace(
        entry,
        kind=EntryKind.TOOL,
        name=name,
        framework=wrapper.tags[0],
        description=description or entry.description,
        keywords={**entry.keywords, **named(SourceKind.MODEL, name, entry.parameters or ())},
    )
