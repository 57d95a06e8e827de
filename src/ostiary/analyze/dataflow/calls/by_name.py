"""Classes that a method of an unknown receiver may be of, for no more than its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from ostiary.analyze.dataflow.value import Class, Closure

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.engine import Engine
    from ostiary.analyze.dataflow.frame import Frame

MOST_BY_NAME: Final = 3
"""A method is looked for by name only while so few classes have it."""
_Shape: TypeAlias = tuple[str, tuple[tuple[str, int, int], ...]]


def methods_named(frame: Frame, name: str, line: int) -> Iterator[tuple[Class, Closure]]:
    """What ``x.name()`` on this line may run, each with the class it is of.

    A library that a bundle holds is as far away as one beside it: what others call is not taken
    for its own. Of one class in several copies, as a package for two kinds of imports has them,
    it is the one nearest to the call.
    """
    engine = frame.engine
    found = [one for one, _ in engine.methods.get(name, ())]
    path = frame.module.path
    if len(found) > 1:
        found = _nearest(found, path)
    for one in _within_reach(engine, found, path, line):
        method = engine.class_methods.get(one.number, {}).get(name)
        if method is not None and method.function.kind == "method":
            yield one, method


def _within_reach(engine: Engine, found: list[Class], path: str, line: int) -> list[Class]:
    if not found or len(found) > MOST_BY_NAME:
        return []
    caller = engine.package_at(path, line)
    packages = [engine.package_at(one.file, one.definition.line) for one in found]
    return [one for one, package in zip(found, packages, strict=True) if package in ("", caller)]


def _nearest(found: list[Class], path: str) -> list[Class]:
    """The classes without copies that lie further away."""
    copies: dict[_Shape, Class] = {}
    for one in found:
        shape = _shape(one)
        other = copies.get(shape)
        if other is None or _near(one, path) > _near(other, path):
            copies[shape] = one
    return list(copies.values())


def _shape(one: Class) -> _Shape:
    """What copies of a class have in common."""
    methods = one.definition.methods
    sizes = tuple((each.name, len(each.params), each.end_line - each.line) for each in methods)
    return one.name, sizes


def _near(one: Class, path: str) -> tuple[bool, int, bool]:
    """How near a class is to a file: in it, below the same folders, of the same kind."""
    own, other = one.file.split("/"), path.split("/")
    shared = 0
    while shared < min(len(own), len(other)) and own[shared] == other[shared]:
        shared += 1
    return one.file == path, shared, own[-1].rpartition(".")[2] == other[-1].rpartition(".")[2]
