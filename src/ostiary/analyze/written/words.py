"""What one function says: texts, keys with values, calls, and the calls whose result it drops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ostiary.analyze import ir
from ostiary.analyze.ir import Scalar
from ostiary.analyze.written.compose import Constants, composed, text_of
from ostiary.analyze.written.walk import Nodes, inside

_MEASURES = frozenset({"len", "bool", "isinstance", "hash", "Boolean", "Number"})
_MEASURING = frozenset({ir.Call, ir.Compare, ir.Member})
_SPOKEN = frozenset({ir.Constant, ir.Template, ir.Binary, ir.Name, ir.Member})
MOST = 4000
"""Texts of one function that are kept."""
LONGEST = 6000
WITHOUT_END = 1_000_000_000
"""The last line of what stands outside functions."""


class Phrase(NamedTuple):
    """One text as far as constants go, U+0000 for what is not known."""

    text: str
    line: int


class Pair(NamedTuple):
    """A key with what it is given: of a literal object, an assignment or a keyword."""

    key: str
    text: str
    """As in a phrase; empty if nothing is known."""
    scalar: Scalar
    literal: bool
    line: int


class Said(NamedTuple):
    """One call by its dotted name as written."""

    name: str
    line: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One function, or what stands outside functions in a file."""

    file: str
    name: str
    line: int
    column: int
    end: int
    node: ir.FunctionDef | None
    phrases: tuple[Phrase, ...]
    pairs: tuple[Pair, ...]
    returned: tuple[Phrase, ...]
    """Texts inside what it returns."""
    calls: tuple[Said, ...]
    dropped: frozenset[tuple[int, int]]
    """Lines and columns of calls whose result nobody uses."""


def words(
    file: str, root: ir.FunctionDef | tuple[ir.Stmt, ...], constants: Constants, nodes: Nodes
) -> Words:
    """The words of one function; ``nodes`` are those of ``root``."""
    reader = _Reader(constants)
    node = root if isinstance(root, ir.FunctionDef) else None
    for one in nodes.every:
        take = _TAKES.get(type(one))
        if take is not None:
            take(reader, one)
    return Words(
        file=file,
        name=node.name if node else "",
        line=node.line if node else 1,
        column=node.column if node else 0,
        end=node.end_line if node else WITHOUT_END,
        node=node,
        phrases=tuple(dict.fromkeys(reader.phrases))[:MOST],
        pairs=tuple(reader.pairs[:MOST]),
        returned=tuple(dict.fromkeys(reader.returned))[:MOST],
        calls=tuple(reader.calls),
        dropped=frozenset(reader.dropped),
    )


class _Reader:
    """Collects while the nodes of one function go by."""

    def __init__(self, constants: Constants) -> None:
        self.constants = constants
        self.phrases: list[Phrase] = []
        self.pairs: list[Pair] = []
        self.returned: list[Phrase] = []
        self.calls: list[Said] = []
        self.dropped: list[tuple[int, int]] = []
        self.known: dict[object, list[str]] = {}

    def drop(self, node: ir.Do | ir.With) -> None:
        self.dropped.extend(_dropped(node))

    def answer(self, node: ir.Return) -> None:
        if node.value is not None:
            self.returned.extend(_said(node.value, self.constants))

    def name(self, node: ir.Name) -> None:
        self._named(node.id, node)

    def member(self, node: ir.Member) -> None:
        base = node.base
        self._named((base.id if isinstance(base, ir.Name) else "", node.name), node)

    def index(self, node: ir.Index) -> None:
        if self.constants.stands(node):
            self.text(node)

    def text(self, node: ir.Expr) -> None:
        for text in self._telling(node):
            self.phrases.append(Phrase(text, node.line))

    def _named(self, key: object, node: ir.Expr) -> None:
        """The texts of what a name stands for, which are the same wherever it is written."""
        texts = self.known.get(key)
        if texts is None:
            texts = self._telling(node) if self.constants.stands(node) else []
            self.known[key] = texts
        for text in texts:
            self.phrases.append(Phrase(text, node.line))

    def _telling(self, node: ir.Expr) -> list[str]:
        found = composed(node, self.constants)
        return [text[:LONGEST] for text in found if text.strip("\0 /")]

    def call(self, node: ir.Call) -> None:
        self.text(node)
        self.calls.append(Said(dotted(node.callee), node.line, max(node.line, node.end_line)))
        for key, value in node.keywords:
            self._pair(key, value)

    def mapping(self, node: ir.Mapping) -> None:
        for entry, value in node.entries:
            if isinstance(entry, ir.Constant) and isinstance(entry.value, str):
                self._pair(entry.value, value)

    def assign(self, node: ir.Assign) -> None:
        if node.value is None:
            return
        for target in node.targets:
            if isinstance(target, ir.PlacePattern):
                place = target.place
                if isinstance(place, ir.Member):
                    self._pair(place.name, node.value)
                elif isinstance(place.key, ir.Constant) and isinstance(place.key.value, str):
                    self._pair(place.key.value, node.value)

    def _pair(self, key: str | None, value: ir.Expr) -> None:
        if key is None:
            return
        literal = isinstance(value, ir.Constant)
        scalar = value.value if isinstance(value, ir.Constant) else None
        text = text_of(value, self.constants) or ""
        self.pairs.append(Pair(key, text[:LONGEST], scalar, literal, value.line))


_TAKES: Final[dict[type, Callable[[_Reader, Any], None]]] = {
    ir.Assign: _Reader.assign,
    ir.Do: _Reader.drop,
    ir.With: _Reader.drop,
    ir.Return: _Reader.answer,
    ir.Name: _Reader.name,
    ir.Member: _Reader.member,
    ir.Index: _Reader.index,
    ir.Constant: _Reader.text,
    ir.Template: _Reader.text,
    ir.Binary: _Reader.text,
    ir.Sequence: _Reader.text,
    ir.Call: _Reader.call,
    ir.Mapping: _Reader.mapping,
}
"""What each kind of node says."""


def dotted(node: ir.Expr) -> str:
    """``a.b.c`` of a callee, with ``()`` for a call in between; ``*`` for anything else."""
    names: list[str] = []
    while len(names) < 30:
        if isinstance(node, ir.Member):
            names.append(node.name)
            node = node.base
        elif isinstance(node, ir.Call):
            names.append("()")
            node = node.callee
        elif isinstance(node, ir.Await):
            node = node.value
        else:
            break
    names.append(node.id if isinstance(node, ir.Name) else "*")
    return ".".join(reversed(names)).replace(".()", "()")


def _said(value: ir.Expr, constants: Constants) -> Iterator[Phrase]:
    counted: set[int] = set()
    for node in inside(value):
        kind = type(node)
        if (kind in _MEASURING and _measures(node)) or (counted and id(node) in counted):
            counted.update(id(one) for one in inside(node))
        elif kind in _SPOKEN:
            text = text_of(node, constants)
            if text and text.strip("\0 "):
                yield Phrase(text[:LONGEST], node.line)


def _measures(node: object) -> bool:
    """Whether only the size or truth of what is inside comes out."""
    if isinstance(node, ir.Call):
        return dotted(node.callee) in _MEASURES
    return isinstance(node, ir.Compare) or (isinstance(node, ir.Member) and node.name == "length")


def _dropped(node: ir.Do | ir.With) -> Iterator[tuple[int, int]]:
    values = (
        [node.value]
        if isinstance(node, ir.Do)
        else [value for value, target in node.items if target is None]
    )
    for value in values:
        for call in _outer_calls(value):
            yield (call.line, call.column)
            yield (call.callee.line, call.callee.column)


def _outer_calls(value: ir.Expr) -> Iterator[ir.Call]:
    """The calls of an expression statement that are no argument of another."""
    while True:
        if isinstance(value, ir.Await | ir.Unary):
            value = value.value
        elif isinstance(value, ir.Logical):
            value = value.right
        elif isinstance(value, ir.Call):
            yield value
            if not isinstance(value.callee, ir.Member):
                return
            value = value.callee.base
        else:
            return
