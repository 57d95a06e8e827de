"""Operators, conditions and assignments as expressions."""

from __future__ import annotations

from collections.abc import Sequence as Items
from typing import Final

from tree_sitter import Node

from ostiary.analyze.ir import (
    Assigned,
    Await,
    Binary,
    Compare,
    Conditional,
    Constant,
    Expr,
    Index,
    Logical,
    Name,
    Opaque,
    Pattern,
    Sequence,
    Unary,
    Yield,
)
from ostiary.analyze.typescript.lowering import Lowering

MAX_CHAIN: Final = 64
"""Operands of one operator in a row that are nested to the left as written; longer chains of an
associative operator become a balanced tree, so that nothing that reads the IR recurses deeply."""

_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%", "**", "<<", ">>", "&", "|", "^"})
LOGICAL: Final = {"&&": "and", "||": "or", "??": "??"}
_COMPARISONS: Final = {
    "==": "==", "===": "==", "!=": "!=", "!==": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "in": "in", "instanceof": "instanceof",
}  # fmt: skip
_PURE: Final = frozenset({"number", "string", "identifier", "null", "undefined", "true", "false"})


def bare(node: Node | None) -> Node | None:
    """The expression inside parentheses, however many."""
    while node is not None and node.type == "parenthesized_expression":
        node = first(node)
    return node


def first(node: Node) -> Node | None:
    """The first child that is no comment and no token."""
    for child in node.named_children:
        if child.type != "comment":
            return child
    return None


def parenthesized(low: Lowering, node: Node) -> Expr:
    return low.expr(bare(node))


def operator_of(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return "" if operator is None else operator.type


# ── chains of operators ──────────────────────────────────────────────────────────────────────────


def binary(low: Lowering, node: Node) -> Expr:
    """A chain of operators that nests to the left, walked without recursion."""
    chain: list[tuple[str, Node]] = []
    left: Node | None = node
    while left is not None and left.type == "binary_expression":
        chain.append((operator_of(left), left))
        left = left.child_by_field_name("left")
    levels = low.deepen(min(len(chain), MAX_CHAIN))
    operands = [low.expr(left)]
    operands.extend([low.part(one, "right") for _, one in reversed(chain)])
    low.rise(levels)
    operators = [operator for operator, _ in reversed(chain)]
    at = low.at(node)
    if len(operators) > MAX_CHAIN:
        return _long(operators, operands, at)
    value = operands[0]
    for operator, operand in zip(operators, operands[1:], strict=True):
        value = joined(operator, value, operand, at)
    return value


def joined(operator: str, left: Expr, right: Expr, at: tuple[int, int]) -> Expr:
    """One operator between two operands."""
    if operator in LOGICAL:
        return Logical(*at, LOGICAL[operator], left, right)
    if operator in _ARITHMETIC:
        return Binary(*at, operator, left, right)
    if operator in _COMPARISONS:
        return Compare(*at, _COMPARISONS[operator], left, right)
    if operator == ">>>":
        return Binary(*at, ">>", left, right)
    return Opaque(*at, (left, right))


def _long(operators: list[str], operands: list[Expr], at: tuple[int, int]) -> Expr:
    """Runs of one associative operator are balanced; what mixes more than that is opaque."""
    values = [operands[0]]
    rest: list[str] = []
    start = 0
    while start < len(operators):
        end = start
        while end < len(operators) and operators[end] == operators[start]:
            end += 1
        if operators[start] in {"+", "&&", "||", "??"}:
            values[-1] = _balanced(
                operators[start], [values[-1], *operands[start + 1 : end + 1]], at
            )
        else:
            values.extend(operands[start + 1 : end + 1])
            rest.extend(operators[start:end])
        start = end
    if not rest:
        return values[0]
    return Opaque(*at, tuple(values))


def _balanced(operator: str, operands: list[Expr], at: tuple[int, int]) -> Expr:
    while len(operands) > 1:
        paired = [
            joined(operator, operands[index], operands[index + 1], at)
            for index in range(0, len(operands) - 1, 2)
        ]
        if len(operands) % 2:
            paired.append(operands[-1])
        operands = paired
    return operands[0]


# ── one operand ──────────────────────────────────────────────────────────────────────────────────


def unary(low: Lowering, node: Node) -> Expr:
    """``void 0`` is ``None``, ``!0`` and ``!1`` are the truth values minifiers mean by them."""
    operator = operator_of(node)
    value = low.part(node, "argument")
    at = low.at(node)
    if isinstance(value, Constant):
        known = _folded(operator, value, at)
        if known is not None:
            return known
    return Unary(*at, "not" if operator == "!" else operator, value)


def _folded(operator: str, value: Constant, at: tuple[int, int]) -> Constant | None:
    if operator == "void":
        return Constant(*at, None)
    if isinstance(value.value, bool):
        return None
    if isinstance(value.value, int | float):
        if operator == "!":
            return Constant(*at, not value.value)
        if operator == "-":
            return Constant(*at, -value.value)
    return None


def update(low: Lowering, node: Node) -> Expr:
    """``x++`` as ``x += 1``."""
    target, operator = updated(low, node)
    at = low.at(node)
    return Assigned(*at, target, Constant(*at, 1), operator)


def updated(low: Lowering, node: Node) -> tuple[Pattern, str]:
    return low.pattern(node.child_by_field_name("argument")), operator_of(node)[:1]


def awaited(low: Lowering, node: Node) -> Expr:
    return Await(*low.at(node), low.expr(first(node)))


def yielded(low: Lowering, node: Node) -> Expr:
    inner = first(node)
    return Yield(*low.at(node), None if inner is None else low.expr(inner))


# ── conditions and sequences ─────────────────────────────────────────────────────────────────────


def ternary(low: Lowering, node: Node) -> Expr:
    """A chain of conditions that nests to the right, walked without recursion."""
    nodes: list[Node] = []
    current: Node | None = node
    while current is not None and current.type == "ternary_expression":
        nodes.append(current)
        current = bare(current.child_by_field_name("alternative"))
    levels = low.deepen(min(len(nodes), MAX_CHAIN))
    links = [
        (low.part(one, "condition"), low.part(one, "consequence"), low.at(one)) for one in nodes
    ]
    value = low.expr(current)
    low.rise(levels)
    if len(links) > MAX_CHAIN:
        spare = links[MAX_CHAIN:]
        links = links[:MAX_CHAIN]
        parts = (*(part for test, then, _ in spare for part in (test, then)), value)
        value = Opaque(*spare[0][2], parts)
    for test, then, at in reversed(links):
        value = Conditional(*at, test, then, value)
    return value


def comma(low: Lowering, node: Node) -> Expr:
    """``(a, b, c)`` evaluates all and is the last: ``[a, b, c][2]``, which says just that. What has
    no effect is left out, so ``(0, x.exec)`` is ``x.exec``."""
    items = in_sequence(node)
    kept = [one for one in items[:-1] if one.type not in _PURE]
    values = low.exprs([*kept, items[-1]])
    if len(values) == 1:
        return values[0]
    return last_of(values, low.at(node))


def last_of(values: Items[Expr], at: tuple[int, int]) -> Expr:
    """All are evaluated, the last is the value."""
    return Index(*at, Sequence(*at, tuple(values)), Constant(*at, len(values) - 1))


def in_sequence(node: Node) -> list[Node]:
    """The expressions between commas; older grammars nest them to the right."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "sequence_expression":
            waiting.extend(
                child for child in reversed(one.named_children) if child.type != "comment"
            )
        else:
            found.append(one)
    return found or [node]


# ── assignments ──────────────────────────────────────────────────────────────────────────────────


def assignment(low: Lowering, node: Node) -> Expr:
    """``a = b = c`` nests to the right: every target gets the same value."""
    targets, value = assigned(low, node)
    at = low.at(node)
    for target in reversed(targets[-MAX_CHAIN:]):
        value = Assigned(*at, target, value)
    return value


def assigned(low: Lowering, node: Node) -> tuple[list[Pattern], Expr]:
    """The targets of a chain of assignments and its value, a function named after the first."""
    targets, value, name = assignment_parts(low, node)
    return targets, low.named(low.expr(value), name, node.start_point[0])


def assignment_parts(low: Lowering, node: Node) -> tuple[list[Pattern], Node | None, str]:
    """Targets, the value still to be lowered, and what to call a function that it is."""
    targets: list[Pattern] = []
    current: Node | None = node
    name = ""
    while current is not None and current.type == "assignment_expression":
        left = current.child_by_field_name("left")
        targets.append(low.pattern(left))
        name = name or name_of(low, left)
        current = bare(current.child_by_field_name("right"))
    return targets, current, name


def augmented(low: Lowering, node: Node) -> Expr:
    target, operator = augmentation(low, node)
    return Assigned(*low.at(node), target, low.part(node, "right"), operator)


def augmentation(low: Lowering, node: Node) -> tuple[Pattern, str]:
    """Target and operator of ``a += b``."""
    operator = operator_of(node).removesuffix("=")
    operator = LOGICAL.get(operator, ">>" if operator == ">>>" else operator)
    return low.pattern(node.child_by_field_name("left")), operator


def name_of(low: Lowering, node: Node | None) -> str:
    """What a function assigned here is called: ``x``, the ``b`` of ``a.b``. What is assigned to
    ``module.exports`` has no name."""
    if node is None:
        return ""
    if node.type == "identifier":
        return low.source.name(node)
    if node.type == "member_expression":
        property_ = node.child_by_field_name("property")
        name = "" if property_ is None else low.source.name(property_)
        return "" if name == "exports" else name
    return ""


def private_name(low: Lowering, node: Node) -> Expr:
    """``#x in y``."""
    return Constant(*low.at(node), low.source.name(node))


def identifier(low: Lowering, node: Node) -> Expr:
    name = low.source.name(node)
    line, column = low.at(node)
    if not name:
        return Opaque(line, column, ())
    return Constant(line, column, None) if name == "undefined" else Name(line, column, name)
