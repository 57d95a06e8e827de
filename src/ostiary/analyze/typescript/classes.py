"""Classes: fields, methods, accessors, static blocks, decorators, parameter properties."""

from __future__ import annotations

from dataclasses import dataclass, field

from tree_sitter import Node

from ostiary.analyze.ir import (
    Block,
    ClassDef,
    ClassExpr,
    ClassField,
    DefineClass,
    Do,
    Expr,
    FunctionDef,
    Stmt,
)
from ostiary.analyze.typescript.functions import (
    annotation_of,
    member_name,
    method,
    modifiers_of,
    parameter_properties,
)
from ostiary.analyze.typescript.lowering import Lowering
from ostiary.analyze.typescript.operators import first
from ostiary.analyze.typescript.patterns import key_text


@dataclass(slots=True)
class _Members:
    """What a class body declares, in the order it stands."""

    methods: list[FunctionDef] = field(default_factory=list)
    fields: list[ClassField] = field(default_factory=list)
    body: list[Stmt] = field(default_factory=list)
    waiting: list[Node] = field(default_factory=list)
    """Decorators that belong to the next member."""

    def decorators(self, node: Node) -> list[Node]:
        found = [*self.waiting, *node.children_by_field_name("decorator")]
        self.waiting = []
        return found


def class_of(low: Lowering, node: Node, outer: list[Node] | None = None) -> ClassDef:
    """A class; ``outer`` are decorators that stand before its ``export``."""
    named = node.child_by_field_name("name")
    members = _Members()
    body = node.child_by_field_name("body")
    levels = low.deepen(4)
    for child in body.named_children if body is not None else ():
        _member(low, child, members)
    low.rise(levels)
    decorators = [*(outer or ()), *node.children_by_field_name("decorator")]
    return ClassDef(
        *low.at(node),
        name="" if named is None else low.source.name(named),
        bases=_bases(low, node),
        methods=tuple(members.methods),
        fields=tuple(members.fields),
        end_line=node.end_point[0] + 1,
        decorators=_decorators(low, decorators),
        body=tuple(members.body),
    )


def expression(low: Lowering, node: Node) -> Expr:
    return ClassExpr(*low.at(node), class_of(low, node))


def declaration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    decorated(low, node, [], out)


def decorated(low: Lowering, node: Node, outer: list[Node], out: list[Stmt]) -> None:
    """A class declaration and the decorators before its ``export``."""
    made = class_of(low, node, outer)
    begins = outer[0] if outer else node
    made.doc = low.comments.above(begins.start_point[0])
    out.append(DefineClass(*low.at(node), made))


def _decorators(low: Lowering, nodes: list[Node]) -> tuple[Expr, ...]:
    return tuple(low.expr(first(node)) for node in nodes)


def _bases(low: Lowering, node: Node) -> tuple[Expr, ...]:
    for child in node.named_children:
        if child.type != "class_heritage":
            continue
        for clause in child.named_children:
            if clause.type == "extends_clause":
                return (low.part(clause, "value"),)
            if low.is_expression(clause):
                return (low.expr(clause),)
    return ()


def _member(low: Lowering, node: Node, members: _Members) -> None:
    match node.type:
        case "decorator":
            members.waiting.append(node)
        case "method_definition":
            _method(low, node, members)
        case "field_definition" | "public_field_definition":
            _field(low, node, members)
        case "class_static_block":
            block = node.child_by_field_name("body")
            members.body.append(Block(*low.at(node), low.body(block)))


def _method(low: Lowering, node: Node, members: _Members) -> None:
    decorators = members.decorators(node)
    row = (decorators[0] if decorators else node).start_point[0]
    made = method(low, node, row)
    made.decorators = _decorators(low, decorators)
    if made.kind == "constructor":
        for one in parameter_properties(low, node):
            made.body += (one.assign,)
            members.fields.append(ClassField(one.name, None, one.annotation, False, one.line))
    _computed_key(low, node.child_by_field_name("name"), members)
    members.methods.append(made)


def _field(low: Lowering, node: Node, members: _Members) -> None:
    key = node.child_by_field_name("name") or node.child_by_field_name("property")
    name = member_name(low, key)
    value: Expr | None = None
    if node.child_by_field_name("value") is not None:
        value = low.named(low.part(node, "value"), name, node.start_point[0])
    for decorator in _decorators(low, members.decorators(node)):
        members.body.append(Do(decorator.line, decorator.column, decorator))
    _computed_key(low, key, members)
    members.fields.append(
        ClassField(
            name=name,
            value=value,
            annotation=annotation_of(low, node),
            static="static" in modifiers_of(node).words,
            line=node.start_point[0] + 1,
        )
    )


def _computed_key(low: Lowering, key: Node | None, members: _Members) -> None:
    """A key that is computed runs when the class is made."""
    if key is not None and key_text(low, key) is None:
        value = low.expr(first(key))
        members.body.append(Do(value.line, value.column, value))
