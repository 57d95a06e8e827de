"""Functions that frameworks for other things hand to models: gradio's events, Azure's triggers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Closure, SourceKind
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.python_parameters import parameters_of_function
from ostiary.analyze.declare.recipes import function, prose, recipes, text
from ostiary.analyze.declare.sources import named

GRADIO: Final = "gradio"
AZURE: Final = "azure functions"
_TRIGGER: Final = "mcpToolTrigger"


def events(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry]:
    """An entry a function: a tool where models are served, else a route for whoever opens the
    page."""
    pages = [one for one in effects if GRADIO in one.tags and "event" in one.tags]
    served = bool(pages) and _serves_models(engine)
    for effect in pages:
        yield from _of_page(engine, effect, served)
    for effect in effects:
        if AZURE in effect.tags:
            yield from _triggered(engine, effect)


def _serves_models(engine: Engine) -> bool:
    """Whether a page is launched with ``mcp_server=True``."""
    return any(
        effect.kind is EffectKind.LISTEN
        and GRADIO in effect.tags
        and (given := effect.operand("mcp")) is not None
        and given.scalar is not False
        for effect in engine.outermost()
    )


def _of_page(engine: Engine, effect: Effect, served: bool) -> Iterator[Entry]:
    handler = function(effect.operand("fn")) or function(effect.operand("0"))
    api = effect.operand("api_name")
    hidden = api is not None and api.scalar is False
    if handler is None:
        return
    name = text(api).lstrip("/") or handler.function.name or "a function of the page"
    kind = EntryKind.TOOL if served and not hidden else EntryKind.ROUTE
    source = SourceKind.MODEL if kind is EntryKind.TOOL else SourceKind.REQUEST
    description = prose(effect.operand("api_description")) or handler.function.doc
    yield _entry(engine, effect, handler, (kind, source, name, description))


def _triggered(engine: Engine, effect: Effect) -> Iterator[Entry]:
    handler = function(effect.operand("0"))
    for made in recipes(effect.operand("callee")):
        given = made.keywords
        kind = text(given.get("type"))
        if handler is None or (made.callee.endswith("generic_trigger") and kind != _TRIGGER):
            continue
        name = text(given.get("toolName")) or text(given.get("tool_name")) or handler.function.name
        description = prose(given.get("description")) or handler.function.doc
        yield _entry(engine, effect, handler, (EntryKind.TOOL, SourceKind.MODEL, name, description))
        return


def _entry(
    engine: Engine,
    effect: Effect,
    handler: Closure,
    says: tuple[EntryKind, SourceKind, str, str],
) -> Entry:
    kind, source, name, description = says
    parameters = parameters_of_function(engine, handler)
    return Entry(
        kind=kind,
        name=name,
        place=effect.place,
        framework=effect.tags[0],
        description=description,
        parameters=parameters,
        handler=handler,
        keywords=named(source, name, parameters),
    )
