"""Functions that compilers and bundlers put around modules, recognised by name or by shape.

A minified bundle renames them, so a function that is made like one of esbuild's is one of them:
they are short and look like nothing else.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.typescript.rewriting import nodes

_SMALL: Final = 120
"""Nodes of the largest of these functions."""


class Wrapper(Enum):
    """What such a function does."""

    COMMON_JS = auto()
    """``__commonJS({"path"(exports, module) {…}})``: a function that runs the module once."""
    ES_MODULE = auto()
    """``__esm({"path"() {…}})``: a function that sets the module's variables once."""
    SAME = auto()
    """Its first argument, made to look like an ES module: ``__toESM``, ``__importStar``,
    ``__importDefault``, ``_interopRequireDefault``, ``__toCommonJS``."""
    EXPORT = auto()
    """``__export(target, {name: () => value})``."""
    EXPORT_STAR = auto()
    """``__exportStar(require("./a"), exports)``."""
    AWAITER = auto()
    """``__awaiter(this, …, function* () {…})``: an ``async`` function for older engines."""


_NAMES: Final = {
    "commonJS": Wrapper.COMMON_JS,
    "commonJSMin": Wrapper.COMMON_JS,
    "esm": Wrapper.ES_MODULE,
    "esmMin": Wrapper.ES_MODULE,
    "toESM": Wrapper.SAME,
    "toCommonJS": Wrapper.SAME,
    "importStar": Wrapper.SAME,
    "importDefault": Wrapper.SAME,
    "interopRequireDefault": Wrapper.SAME,
    "interopRequireWildcard": Wrapper.SAME,
    "interopDefault": Wrapper.SAME,
    "interopDefaultCompat": Wrapper.SAME,
    "interopDefaultLegacy": Wrapper.SAME,
    "interopNamespace": Wrapper.SAME,
    "interopNamespaceCompat": Wrapper.SAME,
    "interopNamespaceDefault": Wrapper.SAME,
    "export": Wrapper.EXPORT,
    "exportStar": Wrapper.EXPORT_STAR,
    "reExport": Wrapper.EXPORT_STAR,
    "awaiter": Wrapper.AWAITER,
}
_NAME = re.compile(r"\A_{1,2}([A-Za-z]+?)\d*\Z")


class Wrappers:
    """The wrappers of one module."""

    requires: Final[frozenset[str]]
    """Variables that are ``require`` by another name."""

    def __init__(self, body: tuple[ir.Stmt, ...]) -> None:
        self._by_shape: dict[str, Wrapper] = {}
        outer = _outer(body)
        self.requires = frozenset(filter(None, map(_require_name, outer)))
        for statement in outer:
            name, function = _defined(statement)
            if function is not None and named(name) is None:
                shape = _shape(function)
                if shape is not None:
                    self._by_shape.setdefault(name, shape)

    def of(self, expression: ir.Expr | None) -> Wrapper | None:
        """The wrapper that a call calls; ``tslib_1.__importStar(x)`` counts too."""
        if not isinstance(expression, ir.Call) or not expression.args:
            return None
        callee = expression.callee
        if isinstance(callee, ir.Name):
            return named(callee.id) or self._by_shape.get(callee.id)
        return named(callee.name) if isinstance(callee, ir.Member) else None

    def is_export_to_common_js(self, expression: ir.Expr | None) -> bool:
        """``__toCommonJS(x)``, which esbuild assigns to ``module.exports`` before the code runs."""
        return self.of(expression) is Wrapper.SAME


def named(name: str) -> Wrapper | None:
    """The wrapper of a name that tools give: ``__toESM``, ``__toESM2``."""
    match = _NAME.match(name)
    return None if match is None else _NAMES.get(match[1])


def _outer(body: tuple[ir.Stmt, ...]) -> list[ir.Stmt]:
    """Statements of the module, and of functions it calls where it defines them."""
    found = list(body)
    for statement in body:
        value = statement.value if isinstance(statement, ir.Do | ir.Assign) else None
        if isinstance(value, ir.Call) and isinstance(value.callee, ir.Lambda):
            found.extend(value.callee.function.body)
    return found


def _require_name(statement: ir.Stmt) -> str:
    """The variable of ``createRequire(import.meta.url)``, or of the function by which esbuild
    reaches ``require`` where there may be none."""
    match statement:
        case ir.Assign(targets=(ir.NamePattern(id=name),), value=ir.Call(callee=callee) as call):
            if isinstance(callee, ir.Name | ir.Member):
                made_by = callee.id if isinstance(callee, ir.Name) else callee.name
                return name if made_by == "createRequire" else ""
            return name if isinstance(callee, ir.Lambda) and _says_dynamic(call) else ""
        case _:
            return ""


def _says_dynamic(call: ir.Call) -> bool:
    return any(
        isinstance(one, ir.Constant)
        and isinstance(one.value, str)
        and one.value.startswith("Dynamic require of ")
        for one in nodes(call, _SMALL)
    )


def _defined(statement: ir.Stmt) -> tuple[str, ir.FunctionDef | None]:
    match statement:
        case ir.Define(function=function):
            return function.name, function
        case ir.Assign(targets=(ir.NamePattern(id=name),), value=ir.Lambda(function=function)):
            return name, function
        case _:
            return "", None


def _shape(function: ir.FunctionDef) -> Wrapper | None:
    """One of esbuild's, by what it is made of."""
    inside = list(nodes(function.body, _SMALL + 1))
    if len(inside) > _SMALL:
        return None
    words = {
        one.value for one in inside if isinstance(one, ir.Constant) and isinstance(one.value, str)
    }
    words |= {one.name for one in inside if isinstance(one, ir.Member)}
    match len(function.params):
        case 1 if "__esModule" in words:
            return Wrapper.SAME
        case 3 if {"__esModule", "default"} <= words:
            return Wrapper.SAME
        case 2 if {"get", "enumerable"} <= words and any(
            isinstance(one, ir.Loop) for one in inside
        ):
            return Wrapper.EXPORT if not words & {"getOwnPropertyNames", "call"} else None
        case 2 if _returns_function(function):
            return _lazy(function, inside, words)
        case _:
            return None


def _returns_function(function: ir.FunctionDef) -> bool:
    match function.body:
        case (ir.Return(value=ir.Lambda(function=inner)),):
            return not inner.params
        case _:
            return False


def _lazy(function: ir.FunctionDef, inside: list[object], words: set[str]) -> Wrapper | None:
    """``(f, m) => () => (m || f((m = {exports: {}}).exports, m), m.exports)`` runs a module of
    CommonJS, ``(f, r) => () => (f && (r = f(f = 0)), r)`` one of ES."""
    if "exports" in words:
        return Wrapper.COMMON_JS
    first = function.params[0].pattern
    name = first.id if isinstance(first, ir.NamePattern) else ""
    for one in inside:
        match one:
            case ir.Assigned(target=ir.NamePattern(id=target), value=ir.Constant(value=0)):
                if target == name:
                    return Wrapper.ES_MODULE
    return None
