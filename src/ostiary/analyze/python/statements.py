"""Statements of Python in the small language."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.python.decode import sound
from ostiary.analyze.python.definitions import Definitions
from ostiary.analyze.python.expressions import operator
from ostiary.analyze.python.places import DEPTH

BRANCHES: Final = 40
"""Branches of ``if … elif …`` up to which they nest; a longer run is a switch."""

Branch = tuple[ast.If, ir.Expr, tuple[ir.Stmt, ...]]


class Statements(Definitions):
    """Lowers statements; one statement of Python may become several."""

    type_only = False
    """Whether it stands under ``if TYPE_CHECKING``."""

    def block(self, body: list[ast.stmt]) -> tuple[ir.Stmt, ...]:
        if not body:
            return ()
        if self.depth >= DEPTH:
            self.too_deep(body[0])
            return ()
        self.depth += 1
        found: list[ir.Stmt] = []
        for node in body:
            found.extend(_FORMS[type(node)](self, node))
        self.depth -= 1
        return tuple(found)

    # ── one method a form ────────────────────────────────────────────────────────────────────

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ir.Stmt]:
        yield ir.Define(*self.at(node), self.function(node))

    def _class(self, node: ast.ClassDef) -> Iterator[ir.Stmt]:
        yield ir.DefineClass(*self.at(node), self.class_(node))

    def _return(self, node: ast.Return) -> Iterator[ir.Stmt]:
        yield ir.Return(*self.at(node), self.maybe(node.value))

    def _delete(self, node: ast.Delete) -> Iterator[ir.Stmt]:
        yield ir.Delete(*self.at(node), self.each(node.targets))

    def _assign(self, node: ast.Assign) -> Iterator[ir.Stmt]:
        value = self.value_named(node.value, node.targets[0])
        targets = tuple([self.pattern(one) for one in node.targets])
        yield ir.Assign(*self.at(node), targets, value)

    def _augmented(self, node: ast.AugAssign) -> Iterator[ir.Stmt]:
        target, value = self.pattern(node.target), self.expr(node.value)
        yield ir.Assign(*self.at(node), (target,), value, operator(node.op))

    def _annotated(self, node: ast.AnnAssign) -> Iterator[ir.Stmt]:
        value = self.value_named(node.value, node.target) if node.value else None
        declared = self.annotation(node.annotation)
        target = self.pattern(node.target)
        yield ir.Assign(*self.at(node), (target,), value, annotation=declared)

    def _type_alias(self, node: ast.stmt) -> Iterator[ir.Stmt]:
        """``type X = …`` of Python 3.12."""
        parts = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
        if len(parts) == 2:
            yield ir.Assign(*self.at(node), (self.pattern(parts[0]),), self.expr(parts[1]))

    def _for(self, node: ast.For | ast.AsyncFor) -> Iterator[ir.Stmt]:
        over, target = self.expr(node.iter), self.pattern(node.target)
        body = self.block(node.body)
        yield ir.Loop(*self.at(node), target, over, body, self.block(node.orelse))

    def _while(self, node: ast.While) -> Iterator[ir.Stmt]:
        test, body = self.expr(node.test), self.block(node.body)
        yield ir.Loop(*self.at(node), None, test, body, self.block(node.orelse))

    def _if(self, node: ast.If) -> Iterator[ir.Stmt]:
        branches: list[Branch] = []
        while True:
            branches.append((node, self.expr(node.test), self._then(node)))
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                break
            node = node.orelse[0]
        other = self.block(node.orelse)
        if len(branches) > BRANCHES:
            yield self._switch(branches, other)
            return
        for at, test, then in reversed(branches):
            other = (ir.If(*self.at(at), test, then, other),)
        yield from other

    def _then(self, node: ast.If) -> tuple[ir.Stmt, ...]:
        around = self.type_only
        self.type_only = around or _is_type_checking(node.test)
        body = self.block(node.body)
        self.type_only = around
        return body

    def _switch(self, branches: list[Branch], other: tuple[ir.Stmt, ...]) -> ir.Stmt:
        """A run of branches: over the name that all compare with literals, or over ``True``."""
        line, column = self.at(branches[0][0])
        cases = _literal_cases(branches)
        subject: ir.Expr = ir.Constant(line, column, True)
        if cases:
            subject = ir.Name(line, column, _compared(branches[0][1])[0])
        tests = cases or [(test,) for _, test, _ in branches]
        bodies = [then for _, _, then in branches]
        closed = [*zip(tests, bodies, strict=True), ((), other)]
        return ir.Switch(line, column, subject, tuple(closed))

    def _with(self, node: ast.With | ast.AsyncWith) -> Iterator[ir.Stmt]:
        items = [
            (self.expr(one.context_expr), self.pattern(one.optional_vars))
            if one.optional_vars
            else (self.expr(one.context_expr), None)
            for one in node.items
        ]
        yield ir.With(*self.at(node), tuple(items), self.block(node.body))

    def _match(self, node: ast.Match) -> Iterator[ir.Stmt]:
        subject, held = self.subject(node)
        if held:
            yield held
        cases = []
        for case in node.cases:
            bound = self.captures(case.pattern, subject)
            body = self.block(case.body)
            if case.guard is not None:
                body = (ir.If(*self.at(case.guard), self.expr(case.guard), body),)
            cases.append((self.tests(case), bound + body))
        yield ir.Switch(*self.at(node), self.expr(subject), tuple(cases))

    def _raise(self, node: ast.Raise) -> Iterator[ir.Stmt]:
        if node.cause is not None and not isinstance(node.cause, ast.Name | ast.Constant):
            yield ir.Do(*self.at(node.cause), self.expr(node.cause))
        yield ir.Throw(*self.at(node), self.maybe(node.exc))

    def _try(self, node: ast.Try) -> Iterator[ir.Stmt]:
        body = self.block(node.body)
        handlers = tuple([self._handler(one) for one in node.handlers])
        other, final = self.block(node.orelse), self.block(node.finalbody)
        yield ir.Try(*self.at(node), body, handlers, other, final)

    def _handler(
        self, node: ast.ExceptHandler
    ) -> tuple[str, ir.Pattern | None, tuple[ir.Stmt, ...]]:
        caught = self.segment(node.type) if node.type else ""
        bound = ir.NamePattern(*self.at(node), sound(node.name)) if node.name else None
        return caught, bound, self.block(node.body)

    def _assert(self, node: ast.Assert) -> Iterator[ir.Stmt]:
        line, column = self.at(node)
        failed = ir.Unary(line, column, "not", self.expr(node.test))
        yield ir.If(line, column, failed, (ir.Throw(line, column, self.maybe(node.msg)),))

    def _import(self, node: ast.Import) -> Iterator[ir.Stmt]:
        line, column = self.at(node)
        for one in node.names:
            module = sound(one.name)
            if one.asname:
                yield self._imported(line, column, module, ("*", sound(one.asname)))
                continue
            top = module.partition(".")[0]
            yield self._imported(line, column, top, ("*", top))
            if top != module:
                yield self._imported(line, column, module)

    def _import_from(self, node: ast.ImportFrom) -> Iterator[ir.Stmt]:
        module = "." * (node.level or 0) + sound(node.module or "")
        names = [
            ("**", "") if one.name == "*" else (sound(one.name), sound(one.asname or one.name))
            for one in node.names
        ]
        yield self._imported(*self.at(node), module, *names)

    def _imported(self, line: int, column: int, module: str, *names: tuple[str, str]) -> ir.Import:
        return ir.Import(line, column, module, names, self.type_only)

    def _outer(self, node: ast.Global | ast.Nonlocal) -> Iterator[ir.Stmt]:
        self.frame.outer.update(dict.fromkeys(sound(name) for name in node.names))
        yield from ()

    def _do(self, node: ast.Expr) -> Iterator[ir.Stmt]:
        yield ir.Do(*self.at(node), self.expr(node.value))

    def _nothing(self, _node: ast.Pass) -> Iterator[ir.Stmt]:
        yield from ()

    def _jump(self, node: ast.Break | ast.Continue) -> Iterator[ir.Stmt]:
        yield ir.Jump(*self.at(node), "break" if isinstance(node, ast.Break) else "continue")


def _is_type_checking(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else ""
    return (node.id if isinstance(node, ast.Name) else name) == "TYPE_CHECKING"


def _compared(test: ir.Expr) -> tuple[str, tuple[ir.Expr, ...]]:
    """The name that a test compares with literals, and the literals; an empty name if none."""
    if not isinstance(test, ir.Compare) or not isinstance(test.left, ir.Name):
        return "", ()
    if test.op == "==":
        literals: tuple[ir.Expr, ...] = (test.right,)
    elif test.op == "in" and isinstance(test.right, ir.Sequence):
        literals = test.right.items
    else:
        return "", ()
    known = literals and all(isinstance(one, ir.Constant) for one in literals)
    return (test.left.id, literals) if known else ("", ())


def _literal_cases(branches: list[Branch]) -> list[tuple[ir.Expr, ...]]:
    """The literals of each branch, if all compare the same name with some; else nothing."""
    compared = [_compared(test) for _, test, _ in branches]
    names = {name for name, _ in compared}
    return [literals for _, literals in compared] if len(names) == 1 and "" not in names else []


_FORMS: Final[dict[type[ast.stmt], Callable[..., Iterator[ir.Stmt]]]] = {
    ast.FunctionDef: Statements._define,
    ast.AsyncFunctionDef: Statements._define,
    ast.ClassDef: Statements._class,
    ast.Return: Statements._return,
    ast.Delete: Statements._delete,
    ast.Assign: Statements._assign,
    ast.AugAssign: Statements._augmented,
    ast.AnnAssign: Statements._annotated,
    ast.For: Statements._for,
    ast.AsyncFor: Statements._for,
    ast.While: Statements._while,
    ast.If: Statements._if,
    ast.With: Statements._with,
    ast.AsyncWith: Statements._with,
    ast.Match: Statements._match,
    ast.Raise: Statements._raise,
    ast.Try: Statements._try,
    ast.TryStar: Statements._try,
    ast.Assert: Statements._assert,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import_from,
    ast.Global: Statements._outer,
    ast.Nonlocal: Statements._outer,
    ast.Expr: Statements._do,
    ast.Pass: Statements._nothing,
    ast.Break: Statements._jump,
    ast.Continue: Statements._jump,
}
if _alias := getattr(ast, "TypeAlias", None):
    _FORMS[_alias] = Statements._type_alias
