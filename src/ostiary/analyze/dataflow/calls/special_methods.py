"""Methods that run without being called by name: of indexing, of setting a property, of ``with``,
of a part that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Closure, Instance, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


def by_key(frame: Frame, base: Value, node: ir.Index) -> Value:
    """What ``__getitem__`` gives."""
    if not any(isinstance(ref, Instance) for ref in base.refs):
        return NOTHING
    key = frame.engine.evaluated(frame, node.key)
    return join(_run(frame, base, "__getitem__", (key,), node))


def set_by_key(frame: Frame, base: Value, value: Value, node: ir.Index) -> None:
    """``__setitem__``."""
    if any(isinstance(ref, Instance) for ref in base.refs):
        key = frame.engine.evaluated(frame, node.key)
        for _ in _run(frame, base, "__setitem__", (key, value), node):
            pass


def set_property(frame: Frame, base: Value, name: str, value: Value, node: ir.Node) -> None:
    """The setter of a property, if there is one."""
    engine = frame.engine
    for ref in base.refs if engine.setters else ():
        if isinstance(ref, Instance):
            for one in engine.lineage(ref.of):
                setter = engine.setters.get((one.number, name))
                if setter is not None:
                    _called(frame, setter, base, (value,), node)
                    break


def entered(frame: Frame, manager: Value, node: ir.Node) -> Value:
    """What ``with`` binds."""
    names = ("__enter__", "__aenter__")
    found = join(one for name in names for one in _run(frame, manager, name, (), node))
    return manager if found is NOTHING else found


def left(frame: Frame, manager: Value, node: ir.Node) -> None:
    """What ``with`` does at its end."""
    for name in ("__exit__", "__aexit__"):
        for _ in _run(frame, manager, name, (NOTHING, NOTHING, NOTHING), node):
            pass


def missing(frame: Frame, base: Value, ref: Instance, name: str, node: ir.Node) -> Value | None:
    """What ``__getattr__`` gives for a part that nothing else gives."""
    method = _method(frame, ref, "__getattr__")
    if method is None or name.startswith("__"):
        return None
    label = Value(text=(name,), scalar=name, literal=True)
    return _called(frame, method, base, (label,), node)


def _run(
    frame: Frame, base: Value, name: str, given: tuple[Value, ...], node: ir.Node
) -> Iterator[Value]:
    for ref in base.refs if frame.python else ():
        method = _method(frame, ref, name) if isinstance(ref, Instance) else None
        if method is not None:
            yield _called(frame, method, base, given, node)


def _method(frame: Frame, ref: Instance, name: str) -> Closure | None:
    engine = frame.engine
    methods = (engine.class_methods.get(one.number, {}) for one in engine.lineage(ref.of))
    return next((one[name] for one in methods if name in one), None)


def _called(
    frame: Frame, method: Closure, base: Value, given: tuple[Value, ...], node: ir.Node
) -> Value:
    args = Arguments(given, receiver=base)
    return frame.engine.apply(frame, method.bound_to(base), args, node)
