"""Walk lowered code and put other code in its place, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import is_
from typing import Final, get_args

from ostiary.analyze import ir
from ostiary.analyze.parts import PARTS

_EXPRESSIONS: Final = frozenset(get_args(ir.Expr))
_STATEMENTS: Final = frozenset(get_args(ir.Stmt))
_PLAIN: Final[frozenset[type]] = frozenset({str, int, float, bool, bytes, type(None)})
_LEAVES: Final = _PLAIN | {kind for kind, parts in PARTS.items() if not parts}
"""What holds no nodes."""
_MOST_TIMES: Final = 8
"""Replacements of a replacement."""


def _kept(expression: ir.Expr) -> ir.Expr:
    return expression


def _same(statements: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
    return statements


def _nothing(_function: ir.FunctionDef) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Rewrites:
    """What to put in the place of what. Each is asked before what is inside is looked at."""

    expression: Callable[[ir.Expr], ir.Expr] = _kept
    statements: Callable[[tuple[ir.Stmt, ...]], tuple[ir.Stmt, ...]] = _same
    """Asked for every list of statements as a whole."""
    function: Callable[[ir.FunctionDef], None] = _nothing
    """May change the function it is given."""
    into_functions: bool = True
    kinds: frozenset[type] = _EXPRESSIONS
    """Expressions that ``expression`` is asked for; it returns all others as they are."""


def rewrite(body: tuple[ir.Stmt, ...], rewrites: Rewrites) -> tuple[ir.Stmt, ...]:
    """The statements after rewriting; nodes inside are changed in place."""
    whole = ir.Block(1, 1, body)
    waiting: list[object] = [whole]
    passed = _LEAVES - rewrites.kinds
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind in _STATEMENTS:
            # Cases of a switch share the statements they fall through to.
            if id(node) in seen:
                continue
            seen.add(id(node))
        elif kind is ir.FunctionDef:
            if not rewrites.into_functions:
                continue
            rewrites.function(node)  # type: ignore[arg-type]
        for name in PARTS[kind]:
            value = getattr(node, name)
            if not value or type(value) in passed:
                continue
            changed = _rewritten(value, rewrites, waiting)
            if changed is not value:
                setattr(node, name, changed)
    return whole.body


def _rewritten(value: object, rewrites: Rewrites, waiting: list[object]) -> object:
    if type(value) is tuple:
        return _row(value, rewrites, waiting) if value else value
    if type(value) in rewrites.kinds:
        value = _replaced(value, rewrites)
    if type(value) not in _LEAVES:
        waiting.append(value)
    return value


def _row(value: tuple[object, ...], rewrites: Rewrites, waiting: list[object]) -> object:
    if type(value[0]) in _STATEMENTS:
        statements: tuple[ir.Stmt, ...] = value  # type: ignore[assignment]
        statements = rewrites.statements(statements)
        waiting.extend(statements)
        return statements
    changed = [_rewritten(one, rewrites, waiting) for one in value]
    return value if all(map(is_, changed, value)) else tuple(changed)


def _replaced(value: object, rewrites: Rewrites) -> object:
    for _ in range(_MOST_TIMES):
        changed = rewrites.expression(value)  # type: ignore[arg-type]
        if changed is value:
            break
        value = changed
    return value


def nodes(root: object, most: int = 5_000) -> Iterator[object]:
    """Nodes below ``root``, functions inside included, at most so many."""
    waiting = [root]
    while waiting and most > 0:
        node = waiting.pop()
        kind = type(node)
        if kind is tuple:
            waiting.extend(node)  # type: ignore[arg-type]
        elif kind not in _PLAIN:
            most -= 1
            yield node
            for name in PARTS[kind]:
                waiting.append(getattr(node, name))
