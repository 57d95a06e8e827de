"""Members, calls and JSX: what hangs on a value, walked link by link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from tree_sitter import Node

from ostiary.analyze.ir import (
    Assigned,
    Call,
    Constant,
    Expr,
    Index,
    Member,
    Name,
    NamePattern,
    Opaque,
    Spread,
    Tagged,
)
from ostiary.analyze.typescript.literals import attribute_text, pieces, text_of
from ostiary.analyze.typescript.lowering import Lowering
from ostiary.analyze.typescript.operators import bare, first, last_of

MAX_LINKS: Final = 60
"""Links nested as written. A longer chain is cut into pieces that pass their value on in
variables: ``(%1 = a.b().c(), %1.d().e())``."""

_Link: TypeAlias = "Callable[[Lowering, Node, Expr], Expr]"
"""Lowers one link around the value it hangs on."""
_TRANSPARENT: Final = frozenset(
    {"non_null_expression", "as_expression", "satisfies_expression", "instantiation_expression"}
)


def chain(low: Lowering, node: Node) -> Expr:
    """``a.b(c)[d]?.e``: the innermost value first, then each link around it."""
    links: list[tuple[_Link, Node]] = []
    current: Node | None = node
    while current is not None:
        kind = current.type
        if kind in _LINKS:
            field, lowered = _LINKS[kind]
            links.append((lowered, current))
            current = bare(current.child_by_field_id(low.fields[field]))
        elif kind in _TRANSPARENT:
            current = bare(first(current))
        else:
            break
    levels = low.deepen(min(len(links), MAX_LINKS))
    value = low.expr(current)
    before: list[Expr] = []
    optional = False
    for count, (lowered, link) in enumerate(reversed(links), start=1):
        value = lowered(low, link, value)
        optional = optional or _is_optional(link)
        if optional and isinstance(value, Call):
            value.optional = True
        if count % MAX_LINKS == 0 and count < len(links):
            at = low.at(link)
            name = low.temporary()
            before.append(Assigned(*at, NamePattern(*at, name), value))
            value = Name(*at, name)
    low.rise(levels)
    return last_of([*before, value], low.at(node)) if before else value


def _is_optional(link: Node) -> bool:
    return link.child_count > 1 and link.children[1].type in _OPTIONAL


_OPTIONAL: Final = frozenset(("?.", "optional_chain"))


def _member(low: Lowering, node: Node, base: Expr) -> Expr:
    name = node.child_by_field_id(low.fields["property"])
    at = low.at(node if name is None else name)
    return Member(*at, base, "" if name is None else low.source.name(name))


def _subscript(low: Lowering, node: Node, base: Expr) -> Expr:
    """``a["b"]`` is ``a.b``."""
    key = low.part(node, "index")
    if isinstance(key, Constant) and isinstance(key.value, str):
        return Member(key.line, key.column, base, key.value)
    return Index(*low.at(node), base, key)


def _call(low: Lowering, node: Node, callee: Expr) -> Expr:
    given = node.child_by_field_id(low.fields["arguments"])
    line, column = low.at(node)
    if given is not None and given.type == "template_string":
        raw = isinstance(callee, Member) and callee.name == "raw"
        return Tagged(line, column, callee, pieces(low, given, cooked=not raw))
    args = () if given is None else low.exprs(given.named_children)
    return Call(line, column, callee, args, end_line=node.end_point[0] + 1)


_LINKS: Final[Mapping[str, tuple[str, _Link]]] = {
    "member_expression": ("object", _member),
    "subscript_expression": ("object", _subscript),
    "call_expression": ("function", _call),
}
"""The field of what a link hangs on, and what lowers it."""


def new(low: Lowering, node: Node) -> Expr:
    given = node.child_by_field_name("arguments")
    return Call(
        *low.at(node),
        low.part(node, "constructor"),
        () if given is None else low.exprs(given.named_children),
        new=True,
        end_line=node.end_point[0] + 1,
    )


def spread(low: Lowering, node: Node) -> Expr:
    return Spread(*low.at(node), low.expr(first(node)))


def transparent(low: Lowering, node: Node) -> Expr:
    """``x as T``, ``x satisfies T``, ``x!``: the value is ``x``."""
    current: Node | None = node
    while current is not None and current.type in _TRANSPARENT:
        current = bare(first(current))
    return low.expr(current)


def assertion(low: Lowering, node: Node) -> Expr:
    """``<T>x``."""
    return low.expr(node.named_children[-1] if node.named_children else None)


def plain_name(low: Lowering, node: Node) -> Expr:
    """``this``, ``super`` and the ``import`` of ``import(x)``."""
    return Name(*low.at(node), low.source.name(node))


def meta(low: Lowering, node: Node) -> Expr:
    """``import.meta`` and ``new.target``."""
    line, column = low.at(node)
    base, _, name = low.source.text(node).partition(".")
    return Member(line, column, Name(line, column, base.strip()), name.strip())


def nested_name(low: Lowering, node: Node) -> Expr:
    """``A.B.C`` where TypeScript allows names only."""
    names = [part.strip() for part in low.source.text(node).split(".")]
    line, column = low.at(node)
    value: Expr = Name(line, column, names[0])
    for name in names[1:60]:
        value = Member(line, column, value, name)
    return value


# ── JSX ──────────────────────────────────────────────────────────────────────────────────────────


def jsx(low: Lowering, node: Node) -> Expr:
    """An element: what it is made of flows into it. Its attributes and children are parts in the
    order they stand; literal text between them is left out."""
    opening = node.child_by_field_name("open_tag")
    tag = opening or node
    parts: list[Expr] = []
    name = tag.child_by_field_name("name")
    if name is not None and _is_component(low, name):
        parts.append(low.expr(name))
    for child in tag.children_by_field_name("attribute"):
        parts.append(low.expr(child))
    for child in node.named_children if opening is not None else ():
        if child.type.startswith("jsx_") and child.type not in _JSX_FRAME:
            parts.append(low.expr(child))
    return Opaque(*low.at(node), tuple(parts))


_JSX_FRAME: Final = frozenset({"jsx_opening_element", "jsx_closing_element", "jsx_text"})


def _is_component(low: Lowering, name: Node) -> bool:
    text = low.source.text(name)
    return "." in text or text[:1].isupper()


def jsx_attribute(low: Lowering, node: Node) -> Expr:
    values = [child for child in node.named_children if not low.is_comment(child)]
    value = values[-1] if len(values) > 1 else None
    line, column = low.at(node)
    if value is None:
        return Constant(line, column, True)
    if value.type == "string":
        return Constant(line, column, attribute_text(text_of(low, value)))
    return low.expr(value)


def jsx_expression(low: Lowering, node: Node) -> Expr:
    inner = first(node)
    return Opaque(*low.at(node), ()) if inner is None else low.expr(inner)
