"""Whether a tool keeps something in memory between calls: in a variable of its module, or in an
object that its module makes once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.ir import Module
from ostiary.analyze.written.walk import Nodes

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
    kept = facts.once(_Kept)
    place = Place(handler.file, handler.function.line, handler.function.column)
    return any(
        one.node is not None and kept.changed_by(one.file, one.node)
        for one in facts.written.from_places([place])
    )


class _Kept:
    """What outlives calls in each module, and which functions change it."""

    def __init__(self, facts: Facts) -> None:
        self._modules = facts.modules
        self._nodes = facts.written.nodes
        self._answers: dict[ir.FunctionDef, bool] = {}
        self._shared: dict[str, frozenset[str]] = {}

    def changed_by(self, file: str, function: ir.FunctionDef) -> bool:
        found = self._answers.get(function)
        if found is None:
            module = self._modules.get(file)
            found = module is not None and self._changes(module, function)
            self._answers[function] = found
        return found

    def _changes(self, module: Module, function: ir.FunctionDef) -> bool:
        nodes = self._nodes(function)
        changed = list(_changed(nodes))
        if not changed:
            return False
        own = {_name(one.pattern) for one in function.params} | set(_assigned(nodes))
        shared = self._containers(module) - own
        for base in changed:
            if isinstance(base, ir.Name) and base.id in shared:
                return True
            if isinstance(base, ir.Member) and _is_self(base.base):
                return any(one is function for one in self._methods_of_single(module))
        return False

    def _containers(self, module: Module) -> frozenset[str]:
        """Variables of the module that begin as a list, a table or a set."""
        found = self._shared.get(module.path)
        if found is None:
            found = frozenset(
                _name(target)
                for one in self._nodes(module.body).of(ir.Assign)
                if isinstance(one.value, ir.Sequence | ir.Mapping) or _made(one.value) in _MAKERS
                for target in one.targets
            )
            self._shared[module.path] = found
        return found

    def _methods_of_single(self, own: Module) -> Iterator[ir.FunctionDef]:
        """Methods of classes of ``own`` that a module makes one object of."""
        for node in self._nodes(own.body).of(ir.ClassDef):
            if node.name in self._single:
                yield from node.methods

    @cached_property
    def _single(self) -> frozenset[str]:
        every = (self._nodes(one.body).of(ir.Assign) for one in self._modules.values())
        return frozenset(_made(one.value) for many in every for one in many) - {""}


def _changed(nodes: Nodes) -> Iterator[ir.Expr]:
    """What something is put into."""
    for node in nodes.among(ir.Call, ir.Assign):
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if isinstance(target, ir.PlacePattern) and isinstance(target.place, ir.Index):
                    yield target.place.base
        elif isinstance(node.callee, ir.Member) and node.callee.name in _CHANGES:
            yield node.callee.base


def _assigned(nodes: Nodes) -> Iterator[str]:
    """Names that are variables of the function itself."""
    for node in nodes.of(ir.Assign):
        yield from map(_name, node.targets)


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
