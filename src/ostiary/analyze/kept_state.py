"""Whether a tool keeps something in memory between calls: in a variable of its module, or in an
object that its module makes once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.ir import Module
from ostiary.analyze.written.walk import inside

_CHANGES: Final = frozenset(
    (
        "append",
        "appendleft",
        "extend",
        "insert",
        "add",
        "update",
        "setdefault",
        "push",
        "unshift",
        "splice",
        "set",
    )
)
_MAKERS: Final = frozenset(
    {"dict", "list", "set", "deque", "defaultdict", "OrderedDict", "Counter", "Map", "Set", "Array"}
)
_SELF: Final = ("self", "this")


def keeps_state(facts: Facts, reached: Reached) -> bool:
    """Whether its code, calls followed by name, changes what outlives the call."""
    handler = reached.entry.handler
    if handler is None:
        return False
    place = Place(handler.file, handler.function.line, handler.function.column)
    return any(
        one.node is not None and _changes(facts.modules, one.file, one.node)
        for one in facts.written.from_places([place])
    )


def _changes(modules: Mapping[str, Module], file: str, function: ir.FunctionDef) -> bool:
    module = modules.get(file)
    if module is None:
        return False
    changed = list(_changed(function))
    if not changed:
        return False
    own = {_name(one.pattern) for one in function.params} | set(_assigned(function))
    shared = set(_containers(module)) - own
    for base in changed:
        if isinstance(base, ir.Name) and base.id in shared:
            return True
        if isinstance(base, ir.Member) and _is_self(base.base):
            return any(one is function for one in _methods_of_single(modules, module))
    return False


def _changed(function: ir.FunctionDef) -> Iterator[ir.Expr]:
    """What something is put into."""
    for node in inside(function):
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
            if node.callee.name in _CHANGES:
                yield node.callee.base
        elif isinstance(node, ir.Assign):
            for target in node.targets:
                if isinstance(target, ir.PlacePattern) and isinstance(target.place, ir.Index):
                    yield target.place.base


def _assigned(function: ir.FunctionDef) -> Iterator[str]:
    """Names that are variables of the function itself."""
    for node in inside(function):
        if isinstance(node, ir.Assign):
            yield from map(_name, node.targets)


def _containers(module: Module) -> Iterator[str]:
    """Variables of the module that begin as a list, a table or a set."""
    for one in _statements(module):
        if isinstance(one.value, ir.Sequence | ir.Mapping) or _made(one.value) in _MAKERS:
            yield from map(_name, one.targets)


def _methods_of_single(modules: Mapping[str, Module], own: Module) -> Iterator[ir.FunctionDef]:
    """Methods of classes of ``own`` that a module makes one object of."""
    single = {_made(one.value) for each in modules.values() for one in _statements(each)} - {""}
    for node in inside(own.body):
        if isinstance(node, ir.ClassDef) and node.name in single:
            yield from node.methods


def _statements(module: Module) -> Iterator[ir.Assign]:
    for one in module.body:
        yield from (node for node in inside(one) if isinstance(node, ir.Assign))


def _made(value: ir.Expr | None) -> str:
    """The name of what a call makes: a class, mostly."""
    if not isinstance(value, ir.Call):
        return ""
    callee = value.callee
    if isinstance(callee, ir.Member):
        return callee.name
    return callee.id if isinstance(callee, ir.Name) else ""


def _name(pattern: object) -> str:
    return pattern.id if isinstance(pattern, ir.NamePattern) else ""


def _is_self(node: ir.Expr) -> bool:
    return isinstance(node, ir.Name) and node.id in _SELF
