"""Functions handed out with no caller in sight: entries of a package that declares no tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.engine import Engine, LinkedModule
from ostiary.analyze.dataflow.scope import Imported
from ostiary.analyze.dataflow.value import Class, Closure, Instance, Place, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind, EntryParameter
from ostiary.analyze.declare.python_parameters import INJECTED, WORD
from ostiary.analyze.declare.sign_in import ASKED
from ostiary.analyze.declare.sources import named

MOST = 400
"""Functions of one package that are looked at."""


_RUN: Final = frozenset({"_run", "_arun", "_call", "_acall", "_execute", "__call__"})
"""Methods that frameworks for agents call, although their names are not public."""


_GIVEN: Final = INJECTED - {"Request"}
"""What a framework gives; a request is the caller's."""


def exported(engine: Engine) -> Iterator[Entry]:
    """One entry a function or method that a module hands out and that no function of the target
    calls, or that was given to a decorator, and one a command of a program. Parameters count as
    chosen by whoever calls."""
    seen: set[int] = set()
    for closure in _commands(engine):
        if closure.number not in seen and len(seen) < MOST:
            seen.add(closure.number)
            yield _entry("a command of the program", closure)
    for path in engine.modules:
        for name, value in _handed_out(engine, path):
            for label, closure in (*_functions(name, value), *_methods(engine, value)):
                inside = closure.number in engine.callers
                if (inside and not closure.function.decorators) or closure.number in seen:
                    continue
                if len(seen) >= MOST:
                    return
                seen.add(closure.number)
                yield _entry(label, closure)


def _commands(engine: Engine) -> Iterator[Closure]:
    """What runs for a command, with the arguments that were written behind it."""
    for effect in engine.outermost():
        if effect.kind is EffectKind.CALL and "command line" in effect.tags:
            yield from effect.operands["handler"].closures()


def _functions(name: str, value: Value) -> Iterator[tuple[str, Closure]]:
    for closure in value.closures():
        yield name, closure


def _methods(engine: Engine, value: Value) -> Iterator[tuple[str, Closure]]:
    """What can be called on an object of a class that is handed out."""
    for ref in value.refs:
        if not isinstance(ref, Class):
            continue
        receiver = Value(refs=(Instance(ref),))
        for name, method in engine.class_methods.get(ref.number, {}).items():
            if name == ASKED:
                continue
            if name in _RUN or not name.startswith(("_", "#", "constructor")):
                kind = method.function.kind
                bound = Value(refs=(ref,)) if kind == "class" else receiver
                held = method if kind == "static" else replace(method, bound=bound)
                yield f"{ref.name}.{name}", held


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
    own = (one.file for one in value.refs if isinstance(one, Closure | Class))
    return any(file == linked.module.path for file in own)


def _entry(name: str, closure: Closure) -> Entry:
    own = closure.function.params
    python = closure.file.endswith(".py")
    parameters = tuple(
        EntryParameter(one.pattern.id, {}, 0, one.default is None)
        for one in (own[1:] if python and closure.bound is not None else own)
        if isinstance(one.pattern, ir.NamePattern)
        and one.kind in ("plain", "keyword")
        and not (python and _GIVEN & set(WORD.findall(one.annotation)))
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
