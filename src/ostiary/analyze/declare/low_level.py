"""Python servers of the official SDK's low level: one function lists the tools, one answers all.

Arguments are held against ``inputSchema`` before the handler runs since version 1.10 of the SDK,
unless ``validate_input=False`` is given; the constructor style of version 2 does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Closure, Flow, Place, Source, SourceKind, Value
from ostiary.analyze.declare.dispatch import Dispatcher, dispatched
from ostiary.analyze.declare.entry import Entry, EntryKind, Unread
from ostiary.analyze.declare.listed import Listed, listed
from ostiary.analyze.declare.recipes import function, recipes, text

FRAMEWORK = "mcp low-level"

_PAIRS = (
    ("call_tool", "list_tools", EntryKind.TOOL),
    ("get_prompt", "list_prompts", EntryKind.PROMPT),
)
_RESOURCES = ("list_resources", "list_resource_templates")
_METHODS = {
    "tools/list": "list_tools",
    "tools/call": "call_tool",
    "prompts/list": "list_prompts",
    "prompts/get": "get_prompt",
    "resources/list": "list_resources",
    "resources/read": "read_resource",
    "resources/templates/list": "list_resource_templates",
    "completion/complete": "completion",
}
_OTHER = ("completion", "set_logging_level", "subscribe_resource", "progress_notification")


@dataclass(frozen=True, slots=True)
class _Handler:
    """One function that a server was given for one request of the protocol."""

    request: str
    closure: Closure
    place: Place
    server: str
    """Where the server was made; empty if that is not known."""
    by_keyword: bool
    """Whether it has the form of version 2: a context, then the request's parameters."""
    validates: bool


def low_level(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry | Unread]:
    """Every entry of servers of the low level."""
    handlers = [one for effect in effects for one in _handlers(effect)]
    for called, lists, kind in _PAIRS:
        for handler in handlers:
            if handler.request == called:
                yield from _answered(engine, handlers, handler, lists, kind)
    for handler in handlers:
        if handler.request == "read_resource":
            yield from _resources(engine, handlers, handler)
        elif handler.request in _OTHER:
            yield _callback(handler)


def _handlers(effect: Effect) -> Iterator[_Handler]:
    if FRAMEWORK not in effect.tags:
        return
    if "server" in effect.tags:
        yield from _in_constructor(effect)
    elif "adds" in effect.tags:
        yield from _added(effect)
    elif effect.callee.endswith("()"):
        found = function(effect.operand("0"))
        if found is not None:
            made = next(recipes(effect.operand("callee")), None)
            off = made.keywords.get("validate_input") if made else None
            server = _made_at(made.base) if made else ""
            request = effect.callee[:-2].rpartition(".")[2]
            validates = off is None or off.scalar is not False
            yield _Handler(request, found, effect.place, server, False, validates)


def _in_constructor(effect: Effect) -> Iterator[_Handler]:
    for role, value in effect.operands.items():
        found = function(value) if role.startswith("on_") else None
        if found is not None:
            server = f"{effect.place.file}:{effect.place.line}"
            yield _Handler(role[3:], found, effect.place, server, True, False)


def _added(effect: Effect) -> Iterator[_Handler]:
    request = _METHODS.get(text(effect.operand("method") or effect.operand("0")))
    found = function(effect.operand("handler") or effect.operand("2"))
    if request and found:
        server = _made_at(effect.operand("base"))
        yield _Handler(request, found, effect.place, server, True, False)


def _made_at(server: Value | None) -> str:
    made = next(recipes(server), None)
    return f"{made.place.file}:{made.place.line}" if made else ""


def _listing(handlers: list[_Handler], request: str, beside: _Handler) -> list[_Handler]:
    """The functions that list what one handler answers: of its server, of its file, or any."""
    found = [one for one in handlers if one.request == request]
    for same in (
        [one for one in found if one.server and one.server == beside.server],
        [one for one in found if one.place.file == beside.place.file],
    ):
        if same:
            return same
    return found


def _definitions(engine: Engine, listing: list[_Handler], *, enforced: bool) -> tuple[Listed, ...]:
    found: dict[str, Listed] = {}
    for one in listing:
        for item in listed(engine, engine.summary(one.closure).returns, enforced=enforced):
            found.setdefault(item.name, item)
    return tuple(found.values())


def _answered(
    engine: Engine, handlers: list[_Handler], handler: _Handler, lists: str, kind: EntryKind
) -> Iterator[Entry | Unread]:
    listing = _listing(handlers, lists, handler)
    enforced = handler.validates and kind is EntryKind.TOOL
    definitions = _definitions(engine, listing, enforced=enforced)
    if not definitions:
        yield Unread(handler.place, f"the list of {kind.value}s it answers could not be read")

    def binds(asked: Value, given: Value) -> tuple[Value, ...]:
        if handler.by_keyword:
            return Value(), Value(fields={"name": asked, "arguments": given})
        return asked, given

    shared = Dispatcher(kind, FRAMEWORK, handler.place, handler.closure, binds, enforced)
    yield from dispatched(shared, definitions)


def _resources(engine: Engine, handlers: list[_Handler], handler: _Handler) -> Iterator[Entry]:
    """A function that reads any resource by its URI: one entry, named after what is listed."""
    listing = [one for lists in _RESOURCES for one in _listing(handlers, lists, handler)]
    uris = [one.uri or one.name for one in _definitions(engine, listing, enforced=False)]
    name = uris[0] if len(uris) == 1 else handler.closure.function.name
    uri = Value(flows={Source(SourceKind.MODEL, "uri", name): Flow(g.EXACT)})
    binds = (Value(), Value(fields={"uri": uri})) if handler.by_keyword else (uri,)
    yield Entry(
        kind=EntryKind.RESOURCE,
        name=name,
        place=handler.place,
        framework=FRAMEWORK,
        description=handler.closure.function.doc,
        uri=", ".join(uris),
        handler=handler.closure,
        binds=binds,
    )


def _callback(handler: _Handler) -> Entry:
    given = Value(flows={Source(SourceKind.MODEL, "", handler.request): Flow(g.EXACT)})
    size = len(handler.closure.function.params)
    return Entry(
        kind=EntryKind.CALLBACK,
        name=handler.request,
        place=handler.place,
        framework=FRAMEWORK,
        handler=handler.closure,
        binds=(Value(), given) if handler.by_keyword else (given,) * size,
    )
