"""Functions of every form: declarations, expressions, arrows, methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from ostiary.analyze.ir import (
    Assign,
    Constant,
    DefaultPattern,
    Define,
    Expr,
    FunctionDef,
    Lambda,
    Mapping,
    Member,
    Name,
    NamePattern,
    Parameter,
    PlacePattern,
    Sequence,
    Stmt,
)
from ostiary.analyze.typescript.lowering import Lowering
from ostiary.analyze.typescript.operators import first
from ostiary.analyze.typescript.patterns import key_text

_AFTER_MODIFIERS: Final = frozenset({"formal_parameters", "statement_block", "=>"})
_PARAMETER_PROPERTY: Final = frozenset({"accessibility_modifier", "override_modifier", "readonly"})


def annotation_of(low: Lowering, node: Node, field: str = "type") -> str:
    """The declared type as written, without the colon."""
    declared = node.child_by_field_name(field)
    if declared is None:
        return ""
    return low.source.text(declared).lstrip("?-+ \t\r\n").removeprefix(":").strip()


@dataclass(slots=True)
class Modifiers:
    """The words before a function's or a member's name."""

    words: frozenset[str]

    @property
    def is_generator(self) -> bool:
        return "*" in self.words

    def kind(self, name: str) -> str:
        """The kind of a method."""
        if "get" in self.words:
            return "getter"
        if "set" in self.words:
            return "setter"
        if "static" in self.words:
            return "static"
        return "constructor" if name == "constructor" else "method"


def modifiers_of(node: Node) -> Modifiers:
    """Tokens up to the parameters. The name, being a named node, is none of them."""
    words: set[str] = set()
    for child in node.children:
        if child.type in _AFTER_MODIFIERS:
            break
        if not child.is_named:
            words.add(child.type)
    return Modifiers(frozenset(words))


def function(low: Lowering, node: Node, *, kind: str = "function", name: str = "") -> FunctionDef:
    """A function whose body is lowered later."""
    words = modifiers_of(node)
    named = node.child_by_field_name("name")
    if named is not None and not name:
        name = low.source.name(named)
    made = FunctionDef(
        *low.at(node),
        name=name,
        params=parameters(low, node),
        body=(),
        end_line=node.end_point[0] + 1,
        annotation=annotation_of(low, node, "return_type"),
        is_async="async" in words.words,
        is_generator=words.is_generator,
        is_arrow=node.type == "arrow_function",
        kind=kind,
    )
    low.defer(made, node.child_by_field_name("body"))
    return made


def expression(low: Lowering, node: Node) -> Expr:
    return Lambda(*low.at(node), function(low, node))


def declaration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    made = function(low, node)
    made.doc = low.comments.above(node.start_point[0])
    out.append(Define(*low.at(node), made))


def method(low: Lowering, node: Node, row: int) -> FunctionDef:
    """A method of a class or an object literal; ``row`` is where a comment stands above it."""
    key = node.child_by_field_name("name")
    name = member_name(low, key)
    made = function(low, node, kind=modifiers_of(node).kind(name), name=name)
    made.doc = low.comments.above(row)
    return made


def member_name(low: Lowering, key: Node | None) -> str:
    """The name of a member; a computed one keeps its brackets: ``[Symbol.iterator]``."""
    known = key_text(low, key)
    if known is not None:
        return known
    return "" if key is None else low.source.text(key)[:200]


# ── parameters ───────────────────────────────────────────────────────────────────────────────────


def parameters(low: Lowering, node: Node) -> tuple[Parameter, ...]:
    single = node.child_by_field_name("parameter")
    if single is not None:
        return (Parameter(low.pattern(single)),)
    group = node.child_by_field_name("parameters")
    found: list[Parameter] = []
    for child in group.named_children if group is not None else ():
        if child.type == "ERROR" or low.is_comment(child):
            continue
        one = _parameter(low, child)
        if one is not None:
            found.append(one)
    return tuple(found)


def _parameter(low: Lowering, node: Node) -> Parameter | None:
    typed = node.type in {"required_parameter", "optional_parameter"}
    inner = node.child_by_field_name("pattern") if typed else node
    if inner is None or inner.type == "this":
        return None
    annotation = annotation_of(low, node) if typed else ""
    pattern = low.pattern(inner)
    default: Expr | None = None
    if isinstance(pattern, DefaultPattern):
        default = pattern.default
        pattern = pattern.pattern
    elif typed and node.child_by_field_name("value") is not None:
        default = low.part(node, "value")
        low.named(default, pattern.id if isinstance(pattern, NamePattern) else "")
    kind = "rest" if inner.type == "rest_pattern" else "plain"
    return Parameter(pattern, kind, default, annotation)


@dataclass(frozen=True, slots=True)
class ParameterProperty:
    """A parameter of a constructor that declares a field: ``constructor(private x: T)``."""

    name: str
    annotation: str
    line: int
    assign: Stmt


def parameter_properties(low: Lowering, node: Node) -> list[ParameterProperty]:
    group = node.child_by_field_name("parameters")
    found: list[ParameterProperty] = []
    for child in group.named_children if group is not None else ():
        if not any(one.type in _PARAMETER_PROPERTY for one in child.children):
            continue
        inner = child.child_by_field_name("pattern")
        if inner is None or inner.type != "identifier":
            continue
        name, at, annotation = low.source.name(inner), low.at(inner), annotation_of(low, child)
        target = PlacePattern(*at, Member(*at, Name(*at, "this"), name))
        assign = Assign(*at, (target,), Name(*at, name), annotation=annotation)
        found.append(ParameterProperty(name, annotation, at[0], assign))
    return found


# ── object and array literals ────────────────────────────────────────────────────────────────────


def mapping(low: Lowering, node: Node) -> Expr:
    """An object literal."""
    entries: list[tuple[Expr | None, Expr]] = []
    for child in node.named_children:
        match child.type:
            case "pair":
                entries.append(_pair(low, child))
            case "spread_element":
                entries.append((None, low.expr(first(child))))
            case "method_definition":
                entries.append(_method_entry(low, child))
            case "shorthand_property_identifier":
                at = low.at(child)
                name = low.source.name(child)
                value = Constant(*at, None) if name == "undefined" else Name(*at, name)
                entries.append((Constant(*at, name), value))
            case _:
                if low.is_expression(child):
                    entries.append((None, low.expr(child)))
    return Mapping(*low.at(node), tuple(entries))


def _pair(low: Lowering, node: Node) -> tuple[Expr, Expr]:
    key = node.child_by_field_name("key")
    name = key_text(low, key)
    value = low.named(low.part(node, "value"), name or "", node.start_point[0])
    return _key(low, node, key, name), value


def _method_entry(low: Lowering, node: Node) -> tuple[Expr, Expr]:
    key = node.child_by_field_name("name")
    made = method(low, node, node.start_point[0])
    return _key(low, node, key, key_text(low, key)), Lambda(*low.at(node), made)


def _key(low: Lowering, node: Node, key: Node | None, name: str | None) -> Expr:
    if name is not None:
        return Constant(*low.at(key or node), name)
    return low.expr(None if key is None else first(key))


def array(low: Lowering, node: Node) -> Expr:
    """An array literal; a hole is ``None``."""
    items: list[Expr] = []
    filled = False
    for child in node.children:
        if child.type == ",":
            if not filled:
                items.append(Constant(*low.at(child), None))
            filled = False
        elif child.is_named and not low.is_comment(child):
            items.append(low.expr(child))
            filled = True
    return Sequence(*low.at(node), tuple(items))
