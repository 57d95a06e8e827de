"""The class that does the work of the one definition beside it in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Class, Closure, Instance, Value
from ostiary.analyze.declare.listed import Listed, instance_parts
from ostiary.analyze.declare.recipes import function

_WORKS: Final = ("execute", "process", "run", "handle", "handler", "call", "invoke")


def beside(engine: Engine, definitions: Iterable[Listed]) -> dict[str, Closure]:
    """By name of the tool, the method of the only class that works in the file of its definition,
    where that file defines no other tool."""
    placed = [one for one in definitions if one.place is not None]
    files = Counter(one.place.file for one in placed if one.place)
    classes: dict[str, list[Class]] = {}
    for each in engine.classes.values():
        classes.setdefault(each.file, []).append(each)
    found: dict[str, Closure] = {}
    for one in placed:
        file = one.place.file if one.place else ""
        works = [method for each in classes.get(file, ()) if (method := _method(engine, each))]
        if files[file] == 1 and len(works) == 1:
            found[one.name] = works[0]
    return found


def _method(engine: Engine, one: Class) -> Closure | None:
    own = engine.class_methods.get(one.number, {})
    method = next((own[word] for word in _WORKS if word in own), None)
    handler = None if method is None else function(Value(refs=(method,)))
    if handler is None:
        return None
    receiver = Value(refs=(Instance(one),), fields=instance_parts(engine, Instance(one)))
    return on(handler, receiver)


def on(handler: Closure, receiver: Value) -> Closure:
    """The method with what it is called on."""
    return Closure(
        handler.number,
        handler.function,
        handler.file,
        handler.name,
        receiver,
        handler.around,
        handler.within,
    )
