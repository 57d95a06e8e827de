"""Which way a condition goes as long as the operator sets nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Closure
from ostiary.analyze.parts import nodes

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

SWITCHED: Final = (
    (g.HOST_CHOSEN | g.HOST_PUBLIC | g.HOST_SUBSTRING | g.OUTSIDE | g.CONTAINED | g.BELOW)
    | g.PREFIX_ONLY
    | g.REAL_CHECKED
    | g.BOTH_CHECKED
)
"""What checks say that an operator may switch off: of addresses and of paths."""
_UNKNOWN: Final = object()
_SELF: Final = ("self", "this")
_MAKERS: Final = ("__init__", "constructor")
_READS: Final = frozenset({"os.environ.get", "os.getenv", "environ.get", "getenv"})
_CASES: Final[Mapping[str, Callable[[str], str]]] = {
    "lower": str.lower,
    "toLowerCase": str.lower,
    "upper": str.upper,
    "toUpperCase": str.upper,
    "strip": str.strip,
    "trim": str.strip,
}
_DEEPEST: Final = 12


def by_default(frame: Frame, test: ir.Expr) -> bool | None:
    """The truth of a test where no setting is given; ``None`` where that is not known."""
    value = _Reader(frame).value(test, 0)
    return None if value is _UNKNOWN else bool(value)


def named_once(module: ir.Module) -> dict[str, ir.Expr | None]:
    """What a module's own statements assign to each name that they assign to once."""
    made: dict[str, list[ir.Expr | None]] = {}
    for one in module.body:
        if isinstance(one, ir.Assign):
            for to in one.targets:
                if isinstance(to, ir.NamePattern):
                    made.setdefault(to.id, []).append(one.value)
    return {name: values[0] for name, values in made.items() if len(values) == 1}


def _set_once(function: ir.FunctionDef) -> dict[str, ir.Expr]:
    """What a function's own statements assign to variables that nothing else in it assigns to."""
    made: Counter[str] = Counter(_written(function.body))
    return {
        to.id: one.value
        for one in function.body
        if isinstance(one, ir.Assign) and one.value is not None and one.op is None
        for to in one.targets
        if isinstance(to, ir.NamePattern) and made[to.id] == 1
    }


def _written(body: tuple[ir.Stmt, ...]) -> Iterator[str]:
    for node in nodes(body):
        targets = node.targets if isinstance(node, ir.Assign) else ()
        for to in (node.target,) if isinstance(node, ir.Assigned) else targets:
            if isinstance(to, ir.NamePattern):
                yield to.id


class _Reader:
    def __init__(self, frame: Frame, called: Closure | None = None) -> None:
        self._frame = frame
        body = frame.engine.body(called.number) if called else None
        self._scope = frame.scope if body is None else body.scope
        self._module = frame.module if body is None else body.module
        number = called.number if called else frame.number
        function = frame.engine.body(number).closure.function if number else None
        self._own = _set_once(function) if function else {}
        """Variables of the function, each with what it is for good."""
        self._bound: dict[str, object] = {}
        """Parameters of a function that is called, with what they are given."""
        self._given: Mapping[str, ir.Expr | None] = {}
        """Parameters of the constructor that a field is read from, with their defaults."""

    def value(self, node: ir.Expr | None, depth: int) -> object:
        found = None if node is None or depth > _DEEPEST else _KINDS.get(type(node))
        return _UNKNOWN if found is None else found(self, node, depth + 1)

    def constant(self, node: ir.Constant, _depth: int) -> object:
        return node.value

    def negated(self, node: ir.Unary, depth: int) -> object:
        value = self.value(node.value, depth) if node.op == "not" else _UNKNOWN
        return value if value is _UNKNOWN else not value

    def logical(self, node: ir.Logical, depth: int) -> object:
        both = self.value(node.left, depth), self.value(node.right, depth)
        left, right = both
        if node.op not in ("and", "or"):
            return right if left is None else left
        for one in both:
            if one is not _UNKNOWN and bool(one) == (node.op == "or"):
                return one
        return _UNKNOWN if _UNKNOWN in both else right

    def compared(self, node: ir.Compare, depth: int) -> object:
        left, right = self.value(node.left, depth), self.value(node.right, depth)
        if _UNKNOWN in (left, right):
            return _UNKNOWN
        if node.op in ("in", "not-in") and isinstance(right, tuple):
            return (left in right) == (node.op == "in")
        if node.op in ("==", "is", "!=", "is-not"):
            return (left == right) == (node.op in ("==", "is"))
        return _UNKNOWN

    def several(self, node: ir.Sequence, depth: int) -> object:
        values = tuple(self.value(one, depth) for one in node.items)
        return _UNKNOWN if _UNKNOWN in values else values

    def called(self, node: ir.Call, depth: int) -> object:
        name = _dotted(node.callee)
        if name in _READS and node.args:
            return self.value(node.args[1], depth) if len(node.args) > 1 else None
        if name in ("bool", "Boolean") and node.args:
            value = self.value(node.args[0], depth)
            return value if value is _UNKNOWN else bool(value)
        if isinstance(node.callee, ir.Member) and node.callee.name in _CASES:
            text = self.value(node.callee.base, depth)
            return _CASES[node.callee.name](text) if isinstance(text, str) else _UNKNOWN
        inner = self._inside(node, depth)
        return _UNKNOWN if inner is None else inner[0].value(inner[1], depth)

    def _inside(self, node: ir.Call, depth: int) -> tuple[_Reader, ir.Expr] | None:
        """A function of the target that is called, and the one thing that it gives back."""
        if not isinstance(node.callee, ir.Name) or depth > _DEEPEST:
            return None
        found = self._frame.engine.variable(self._scope, node.callee.id)
        closures = () if found is None else tuple(found.closures())
        if len(closures) != 1:
            return None
        function = closures[0].function
        last = function.body[-1] if function.body else None
        plain = all(isinstance(one, ir.Assign) for one in function.body[:-1])
        if not plain or not isinstance(last, ir.Return) or last.value is None:
            return None
        reader = _Reader(self._frame, closures[0])
        for param, given in zip_longest(function.params, node.args):
            if param is not None and isinstance(param.pattern, ir.NamePattern):
                reader._bound[param.pattern.id] = self.value(given, depth)
        return reader, last.value

    def _part(self, node: ir.Expr, name: str, depth: int) -> object:
        """A part of an object that is written out: here, or by a function that makes it."""
        if isinstance(node, ir.Name) and node.id in self._own and depth <= _DEEPEST:
            return self._part(self._own[node.id], name, depth + 1)
        if isinstance(node, ir.Call):
            inner = self._inside(node, depth)
            return _UNKNOWN if inner is None else inner[0]._part(inner[1], name, depth + 1)
        if isinstance(node, ir.Mapping):
            for key, value in node.entries:
                if isinstance(key, ir.Constant) and key.value == name:
                    return self.value(value, depth)
        return _UNKNOWN

    def member(self, node: ir.Member, depth: int) -> object:
        base = node.base
        if _dotted(base) == "process.env":
            return None
        if not isinstance(base, ir.Name):
            return _UNKNOWN
        if base.id in self._given:
            return None
        own = base.id in _SELF
        return self._field(node.name, depth) if own else self._part(base, node.name, depth)

    def name(self, node: ir.Name, depth: int) -> object:
        if node.id == "undefined":
            return None
        if self._given:
            return self.value(self._given.get(node.id), depth)
        if node.id in self._bound:
            return self._bound[node.id]
        owner = self._scope.find(node.id)
        if node.id in self._own and (owner is None or owner.number):
            return self.value(self._own[node.id], depth)
        if owner is None or owner.number:
            return _UNKNOWN
        made = self._frame.engine.named_once(self._module)
        return self.value(made.get(node.id), depth)

    def _field(self, name: str, depth: int) -> object:
        """What a field of the object itself is, if only its constructor sets it."""
        owner = self._frame.owner
        if owner is None or self._given:
            return _UNKNOWN
        made: list[tuple[ir.FunctionDef, ir.Expr | None]] = [
            (method, one)
            for method in owner.of.definition.methods
            for to, one in _assigned(method.body)
            if to == name
        ]
        if len(made) != 1 or made[0][0].name not in _MAKERS:
            return _UNKNOWN
        method, value = made[0]
        self._given = {
            one.pattern.id: one.default
            for one in method.params
            if isinstance(one.pattern, ir.NamePattern) and one.pattern.id not in _SELF
        }
        found = self.value(value, depth)
        self._given = {}
        return found


def _assigned(body: Iterable[ir.Stmt]) -> Iterator[tuple[str, ir.Expr | None]]:
    """Fields of the object itself that are assigned, with what."""
    inner: tuple[tuple[ir.Stmt, ...], ...]
    for one in body:
        inner = ()
        match one:
            case ir.Assign():
                yield from ((name, one.value) for to in one.targets for name in _own(to))
            case ir.Do(value=ir.Assigned(target=to, value=value)):
                yield from ((name, value) for name in _own(to))
            case ir.If():
                inner = (one.then, one.other)
            case ir.Try():
                inner = (one.body, *(part for _, _, part in one.handlers), one.other, one.final)
            case ir.With() | ir.Block() | ir.Loop():
                inner = (one.body,)
        for part in inner:
            yield from _assigned(part)


def _own(target: ir.Pattern) -> Iterator[str]:
    match target:
        case ir.PlacePattern(place=ir.Member(base=ir.Name(id="self" | "this"), name=name)):
            yield name


def _dotted(node: ir.Expr) -> str:
    if isinstance(node, ir.Name):
        return node.id
    return f"{_dotted(node.base)}.{node.name}" if isinstance(node, ir.Member) else ""


_KINDS: Final[Mapping[type, Callable[..., object]]] = {
    ir.Constant: _Reader.constant,
    ir.Unary: _Reader.negated,
    ir.Logical: _Reader.logical,
    ir.Compare: _Reader.compared,
    ir.Sequence: _Reader.several,
    ir.Call: _Reader.called,
    ir.Member: _Reader.member,
    ir.Name: _Reader.name,
}
