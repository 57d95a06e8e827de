"""What is assigned to: variables, places, destructuring with defaults and rests."""

from __future__ import annotations

from tree_sitter import Node

from ostiary.analyze.ir import (
    DefaultPattern,
    Index,
    Member,
    NamePattern,
    ObjectPattern,
    Pattern,
    PlacePattern,
    SequencePattern,
)
from ostiary.analyze.typescript.literals import number_value, text_of
from ostiary.analyze.typescript.lowering import Lowering
from ostiary.analyze.typescript.operators import bare, first


def name(low: Lowering, node: Node) -> Pattern:
    return NamePattern(*low.at(node), low.source.name(node))


def place(low: Lowering, node: Node) -> Pattern:
    """``a.b`` or ``a[b]``."""
    lowered = low.expr(node)
    line, column = low.at(node)
    if isinstance(lowered, Member | Index):
        return PlacePattern(line, column, lowered)
    return NamePattern(line, column, "")


def unwrapped(low: Lowering, node: Node) -> Pattern:
    """``(a)``, ``a!``, ``a as T`` on the left of an assignment."""
    return low.pattern(bare(first(node)))


def default(low: Lowering, node: Node) -> Pattern:
    left = node.child_by_field_name("left")
    pattern = low.pattern(left)
    value = low.part(node, "right")
    if isinstance(pattern, NamePattern):
        low.named(value, pattern.id)
    return DefaultPattern(*low.at(node), pattern, value)


def rest(low: Lowering, node: Node) -> Pattern:
    """The pattern inside ``...rest``; whoever holds it knows that it is one."""
    return low.pattern(first(node))


def sequence(low: Lowering, node: Node) -> Pattern:
    """``[a, , b = 1, ...rest]``: a comma with nothing before it is a hole."""
    items: list[Pattern | None] = []
    remaining: Pattern | None = None
    filled = False
    for child in node.children:
        if child.type == ",":
            if not filled:
                items.append(None)
            filled = False
        elif child.type in {"rest_pattern", "spread_element"}:
            remaining, filled = low.pattern(child), True
        elif child.is_named and not low.is_comment(child):
            items.append(low.pattern(child))
            filled = True
    return SequencePattern(*low.at(node), tuple(items), remaining)


def mapping(low: Lowering, node: Node) -> Pattern:
    """``{a, b: c = 1, [d]: e, ...rest}``."""
    entries: list[tuple[str | None, Pattern]] = []
    remaining: Pattern | None = None
    for child in node.named_children:
        if child.type in {"rest_pattern", "spread_element"}:
            remaining = low.pattern(child)
        elif child.type in {"pair_pattern", "pair"}:
            value = low.pattern(child.child_by_field_name("value"))
            entries.append((key_text(low, child.child_by_field_name("key")), value))
        elif child.type == "object_assignment_pattern":
            left = child.child_by_field_name("left")
            entries.append((key_text(low, left), default(low, child)))
        elif not low.is_comment(child):
            entries.append((key_text(low, child), low.pattern(child)))
    return ObjectPattern(*low.at(node), tuple(entries), remaining)


def _fixed(low: Lowering, node: Node | None, deepest: int = 20) -> str | None:
    """The text of a literal, or of literals that are joined."""
    if node is None or not deepest:
        return None
    if node.type == "string":
        return text_of(low, node)
    if node.type != "binary_expression" or low.source.text(node.child(1)) != "+":
        return None
    sides = [node.child_by_field_name(one) for one in ("left", "right")]
    texts = [_fixed(low, None if one is None else bare(one), deepest - 1) for one in sides]
    return None if None in texts else "".join(text for text in texts if text is not None)


def key_text(low: Lowering, node: Node | None) -> str | None:
    """The key of a property as text; ``None`` for one that is computed."""
    if node is None:
        return None
    match node.type:
        case "string":
            return text_of(low, node)
        case "number":
            value = number_value(low.source.text(node))
            return None if value is None else str(value)
        case "computed_property_name":
            return _fixed(low, bare(first(node)))
        case _:
            return low.source.name(node)
