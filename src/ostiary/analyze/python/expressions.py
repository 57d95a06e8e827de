"""Expressions of Python in the small language."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.python import chains
from ostiary.analyze.python.decode import sound
from ostiary.analyze.python.places import DEPTH, Places

_BINARY: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.MatMult: "@",
}
_COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not-in",
    ast.Is: "is",
    ast.IsNot: "is-not",
}
_UNARY: Final[dict[type[ast.unaryop], str]] = {
    ast.Not: "not",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
}
_KEPT_NAMES = 50
"""Names kept of what is nested too deeply, so that what flows in may still flow out."""
_REPEATED = 30
"""Nodes of the middle of ``a < b < c`` that is written out twice."""


def operator(op: ast.operator) -> str:
    return _BINARY[type(op)]


def _is_backwards(key: ast.expr) -> bool:
    """``[::-1]``."""
    if not isinstance(key, ast.Slice) or key.lower is not None or key.upper is not None:
        return False
    step = key.step
    return (
        isinstance(step, ast.UnaryOp)
        and isinstance(step.op, ast.USub)
        and isinstance(step.operand, ast.Constant)
        and step.operand.value == 1
    )


class Expressions(Places):
    """Lowers expressions and the patterns that are assigned to."""

    yields = False
    """Whether the function being lowered has a ``yield`` of its own so far."""

    def expr(self, node: ast.expr) -> ir.Expr:
        self.depth += 1
        if self.depth > DEPTH:
            lowered: ir.Expr = self._cut(node)
        else:
            lowered = _FORMS[type(node)](self, node)
        self.depth -= 1
        return lowered

    def each(self, nodes: list[ast.expr]) -> tuple[ir.Expr, ...]:
        return tuple([self.expr(node) for node in nodes])

    def maybe(self, node: ast.expr | None) -> ir.Expr | None:
        return None if node is None else self.expr(node)

    def pattern(self, node: ast.expr) -> ir.Pattern:
        """What stands on the left of an assignment."""
        line, column = self.at(node)
        if isinstance(node, ast.Name):
            return ir.NamePattern(line, column, sound(node.id))
        if isinstance(node, ast.Starred):
            return self.pattern(node.value)
        if isinstance(node, ast.Tuple | ast.List):
            rest = next((one for one in node.elts if isinstance(one, ast.Starred)), None)
            items = tuple([self.pattern(one) for one in node.elts if one is not rest])
            return ir.SequencePattern(
                line, column, items, self.pattern(rest.value) if rest else None
            )
        place = self.expr(node)
        if isinstance(place, ir.Member | ir.Index):
            return ir.PlacePattern(line, column, place)
        return ir.PlacePattern(line, column, ir.Index(line, column, place, place))

    def parameters(self, args: ast.arguments) -> tuple[ir.Parameter, ...]:
        """Parameters in order; defaults belong to the last of the plain ones."""
        plain = [*args.posonlyargs, *args.args]
        none: list[ast.expr | None] = [None] * (len(plain) - len(args.defaults))
        found = [
            self._parameter(arg, "plain", default)
            for arg, default in zip(plain, [*none, *args.defaults], strict=True)
        ]
        if args.vararg:
            found.append(self._parameter(args.vararg, "rest", None))
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            found.append(self._parameter(arg, "keyword", default))
        if args.kwarg:
            found.append(self._parameter(args.kwarg, "keywords", None))
        return tuple(found)

    def function_of(self, node: ast.Lambda, name: str = "") -> ir.FunctionDef:
        """The function that a lambda makes, named after the variable it is assigned to."""
        params = self.parameters(node.args)
        outside, self.yields = self.yields, False
        result = ir.Return(*self.at(node.body), self.expr(node.body))
        yields, self.yields = self.yields, outside
        line, column = self.at(node)
        return ir.FunctionDef(
            line,
            column,
            name,
            params,
            (result,),
            self.end_line(node),
            is_generator=yields,
            is_arrow=True,
        )

    def _parameter(self, arg: ast.arg, kind: str, default: ast.expr | None) -> ir.Parameter:
        self.names.append(arg.arg)
        return ir.Parameter(
            ir.NamePattern(*self.at(arg), sound(arg.arg)),
            kind,
            self.maybe(default),
            self.annotation(arg.annotation),
        )

    def _cut(self, node: ast.expr) -> ir.Opaque:
        self.too_deep(node)
        names: dict[str, ir.Expr] = {}
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and len(names) < _KEPT_NAMES:
                names.setdefault(one.id, ir.Name(*self.at(one), sound(one.id)))
        return ir.Opaque(*self.at(node), tuple(names.values()))

    # ── one method a form ────────────────────────────────────────────────────────────────────

    def _name(self, node: ast.Name) -> ir.Expr:
        return ir.Name(*self.at(node), sound(node.id))

    def _constant(self, node: ast.Constant) -> ir.Expr:
        value = node.value
        if isinstance(value, str):
            return ir.Constant(*self.at(node), sound(value))
        if isinstance(value, int) and not isinstance(value, bool):
            return ir.Constant(*self.at(node), ir.counted(value))
        if value is None or isinstance(value, bool | float | bytes):
            return ir.Constant(*self.at(node), value)
        return ir.Opaque(*self.at(node), ())

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        return ir.Member(*self.at(node), self.expr(node.value), sound(node.attr))

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        line, column = self.at(node)
        value, key = self.expr(node.value), self.expr(node.slice)
        if _is_backwards(node.slice):
            return ir.Call(line, column, ir.Name(line, column, ir.BACKWARDS), (value,))
        return ir.Index(line, column, value, key)

    def _slice(self, node: ast.Slice) -> ir.Expr:
        bounds = [one for one in (node.lower, node.upper, node.step) if one is not None]
        return ir.Opaque(*self.at(node), self.each(bounds))

    def _starred(self, node: ast.Starred) -> ir.Expr:
        return ir.Spread(*self.at(node), self.expr(node.value))

    def _call(self, node: ast.Call) -> ir.Expr:
        line, column = self.at(node)
        callee = self.expr(node.func)
        args = self.each(node.args)
        keywords = tuple([(one.arg, self.expr(one.value)) for one in node.keywords])
        return ir.Call(line, column, callee, args, keywords, end_line=self.end_line(node))

    def _joined(self, node: ast.JoinedStr) -> ir.Expr:
        return ir.Template(*self.at(node), self.each(node.values))

    def _formatted(self, node: ast.FormattedValue) -> ir.Expr:
        """``{x!r:>10}`` is ``format(repr(x), ">10")``, as Python has it."""
        value = self.expr(node.value)
        converter = {114: "repr", 97: "ascii"}.get(node.conversion)
        if converter:
            value = self._built_in(node, converter, value)
        if isinstance(node.format_spec, ast.JoinedStr):
            value = self._built_in(node, "format", value, self._format_spec(node.format_spec))
        return value

    def _format_spec(self, node: ast.JoinedStr) -> ir.Expr:
        only = node.values[0] if len(node.values) == 1 else None
        return self.expr(only if isinstance(only, ast.Constant) else node)

    def _built_in(self, node: ast.expr, name: str, *args: ir.Expr) -> ir.Expr:
        line, column = self.at(node)
        callee = ir.Name(line, column, name)
        return ir.Call(line, column, callee, args, end_line=self.end_line(node))

    def _binary(self, node: ast.BinOp) -> ir.Expr:
        spine: list[ast.BinOp] = []
        first: ast.expr = node
        while isinstance(first, ast.BinOp):
            spine.append(first)
            first = first.left
        links = [(operator(one.op), self.expr(one.right), self.at(one)) for one in reversed(spine)]
        return chains.arithmetic(self.expr(first), links)

    def _boolean(self, node: ast.BoolOp) -> ir.Expr:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return chains.logical(op, self.each(node.values))

    def _compare(self, node: ast.Compare) -> ir.Expr:
        """A chain; what stands in its middle is evaluated once and compared twice."""
        parts: list[ir.Expr] = []
        left = self.expr(node.left)
        last = len(node.ops) - 1
        for index, (op, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            name = _COMPARE[type(op)]
            here, again = self._middle(right) if index < last else (self.expr(right), None)
            parts.append(ir.Compare(left.line, left.column, name, left, here))
            left = again or left
        return chains.logical("and", parts)

    def _middle(self, node: ast.expr) -> tuple[ir.Expr, ir.Expr]:
        if _is_small(node):
            return self.expr(node), self.expr(node)
        line, column = self.at(node)
        name = f"<compared {line}:{column}>"
        target = ir.NamePattern(line, column, name)
        return ir.Assigned(line, column, target, self.expr(node)), ir.Name(line, column, name)

    def _unary(self, node: ast.UnaryOp) -> ir.Expr:
        value = self.expr(node.operand)
        number = value.value if isinstance(value, ir.Constant) else None
        if isinstance(node.op, ast.USub) and type(number) in {int, float}:
            assert isinstance(number, int | float)
            return ir.Constant(*self.at(node), -number)
        return ir.Unary(*self.at(node), _UNARY[type(node.op)], value)

    def _conditional(self, node: ast.IfExp) -> ir.Expr:
        test, then = self.expr(node.test), self.expr(node.body)
        return ir.Conditional(*self.at(node), test, then, self.expr(node.orelse))

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> ir.Expr:
        return ir.Sequence(*self.at(node), self.each(node.elts))

    def _mapping(self, node: ast.Dict) -> ir.Expr:
        pairs = zip(node.keys, node.values, strict=True)
        entries = tuple([(self.maybe(key), self.expr(value)) for key, value in pairs])
        return ir.Mapping(*self.at(node), entries)

    def _lambda(self, node: ast.Lambda) -> ir.Expr:
        return ir.Lambda(*self.at(node), self.function_of(node))

    def _await(self, node: ast.Await) -> ir.Expr:
        return ir.Await(*self.at(node), self.expr(node.value))

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> ir.Expr:
        self.yields = True
        return ir.Yield(*self.at(node), self.maybe(node.value))

    def _walrus(self, node: ast.NamedExpr) -> ir.Expr:
        return ir.Assigned(*self.at(node), self.pattern(node.target), self.expr(node.value))

    def _list(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> ir.Expr:
        clauses = self._clauses(node.generators)
        lazy = isinstance(node, ast.GeneratorExp)
        return ir.Comprehension(*self.at(node), self.expr(node.elt), None, clauses, lazy)

    def _dict(self, node: ast.DictComp) -> ir.Expr:
        clauses = self._clauses(node.generators)
        value = self.expr(node.value)
        return ir.Comprehension(*self.at(node), value, self.expr(node.key), clauses)

    def _clauses(
        self, generators: list[ast.comprehension]
    ) -> tuple[tuple[ir.Pattern, ir.Expr, tuple[ir.Expr, ...]], ...]:
        return tuple(
            [
                (self.pattern(one.target), self.expr(one.iter), self.each(one.ifs))
                for one in generators
            ]
        )


def _is_small(node: ast.expr) -> bool:
    """Whether evaluating it twice says the same and costs little."""
    for count, one in enumerate(ast.walk(node)):
        if count > _REPEATED or isinstance(one, _ONCE):
            return False
    return True


_ONCE = (ast.Compare, ast.Lambda, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)

_FORMS: Final[dict[type[ast.expr], Callable[..., ir.Expr]]] = {
    ast.Name: Expressions._name,
    ast.Constant: Expressions._constant,
    ast.Attribute: Expressions._attribute,
    ast.Subscript: Expressions._subscript,
    ast.Slice: Expressions._slice,
    ast.Starred: Expressions._starred,
    ast.Call: Expressions._call,
    ast.JoinedStr: Expressions._joined,
    ast.FormattedValue: Expressions._formatted,
    ast.BinOp: Expressions._binary,
    ast.BoolOp: Expressions._boolean,
    ast.Compare: Expressions._compare,
    ast.UnaryOp: Expressions._unary,
    ast.IfExp: Expressions._conditional,
    ast.List: Expressions._sequence,
    ast.Tuple: Expressions._sequence,
    ast.Set: Expressions._sequence,
    ast.Dict: Expressions._mapping,
    ast.Lambda: Expressions._lambda,
    ast.Await: Expressions._await,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield,
    ast.NamedExpr: Expressions._walrus,
    ast.ListComp: Expressions._list,
    ast.SetComp: Expressions._list,
    ast.GeneratorExp: Expressions._list,
    ast.DictComp: Expressions._dict,
}
