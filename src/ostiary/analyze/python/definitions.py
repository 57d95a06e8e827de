"""Functions and classes of Python in the small language."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from typing import Final, TypeAlias

from ostiary.analyze import ir
from ostiary.analyze.python.decode import sound
from ostiary.analyze.python.matching import Matching

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
Documented: TypeAlias = "ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef"

_BY_DECORATOR: Final = {
    "staticmethod": "static",
    "abstractstaticmethod": "static",
    "classmethod": "class",
    "abstractclassmethod": "class",
    "property": "getter",
    "cached_property": "getter",
    "abstractproperty": "getter",
    "getter": "getter",
    "setter": "setter",
}
_BY_NAME: Final = {
    "__init__": "constructor",
    "__new__": "static",
    "__init_subclass__": "class",
    "__class_getitem__": "class",
}


class Frame:
    """The function or class whose body is being lowered."""

    __slots__ = ("in_class", "outer")

    def __init__(self, in_class: bool) -> None:
        self.in_class = in_class
        self.outer: dict[str, None] = {}


class Definitions(Matching, ABC):
    """Lowers definitions; the statements in them are lowered by what builds on this."""

    frame = Frame(in_class=False)

    @abstractmethod
    def block(self, body: list[ast.stmt]) -> tuple[ir.Stmt, ...]:
        """Statements in a row."""

    def function(self, node: Function) -> ir.FunctionDef:
        """A ``def``. Its place is the word ``def``, not its first decorator."""
        line, column = self.at(node)
        decorators = self.each(node.decorator_list)
        params = self.parameters(node.args)
        kind = _kind(node) if self.frame.in_class else "function"
        around, self.frame = self.frame, Frame(in_class=False)
        outside, self.yields = self.yields, False
        body = self.block(undocumented(node))
        inside, self.frame = self.frame, around
        yields, self.yields = self.yields, outside
        self.names.append(node.name)
        return ir.FunctionDef(
            line,
            column,
            sound(node.name),
            params,
            body,
            self.end_line(node),
            decorators=decorators,
            annotation=self.annotation(node.returns),
            doc=documentation(node),
            is_async=isinstance(node, ast.AsyncFunctionDef),
            is_generator=yields,
            is_arrow=True,
            kind=kind,
            outer=tuple(inside.outer),
        )

    def class_(self, node: ast.ClassDef) -> ir.ClassDef:
        """A ``class``: its methods and fields apart from what else its body does."""
        line, column = self.at(node)
        decorators, bases = self.each(node.decorator_list), self.each(node.bases)
        keywords = tuple([(one.arg or "**", self.expr(one.value)) for one in node.keywords])
        methods: list[ir.FunctionDef] = []
        fields: list[ir.ClassField] = []
        others: list[ast.stmt] = []
        around, self.frame = self.frame, Frame(in_class=True)
        for statement in undocumented(node):
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                methods.append(self.function(statement))
            elif declared := self._fields(statement):
                fields.extend(declared)
            else:
                others.append(statement)
        body = self.block(others)
        self.frame = around
        return ir.ClassDef(
            line,
            column,
            sound(node.name),
            bases,
            tuple(methods),
            tuple(fields),
            self.end_line(node),
            decorators=decorators,
            doc=documentation(node),
            body=body,
            keywords=keywords,
        )

    def value_named(self, node: ast.expr, target: ast.expr) -> ir.Expr:
        """A value that is assigned: a lambda takes the name of its variable."""
        if isinstance(node, ast.Lambda) and isinstance(target, ast.Name):
            return ir.Lambda(*self.at(node), self.function_of(node, sound(target.id)))
        return self.expr(node)

    def _fields(self, node: ast.stmt) -> list[ir.ClassField]:
        """The fields that ``a: T = x``, ``a = x`` or ``a = b = x`` in a class declares."""
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            declared = self.annotation(node.annotation)
            value = self.value_named(node.value, node.target) if node.value else None
            static = "ClassVar" in declared
            return [ir.ClassField(sound(node.target.id), value, declared, static, self.at(node)[0])]
        if isinstance(node, ast.Assign):
            names = [one for one in node.targets if isinstance(one, ast.Name)]
            if len(names) == len(node.targets):
                given = self.value_named(node.value, names[0])
                line = self.at(node)[0]
                return [ir.ClassField(sound(one.id), given, "", True, line) for one in names]
        return []


def documentation(node: Documented) -> str:
    """The docstring with its indentation taken off; empty if there is none."""
    return sound(ast.get_docstring(node) or "")


def undocumented(node: Documented) -> list[ast.stmt]:
    """The body without its docstring."""
    return node.body if ast.get_docstring(node, clean=False) is None else node.body[1:]


def _kind(node: Function) -> str:
    for decorator in node.decorator_list:
        last = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = last.id if isinstance(last, ast.Name) else ""
        name = last.attr if isinstance(last, ast.Attribute) else name
        if name in _BY_DECORATOR:
            return _BY_DECORATOR[name]
    return _BY_NAME.get(node.name, "method")
