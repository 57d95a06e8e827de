"""Functions handed out with no caller in sight: entries of a package that declares no tools."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze import ir
from ostiary.analyze.dataflow.engine import Engine, LinkedModule
from ostiary.analyze.dataflow.scope import Imported
from ostiary.analyze.dataflow.value import Closure, Place, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind, EntryParameter
from ostiary.analyze.declare.sources import named

MOST = 400
"""Functions of one package that are looked at."""


def exported(engine: Engine) -> Iterator[Entry]:
    """One entry a function that a module hands out and that nothing in the target calls. Its
    parameters count as chosen by whoever calls."""
    count = 0
    for path in engine.modules:
        for name, value in _handed_out(engine, path):
            for closure in value.closures():
                if closure.number in engine.called or count >= MOST:
                    continue
                count += 1
                yield _entry(name, closure)


def _handed_out(engine: Engine, path: str) -> Iterator[tuple[str, Value]]:
    linked = engine.modules[path]
    if linked.module.language != "python":
        yield from engine.namespace(path).items()
        return
    for name, binding in linked.scope.variables.items():
        if isinstance(binding, Imported) or name.startswith("_"):
            continue
        if _is_own(linked, binding):
            yield name, binding


def _is_own(linked: LinkedModule, value: Value) -> bool:
    return any(one.file == linked.module.path for one in value.closures())


def _entry(name: str, closure: Closure) -> Entry:
    parameters = tuple(
        EntryParameter(one.pattern.id, {}, 0, one.default is None)
        for one in closure.function.params
        if isinstance(one.pattern, ir.NamePattern) and one.kind in ("plain", "keyword")
    )
    return Entry(
        kind=EntryKind.EXPORT,
        name=name,
        place=Place(closure.file, closure.function.line, closure.function.column),
        framework="module",
        description=closure.function.doc,
        parameters=parameters,
        handler=closure,
        keywords=named(SourceKind.MODEL, name, parameters),
    )
