"""What esbuild, tsc, Babel, Rollup and webpack write around modules, put back into plain code.

So that a call such as ``(0, child_process_1.exec)(cmd)`` leads to ``child_process.exec``:

- ``__toESM(x)``, ``__importStar(x)``, ``__importDefault(x)`` and their like are ``x``. The
  ``default`` of a module from outside is the module, as the engine has it; that of a module in
  the bundle may be the module or its own ``default``.
- ``var require_x = __commonJS({"x"(exports, module) {…}})`` is a function that makes ``exports``,
  runs the body and returns what it exported.
- ``var init_x = __esm({"x"() {…}})`` runs where it stands, and not when it is first called.
- ``__export(target, {a: () => b})`` assigns ``target.a = b`` at the end of its block, where ``b``
  has its value; so does ``Object.defineProperty(exports, "a", {get: …})``, in its place.
- ``__exportStar(require("./a"), exports)`` is ``export * from "./a"``.
- ``__require("x")`` and what ``createRequire`` makes are ``require``.
- ``__awaiter(this, …, function* () {…})`` is an ``async`` function.
- webpack's module maps are in :mod:`~ostiary.analyze.typescript.webpack`.

Not followed, and honest about it: state machines of ``__generator`` (their cases are read one by
one), code that a bundle keeps as text and evaluates, and bundles of webpack 4 and older, whose
modules are an array.
"""

from __future__ import annotations

import re
from operator import is_
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.typescript.commonjs import exported, getter_value, module_body
from ostiary.analyze.typescript.rewriting import Rewrites, rewrite
from ostiary.analyze.typescript.webpack import unpacked
from ostiary.analyze.typescript.wrappers import Wrapper, Wrappers

_MARKS = re.compile(
    rb"__esModule|__commonJS|__esm\b|__toESM|__awaiter|__import|__export|_interop"
    rb"|\{ ?exports: ?\{ ?\} ?\}|_require__|createRequire|Dynamic require of"
)

_CALLS: Final[frozenset[type]] = frozenset({ir.Call})
_YIELDS: Final[frozenset[type]] = frozenset({ir.Yield})


def is_marked(data: bytes) -> bool:
    """Whether a text holds words that one of these tools writes."""
    return _MARKS.search(data) is not None


def followed(module: ir.Module) -> ir.Module:
    """The module with what such tools wrote replaced. Its nodes are changed in place."""
    bundle = _Bundle(Wrappers(module.body))
    rewrites = Rewrites(bundle.expression, bundle.statements, bundle.function, kinds=_CALLS)
    module.body = rewrite(unpacked(module.body), rewrites)
    return module


class _Bundle:
    """The replacements for one module."""

    def __init__(self, wrappers: Wrappers) -> None:
        self._wrappers = wrappers

    # ── expressions ──────────────────────────────────────────────────────────────────────────

    def expression(self, node: ir.Expr) -> ir.Expr:
        if not isinstance(node, ir.Call):
            return node
        wrapper = self._wrappers.of(node)
        if wrapper is Wrapper.SAME:
            return _as_module(node.args[0])
        if wrapper is Wrapper.AWAITER:
            return _awaited_call(node)
        if isinstance(node.callee, ir.Name) and node.callee.id in self._wrappers.requires:
            node.callee.id = "require"
        return node

    def function(self, function: ir.FunctionDef) -> None:
        """``return __awaiter(…)`` as all that a function does makes it ``async`` itself."""
        if not function.body:
            return
        last = function.body[-1]
        if isinstance(last, ir.Return) and self._wrappers.of(last.value) is Wrapper.AWAITER:
            worker = _worker(last.value)
            if worker is not None:
                function.body = function.body[:-1] + _with_awaits(worker)
                function.is_async = True

    # ── statements ───────────────────────────────────────────────────────────────────────────

    def statements(self, body: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
        now: list[ir.Stmt] = []
        late: list[ir.Stmt] = []
        for statement in body:
            if isinstance(statement, ir.Do | ir.Assign):
                self._statement(statement, now, late)
            else:
                now.append(statement)
        if not late:
            return body if len(now) == len(body) and all(map(is_, now, body)) else tuple(now)
        end = len(now)
        if now and isinstance(now[-1], ir.Return):
            end -= 1
        return (*now[:end], *late, *now[end:])

    def _statement(
        self, statement: ir.Do | ir.Assign, now: list[ir.Stmt], late: list[ir.Stmt]
    ) -> None:
        wrapper = self._wrappers.of(statement.value)
        call = statement.value
        if not isinstance(call, ir.Call):
            now.append(statement)
        elif self._makes_require(statement):
            return
        elif isinstance(statement, ir.Assign):
            self._assigned(statement, call, wrapper, now, late)
        elif wrapper in {Wrapper.EXPORT, Wrapper.EXPORT_STAR}:
            star = _star(call)
            if star is not None:
                now.append(star)
            else:
                late.extend(_exports(call))
                if wrapper is Wrapper.EXPORT_STAR:
                    now.append(statement)
        else:
            defined = _defined_property(call)
            now.extend((statement,) if defined is None else defined)

    def _makes_require(self, statement: ir.Do | ir.Assign) -> bool:
        if not isinstance(statement, ir.Assign):
            return False
        target = statement.targets[0]
        return isinstance(target, ir.NamePattern) and target.id in self._wrappers.requires

    def _assigned(
        self,
        statement: ir.Assign,
        call: ir.Call,
        wrapper: Wrapper | None,
        now: list[ir.Stmt],
        late: list[ir.Stmt],
    ) -> None:
        module = _module_function(call)
        target = statement.targets[0]
        name = target.id if isinstance(target, ir.NamePattern) else ""
        if wrapper is Wrapper.COMMON_JS and module is not None and name:
            now.append(_run_once(statement, module, name))
        elif wrapper is Wrapper.ES_MODULE and module is not None and name:
            now.append(ir.Block(statement.line, statement.column, module.body))
            now.append(_empty(statement, name))
        elif _is_module_exports(target) and self._wrappers.is_export_to_common_js(call):
            late.append(statement)
        else:
            now.append(statement)


def _as_module(value: ir.Expr) -> ir.Expr:
    """A module of the bundle may be reached as itself or by its ``default``."""
    if not isinstance(value, ir.Call) or _required(value) is not None:
        return value
    at = (value.line, value.column)
    wrapped = ir.Mapping(*at, ((ir.Constant(*at, "default"), value),))
    return ir.Conditional(*at, ir.Opaque(*at, ()), value, wrapped)


def _required(value: ir.Expr) -> str | None:
    """The module of ``require("…")``."""
    match value:
        case ir.Call(callee=ir.Name(id="require"), args=(ir.Constant(value=str(name)), *_)):
            return name
        case _:
            return None


# ── async functions for older engines ────────────────────────────────────────────────────────────


def _worker(value: ir.Expr | None) -> ir.FunctionDef | None:
    match value:
        case ir.Call(args=(*_, ir.Lambda(function=function))) if function.is_generator:
            return function
        case _:
            return None


def _with_awaits(worker: ir.FunctionDef) -> tuple[ir.Stmt, ...]:
    def awaited(node: ir.Expr) -> ir.Expr:
        if not isinstance(node, ir.Yield):
            return node
        value = node.value or ir.Constant(node.line, node.column, None)
        return ir.Await(node.line, node.column, value)

    return rewrite(worker.body, Rewrites(awaited, into_functions=False, kinds=_YIELDS))


def _awaited_call(node: ir.Call) -> ir.Expr:
    worker = _worker(node)
    if worker is None:
        return node
    worker.body = _with_awaits(worker)
    worker.is_generator, worker.is_async, worker.is_arrow = False, True, True
    return ir.Call(node.line, node.column, node.args[-1], (), end_line=node.end_line)


# ── modules as functions ─────────────────────────────────────────────────────────────────────────


def _module_function(call: ir.Call) -> ir.FunctionDef | None:
    """The function in ``__commonJS({"path"(…) {…}})`` or ``__commonJS((…) => {…})``."""
    match call.args[0] if call.args else None:
        case ir.Lambda(function=function):
            return function
        case ir.Mapping(entries=((_, ir.Lambda(function=function)),)):
            return function
        case _:
            return None


def _run_once(statement: ir.Assign, module: ir.FunctionDef, name: str) -> ir.Stmt:
    function = ir.FunctionDef(
        statement.line, statement.column, name, (), module_body(module), module.end_line
    )
    return ir.Define(statement.line, statement.column, function)


def _empty(statement: ir.Assign, name: str) -> ir.Stmt:
    at = (statement.line, statement.column)
    return ir.Define(*at, ir.FunctionDef(*at, name, (), (), statement.line))


# ── exports ──────────────────────────────────────────────────────────────────────────────────────


def _exports(call: ir.Call) -> list[ir.Stmt]:
    """``__export(target, {a: () => b})`` as ``target.a = b``."""
    target = call.args[0]
    table = call.args[1] if len(call.args) > 1 else None
    if not isinstance(table, ir.Mapping):
        return []
    return [
        exported(target, key.value, got)
        for key, value in table.entries
        if isinstance(key, ir.Constant)
        and isinstance(key.value, str)
        and (got := getter_value(value)) is not None
    ]


def _star(call: ir.Call) -> ir.Stmt | None:
    """``__exportStar(require("./a"), exports)``, in older output ``__export(require("./a"))``."""
    for argument in call.args[:2]:
        name = _required(argument)
        if name is not None:
            return ir.Export(call.line, call.column, (("*", ""),), name)
    return None


def _defined_property(call: ir.Call) -> tuple[ir.Stmt, ...] | None:
    """``Object.defineProperty(exports, "a", {get: () => b})``."""
    match call:
        case ir.Call(
            callee=ir.Member(base=ir.Name(id="Object"), name="defineProperty"),
            args=(
                ir.Name() | ir.Member() as target,
                ir.Constant(value=str(name)),
                ir.Mapping() as how,
            ),
        ):
            pass
        case _:
            return None
    if name == "__esModule":
        return ()
    for key, value in how.entries:
        if isinstance(key, ir.Constant) and key.value in {"get", "value"}:
            got = getter_value(value) if key.value == "get" else value
            return None if got is None else (exported(target, name, got),)
    return None


def _is_module_exports(target: ir.Pattern) -> bool:
    match target:
        case ir.PlacePattern(place=ir.Member(base=ir.Name(id="module"), name="exports")):
            return True
        case _:
            return False
