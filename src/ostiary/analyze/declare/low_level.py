"""Servers of the official SDKs' low level: one function lists the tools, another answers them all.

Python holds arguments against ``inputSchema`` before the handler runs since version 1.10 of the
SDK, unless ``validate_input=False`` is given. Its version 2 and TypeScript do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import NOTHING, Closure, Flow, Place, Source, SourceKind, Value
from ostiary.analyze.declare.answers import answer
from ostiary.analyze.declare.dispatch import Dispatcher, dispatched
from ostiary.analyze.declare.entry import Entry, EntryKind, Unread
from ostiary.analyze.declare.listed import Listed, listed
from ostiary.analyze.declare.recipes import function, recipes, text
from ostiary.analyze.declare.schemas import Checked

_PAIRS: Final = (
    ("call_tool", "list_tools", EntryKind.TOOL),
    ("get_prompt", "list_prompts", EntryKind.PROMPT),
)
_RESOURCES: Final = ("list_resources", "list_resource_templates")
_METHODS: Final = {
    "tools/list": "list_tools",
    "tools/call": "call_tool",
    "prompts/list": "list_prompts",
    "prompts/get": "get_prompt",
    "resources/list": "list_resources",
    "resources/read": "read_resource",
    "resources/templates/list": "list_resource_templates",
    "completion/complete": "completion",
    "logging/setLevel": "set_logging_level",
    "resources/subscribe": "subscribe_resource",
}
_REQUESTS: Final = {
    "ListTools": "list_tools",
    "CallTool": "call_tool",
    "ListPrompts": "list_prompts",
    "GetPrompt": "get_prompt",
    "ListResources": "list_resources",
    "ReadResource": "read_resource",
    "ListResourceTemplates": "list_resource_templates",
    "Complete": "completion",
    "SetLevel": "set_logging_level",
    "Subscribe": "subscribe_resource",
}
_OTHER: Final = ("completion", "set_logging_level", "subscribe_resource", "progress_notification")

Form = Callable[[dict[str, Value]], tuple[Value, ...]]
"""The arguments of a handler, given the parameters of the request."""


def _apart(params: dict[str, Value]) -> tuple[Value, ...]:
    """Python, version 1: each parameter on its own."""
    return tuple(params.values())


def _after_context(params: dict[str, Value]) -> tuple[Value, ...]:
    """Python, version 2: a context, then the parameters."""
    return NOTHING, Value(fields=params)


def _in_request(params: dict[str, Value]) -> tuple[Value, ...]:
    """TypeScript: a request that has the parameters."""
    return (Value(fields={"params": Value(fields=params)}),)


@dataclass(frozen=True, slots=True)
class _Handler:
    """One function that a server was given for one request of the protocol."""

    request: str
    closure: Closure
    place: Place
    framework: str
    server: str
    """Where the server was made; empty if that is not known."""
    form: Form
    checked: Checked = Checked.NOT


def low_level(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry | Unread]:
    """Every entry of servers of the low level."""
    handlers = [one for effect in effects for one in _handlers(effect)]
    for called, lists, kind in _PAIRS:
        for handler in handlers:
            if handler.request == called:
                yield from _answered(engine, handlers, handler, lists, kind)
    for handler in handlers:
        if handler.request == "read_resource":
            yield _resources(engine, handlers, handler)
        elif handler.request in _OTHER:
            yield _callback(handler)


# ── handlers ─────────────────────────────────────────────────────────────────────────────────────


def _handlers(effect: Effect) -> Iterator[_Handler]:
    if "mcp low-level" in effect.tags and "server" in effect.tags:
        yield from _in_constructor(effect)
    elif "handler" not in effect.tags:
        return
    elif "mcp low-level" not in effect.tags:
        yield from _set(effect)
    elif "adds" in effect.tags:
        yield from _added(effect)
    elif effect.callee.endswith("()"):
        yield from _decorated(effect)


def _decorated(effect: Effect) -> Iterator[_Handler]:
    found = function(effect.operand("0"))
    if found is None:
        return
    made = next(recipes(effect.operand("callee")), None)
    off = made.keywords.get("validate_input") if made else None
    checked = Checked.NOT if off is not None and off.scalar is False else Checked.SCHEMA
    request = effect.callee[:-2].rpartition(".")[2]
    server = _made_at(made.base) if made else ""
    yield _Handler(request, found, effect.place, effect.tags[0], server, _apart, checked)


def _in_constructor(effect: Effect) -> Iterator[_Handler]:
    server = f"{effect.place.file}:{effect.place.line}"
    for role, value in effect.operands.items():
        found = function(value) if role.startswith("on_") else None
        if found is not None:
            yield _Handler(role[3:], found, effect.place, effect.tags[0], server, _after_context)


def _added(effect: Effect) -> Iterator[_Handler]:
    request = _METHODS.get(text(effect.operand("method") or effect.operand("0")))
    found = function(effect.operand("handler") or effect.operand("2"))
    if request and found:
        server = _made_at(effect.operand("base"))
        yield _Handler(request, found, effect.place, effect.tags[0], server, _after_context)


def _set(effect: Effect) -> Iterator[_Handler]:
    """``setRequestHandler(schema, handler)``, or with the name of a method."""
    asked = effect.operand("0")
    found = function(effect.operand("1")) or function(effect.operand("2"))
    request = None if asked is None else _METHODS.get(text(asked)) or _of_schema(asked)
    if request and found:
        server = _made_at(effect.operand("base"))
        yield _Handler(request, found, effect.place, effect.tags[0], server, _in_request)


def _of_schema(value: Value) -> str | None:
    for name in value.externals():
        last = name.rpartition(".")[2]
        if last.endswith("RequestSchema"):
            return _REQUESTS.get(last.removesuffix("RequestSchema"))
    return None


def _made_at(server: Value | None) -> str:
    made = next(recipes(server), None)
    return f"{made.place.file}:{made.place.line}" if made else ""


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


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


def _definitions(engine: Engine, listing: list[_Handler], checked: Checked) -> tuple[Listed, ...]:
    found: dict[str, Listed] = {}
    for one in listing:
        for item in listed(engine, answer(engine, one.closure), checked=checked):
            found.setdefault(item.name, item)
    return tuple(found.values())


def _answered(
    engine: Engine, handlers: list[_Handler], handler: _Handler, lists: str, kind: EntryKind
) -> Iterator[Entry | Unread]:
    listing = _listing(handlers, lists, handler)
    checked = handler.checked if kind is EntryKind.TOOL else Checked.NOT
    definitions = _definitions(engine, listing, checked)
    if not definitions:
        yield Unread(handler.place, f"the list of {kind.value}s it answers could not be read")

    def binds(asked: Value, given: Value) -> tuple[Value, ...]:
        return handler.form({"name": asked, "arguments": given})

    shared = Dispatcher(kind, handler.framework, handler.place, handler.closure, binds, checked)
    yield from dispatched(shared, definitions)


def _resources(engine: Engine, handlers: list[_Handler], handler: _Handler) -> Entry:
    """A function that reads any resource by its URI: one entry, named after what is listed."""
    listing = [one for lists in _RESOURCES for one in _listing(handlers, lists, handler)]
    uris = [one.uri or one.name for one in _definitions(engine, listing, Checked.NOT)]
    name = uris[0] if len(uris) == 1 else handler.closure.function.name or "any resource"
    uri = Value(flows={Source(SourceKind.MODEL, "uri", name): Flow(g.EXACT)})
    return Entry(
        kind=EntryKind.RESOURCE,
        name=name,
        place=handler.place,
        framework=handler.framework,
        description=handler.closure.function.doc,
        uri=", ".join(uris),
        handler=handler.closure,
        binds=handler.form({"uri": uri}),
    )


def _callback(handler: _Handler) -> Entry:
    given = Value(flows={Source(SourceKind.MODEL, "", handler.request): Flow(g.EXACT)})
    size = len(handler.closure.function.params)
    whole = {str(index): given for index in range(size)}
    return Entry(
        kind=EntryKind.CALLBACK,
        name=handler.request,
        place=handler.place,
        framework=handler.framework,
        handler=handler.closure,
        binds=handler.form(whole) if handler.form is _apart else (given,) * size,
    )
