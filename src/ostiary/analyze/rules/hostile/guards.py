"""Conditions of a function, and whether one waits for a date, a count or a secret word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ostiary.analyze import ir
from ostiary.analyze.facts import Facts
from ostiary.analyze.written.compose import Constants
from ostiary.analyze.written.walk import inside
from ostiary.analyze.written.words import Words, dotted


class Trigger(Enum):
    """What a condition waits for."""

    DATE = "date"
    COUNT = "count"
    WORD = "word"
    CHANCE = "chance"


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition with the lines of the branch it opens."""

    line: int
    first: int
    last: int
    test: ir.Expr


_NOW = re.compile(
    r"(?:^|\.)(?:now|today|utcnow|Date|getTime|time|getHours|getDate|getMonth|getFullYear|weekday|"
    r"localtime|gmtime|strftime)(?:\(\))?$"
)
_CLOCK = frozenset({"hour", "day", "month", "year", "weekday"})
_MADE_DATE = re.compile(r"(?:^|\.)(?:datetime|date|UTC|Date|fromisoformat|strptime|parse|mktime)$")
_ISO = re.compile(r"^20\d\d-\d\d(?:-\d\d)?")
_EPOCH = 1_500_000_000
_ORDERED = frozenset({"<", "<=", ">", ">=", "=="})
_MAGIC = re.compile(r"^(?:[A-Z][A-Z0-9]*(?:[_\-!#@:.][A-Z0-9]+)+|[0-9a-f]{24,}|\S*[!#@$%&]\S{5,})$")
_ORDINARY = re.compile(
    r"^(?:[A-Z]{2,10}|(?:GET|POST|PUT|DELETE|HTTP|UTF|ISO|SIG|ERR|EN?O|APPLICATION"
    r"|CONTENT)[-_/].*)$"
)
_CHANCES = frozenset({"random.random", "Math.random", "random"})
_DIGEST = re.compile(r"(?:^|\.)(?:sha\d*|md5|sha3_\d+|createHash|hexdigest|digest)$")
_SMALL = 0.2
_DEEPEST = 3


def guards(facts: Facts, around: Words) -> Iterator[Guard]:
    """The conditions of one function, in order."""
    if around.node is None:
        return
    for node in facts.written.nodes(around.node).of(ir.If):
        if node.then:
            lines = [one.line for one in inside(node.then) if isinstance(one, ir.Node)]
            yield Guard(node.line, min(lines), max(lines), node.test)


class Triggers:
    """What conditions of one file wait for."""

    def __init__(self, facts: Facts, file: str, parameters: frozenset[str]) -> None:
        self.facts = facts
        self.file = file
        self.parameters = parameters

    @cached_property
    def constants(self) -> Constants:
        return self.facts.written.constants(self.file)

    def of(self, guard: Guard, around: Words) -> tuple[Trigger | None, str]:
        """What a condition waits for, with the value it waits for as written."""
        for compare in self.compared(guard.test, around, 0):
            found = self.kind(*compare)
            if found[0] is not None:
                return found
        return None, ""

    def compared(
        self, test: ir.Expr, around: Words, depth: int
    ) -> Iterator[tuple[ir.Compare, Words]]:
        """The comparisons of a condition, calls of the target's own functions followed."""
        for node in inside(test):
            if isinstance(node, ir.Compare):
                yield node, around
            elif isinstance(node, ir.Call) and depth < _DEEPEST:
                yield from self._of_function(dotted(node.callee), depth)

    def _of_function(self, name: str, depth: int) -> Iterator[tuple[ir.Compare, Words]]:
        last = name.rpartition(".")[2]
        for one in self.facts.written.called(self.file, last) if last else ():
            if one.node is None:
                continue
            for node in self.facts.written.nodes(one.node).among(ir.Compare, ir.Call):
                if isinstance(node, ir.Compare):
                    yield node, one
                elif depth + 1 < _DEEPEST:
                    inner = dotted(node.callee)
                    if inner.rpartition(".")[2] != last:
                        yield from self._of_function(inner, depth + 1)

    def kind(self, node: ir.Compare, around: Words) -> tuple[Trigger | None, str]:
        if node.op in _ORDERED:
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if self._is_now(one, around) and (shows := self._date(other)):
                    return Trigger.DATE, shows
                if self._is_hour(one, around) and (shows := self._number(other)):
                    return Trigger.DATE, f"hour {shows}"
                if self._is_chance(one) and (shows := _small(other)):
                    return Trigger.CHANCE, shows
                if self._is_count(one) and (shows := self._number(other)):
                    return Trigger.COUNT, shows
        if node.op in ("==", "in"):
            return self._word(node, around)
        return None, ""

    def _is_now(self, node: ir.Expr, around: Words) -> bool:
        node = self._assigned(node, around)
        return isinstance(node, ir.Call) and _NOW.search(dotted(node.callee)) is not None

    def _is_hour(self, node: ir.Expr, around: Words) -> bool:
        if isinstance(node, ir.Member) and node.name in _CLOCK:
            return self._is_now(node.base, around)
        if isinstance(node, ir.Call):
            return dotted(node.callee).rpartition(".")[2] in (
                "getHours",
                "getDay",
                "getMonth",
                "getFullYear",
            )
        return False

    def _assigned(self, node: ir.Expr, around: Words) -> ir.Expr:
        """What a local name was given."""
        if isinstance(node, ir.Name) and around.node is not None:
            for one in self.facts.written.nodes(around.node).of(ir.Assign):
                if one.value is not None:
                    targets = [t.id for t in one.targets if isinstance(t, ir.NamePattern)]
                    if node.id in targets:
                        return one.value
        return node

    def _constant(self, node: ir.Expr) -> ir.Expr:
        if isinstance(node, ir.Name):
            return self.constants.get(node.id) or node
        if isinstance(node, ir.Member):
            return _field(self.constants, node) or node
        return node

    def _date(self, node: ir.Expr) -> str:
        value = self._constant(node)
        if isinstance(value, ir.Constant):
            if isinstance(value.value, str) and _ISO.match(value.value):
                return value.value
            number = value.value
            plain = isinstance(number, int | float) and not isinstance(number, bool)
            return str(number) if plain and number > _EPOCH else ""  # type: ignore[operator]
        if isinstance(value, ir.Call) and _MADE_DATE.search(dotted(value.callee)):
            parts = [one.value for one in value.args if isinstance(one, ir.Constant)]
            return "-".join(str(one) for one in parts[:3]) if parts else ""
        return ""

    def _number(self, node: ir.Expr) -> str:
        value = self._constant(node)
        number = value.value if isinstance(value, ir.Constant) else None
        return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""

    def _is_chance(self, node: ir.Expr) -> bool:
        return isinstance(node, ir.Call) and dotted(node.callee) in _CHANCES

    def _is_count(self, node: ir.Expr) -> bool:
        """Whether a name of the module, or a field, is counted up in the file."""
        name = _name(node)
        return bool(name) and name in self._counted

    @cached_property
    def _counted(self) -> frozenset[str]:
        found = set()
        for root in self.facts.written.functions(self.file):
            outer = frozenset(root.outer)
            for node in self.facts.written.nodes(root).among(ir.Assign, ir.Assigned):
                if node.op == "+":
                    targets = node.targets if isinstance(node, ir.Assign) else (node.target,)
                    for target in targets:
                        name = _target(target)
                        if "." in name or name in outer or name in self.constants.values:
                            found.add(name)
        return frozenset(found)

    def _word(self, node: ir.Compare, around: Words) -> tuple[Trigger | None, str]:
        if not self._given(node.left, around):
            return None, ""
        value = self._constant(node.right)
        items = value.items if isinstance(value, ir.Sequence) else (value,)
        for one in items:
            text = one.value if isinstance(one, ir.Constant) else None
            if isinstance(text, str) and _MAGIC.match(text) and not _ORDINARY.match(text):
                return Trigger.WORD, text
        return None, ""

    def _given(self, node: ir.Expr, around: Words) -> bool:
        """Whether it is a parameter of the entry, or one of the function it was handed to."""
        if isinstance(node, ir.Call):
            digests = (one for one in inside(node) if isinstance(one, ir.Call))
            return any(_DIGEST.search(dotted(one.callee)) for one in digests)
        name = _name(node)
        if name in self.parameters:
            return True
        params = around.node.params if around.node is not None else ()
        return any(
            isinstance(one.pattern, ir.NamePattern) and one.pattern.id == name for one in params
        )


def _small(node: ir.Expr) -> str:
    value = node.value if isinstance(node, ir.Constant) else None
    return str(value) if isinstance(value, float) and value < _SMALL else ""


def _field(constants: Constants, node: ir.Member) -> ir.Expr | None:
    base = node.base
    if isinstance(base, ir.Name):
        found = constants.get(f"{base.id}.{node.name}")
        if found is not None:
            return found
    return constants.get(f".{node.name}")


def _name(node: ir.Expr) -> str:
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Member) and isinstance(node.base, ir.Name):
        return f"{node.base.id}.{node.name}"
    if isinstance(node, ir.Assigned | ir.Unary):
        inner = node.target if isinstance(node, ir.Assigned) else node.value
        return _target(inner) if isinstance(node, ir.Assigned) else _name(node.value)
    return ""


def _target(target: object) -> str:
    if isinstance(target, ir.NamePattern):
        return target.id
    if isinstance(target, ir.PlacePattern) and isinstance(target.place, ir.Member):
        return _name(target.place)
    return ""
