"""webpack's and ncc's module maps as functions that call each other.

``{123: (module, exports, require) => {… require(456) …}}`` beside a function that runs
``map[id](…)`` becomes one function for each module, and ``require(456)`` a call of it. The map is
found by its shape, since a minified one has no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.typescript.commonjs import exported, getter_value, with_exports
from ostiary.analyze.typescript.rewriting import Rewrites, nodes, rewrite

_BOOTSTRAP: Final = 300
"""Nodes of the function that runs a module."""
_CALLS: Final[frozenset[type]] = frozenset({ir.Call})


@dataclass(frozen=True, slots=True)
class _Map:
    """A module map: its variable, the function that requires, the modules."""

    name: str
    require: str
    modules: dict[str, ir.FunctionDef]

    def function(self, key: str) -> str:
        """The name of a module's function, which no source can have."""
        return f"{self.name}[{key}]"


def unpacked(body: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
    """The statements with every module map in them unpacked."""
    return rewrite(body, Rewrites(statements=_unpacked_list, kinds=frozenset()))


def _unpacked_list(body: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
    found = _found_map(body)
    if found is None:
        return body
    rest = tuple(one for one in body if not _defines(one, found.name))
    rest = rewrite(rest, Rewrites(_Requires(found, found.require).expression, kinds=_CALLS))
    return (*(_module(found, key) for key in found.modules), *rest)


def _found_map(body: tuple[ir.Stmt, ...]) -> _Map | None:
    for statement in body:
        if type(statement) is not ir.Assign:
            continue
        match statement:
            case ir.Assign(
                targets=(ir.NamePattern(id=name),), value=ir.Mapping() as table, declares=True
            ):
                modules = _modules(table)
                require = _bootstrap(body, name) if modules else ""
                if modules and require:
                    return _Map(name, require, modules)
    return None


def _modules(table: ir.Mapping) -> dict[str, ir.FunctionDef]:
    """The functions of a map; none if anything else is in it."""
    found: dict[str, ir.FunctionDef] = {}
    for key, value in table.entries:
        match key, value:
            case ir.Constant(value=str(name)), ir.Lambda(function=function):
                if len(function.params) > 3:
                    return {}
                found[name] = function
            case _:
                return {}
    return found


def _bootstrap(body: tuple[ir.Stmt, ...], name: str) -> str:
    """The function that runs ``name[id]`` and hands itself on, as no table of handlers does."""
    for statement in body:
        if not isinstance(statement, ir.Define) or len(statement.function.params) != 1:
            continue
        for one in nodes(statement.function.body, _BOOTSTRAP):
            if isinstance(one, ir.Call) and _is_entry(one.callee, name):
                own = statement.function.name
                if any(isinstance(arg, ir.Name) and arg.id == own for arg in one.args):
                    return own
    return ""


def _is_entry(callee: ir.Expr, name: str) -> bool:
    """``map[id]`` or ``map[id].call``."""
    if isinstance(callee, ir.Member) and callee.name == "call":
        callee = callee.base
    match callee:
        case ir.Index(base=ir.Name(id=base)):
            return base == name
        case _:
            return False


def _defines(statement: ir.Stmt, name: str) -> bool:
    match statement:
        case ir.Assign(targets=(ir.NamePattern(id=target),), value=ir.Mapping()):
            return target == name
        case _:
            return False


def _module(found: _Map, key: str) -> ir.Stmt:
    function = found.modules[key]
    names = [
        one.pattern.id if isinstance(one.pattern, ir.NamePattern) else "" for one in function.params
    ]
    own, exports, require = (*names, "", "", "")[:3]
    if require:
        requires = _Requires(found, require)
        rewrites = Rewrites(requires.expression, requires.statements, kinds=_CALLS)
        function.body = rewrite(function.body, rewrites)
    at = (function.line, function.column)
    body = with_exports(function, exports or "%exports", own or "%module")
    made = ir.FunctionDef(*at, found.function(key), (), body, function.end_line)
    return ir.Define(*at, made)


@dataclass(frozen=True, slots=True)
class _Requires:
    """Replaces what a module does with its ``require``."""

    map: _Map
    require: str

    def expression(self, node: ir.Expr) -> ir.Expr:
        match node:
            case ir.Call(callee=ir.Name(id=name), args=(ir.Constant(value=str() | int() as key),)):
                if name == self.require and str(key) in self.map.modules:
                    callee = ir.Name(node.line, node.column, self.map.function(str(key)))
                    return ir.Call(node.line, node.column, callee, (), end_line=node.end_line)
            case ir.Call(callee=ir.Member(base=ir.Name(id=name), name="n"), args=(value,)):
                if name == self.require:
                    return _giving(value)
        return node

    def statements(self, body: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
        """``require.d(exports, {a: () => b})`` exports, ``require.r(exports)`` says nothing."""
        now: list[ir.Stmt] = []
        late: list[ir.Stmt] = []
        for statement in body:
            match statement:
                case ir.Do(
                    value=ir.Call(callee=ir.Member(base=ir.Name(id=name), name=does)) as call
                ):
                    if name == self.require and does == "d":
                        late.extend(_defined(call))
                        continue
                    if name == self.require and does == "r":
                        continue
            now.append(statement)
        return body if len(now) == len(body) else (*now, *late)


def _giving(value: ir.Expr) -> ir.Expr:
    """``require.n(x)``: a function that gives ``x``."""
    at = (value.line, value.column)
    function = ir.FunctionDef(*at, "", (), (ir.Return(*at, value),), value.line, is_arrow=True)
    return ir.Lambda(*at, function)


def _defined(call: ir.Call) -> list[ir.Stmt]:
    match call.args:
        case (target, ir.Mapping(entries=entries)):
            return [
                exported(target, key.value, got)
                for key, value in entries
                if isinstance(key, ir.Constant)
                and isinstance(key.value, str)
                and (got := getter_value(value)) is not None
            ]
        case _:
            return []
