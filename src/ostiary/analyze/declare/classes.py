"""Tools that are classes: a name and a description as fields, a method that does the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Class, Closure, Instance, Place, SourceKind, Value
from ostiary.analyze.declare.beside import on
from ostiary.analyze.declare.dispatch import given_arguments
from ostiary.analyze.declare.entry import Entry, EntryKind, EntryParameter
from ostiary.analyze.declare.listed import instance_parts, parameters_of, schema_in
from ostiary.analyze.declare.python_parameters import parameters_of_function
from ostiary.analyze.declare.recipes import function, prose, text
from ostiary.analyze.declare.schemas import Checked, guarantees_of
from ostiary.analyze.declare.sources import named
from ostiary.analyze.declare.zod import zod_schema

_BASES: Final = {
    "mcp-framework.MCPTool": ("mcp-framework", ("execute",)),
    "langchain.tools.BaseTool": ("agent framework", ("_run", "_arun")),
    "langchain_core.tools.BaseTool": ("agent framework", ("_run", "_arun")),
    "langchain.tools.base.BaseTool": ("agent framework", ("_run", "_arun")),
    "langchain_core.tools.base.BaseTool": ("agent framework", ("_run", "_arun")),
    "crewai.tools.BaseTool": ("agent framework", ("_run",)),
    "crewai_tools.BaseTool": ("agent framework", ("_run",)),
    "smolagents.Tool": ("agent framework", ("forward",)),
    "@langchain/core/tools.StructuredTool": ("agent framework", ("_call",)),
    "@langchain/core/tools.Tool": ("agent framework", ("_call",)),
}
"""Classes to inherit from: the framework, and the methods that do the work."""
OWN_CLASS: Final = "class"
"""The framework of a tool that is known by the form of its class alone."""
_OWN: Final = ("execute", "run", "handle", "handler", "call", "invoke", "run_tool", "_execute")
_SCHEMAS: Final = (
    "inputSchema",
    "input_schema",
    "schema",
    "parameters",
    "argsShape",
    "args_schema",
)


def class_tools(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry]:
    """An entry a class that is a tool by what it inherits from, or by its form: a name, a
    description and a schema that are known, and a method to run."""
    del effects
    for one in engine.classes.values():
        framework, methods = _framework(engine, one)
        parts = instance_parts(engine, Instance(one))
        handler = next((found for name in methods if (found := function(parts.get(name)))), None)
        name = text(parts.get("name"))
        known = framework or (prose(parts.get("description")) and set(_SCHEMAS) & set(parts))
        if handler is not None and name and known:
            yield _entry(engine, one, framework, parts, handler)


def _framework(engine: Engine, one: Class) -> tuple[str, tuple[str, ...]]:
    for base in engine.foreign_bases(one):
        if base in _BASES:
            return _BASES[base]
    return "", _OWN


def _entry(
    engine: Engine, one: Class, framework: str, parts: dict[str, Value], handler: Closure
) -> Entry:
    name = text(parts.get("name"))
    checked = Checked.FORMATS if framework == "mcp-framework" else Checked.NOT
    parameters = _parameters(engine, parts, checked)
    receiver = Value(refs=(Instance(one),), fields=parts)
    binds: tuple[Value, ...] = ()
    keywords: dict[str, Value] = {}
    if one.file.endswith(".py") and framework:
        own = parameters_of_function(engine, handler)
        parameters = parameters or own
        keywords = named(SourceKind.MODEL, name, own)
    else:
        binds = (given_arguments(name, parameters, checked=checked),)
    return Entry(
        kind=EntryKind.TOOL,
        name=name,
        place=Place(one.file, one.definition.line, one.definition.column),
        framework=framework or OWN_CLASS,
        description=prose(parts.get("description")) or one.definition.doc,
        parameters=parameters,
        handler=on(handler, receiver),
        binds=binds,
        keywords=keywords,
    )


def _parameters(
    engine: Engine, parts: dict[str, Value], checked: Checked
) -> tuple[EntryParameter, ...] | None:
    schema = next((parts[word] for word in _SCHEMAS if word in parts), None)
    if schema is None or any(True for _ in schema.closures()):
        return None
    typed = {name: zod_schema(part.fields["type"]) for name, part in _typed(schema)}
    if typed:
        return tuple(
            EntryParameter(name, found or {}, guarantees_of(found or {}, checked))
            for name, found in typed.items()
        )
    return parameters_of(schema_in(engine, schema), checked=checked)


def _typed(schema: Value) -> Iterator[tuple[str, Value]]:
    """The form of mcp-framework: ``{path: {type: z.string(), description: "…"}}``."""
    for name, part in schema.fields.items():
        kind = part.fields.get("type")
        if kind is not None and zod_schema(kind) is not None:
            yield name, part
