"""HTTP routes and middleware: code that whoever can reach the port makes run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Closure,
    External,
    Flow,
    Source,
    SourceKind,
    Value,
)
from ostiary.analyze.declare.entry import Entry, EntryKind, EntryParameter
from ostiary.analyze.declare.python_types import lookup_in
from ostiary.analyze.declare.recipes import elements, recipes, text
from ostiary.analyze.declare.schemas import Checked
from ostiary.analyze.declare.sources import controlled
from ostiary.analyze.python.annotations import parameter

_HTTP: Final = ("http.IncomingMessage()", "http.ServerResponse()")
_FORMS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("express", ("express.Request()", "express.Response()")),
    ("restify", ("express.Request()", "express.Response()")),
    ("polka", ("express.Request()", "express.Response()")),
    ("connect", ("express.Request()", "express.Response()")),
    ("fastify", ("fastify.FastifyRequest()", "fastify.FastifyReply()")),
    ("koa", ("koa.Context()",)),
    ("@koa", ("koa.Context()",)),
    ("hono", ("hono.Context()",)),
    ("@hono/node-server", ("Request()",)),
    ("@hono", ("hono.Context()",)),
    ("http", _HTTP),
    ("https", _HTTP),
    ("http2", _HTTP),
    ("Bun", ("Request()",)),
    ("bun", ("Request()",)),
    ("Deno", ("Request()",)),
    ("aiohttp", ("aiohttp.web.Request()",)),
    ("starlette", ("starlette.requests.Request()",)),
    ("mcp", ("starlette.requests.Request()",)),
    ("fastmcp", ("starlette.requests.Request()",)),
    ("sanic", ("sanic.Request()",)),
    ("django", ("django.http.HttpRequest()",)),
)
"""By the library a route belongs to: what its handler is called with."""
_BY_NAME: Final = frozenset({"flask", "quart", "bottle", "fastapi", "litestar", "robyn"})
"""Libraries whose handlers get each part of the request by its own name."""
_CHECKED: Final = frozenset({"fastapi", "litestar"})
"""Of those, the ones that hold arguments against the declared types."""
_INJECTED: Final = ("Depends", "Security")
_WHOLE: Final = ("Request", "WebSocket", "Response", "BackgroundTasks")
_VERBS: Final = frozenset(
    {"get", "post", "put", "patch", "delete", "del", "options", "head", "all", "websocket"}
)
_METHODS: Final = 10


def routes(engine: Engine, effect: Effect) -> Iterator[Entry]:
    """The entries of one declared route: one a function that handles it."""
    if effect.kind is not EffectKind.ROUTE or "application" in effect.tags:
        return
    name = _name(effect)
    library = _library(effect.callee)
    seen: set[int] = set()
    for value in _handlers(effect):
        for handler in value.closures():
            if handler.number not in seen:
                seen.add(handler.number)
                yield _entry(engine, effect, name, library, handler)


def _handlers(effect: Effect) -> Iterator[Value]:
    several = effect.operand("handlers")
    yield from () if several is None else elements(several)
    single = effect.operand("handler")
    if single is not None:
        yield single
        yield from elements(single)


def _library(callee: str) -> str:
    """The first part of the name: ``express``, ``@koa/router``, ``mcp``."""
    return callee.partition(".")[0].partition("(")[0]


def _form(library: str) -> tuple[str, ...]:
    for name, form in _FORMS:
        if library == name or library.startswith((f"{name}/", f"{name}-")):
            return form
    return ()


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _name(effect: Effect) -> str:
    """``POST /mcp``; ``middleware /admin``; ``server`` for one that answers everything."""
    path = _path(effect)
    if "middleware" in effect.tags:
        return f"middleware {path}".strip()
    if "event" in effect.tags:
        return f"event {text(effect.operand('event'))}"
    if "server" in effect.tags:
        return f"server {path}".strip()
    return f"{_method(effect)} {path}".strip()


def _path(effect: Effect) -> str:
    found = text(effect.operand("path"))
    for made in recipes(effect.operand("callee")):
        for one in (*made.args[:1], *(made.keywords.get(word) for word in ("path", "rule"))):
            found = found or text(one)
    return found


def _method(effect: Effect) -> str:
    given = effect.operand("methods")
    for made in recipes(effect.operand("callee")):
        second = made.args[1] if len(made.args) > 1 else None
        given = given or made.keywords.get("methods") or second
    if given is not None:
        names = [text(one).upper() for one in list(elements(given))[:_METHODS]]
        names = [one for one in names if one] or [text(given).upper()]
        if any(names):
            return ",".join(names)
    verb = effect.callee.removesuffix("()").rpartition(".")[2].lower()
    if verb in _VERBS:
        return "DELETE" if verb == "del" else verb.upper()
    return "ANY"


# ── what handlers are called with ────────────────────────────────────────────────────────────────


def _entry(engine: Engine, effect: Effect, name: str, library: str, handler: Closure) -> Entry:
    binds: tuple[Value, ...] = ()
    keywords: dict[str, Value] = {}
    parameters: tuple[EntryParameter, ...] | None = None
    if library in _BY_NAME:
        parameters, keywords = _named(engine, name, library, handler)
    else:
        binds = _positional(name, library, handler, effect)
    return Entry(
        kind=EntryKind.ROUTE,
        name=name,
        place=effect.place,
        framework=library,
        description=handler.function.doc,
        parameters=parameters,
        handler=handler,
        binds=binds,
        keywords=keywords,
    )


def _positional(name: str, library: str, handler: Closure, effect: Effect) -> tuple[Value, ...]:
    """The request, what answers it, and the next handler."""
    whole = Source(SourceKind.REQUEST, "request", name)
    form = _form(library)
    if not form:
        return tuple(Value(flows={whole: Flow(g.EXACT)}) for _ in handler.function.params)
    request = Value(
        {whole: Flow(g.EXACT)}, refs=(External(form[0]),), fields=_beside(library, name)
    )
    rest = tuple(Value(refs=(External(one),)) for one in form[1:])
    if len(handler.function.params) == 4 and "middleware" in effect.tags and len(form) == 2:
        return (NOTHING, request, *rest, NOTHING)
    return (request, *rest, NOTHING)


def _beside(library: str, name: str) -> dict[str, Value]:
    """What the operator set, where a framework hands it over beside the request."""
    if library != "hono":
        return {}
    setting = Source(SourceKind.ENVIRONMENT, "settings", name)
    return {"env": Value(flows={setting: Flow(g.EXACT)})}


def _named(
    engine: Engine, name: str, library: str, handler: Closure
) -> tuple[tuple[EntryParameter, ...], dict[str, Value]]:
    """Each parameter of the function as a part of the request."""
    lookup = lookup_in(engine, engine.body(handler.number).scope)
    checked = Checked.SCHEMA if library in _CHECKED else Checked.NOT
    aliases = _aliases(engine, handler) if library == "fastapi" else frozenset()
    found: list[EntryParameter] = []
    keywords: dict[str, Value] = {}
    for one in handler.function.params:
        if not isinstance(one.pattern, ir.NamePattern) or one.kind in ("rest", "keywords"):
            continue
        if one.pattern.id == "self" or _is_injected(one) or one.annotation in aliases:
            continue
        source = Source(SourceKind.REQUEST, one.pattern.id, name)
        if one.annotation.rpartition(".")[2] in _WHOLE:
            refs = (External("starlette.requests.Request()"),)
            keywords[one.pattern.id] = Value(flows={source: Flow(g.EXACT)}, refs=refs)
            continue
        declared = parameter(one, handler.function.doc, lookup)
        held = declared.guarantees if checked is not Checked.NOT else 0
        found.append(declared)
        keywords[one.pattern.id] = controlled(source, declared.schema, held, checked=checked)
    return tuple(found), keywords


def _aliases(engine: Engine, handler: Closure) -> frozenset[str]:
    """Names that stand for ``Annotated[…, Depends(…)]`` where the handler sees them."""
    scope = engine.body(handler.number).scope
    declared = {one.annotation for one in handler.function.params}
    return frozenset(
        name.id
        for linked in engine.modules.values()
        for one in linked.module.body
        if isinstance(one, ir.Assign) and isinstance(one.value, ir.Index) and _injects(one.value)
        for name in one.targets
        if isinstance(name, ir.NamePattern) and name.id in declared
        if _is_annotated(engine.variable(scope, name.id))
    )


def _is_annotated(value: Value | None) -> bool:
    return value is not None and any(one.endswith(".Annotated[]") for one in value.externals())


def _injects(annotated: ir.Index) -> bool:
    parts = annotated.key.items if isinstance(annotated.key, ir.Sequence) else ()
    return any(isinstance(one, ir.Call) and _called(one) in _INJECTED for one in parts)


def _called(call: ir.Call) -> str:
    callee = call.callee
    return callee.id if isinstance(callee, ir.Name) else getattr(callee, "name", "")


def _is_injected(one: ir.Parameter) -> bool:
    """Whether the framework makes the value itself: ``Depends(…)``."""
    if any(f"{word}(" in one.annotation for word in _INJECTED):
        return True
    return isinstance(one.default, ir.Call) and _called(one.default) in _INJECTED
