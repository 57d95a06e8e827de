"""What crosses files, and TypeScript's namespaces and enums."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from ostiary.analyze.ir import (
    Assign,
    Call,
    ClassExpr,
    Constant,
    DefaultPattern,
    Define,
    DefineClass,
    Export,
    Expr,
    Import,
    Lambda,
    Mapping,
    Member,
    Name,
    NamePattern,
    ObjectPattern,
    Pattern,
    PlacePattern,
    SequencePattern,
    Stmt,
)
from ostiary.analyze.typescript.classes import decorated
from ostiary.analyze.typescript.literals import text_of
from ostiary.analyze.typescript.lowering import Lowering
from ostiary.analyze.typescript.operators import bare, first
from ostiary.analyze.typescript.patterns import key_text

_CLASSES: Final = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_FUNCTIONS: Final = frozenset({"function_expression", "generator_function"})


def _tokens(node: Node) -> frozenset[str]:
    return frozenset(child.type for child in node.children if not child.is_named)


def _module_name(low: Lowering, node: Node) -> str | None:
    source = node.child_by_field_name("source")
    return None if source is None else text_of(low, source)


def _spelled(low: Lowering, node: Node | None) -> str:
    """A name in an import or export list, which may be a string."""
    if node is None:
        return ""
    return text_of(low, node) if node.type == "string" else low.source.name(node)


# ── import ───────────────────────────────────────────────────────────────────────────────────────


def imported(low: Lowering, node: Node, out: list[Stmt]) -> None:
    at = low.at(node)
    tokens = _tokens(node)
    type_only = "type" in tokens or "typeof" in tokens
    for child in node.named_children:
        if child.type == "import_require_clause":
            _import_require(low, child, out)
            return
    module = _module_name(low, node)
    if module is None:
        return
    values: list[tuple[str, str]] = []
    types: list[tuple[str, str]] = []
    for child in node.named_children:
        if child.type == "import_clause":
            _clause(low, child, values, types)
    if values or not types:
        out.append(Import(*at, module, tuple(values), type_only))
    if types:
        out.append(Import(*at, module, tuple(types), True))


def _clause(
    low: Lowering, node: Node, values: list[tuple[str, str]], types: list[tuple[str, str]]
) -> None:
    for child in node.named_children:
        match child.type:
            case "identifier":
                values.append(("default", low.source.name(child)))
            case "namespace_import":
                values.append(("*", _spelled(low, first(child))))
            case "named_imports":
                for one in child.named_children:
                    if one.type == "import_specifier":
                        (types if "type" in _tokens(one) else values).append(_specifier(low, one))


def _specifier(low: Lowering, node: Node) -> tuple[str, str]:
    """What is meant and what it is called here. ``default`` is a token and no name."""
    name = node.child_by_field_name("name")
    alias = node.child_by_field_name("alias")
    meant = _spelled(low, name) if name is not None else "default"
    return meant, _spelled(low, alias) if alias is not None else meant


def _import_require(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``import x = require("y")`` is ``const x = require("y")``."""
    at = low.at(node)
    target = NamePattern(*at, _spelled(low, first(node)))
    argument = Constant(*at, _module_name(low, node) or "")
    call = Call(*at, Name(*at, "require"), (argument,), end_line=at[0])
    out.append(Assign(*at, (target,), call, declares=True))


def alias(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``import A = B.C``."""
    parts = [child for child in node.named_children if not low.is_comment(child)]
    if len(parts) < 2:
        return
    at = low.at(node)
    out.append(Assign(*at, (low.pattern(parts[0]),), low.expr(parts[-1]), declares=True))


# ── export ───────────────────────────────────────────────────────────────────────────────────────


def exported(low: Lowering, node: Node, out: list[Stmt]) -> None:
    tokens = _tokens(node)
    declaration = node.child_by_field_name("declaration")
    if "namespace" in tokens or ("type" in tokens and declaration is None):
        return
    if "=" in tokens:
        _export_assignment(low, node, out)
    elif declaration is not None:
        _declared(low, node, declaration, "default" if "default" in tokens else "", out)
    elif node.child_by_field_name("value") is not None:
        _default_value(low, node, out)
    elif not low.in_namespace:
        _listed(low, node, out)


def _export_assignment(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``export = x`` is ``module.exports = x``."""
    at = low.at(node)
    place = Member(*at, Name(*at, "module"), "exports")
    out.append(Assign(*at, (PlacePattern(*at, place),), low.expr(first(node))))


def _declared(low: Lowering, node: Node, declaration: Node, as_: str, out: list[Stmt]) -> None:
    made: list[Stmt] = []
    if declaration.type in _CLASSES:
        decorated(low, declaration, node.children_by_field_name("decorator"), made)
    else:
        low.statement(declaration, made)
    out.extend(made)
    names = [name for statement in made for name in declared_names(statement)]
    if names and not low.in_namespace:
        at = low.at(node)
        out.append(Export(*at, tuple((name, as_ or name) for name in names)))


def _default_value(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``export default x``; a function or class with a name is declared by it too."""
    value = bare(node.child_by_field_name("value"))
    at = low.at(node)
    if value is not None and value.type in _CLASSES:
        made: list[Stmt] = []
        decorated(low, value, node.children_by_field_name("decorator"), made)
        _default_definition(made[0], at, out)
        return
    lowered = low.named(low.expr(value), "", node.start_point[0])
    if value is not None and value.type in _FUNCTIONS and isinstance(lowered, Lambda):
        _default_definition(Define(lowered.line, lowered.column, lowered.function), at, out)
        return
    out.append(Export(*at, (), value=low.named(lowered, "default")))


def _default_definition(made: Stmt, at: tuple[int, int], out: list[Stmt]) -> None:
    match made:
        case Define(function=function):
            name = function.name
            value: Expr = Lambda(made.line, made.column, function)
            function.name = name or "default"
        case DefineClass(definition=definition):
            name = definition.name
            value = ClassExpr(made.line, made.column, definition)
            definition.name = name or "default"
        case _:
            return
    if name:
        out.append(made)
        out.append(Export(*at, ((name, "default"),)))
    else:
        out.append(Export(*at, (), value=value))


def _listed(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``export {a as b}``, with or without ``from``, and ``export *``."""
    module = _module_name(low, node) or ""
    names: list[tuple[str, str]] = []
    for child in node.named_children:
        if child.type == "export_clause":
            names.extend(
                _specifier(low, one)
                for one in child.named_children
                if one.type == "export_specifier" and "type" not in _tokens(one)
            )
        elif child.type == "namespace_export":
            names.append(("*", _spelled(low, first(child))))
    if "*" in _tokens(node):
        names.append(("*", ""))
    out.append(Export(*low.at(node), tuple(names), module))


def declared_names(statement: Stmt) -> list[str]:
    """Variables that a statement declares."""
    match statement:
        case Assign(declares=True, targets=targets):
            return [name for target in targets for name in pattern_names(target)]
        case Define(function=function):
            return [function.name]
        case DefineClass(definition=definition):
            return [definition.name]
        case _:
            return []


def pattern_names(pattern: Pattern) -> list[str]:
    """Variables in a pattern, in order."""
    match pattern:
        case NamePattern(id=name):
            return [name] if name else []
        case DefaultPattern(pattern=inner):
            return pattern_names(inner)
        case SequencePattern(items=items, rest=rest):
            parts = [*items, rest]
        case ObjectPattern(entries=entries, rest=rest):
            parts = [*(value for _, value in entries), rest]
        case _:
            return []
    return [name for part in parts if part is not None for name in pattern_names(part)]


# ── TypeScript's enums and namespaces ────────────────────────────────────────────────────────────


def enumeration(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """An object with a value for each member; one without is counted on from the last."""
    body = node.child_by_field_name("body")
    entries: list[tuple[Expr | None, Expr]] = []
    following: int | None = 0
    for child in body.named_children if body is not None else ():
        if low.is_comment(child):
            continue
        at = low.at(child)
        key = child.child_by_field_name("name") if child.type == "enum_assignment" else child
        if child.type == "enum_assignment":
            value = low.part(child, "value")
        else:
            value = Constant(*at, following)
        literal = value.value if isinstance(value, Constant) else None
        following = literal + 1 if isinstance(literal, int) else None
        entries.append((Constant(*at, key_text(low, key) or ""), value))
    at = low.at(node)
    name = node.child_by_field_name("name")
    target = NamePattern(*at, "" if name is None else low.source.name(name))
    out.append(Assign(*at, (target,), Mapping(*at, tuple(entries)), declares=True))


def ambient(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """``declare …`` says what exists elsewhere; only an enum has values of its own."""
    for child in node.named_children:
        if child.type == "enum_declaration":
            enumeration(low, child, out)


def namespace(low: Lowering, node: Node, out: list[Stmt]) -> None:
    """The body stands where the namespace stands, and what it exports is an object of its name."""
    named = node.child_by_field_name("name")
    body = node.child_by_field_name("body")
    if named is None or body is None or named.type == "string":
        return
    outer, low.in_namespace = low.in_namespace, True
    made: list[Stmt] = []
    handed: list[str] = []
    for child in body.named_children:
        start = len(made)
        low.statement(child, made)
        if child.type == "export_statement":
            handed.extend(name for one in made[start:] for name in declared_names(one))
    low.in_namespace = outer
    at = low.at(node)
    entries = tuple((Constant(*at, name), Name(*at, name)) for name in handed)
    out.extend(made)
    first_name, *rest = [part.strip() for part in low.source.text(named).split(".")[:50]]
    value: Expr = Mapping(*at, entries)
    for name in reversed(rest):
        value = Mapping(*at, ((Constant(*at, name), value),))
    out.append(Assign(*at, (NamePattern(*at, first_name),), value, declares=True))
