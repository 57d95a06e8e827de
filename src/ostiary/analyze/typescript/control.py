"""Statements with a flow of their own: conditions, loops, ``switch``, ``try``, labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from ostiary.analyze.ir import (
    Assign,
    Block,
    Constant,
    Do,
    Expr,
    If,
    Jump,
    Loop,
    Return,
    Stmt,
    Switch,
    Throw,
    Try,
)
from ostiary.analyze.typescript.lowering import Lowering
from ostiary.analyze.typescript.operators import bare, first
from ostiary.analyze.typescript.statements import Link, before_value, conditions, effect

MAX_FALL: Final = (24, 4)
"""Bodies that a case falls through, in a ``switch`` and in one inside of it. Copies of copies
multiply, so deeper ones are not closed."""

_LOOPS: Final = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})


def condition(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``if``, with its ``else if`` links walked without recursion."""
    links: list[Link] = []
    current: Node | None = node
    test_node = before_value(low, node.child_by_field_name("condition"), out)
    while current is not None and current.type == "if_statement":
        then = low.body(current.child_by_field_name("consequence"))
        links.append((low.expr(test_node), then, low.at(current)))
        otherwise = current.child_by_field_name("alternative")
        current = None if otherwise is None else first(otherwise)
        if current is not None and current.type == "if_statement":
            test_node = current.child_by_field_name("condition")
    out.extend(conditions(links, list(low.body(current))))


# ── loops ────────────────────────────────────────────────────────────────────────────────────────


def loop_while(low: Lowering, node: Node, out: list[Stmt]) -> None:
    test = low.part(node, "condition")
    out.append(Loop(*low.at(node), None, test, low.body(node.child_by_field_name("body"))))


def loop_do(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """A body that runs once (``do … while (0)``) is no loop."""
    at = low.at(node)
    test = low.part(node, "condition")
    inner = node.child_by_field_name("body")
    body = low.body(inner)
    again = inner is not None and b"continue" in (inner.text or b"")
    if isinstance(test, Constant) and not test.value and not again:
        out.append(_once(at, body))
    else:
        out.append(Loop(*at, None, test, body))


def _once(at: tuple[int, int], body: tuple[Stmt, ...], label: str = "") -> Stmt:
    """Statements that ``break`` can leave, run exactly once: a switch with only a default."""
    return Switch(*at, Constant(*at, True), (((), body),), label)


def loop_for(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``for (a; b; c)``: the first part stands before the loop, the last at the end of its body."""
    own: list[Stmt] = []
    _part(low, node.child_by_field_name("initializer"), own)
    test_node = node.child_by_field_name("condition")
    if test_node is not None and test_node.type in {"expression_statement", "empty_statement"}:
        test_node = first(test_node)
    test = None if test_node is None else low.expr(test_node)
    body = list(low.body(node.child_by_field_name("body")))
    _part(low, node.child_by_field_name("increment"), body)
    own.append(Loop(*low.at(node), None, test, tuple(body)))
    if any(isinstance(one, Assign) and one.declares and not one.hoisted for one in own):
        out.append(Block(*low.at(node), tuple(own)))
    else:
        out.extend(own)


def _part(low: Lowering, node: Node | None, out: list[Stmt]) -> None:
    if node is None or node.type == "empty_statement":
        return
    if low.is_statement(node):
        low.statement(node, out)
    else:
        effect(low, node, out)


def loop_in(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``for (x in y)``, ``for (x of y)``, ``for await (x of y)``."""
    target = low.pattern(bare(node.child_by_field_name("left")))
    over = low.expr(before_value(low, node.child_by_field_name("right"), out))
    operator = node.child_by_field_name("operator")
    keys = operator is not None and operator.type == "in"
    body = low.body(node.child_by_field_name("body"))
    out.append(Loop(*low.at(node), target, over, body, keys=keys))


# ── labels, with, try ────────────────────────────────────────────────────────────────────────────


def labelled(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """The label itself is dropped: a jump to an outer loop is a jump. A block that has a label may
    be left by ``break``."""
    body = node.child_by_field_name("body")
    named = node.child_by_field_name("label")
    while body is not None and body.type == "labeled_statement":
        body = body.child_by_field_name("body")
    if body is None:
        return
    if body.type in _LOOPS:
        low.statement(body, out)
    else:
        label = "" if named is None else low.source.text(named)
        out.append(_once(low.at(node), low.body(body), label))


def with_object(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``with (o) …``: names inside may be members of ``o``, which nobody can tell."""
    line, column = low.at(node)
    out.append(Do(line, column, low.part(node, "object")))
    out.append(Block(line, column, low.body(node.child_by_field_name("body"))))
    low.problem(line, "'with' makes names mean members of an object, which is not followed")


def attempt(low: Lowering, node: Node, out: list[Stmt]) -> None:
    body = low.body(node.child_by_field_name("body"))
    handler = node.child_by_field_name("handler")
    handlers = []
    if handler is not None:
        caught = handler.child_by_field_name("parameter")
        pattern = None if caught is None else low.pattern(caught)
        handlers.append(("", pattern, low.body(handler.child_by_field_name("body"))))
    finalizer = node.child_by_field_name("finalizer")
    final = () if finalizer is None else low.body(finalizer.child_by_field_name("body"))
    out.append(Try(*low.at(node), body, tuple(handlers), (), final))


# ── switch ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Case:
    tests: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    size: int
    """Bytes of its source."""


def switch(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """Each case becomes a body of its own: without the ``break`` that ends it, and with the bodies
    it falls through to."""
    subject = low.expr(before_value(low, node.child_by_field_name("value"), out))
    low.switches += 1
    cases = _cases(low, node.child_by_field_name("body"))
    low.switches -= 1
    out.append(Switch(*low.at(node), subject, _closed(low, node, cases)))


def _cases(low: Lowering, body: Node | None) -> list[_Case]:
    """The cases in order; labels in a row without statements are one case."""
    found: list[_Case] = []
    shared: list[Expr] = []
    for case in body.named_children if body is not None else ():
        default = case.type == "switch_default"
        if case.type == "switch_case":
            shared.append(low.part(case, "value"))
        elif not default:
            continue
        elif shared:
            found.append(_Case(tuple(shared), (), 0))
            shared = []
        statements: list[Stmt] = []
        low.statements(case.children_by_field_name("body"), statements)
        if statements or default:
            size = case.end_byte - case.start_byte
            found.append(_Case(tuple(shared), tuple(statements), size))
            shared = []
    if shared:
        found.append(_Case(tuple(shared), (), 0))
    return found


def _closed(
    low: Lowering, node: Node, cases: list[_Case]
) -> tuple[tuple[tuple[Expr, ...], tuple[Stmt, ...]], ...]:
    most = MAX_FALL[low.switches] if low.switches < len(MAX_FALL) else 0
    closed: list[tuple[tuple[Expr, ...], tuple[Stmt, ...]]] = []
    for position, case in enumerate(cases):
        whole = list(_without_break(case.body))
        last = case.body
        for count, following in enumerate(cases[position + 1 : position + most + 2]):
            if ends(last):
                break
            if count >= most or not low.may_copy(following.size):
                low.problem(low.at(node)[0], "a switch falls through more cases than are followed")
                break
            whole.extend(_without_break(following.body))
            last = following.body
        closed.append((case.tests, tuple(whole)))
    return tuple(closed)


def ends(body: tuple[Stmt, ...]) -> bool:
    """Whether control never runs out at the end of these statements."""
    levels = 0
    while body and levels < 50:
        last = body[-1]
        if isinstance(last, Jump | Return | Throw):
            return True
        if isinstance(last, If):
            return bool(last.other) and ends(last.then) and ends(last.other)
        if not isinstance(last, Block):
            return False
        body = last.body
        levels += 1
    return False


def _without_break(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    if not body:
        return body
    last = body[-1]
    if isinstance(last, Jump) and last.kind == "break" and not last.label:
        return body[:-1]
    if isinstance(last, Block) and last.body:
        inner = last.body[-1]
        if isinstance(inner, Jump) and inner.kind == "break" and not inner.label:
            return (*body[:-1], Block(last.line, last.column, last.body[:-1]))
    return body
