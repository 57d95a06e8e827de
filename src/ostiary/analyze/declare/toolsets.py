"""Classes of which every public method is a tool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Class, Closure, Instance, Place, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.listed import instance_parts
from ostiary.analyze.declare.python_parameters import parameters_of_function
from ostiary.analyze.declare.recipes import function
from ostiary.analyze.declare.sources import named

_BASES: Final = {
    "mcp_server.MCPToolset": "django-mcp-server",
    "mcp_server.djangomcp.MCPToolset": "django-mcp-server",
}


def toolsets(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry]:
    """An entry a public method."""
    del effects
    for one in engine.classes.values():
        framework = next((_BASES[base] for base in engine.foreign_bases(one) if base in _BASES), "")
        if not framework:
            continue
        parts = instance_parts(engine, Instance(one))
        for name, part in parts.items():
            method = function(part)
            if method is not None and not name.startswith("_"):
                yield _entry(engine, one, parts, method, framework)


def _entry(
    engine: Engine, one: Class, parts: dict[str, Value], method: Closure, framework: str
) -> Entry:
    parameters = parameters_of_function(engine, method)
    name = method.function.name
    return Entry(
        kind=EntryKind.TOOL,
        name=name,
        place=Place(one.file, method.function.line, method.function.column),
        framework=framework,
        description=method.function.doc,
        parameters=parameters,
        handler=replace(method, bound=Value(refs=(Instance(one),), fields=parts)),
        keywords=named(SourceKind.MODEL, name, parameters),
    )
