"""The state of lowering one file, and how one syntax node finds the function that lowers it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from tree_sitter import Language, Node

from ostiary.analyze.ir import (
    ClassExpr,
    Expr,
    FunctionDef,
    Lambda,
    NamePattern,
    Opaque,
    Pattern,
    Stmt,
    With,
)
from ostiary.analyze.typescript.source import Comments, Source

MAX_DEPTH: Final = 120
"""Syntax nodes inside each other, within one function. Published bundles reach 65."""
MAX_NESTING: Final = 60
"""Functions inside each other. Published bundles reach 10."""
MAX_PROBLEMS: Final = 20
MAX_COPIED: Final = 400_000
"""Bytes of source, in all, that cases of ``switch`` may repeat because they fall through."""

ExprHandler: TypeAlias = "Callable[[Lowering, Node], Expr]"
StmtHandler: TypeAlias = "Callable[[Lowering, Node, list[Stmt]], None]"
PatternHandler: TypeAlias = "Callable[[Lowering, Node], Pattern]"


@dataclass(frozen=True, slots=True)
class Handlers:
    """What lowers each kind of node, by the grammar's number of the kind."""

    expressions: Mapping[int, ExprHandler]
    statements: Mapping[int, StmtHandler]
    patterns: Mapping[int, PatternHandler]
    comments: frozenset[int]
    fields: Mapping[str, int]
    """The grammar's numbers of its fields, by which a child is found sooner than by their names."""


@dataclass(slots=True)
class _Pending:
    """A function whose body is still to be lowered."""

    function: FunctionDef
    body: Node
    nesting: int
    switches: int


class Lowering:
    """One file on its way to the IR.

    Bodies of functions wait in a queue, so that depth counts within one function only: nothing
    here recurses deeper than ``MAX_DEPTH`` nodes, whatever a file holds.
    """

    __slots__ = (
        "_copied",
        "_depth",
        "_handlers",
        "_line",
        "_nesting",
        "_pending",
        "_problems",
        "_temporary",
        "at",
        "comments",
        "fields",
        "in_namespace",
        "source",
        "switches",
    )

    def __init__(self, source: Source, comments: Comments, handlers: Handlers) -> None:
        self.source = source
        self.at = source.at
        self.comments = comments
        self.fields = handlers.fields
        self.in_namespace = False
        self.switches = 0
        """``switch`` statements around what is being lowered, functions between them or not."""
        self._copied = 0
        self._handlers = handlers
        self._depth = 0
        self._nesting = 0
        self._line = 1
        self._temporary = 0
        self._pending: deque[_Pending] = deque()
        self._problems: list[str] = []

    # ── expressions ──────────────────────────────────────────────────────────────────────────

    def expr(self, node: Node | None) -> Expr:
        """An expression; :class:`Opaque` where there is none, none is known, or it is too deep."""
        if node is None:
            return Opaque(self._line, 1, ())
        handler = self._handlers.expressions.get(node.kind_id)
        if handler is None:
            return self._unknown(node)
        if self._depth >= MAX_DEPTH:
            return self._too_deep(node)
        self._depth += 1
        lowered = handler(self, node)
        self._depth -= 1
        return lowered

    def part(self, node: Node, field: str) -> Expr:
        """The expression in a field of a node."""
        return self.expr(node.child_by_field_id(self.fields[field]))

    def deepen(self, links: int) -> int:
        """Count a chain of so many links, which is walked and not recursed into, as depth: who
        reads the IR has all of it above what hangs on its end. Returns what to take off again."""
        levels = links // 2
        self._depth += levels
        return levels

    def rise(self, levels: int) -> None:
        self._depth -= levels

    def exprs(self, nodes: Iterable[Node]) -> tuple[Expr, ...]:
        """The expressions among these nodes; comments are left out."""
        comments, lowered = self._handlers.comments, self.expr
        return tuple([lowered(node) for node in nodes if node.kind_id not in comments])

    def is_expression(self, node: Node) -> bool:
        return node.kind_id in self._handlers.expressions

    def is_comment(self, node: Node) -> bool:
        return node.kind_id in self._handlers.comments

    def _unknown(self, node: Node) -> Opaque:
        """Something with no form here: the expressions directly in it, for what they hold."""
        line, column = self.at(node)
        if self._depth >= MAX_DEPTH:
            return self._too_deep(node)
        self._depth += 1
        known = self._handlers.expressions
        parts = self.exprs(child for child in node.named_children if child.kind_id in known)
        self._depth -= 1
        return Opaque(line, column, parts)

    def _too_deep(self, node: Node) -> Opaque:
        line, column = self.at(node)
        self.problem(line, f"code nested more than {MAX_DEPTH} levels deep is not read")
        return Opaque(line, column, ())

    # ── patterns ─────────────────────────────────────────────────────────────────────────────

    def pattern(self, node: Node | None) -> Pattern:
        """What is assigned to; a variable with an empty name where nothing of it is known."""
        if node is None:
            return NamePattern(self._line, 1, "")
        handler = self._handlers.patterns.get(node.kind_id)
        if handler is None or self._depth >= MAX_DEPTH:
            line, column = self.at(node)
            self.problem(line, "the left side of an assignment is not understood")
            return NamePattern(line, column, "")
        self._depth += 1
        lowered = handler(self, node)
        self._depth -= 1
        return lowered

    # ── statements ───────────────────────────────────────────────────────────────────────────

    def statement(self, node: Node, out: list[Stmt]) -> None:
        """Append what a statement is lowered to."""
        handler = self._handlers.statements.get(node.kind_id)
        if handler is None:
            return
        if self._depth >= MAX_DEPTH:
            self._too_deep(node)
            return
        self._line = node.start_point[0] + 1
        self._depth += 1
        handler(self, node, out)
        self._depth -= 1

    def deeper(self, handler: StmtHandler, node: Node | None, out: list[Stmt]) -> None:
        """Lower a part of a statement, one level down."""
        if node is None:
            return
        if self._depth >= MAX_DEPTH:
            self._too_deep(node)
            return
        self._depth += 1
        handler(self, node, out)
        self._depth -= 1

    def is_statement(self, node: Node) -> bool:
        return node.kind_id in self._handlers.statements

    def body(self, node: Node | None) -> tuple[Stmt, ...]:
        """The statements of a block, or the one statement that stands instead of one."""
        out: list[Stmt] = []
        if node is None:
            return ()
        if node.type in {"statement_block", "program"}:
            self.statements(node.named_children, out)
        else:
            self.statement(node, out)
        return tuple(out)

    def statements(self, nodes: list[Node], out: list[Stmt]) -> None:
        """``using`` holds to the end of its block, so what follows it is inside of it; after very
        many of them, it follows."""
        for position, node in enumerate(nodes):
            if node.type != "using_declaration":
                self.statement(node, out)
                continue
            held = self._used(node)
            if self._depth >= MAX_DEPTH // 2:
                out.append(With(*self.at(node), held, ()))
                continue
            inner: list[Stmt] = []
            self._depth += 1
            self.statements(nodes[position + 1 :], inner)
            self._depth -= 1
            out.append(With(*self.at(node), held, tuple(inner)))
            return

    def _used(self, node: Node) -> tuple[tuple[Expr, Pattern | None], ...]:
        return tuple(
            (self.part(one, "value"), self.pattern(one.child_by_field_name("name")))
            for one in node.named_children
            if one.type == "variable_declarator"
        )

    # ── functions ────────────────────────────────────────────────────────────────────────────

    def defer(self, function: FunctionDef, body: Node | None) -> None:
        """Lower the body later. What ``function.body`` holds already stays in front of it."""
        if body is None:
            return
        if self._nesting >= MAX_NESTING:
            self.problem(
                function.line, f"functions nested more than {MAX_NESTING} deep are not read"
            )
            return
        self._pending.append(_Pending(function, body, self._nesting + 1, self.switches))

    def finish(self, arrow_body: Callable[[Lowering, Node], tuple[Stmt, ...]]) -> None:
        """Lower every body that waits, in the order they stand."""
        while self._pending:
            waiting = self._pending.popleft()
            self._nesting = waiting.nesting
            self.switches = waiting.switches
            self._depth = 0
            if waiting.body.type == "statement_block":
                lowered = self.body(waiting.body)
            else:
                lowered = arrow_body(self, waiting.body)
            waiting.function.body += lowered

    def named(self, value: Expr, name: str, row: int | None = None) -> Expr:
        """Name an anonymous function or class after what it is assigned to; ``row`` is where a
        comment would stand above."""
        if isinstance(value, Lambda):
            function = value.function
            function.name = function.name or name
            if row is not None:
                function.doc = function.doc or self.comments.above(row)
        elif isinstance(value, ClassExpr):
            value.definition.name = value.definition.name or name
            if row is not None:
                value.definition.doc = value.definition.doc or self.comments.above(row)
        return value

    # ── places and words ─────────────────────────────────────────────────────────────────────

    def may_copy(self, size: int) -> bool:
        """Whether so many bytes of source may be repeated once more."""
        self._copied += size
        return self._copied <= MAX_COPIED

    def temporary(self) -> str:
        """A variable that no source can name."""
        self._temporary += 1
        return f"%{self._temporary}"

    def problem(self, line: int, words: str) -> None:
        """Record what could not be read. Only the first of each kind is kept."""
        if not any(known.endswith(words) for known in self._problems):
            self._problems.append(f"line {line}: {words}")

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(self._problems[:MAX_PROBLEMS])


def by_field(language: Language) -> dict[str, int]:
    """The fields of a grammar and its numbers for them."""
    numbers = range(1, language.field_count + 1)
    return {name: number for number in numbers if (name := language.field_name_for_id(number))}


def by_kind(language: Language) -> dict[str, list[int]]:
    """Names of node kinds and the numbers the grammar has for each."""
    found: dict[str, list[int]] = {}
    for number in range(language.node_kind_count):
        name = language.node_kind_for_id(number)
        if name is not None and language.node_kind_is_named(number):
            found.setdefault(name, []).append(number)
    return found
