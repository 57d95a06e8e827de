"""Plain statements: declarations, expressions for their effect, return and throw."""

from __future__ import annotations

from typing import Final, TypeAlias

from tree_sitter import Node

from ostiary.analyze.ir import (
    Assign,
    Block,
    Constant,
    Delete,
    Do,
    Expr,
    If,
    Jump,
    NamePattern,
    Return,
    Stmt,
    Switch,
    Throw,
)
from ostiary.analyze.typescript.functions import annotation_of
from ostiary.analyze.typescript.lowering import Lowering
from ostiary.analyze.typescript.operators import (
    MAX_CHAIN,
    assignment_parts,
    augmentation,
    bare,
    first,
    in_sequence,
    operator_of,
    updated,
)

Link: TypeAlias = "tuple[Expr, tuple[Stmt, ...], tuple[int, int]]"
"""Test, what is done where it holds, and its place."""

_SHORT_CIRCUIT: Final = frozenset({"&&", "||"})


def expression(low: Lowering, node: Node, out: list[Stmt]) -> None:
    inner = first(node)
    if inner is not None and inner.type == "internal_module":
        low.statement(inner, out)
    else:
        effect(low, inner, out)


def effect(low: Lowering, node: Node | None, out: list[Stmt]) -> None:
    """An expression of which only the effect counts. What minifiers fold into one expression is
    unfolded: ``a, b`` is two statements, ``a && b`` is ``if (a) b``, ``a ? b : c`` is ``if``."""
    node = bare(node)
    if node is None:
        return
    handler = _EFFECTS.get(node.type)
    if handler is not None:
        handler(low, node, out)
        return
    out.append(Do(*low.at(node), low.expr(node)))


def _sequence(low: Lowering, node: Node, out: list[Stmt]) -> None:
    for one in in_sequence(node):
        low.deeper(effect, one, out)


def _assignment(low: Lowering, node: Node, out: list[Stmt]) -> None:
    targets, given, name = assignment_parts(low, node)
    value = low.expr(before_value(low, given, out))
    out.append(Assign(*low.at(node), tuple(targets), low.named(value, name, node.start_point[0])))


def _augmented(low: Lowering, node: Node, out: list[Stmt]) -> None:
    target, operator = augmentation(low, node)
    out.append(Assign(*low.at(node), (target,), low.part(node, "right"), operator))


def _update(low: Lowering, node: Node, out: list[Stmt]) -> None:
    target, operator = updated(low, node)
    at = low.at(node)
    out.append(Assign(*at, (target,), Constant(*at, 1), operator))


def _binary(low: Lowering, node: Node, out: list[Stmt]) -> None:
    operator = operator_of(node)
    if operator not in _SHORT_CIRCUIT:
        out.append(Do(*low.at(node), low.expr(node)))
        return
    inner: list[Stmt] = []
    test = low.part(node, "left")
    low.deeper(effect, node.child_by_field_name("right"), inner)
    branches = (tuple(inner), ()) if operator == "&&" else ((), tuple(inner))
    out.append(If(*low.at(node), test, *branches))


def _ternary(low: Lowering, node: Node, out: list[Stmt]) -> None:
    links: list[Link] = []
    current: Node | None = node
    while current is not None and current.type == "ternary_expression":
        then: list[Stmt] = []
        test = low.part(current, "condition")
        low.deeper(effect, current.child_by_field_name("consequence"), then)
        links.append((test, tuple(then), low.at(current)))
        current = bare(current.child_by_field_name("alternative"))
    other: list[Stmt] = []
    low.deeper(effect, current, other)
    out.extend(conditions(links, other))


def conditions(links: list[Link], other: list[Stmt]) -> list[Stmt]:
    """A chain of ``if … else if …``. A very long one is ``switch (true)`` from some link on: it
    means the same, and nothing that reads it recurses."""
    last = other
    if len(links) > MAX_CHAIN:
        spare = links[MAX_CHAIN:]
        links = links[:MAX_CHAIN]
        cases: list[tuple[tuple[Expr, ...], tuple[Stmt, ...]]] = [
            ((test,), then) for test, then, _ in spare
        ]
        cases.append(((), tuple(other)))
        at = spare[0][2]
        last = [Switch(*at, Constant(*at, True), tuple(cases))]
    for test, then, at in reversed(links):
        last = [If(*at, test, then, tuple(last))]
    return last


def _unary(low: Lowering, node: Node, out: list[Stmt]) -> None:
    operator = operator_of(node)
    argument = node.child_by_field_name("argument")
    if operator == "delete":
        out.append(Delete(*low.at(node), (low.expr(argument),)))
    elif operator in {"!", "void"}:
        low.deeper(effect, argument, out)
    else:
        out.append(Do(*low.at(node), low.expr(node)))


_EFFECTS: Final = {
    "sequence_expression": _sequence,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _augmented,
    "update_expression": _update,
    "binary_expression": _binary,
    "ternary_expression": _ternary,
    "unary_expression": _unary,
}


def before_value(low: Lowering, node: Node | None, out: list[Stmt]) -> Node | None:
    """For ``return a, b``: the effects of all but the last, and the last."""
    node = bare(node)
    if node is None or node.type != "sequence_expression":
        return node
    *before, last = in_sequence(node)
    for one in before:
        low.deeper(effect, one, out)
    return bare(last)


# ── declarations ─────────────────────────────────────────────────────────────────────────────────


def variables(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``let``, ``const``, ``var``: one assignment a variable."""
    row = node.start_point[0]
    for child in node.named_children:
        if child.type == "variable_declarator":
            _declarator(low, child, row, out)


def _declarator(low: Lowering, node: Node, row: int, out: list[Stmt]) -> None:
    parent = node.parent
    target = low.pattern(node.child_by_field_name("name"))
    given = before_value(low, node.child_by_field_name("value"), out)
    value: Expr | None = None
    if given is not None:
        value = low.expr(given)
        if isinstance(target, NamePattern):
            low.named(value, target.id, row)
    out.append(
        Assign(
            *low.at(node),
            (target,),
            value,
            annotation=annotation_of(low, node),
            declares=True,
            hoisted=parent is not None and parent.type == "variable_declaration",
        )
    )


# ── jumps and blocks ─────────────────────────────────────────────────────────────────────────────


def returned(low: Lowering, node: Node, out: list[Stmt]) -> None:
    value = first(node)
    if value is None:
        out.append(Return(*low.at(node), None))
    else:
        returning(low, value, out)


def returning(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``return t ? (a, b) : c`` is an ``if`` with two returns, so that each way stays its own."""
    links: list[Link] = []
    last: list[Stmt] = []
    target = out
    current = before_value(low, node, out)
    while current is not None and _folds_statements(current):
        target = last
        then: list[Stmt] = []
        test = low.part(current, "condition")
        low.deeper(returning, current.child_by_field_name("consequence"), then)
        links.append((test, tuple(then), low.at(current)))
        current = before_value(low, current.child_by_field_name("alternative"), last)
    target.append(Return(*low.at(node), None if current is None else low.expr(current)))
    if links:
        out.extend(conditions(links, last))


def _folds_statements(node: Node) -> bool:
    if node.type != "ternary_expression":
        return False
    branches = (
        bare(node.child_by_field_name("consequence")),
        bare(node.child_by_field_name("alternative")),
    )
    return any(one is not None and one.type == "sequence_expression" for one in branches)


def arrow_body(low: Lowering, node: Node) -> tuple[Stmt, ...]:
    """The body of an arrow function that is one expression."""
    out: list[Stmt] = []
    returning(low, node, out)
    return tuple(out)


def thrown(low: Lowering, node: Node, out: list[Stmt]) -> None:
    value = before_value(low, first(node), out)
    out.append(Throw(*low.at(node), None if value is None else low.expr(value)))


def broken(low: Lowering, node: Node, out: list[Stmt]) -> None:
    label = node.child_by_field_name("label")
    name = "" if label is None else low.source.text(label)
    out.append(Jump(*low.at(node), "break", name))


def continued(low: Lowering, node: Node, out: list[Stmt]) -> None:
    out.append(Jump(*low.at(node), "continue"))


def block(low: Lowering, node: Node, out: list[Stmt]) -> None:
    out.append(Block(*low.at(node), low.body(node)))


def damaged(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """A place that did not parse: whatever inside of it is a statement or an expression."""
    for child in node.named_children:
        if low.is_statement(child):
            low.statement(child, out)
        elif low.is_expression(child) and not low.is_comment(child):
            out.append(Do(*low.at(child), low.expr(child)))
