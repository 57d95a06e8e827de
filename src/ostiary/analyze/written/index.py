"""The words of every function of a target, found by place and by who calls whom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Place, Value
from ostiary.analyze.written.compose import Constants
from ostiary.analyze.written.walk import Nodes
from ostiary.analyze.written.words import WITHOUT_END, Words, words

MOST_FUNCTIONS = 300
"""Functions that calls are followed to from one entry."""
_FUNCTION = ir.FunctionDef
Root: TypeAlias = "ir.FunctionDef | tuple[ir.Stmt, ...]"
"""A function, or the statements of a file."""
Walk: TypeAlias = "Callable[[Root], Nodes]"
_DEEPEST = 4
_LONGEST_CALL = 300
_COMMONEST = 3
"""A name that more functions of other files have tells nothing."""


@dataclass(slots=True, eq=False)
class _Spot:
    """One function, or what stands outside functions, with its words once somebody asks."""

    file: str
    root: Root
    words: Words | None = None

    @property
    def start(self) -> tuple[int, int]:
        return (self.root.line, self.root.column) if isinstance(self.root, _FUNCTION) else (1, 0)

    @property
    def end(self) -> int:
        return self.root.end_line if isinstance(self.root, _FUNCTION) else WITHOUT_END

    @property
    def name(self) -> str:
        return self.root.name if isinstance(self.root, _FUNCTION) else ""


@dataclass(frozen=True, slots=True)
class _File:
    """The functions of one file, arranged for looking them up."""

    ordered: list[_Spot]
    starts: list[tuple[int, int]]
    outer: list[int]
    """For each the number of the one around it; -1 for none."""
    named: dict[str, list[_Spot]]


class Written:
    """Read file by file, when a rule first asks for one."""

    def __init__(self, modules: Mapping[str, ir.Module]) -> None:
        self._modules = modules
        self._spots: dict[str, tuple[_Spot, ...]] = {}
        self._constants: dict[str, Constants] = {}
        self._alone: dict[str, Constants] = {}
        self._near: dict[Effect, tuple[str, ...]] = {}
        self._files: dict[str, _File] = {}
        self._lines: dict[Words, dict[int, tuple[str, ...]]] = {}
        self._followed: dict[tuple[Place, ...], tuple[Words, ...]] = {}
        self._calls: dict[Words, tuple[Words, ...]] = {}
        self._nodes: dict[Root, Nodes] = {}

    def nodes(self, root: Root) -> Nodes:
        """The nodes of a function, or of the statements of a file, that are in no other one."""
        found = self._nodes.get(root)
        if found is None:
            found = self._nodes[root] = Nodes(root)
        return found

    def of(self, file: str) -> tuple[Words, ...]:
        """Every function of a file, outer first; the first is what stands outside functions."""
        return tuple(self._words(one) for one in self._of(file))

    def functions(self, file: str) -> Iterator[ir.FunctionDef]:
        """Every function of a file, outer first, without its words."""
        for one in self._of(file):
            if isinstance(one.root, _FUNCTION):
                yield one.root

    def where(self, file: str, holds: Callable[[Root], bool]) -> Iterator[Words]:
        """The functions of a file whose code meets a condition, outer first."""
        for one in self._of(file):
            if holds(one.root):
                yield self._words(one)

    def called(self, file: str, name: str) -> Iterator[Words]:
        """The functions of a file that go by this name, outer first."""
        for one in self._of(file):
            if one.name == name:
                yield self._words(one)

    def _of(self, file: str) -> tuple[_Spot, ...]:
        found = self._spots.get(file)
        if found is None:
            module = self._modules.get(file)
            found = () if module is None else tuple(_spots(file, module, self.nodes))
            self._spots[file] = found
        return found

    def _words(self, spot: _Spot) -> Words:
        if spot.words is None:
            constants, nodes = self.constants(spot.file), self.nodes(spot.root)
            if isinstance(spot.root, _FUNCTION):
                constants = _local(spot.root, constants, nodes)
            spot.words = words(spot.file, spot.root, constants, nodes)
        return spot.words

    def at(self, place: Place) -> Words | None:
        """The innermost function around a place."""
        found = self._file(place.file)
        at = bisect_right(found.starts, (place.line, place.column)) - 1
        while at >= 0:
            one = found.ordered[at]
            if place.line <= one.end:
                return self._words(one)
            at = found.outer[at]
        return None

    def _file(self, file: str) -> _File:
        found = self._files.get(file)
        if found is None:
            found = _arranged(self._of(file))
            self._files[file] = found
        return found

    def near(self, effect: Effect) -> tuple[str, ...]:
        """What the code says where the effect stands and where calls lead to it: the known texts
        of its operands first, U+0000 for what is not known."""
        found = self._near.get(effect)
        if found is None:
            found = tuple(dict.fromkeys(self._texts(effect)))
            self._near[effect] = found
        return found

    def _texts(self, effect: Effect) -> Iterator[str]:
        for value in effect.operands.values():
            yield from _known(value, _DEEPEST)
        for place in (effect.place, *(step.place for step in reversed(effect.chain))):
            around = self.at(place)
            if around is not None:
                yield from self._on(around, place.line)

    def _on(self, around: Words, line: int) -> tuple[str, ...]:
        """The texts of the calls that begin on one line of a function."""
        lines = self._lines.get(around)
        if lines is None:
            lines = _by_line(around)
            self._lines[around] = lines
        return lines.get(line, ())

    def from_places(self, places: Iterable[Place]) -> tuple[Words, ...]:
        """The functions around these places and all that they call by name, nearest first."""
        key = tuple(dict.fromkeys(places))
        known = self._followed.get(key)
        if known is not None:
            return known
        found: dict[Words, None] = {}
        for place in key:
            one = self.at(place)
            if one is not None:
                found.setdefault(one)
        queue = list(found)
        for one in queue:
            if len(found) >= MOST_FUNCTIONS:
                break
            for other in self._called(one):
                if other not in found:
                    found[other] = None
                    queue.append(other)
        self._followed[key] = tuple(found)
        return self._followed[key]

    def named(self, name: str) -> Iterator[Words]:
        """Every function of the target that goes by this name."""
        for file in self._named.get(name, ()):
            yield from map(self._words, self._file(file).named.get(name, ()))

    def _called(self, caller: Words) -> tuple[Words, ...]:
        """The functions that one calls by name."""
        found = self._calls.get(caller)
        if found is None:
            found = self._calls[caller] = tuple(dict.fromkeys(self._found(caller)))
        return found

    def _found(self, caller: Words) -> Iterator[Words]:
        for name in dict.fromkeys(one.name for one in caller.calls):
            last = name.rpartition(".")[2].removesuffix("()")
            if not last or last == "*":
                continue
            own = self._file(caller.file).named.get(last)
            if own:
                yield from map(self._words, own)
                continue
            others = self._named.get(last, ())
            if len(others) <= _COMMONEST:
                for file in others:
                    yield from map(self._words, self._file(file).named.get(last, ()))

    @cached_property
    def _named(self) -> dict[str, tuple[str, ...]]:
        """Files by the names of the functions they define."""
        found: dict[str, dict[str, None]] = {}
        for file, module in self._modules.items():
            if module.minified:
                continue
            for one in _definitions(self.nodes(module.body)):
                if one.name:
                    found.setdefault(one.name, {})[file] = None
        return {name: tuple(files) for name, files in found.items()}

    def constants(self, file: str) -> Constants:
        """What names at the top of a file stand for."""
        found = self._constants.get(file)
        if found is None:
            module = self._modules.get(file)
            own = self._own(file)
            others = {} if module is None else dict(self._imported(file, module))
            found = Constants(own.values, others)
            self._constants[file] = found
        return found

    def _own(self, file: str) -> Constants:
        found = self._alone.get(file)
        if found is None:
            module = self._modules.get(file)
            found = Constants() if module is None else _constants(module, self.nodes)
            self._alone[file] = found
        return found

    @cached_property
    def _stems(self) -> dict[str, tuple[str, ...]]:
        """Files by their names without an ending."""
        found: dict[str, list[str]] = {}
        for file in self._modules:
            found.setdefault(_stem(file), []).append(file)
        return {stem: tuple(files) for stem, files in found.items()}

    def _imported(self, file: str, module: ir.Module) -> Iterator[tuple[str, ir.Expr]]:
        for one in module.body:
            if not isinstance(one, ir.Import) or not one.names:
                continue
            written = one.module if "/" in one.module else one.module.rpartition(".")[2]
            for other in self._stems.get(_stem(written), ()):
                if other != file:
                    theirs = self._own(other).values
                    yield from ((mine, theirs[name]) for name, mine in one.names if name in theirs)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _spots(file: str, module: ir.Module, walk: Walk) -> Iterator[_Spot]:
    yield _Spot(file, module.body)
    queue = list(_defined(module.body, walk))
    for node in queue:
        if isinstance(node, ir.ClassDef):
            queue.extend(node.methods)
            for stmt in node.body:
                queue.extend(_definitions(Nodes((stmt,))))
        else:
            yield _Spot(file, node)
            queue.extend(_defined(node, walk))


def _defined(root: Root, walk: Walk) -> Iterator[ir.FunctionDef | ir.ClassDef]:
    for one in walk(root).among(_FUNCTION, ir.ClassDef):
        if one is not root:
            yield one


def _arranged(functions: tuple[_Spot, ...]) -> _File:
    """The functions of a file in order of where they begin, each with the one around it."""
    ordered = sorted(functions, key=lambda one: one.start)
    starts = [one.start for one in ordered]
    outer: list[int] = []
    open_: list[int] = []
    named: dict[str, list[_Spot]] = {}
    for at, one in enumerate(ordered):
        while open_ and ordered[open_[-1]].end < starts[at][0]:
            open_.pop()
        outer.append(open_[-1] if open_ else -1)
        open_.append(at)
        named.setdefault(one.name, []).append(one)
    return _File(ordered, starts, outer, named)


def _by_line(around: Words) -> dict[int, tuple[str, ...]]:
    ends: dict[int, int] = {}
    for call in around.calls:
        ends[call.line] = max(call.end, ends.get(call.line, 0))
    said: dict[int, list[str]] = {}
    for phrase in around.phrases:
        said.setdefault(phrase.line, []).append(phrase.text)
    found = {line: tuple(texts) for line, texts in said.items()}
    for line, end in ends.items():
        if line < end <= line + _LONGEST_CALL:
            rows = (said.get(one, ()) for one in range(line, end + 1))
            found[line] = tuple(text for row in rows for text in row)
    return found


def _known(value: Value, deepest: int) -> Iterator[str]:
    text = value.known_text
    if text is None and any(isinstance(piece, str) for piece in value.text):
        text = value.pieces
    if text:
        yield text
    if value.fields and deepest:
        parts = [one.known_text or one.pieces or "\0" for one in value.fields.values()]
        if any(part.strip("\0") for part in parts):
            yield " ".join(parts)
        for one in value.fields.values():
            yield from _known(one, deepest - 1)


def _definitions(nodes: Nodes) -> Iterator[ir.FunctionDef]:
    for node in nodes.among(_FUNCTION, ir.ClassDef):
        if isinstance(node, ir.ClassDef):
            yield from node.methods
        else:
            yield node


def _constants(module: ir.Module, walk: Walk) -> Constants:
    found = Constants()
    nodes = walk(module.body)
    for name, value in _assigned(nodes):
        found.values.setdefault(name, value)
    for node in nodes.of(ir.ClassDef):
        _of_class(node, found, walk)
    return found


def _of_class(node: ir.ClassDef, found: Constants, walk: Walk) -> None:
    for one in node.fields:
        if one.value is not None:
            found.values.setdefault(f".{one.name}", one.value)
            found.values.setdefault(f"{node.name}.{one.name}", one.value)
    for method in node.methods:
        if method.kind == "constructor" or method.name in ("__init__", "constructor"):
            for given in walk(method).of(ir.Assign):
                _of_fields(given, found)


def _of_fields(node: ir.Assign, found: Constants) -> None:
    if node.value is None:
        return
    for target in node.targets:
        if isinstance(target, ir.PlacePattern) and isinstance(target.place, ir.Member):
            found.values.setdefault(f".{target.place.name}", node.value)


def _assigned(nodes: Nodes) -> Iterator[tuple[str, ir.Expr]]:
    """Names that are given a value once, each with it."""
    seen: dict[str, ir.Expr | None] = {}
    for node in nodes.among(ir.Assign, ir.Loop):
        if isinstance(node, ir.Assign):
            if node.value is not None and node.op is None:
                for target in node.targets:
                    for name, value in _targets(target, node.value):
                        seen[name] = None if name in seen else value
        elif node.target is not None and node.over is not None:
            for name in _bound(node.target):
                seen[name] = node.over
    yield from ((name, value) for name, value in seen.items() if value is not None)


def _targets(target: ir.Pattern, value: ir.Expr) -> Iterator[tuple[str, ir.Expr]]:
    if isinstance(target, ir.NamePattern):
        yield target.id, value
    elif isinstance(target, ir.SequencePattern) and isinstance(value, ir.Sequence):
        for one, item in zip(target.items, value.items, strict=False):
            if one is not None:
                yield from _targets(one, item)


def _bound(target: ir.Pattern) -> Iterator[str]:
    if isinstance(target, ir.NamePattern):
        yield target.id
    elif isinstance(target, ir.SequencePattern):
        for one in target.items:
            if one is not None:
                yield from _bound(one)


def _local(node: ir.FunctionDef, outer: Constants, nodes: Nodes) -> Constants:
    own = dict(_assigned(nodes))
    for name in (one for one in _parameters(node) if one not in own):
        own[name] = ir.Opaque(node.line, node.column, ())
    return Constants(own, outer.others, outer.values)


def _parameters(node: ir.FunctionDef) -> Iterator[str]:
    for one in node.params:
        if isinstance(one.pattern, ir.NamePattern):
            yield one.pattern.id
