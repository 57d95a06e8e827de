"""Imports and exports: names of one module bound to things of another, or to things outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow.expressions import evaluate
from ostiary.analyze.dataflow.scope import Imported
from ostiary.analyze.dataflow.value import External, ModuleRef, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


def bind_import(frame: Frame, node: ir.Import) -> None:
    """One import statement."""
    engine = frame.engine
    resolver = engine.resolver_of(frame.module.language)
    path = resolver.resolve(frame.module.path, node.module)
    if path is not None and path in engine.modules:
        if engine.modules[path].scope is not frame.scope and not node.type_only:
            engine.module(path)
        for name, local in node.names:
            _bind_inside(frame, path, name, local)
        return
    for name, local in node.names:
        if name == "**":
            continue
        _bind_outside(frame, node.module, name, local)


def _bind_inside(frame: Frame, path: str, name: str, local: str) -> None:
    if name == "**":
        _bind_all(frame, path)
    else:
        frame.scope.variables[local] = Imported(path, name)


def _bind_all(frame: Frame, path: str) -> None:
    linked = frame.engine.modules[path]
    for name in (*linked.scope.variables, *linked.exports):
        if not name.startswith("_"):
            frame.scope.variables.setdefault(name, Imported(path, name))
    own = frame.engine.modules.get(frame.module.path)
    if own is not None:
        own.reexports.append(("*", path, "*"))


def _bind_outside(frame: Frame, module: str, name: str, local: str) -> None:
    engine = frame.engine
    if frame.python and name != "*":
        inner = engine.resolver_of("python").resolve(
            frame.module.path, f"{module}.{name}" if not module.endswith(".") else module + name
        )
        if inner is not None and inner in engine.modules:
            frame.scope.variables[local] = Imported(inner, "*")
            return
    bare = module.removeprefix("node:").lstrip(".")
    if frame.python and name == "*" and "." not in local and bare.partition(".")[0] == local:
        full = local
    else:
        full = bare if name in ("*", "default") else f"{bare}.{name}"
    frame.scope.variables[local] = Value(refs=(External(frame.knowledge.canonical(full)),))


def import_value(frame: Frame, name: str) -> Value:
    """What ``require("name")`` or ``import("name")`` gives."""
    engine = frame.engine
    path = engine.resolver_of(frame.module.language).resolve(frame.module.path, name)
    if path is None or path not in engine.modules:
        bare = name.removeprefix("node:")
        return Value(refs=(External(frame.knowledge.canonical(bare)),))
    linked = engine.module(path)
    if linked is not None and "=" in linked.exports:
        return linked.exports["="]
    return Value(refs=(ModuleRef(path),))


def export(frame: Frame, node: ir.Export) -> None:
    """One export statement of an ES module."""
    engine = frame.engine
    own = engine.modules.get(frame.module.path)
    if own is None:
        return
    if node.value is not None:
        own.exports["default"] = evaluate(frame, node.value)
        return
    if not node.module:
        for inner, outer in node.names:
            own.local_exports[outer] = inner
        return
    path = engine.resolver_of(frame.module.language).resolve(frame.module.path, node.module)
    if path is not None and path in engine.modules:
        engine.module(path)
        for inner, outer in node.names:
            own.reexports.append((outer or "*", path, inner))
        return
    bare = node.module.removeprefix("node:")
    for inner, outer in node.names:
        if inner == "*" and not outer:
            continue
        full = bare if inner in ("*", "default") else f"{bare}.{inner}"
        own.foreign[outer] = Value(refs=(External(frame.knowledge.canonical(full)),))
