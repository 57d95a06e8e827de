"""Python servers that declare functions: FastMCP of the official SDK, FastMCP of the community."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.classes import AROUND
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Closure, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind, Unread
from ostiary.analyze.declare.literals import as_json, recipe_of
from ostiary.analyze.declare.python_parameters import parameters_of_function
from ostiary.analyze.declare.recipes import prose, recipes
from ostiary.analyze.declare.sources import named
from ostiary.analyze.declare.wrappers import unwrapped
from ostiary.model.json import as_object

_KINDS = {"tool": EntryKind.TOOL, "resource": EntryKind.RESOURCE, "prompt": EntryKind.PROMPT}


def decorated(engine: Engine, effect: Effect) -> Iterator[Entry | Unread]:
    """The entry that a decorator, or ``add_tool`` with a function, declares."""
    kind = next((_KINDS[tag] for tag in effect.tags if tag in _KINDS), None)
    if kind is None or "decorators" in effect.tags:
        return
    handlers = _functions(effect)
    if not handlers:
        if "adds" in effect.tags:
            yield Unread(effect.place, f"the function that becomes a {kind.value} was not found")
        return
    options = _options(effect)
    for handler in _apart(handlers) if not _name(options, kind) else [_fullest(handlers)]:
        yield _entry(engine, effect, kind, handler, options)


def _apart(handlers: list[Closure]) -> list[Closure]:
    """Several functions that one declaring call was given one after the other, wrappers aside."""
    named = [one for one in handlers if one.function.name and not _wraps(one)]
    distinct = {one.function.name: one for one in named}
    return list(distinct.values()) if len(distinct) > 1 else [_fullest(handlers)]


def _wraps(handler: Closure) -> bool:
    """Whether it takes whatever it is given, as a wrapper does."""
    return any(one.kind in ("rest", "keywords") for one in handler.function.params)


def _fullest(handlers: list[Closure]) -> Closure:
    """The one that says most of its parameters: a wrapped one says more than its wrapper."""
    return max(
        handlers,
        key=lambda one: sum(each.kind in ("plain", "keyword") for each in one.function.params),
    )


def _name(options: dict[str, Value], kind: EntryKind) -> str:
    given = _text(options, "name")
    return given or (_text(options, "0") if kind is not EntryKind.RESOURCE else "")


def _functions(effect: Effect) -> list[Closure]:
    for role in ("0", "fn"):
        value = effect.operand(role)
        if value is None:
            continue
        for one in (value, *_wrapped(value)):
            if found := list(one.closures()):
                return found
    return []


def _around(effect: Effect) -> tuple[Closure, ...]:
    """What decorators below the declaring one put around the function."""
    value = effect.operand("0")
    around = None if value is None else value.fields.get(AROUND)
    return () if around is None else tuple(around.closures())


def _wrapped(value: Value) -> Iterator[Value]:
    """The function inside ``Tool.from_function(fn, …)`` or ``Tool(fn=fn)``."""
    for made in recipes(value):
        yield from made.args[:1]
        named = ("fn", "func", "function")
        yield from (made.keywords[word] for word in named if word in made.keywords)


def _options(effect: Effect) -> dict[str, Value]:
    """Keywords of the declaring call: of this one, or of the call that made the decorator."""
    options = {name: value for name, value in effect.operands.items() if not name.isdigit()}
    callee = options.pop("callee", None)
    options.pop("base", None)
    recipe = None if callee is None else recipe_of(callee)
    if recipe is not None:
        options.update(recipe.keywords)
        for index, value in enumerate(recipe.args):
            options.setdefault(str(index), value)
    for made in recipes(effect.operand("0")):
        for name, value in made.keywords.items():
            options.setdefault(name, value)
    return options


def _text(options: dict[str, Value], *names: str) -> str:
    for name in names:
        value = options.get(name)
        if value is not None and value.known_text is not None:
            return value.known_text
    return ""


def _entry(
    engine: Engine, effect: Effect, kind: EntryKind, handler: Closure, options: dict[str, Value]
) -> Entry:
    handler, wrappers = unwrapped(engine, handler)
    function = handler.function
    uri = _text(options, "uri", "0") if kind is EntryKind.RESOURCE else ""
    name = _name(options, kind) or function.name
    parameters = parameters_of_function(engine, handler)
    annotations = options.get("annotations")
    return Entry(
        kind=kind,
        name=name,
        place=effect.place,
        framework=effect.tags[0] if effect.tags else "",
        title=_text(options, "title"),
        description=prose(options.get("description")) or function.doc,
        parameters=parameters,
        annotations=as_object(None if annotations is None else as_json(annotations)),
        uri=uri,
        handler=handler,
        around=(*_around(effect), *wrappers),
        keywords=named(SourceKind.MODEL, name, parameters),
    )
