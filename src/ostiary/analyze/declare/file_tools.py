"""Files that are tools: a default function beside its metadata, as xmcp and golf have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine, LinkedModule
from ostiary.analyze.dataflow.scope import Imported
from ostiary.analyze.dataflow.value import NOTHING, Closure, Place, SourceKind, Value
from ostiary.analyze.declare.dispatch import given_arguments
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.listed import definition
from ostiary.analyze.declare.python_parameters import parameters_of_function
from ostiary.analyze.declare.recipes import function, text
from ostiary.analyze.declare.schemas import Checked
from ostiary.analyze.declare.sources import named

XMCP: Final = "xmcp"
GOLF: Final = "golf"
_FOLDERS: Final = {
    "tools": EntryKind.TOOL,
    "prompts": EntryKind.PROMPT,
    "resources": EntryKind.RESOURCE,
}


def file_tools(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry]:
    """An entry a file that has the form."""
    del effects
    for path, linked in engine.modules.items():
        kind = next((_FOLDERS[part] for part in path.split("/")[:-1] if part in _FOLDERS), None)
        if kind is None:
            continue
        if linked.module.language == "python":
            yield from _python(engine, path, linked, kind)
        else:
            yield from _script(engine, path, linked, kind)


def _script(engine: Engine, path: str, linked: LinkedModule, kind: EntryKind) -> Iterator[Entry]:
    """``export const metadata``, ``export const schema`` and a default function."""
    names = engine.namespace(path)
    handler = function(names.get("default"))
    metadata = names.get("metadata")
    if handler is None or metadata is None or not _imports(linked, XMCP):
        return
    schema = {"schema": names["schema"]} if "schema" in names else {}
    name = text(metadata.fields.get("name")) or _stem(path)
    parts = {**metadata.fields, **schema, "name": Value(text=(name,), scalar=name, literal=True)}
    one = definition(engine, parts, NOTHING, checked=Checked.FORMATS)
    parameters = one.parameters if schema else ()
    given = given_arguments(name, parameters, checked=Checked.FORMATS)
    yield Entry(
        kind=kind,
        name=name,
        place=_at(handler),
        framework=XMCP,
        title=one.title,
        description=one.description,
        parameters=parameters,
        annotations=one.annotations,
        handler=handler,
        binds=(given, NOTHING),
    )


def _python(engine: Engine, path: str, linked: LinkedModule, kind: EntryKind) -> Iterator[Entry]:
    """A function under the name ``export``."""
    held = linked.scope.variables.get("export")
    handler = None if held is None or isinstance(held, Imported) else function(held)
    if handler is None:
        return
    name = _stem(path)
    parameters = parameters_of_function(engine, handler)
    yield Entry(
        kind=kind,
        name=name,
        place=_at(handler),
        framework=GOLF,
        description=handler.function.doc or linked.module.doc,
        parameters=parameters,
        handler=handler,
        keywords=named(SourceKind.MODEL, name, parameters),
    )


def _imports(linked: LinkedModule, package: str) -> bool:
    return any(isinstance(one, ir.Import) and one.module == package for one in linked.module.body)


def _at(handler: Closure) -> Place:
    return Place(handler.file, handler.function.line, handler.function.column)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]
