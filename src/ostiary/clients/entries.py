"""From one place in a document to server entries, as the client's record says they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.clients.formats.document import Document, Step, pointer
from ostiary.clients.lookup import Hit, find, texts_in
from ostiary.clients.record import ClientRecord, KeyPath, Shape
from ostiary.clients.settings import bodies_of, settings_of
from ostiary.clients.tool_rules import tool_rules
from ostiary.clients.transports import Kind, kind_of
from ostiary.inventory.redact import masked
from ostiary.model.client import Concealed, ExecutionSink, Scope, ServerEntry, Setting, Transport
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text

MAX_SERVERS = 2_000
"""Servers that are read from one file."""

_MARKS = frozenset({"command", "url", "serverUrl", "httpUrl", "cmd", "uri"})
_RESERVED = frozenset({"__proto__", "constructor", "prototype"})
_RUNS = {
    "$(cmd)": re.compile(r"\$\((?!\()[^)]*+\)?|`[^`]++`"),
    "${cmd:}": re.compile(r"\$\{cmd:[^}]*+\}?"),
}
RUNS = tuple(_RUNS)
"""Syntaxes that run a program when a client expands them."""


@dataclass(frozen=True, slots=True)
class Context:
    """Whose file is read."""

    record: ClientRecord
    file: str
    scope: Scope
    project: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a file that names a server."""

    name: str
    hit: Hit
    place: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Servers:
    """What a file says of servers."""

    entries: tuple[ServerEntry, ...]
    off: tuple[tuple[str, str | None], ...] = ()
    """Names (and projects) of servers of other files that this one turns off."""
    dropped: int = 0
    """Servers beyond the limit."""


def looks_like_servers(document: Document, shape: Shape) -> bool:
    """Whether a file found by walking is a server file."""
    return bool(_containers(document, shape))


def read_servers(document: Document, shape: Shape, context: Context) -> Servers:
    """Every server of ``document``. One bad entry never costs another."""
    entries: list[ServerEntry] = []
    off: list[tuple[str, str | None]] = []
    dropped = 0
    for container in _containers(document, shape):
        for named in _named(document, container, shape):
            if shape.toggles and _is_toggle(named.hit.value, shape):
                if not _is_on(named.hit.value, shape):
                    off.append((named.name, container.project or context.project))
            elif len(entries) >= MAX_SERVERS:
                dropped += 1
            else:
                entries.append(_Entry(document, shape, context, named).build())
    return Servers(tuple(entries), tuple(off), dropped)


def _containers(document: Document, shape: Shape) -> tuple[Hit, ...]:
    found = tuple(
        hit
        for key in shape.keys
        for hit in find(document.value, key)
        if isinstance(hit.value, dict | list)
    )
    if found or not shape.flat or not _is_flat(document.value):
        return found
    return (Hit((), document.value),)


def _is_flat(value: JsonValue) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(one, dict) and _MARKS & one.keys() for one in value.values())
    )


def _named(document: Document, container: Hit, shape: Shape) -> Iterator[Named]:
    value = container.value
    project = container.project
    if shape.container == "one":
        names = (as_text(as_object(one).get(shape.name)) for one in (value, document.value))
        last = str(container.path[-1]) if container.path else "#1"
        name = next(filter(None, names), last)
        yield Named(name, container, container.path)
    elif isinstance(value, dict):
        for key, one in value.items():
            if shape.skip and _is_other(key, one, shape):
                continue
            place = (*container.path, key)
            yield Named(key, Hit(place, one, project), place)
    elif shape.container == "maps":
        for position, one in enumerate(as_list(value)):
            for key, server in as_object(one).items():
                here = (*container.path, position, key)
                yield Named(key, Hit(here, server, project), here)
    else:
        for position, one in enumerate(as_list(value)):
            place = (*container.path, position)
            given = as_text(one.get(shape.name)) if isinstance(one, dict) else ""
            yield Named(given or f"#{position + 1}", Hit(place, one, project), place)


def _is_other(key: str, value: JsonValue, shape: Shape) -> bool:
    if not isinstance(value, dict):
        return not isinstance(value, bool)
    return key in shape.skip and not _MARKS & value.keys()


def _is_toggle(value: JsonValue, shape: Shape) -> bool:
    flags = {*shape.enabled, *shape.disabled}
    return isinstance(value, bool) or (
        isinstance(value, dict) and bool(value) and value.keys() <= flags
    )


def _is_on(value: JsonValue, shape: Shape) -> bool:
    if not isinstance(value, dict):
        return value is not False
    off = any(value.get(key) is False for key in shape.enabled)
    return not (off or any(value.get(key) is True for key in shape.disabled))


class _Entry:
    """Reads one entry; problems gather as it goes."""

    def __init__(self, document: Document, shape: Shape, context: Context, named: Named) -> None:
        self._document = document
        self._shape = shape
        self._context = context
        self._named = named
        self._problems: list[str] = []
        self._value: JsonObject = {}
        if isinstance(named.hit.value, dict):
            self._value = named.hit.value
        else:
            self._problems.append("the entry is not an object")

    def build(self) -> ServerEntry:
        shape, named = self._shape, self._named
        bodies = bodies_of(self._value, named.hit.path, shape)
        argv = self._argv(bodies[0][0])
        kind = kind_of(shape, bodies, bool(argv), self._problems)
        remote = kind.transport in (Transport.HTTP, Transport.SSE, Transport.WEBSOCKET)
        found = settings_of(self._document, shape, bodies, self._problems)
        line, column = self._document.spot(named.place)
        self._check_name()
        return ServerEntry(
            client=self._context.record.id,
            file=self._context.file,
            scope=self._context.scope,
            name=masked(named.name),
            transport=kind.transport,
            argv=() if remote else argv,
            url=_url(kind),
            env=found.env,
            headers=found.headers,
            cwd=self._cwd(bodies[0][0]),
            enabled=self._enabled(),
            project=named.hit.project or self._context.project,
            tools=tool_rules(self._value, shape),
            executes=self._executes(),
            secrets=self._secrets(),
            sandbox=self._sandbox(),
            line=line,
            column=column,
            pointer=masked(pointer(named.place)),
            problems=tuple(self._problems),
            raw=self._value,
        )

    def _argv(self, body: JsonObject) -> tuple[str, ...]:
        hits = find(body, self._shape.command)
        command = hits[0].value if hits else None
        if command is None:
            return ()
        parts: list[JsonValue] = command if isinstance(command, list) else [command]
        given = body.get(self._shape.args)
        if isinstance(given, list):
            parts = [*parts, *given]
        elif given is not None:
            parts = [*parts, given]
            self._problems.append(f"{self._shape.args} is not a list")
        if any(not isinstance(part, str) for part in parts):
            self._problems.append("the command line holds values that are not text")
        return tuple(_word(part) for part in parts)

    def _cwd(self, body: JsonObject) -> str | None:
        for key in self._shape.cwd:
            if isinstance(value := body.get(key), str):
                return value
        return None

    def _enabled(self) -> bool:
        shape, value = self._shape, self._value
        states: set[bool] = set()
        for keys, means_on in ((shape.enabled, True), (shape.disabled, False)):
            for key in keys:
                flag = value.get(key)
                if isinstance(flag, bool):
                    states.add(flag is means_on)
                elif flag is not None:
                    self._problems.append(f"{key} is neither true nor false; taken as on")
        for key in ("enabled", "disabled"):
            unknown = key not in (*shape.enabled, *shape.disabled)
            if unknown and value.get(key) is (key == "disabled"):
                self._problems.append(
                    f"{key}: {json.dumps(value[key])} is not known to stop this client"
                )
        if len(states) == 2:
            self._problems.append("it is both turned on and turned off; taken as on")
        return True in states or not states

    def _sandbox(self) -> str | None:
        for key in self._shape.sandbox:
            if key in self._value:
                return f"{key}: {json.dumps(self._value[key], sort_keys=True)}"
        return None

    def _secrets(self) -> tuple[Setting, ...]:
        found: list[Setting] = []
        for key in self._shape.secrets:
            for hit in find(self._value, key, self._named.hit.path):
                if isinstance(hit.value, str) and hit.value:
                    found.append(self._secret(hit))
        return tuple(found)

    def _secret(self, hit: Hit) -> Setting:
        line, column = self._document.spot(hit.path)
        name = ".".join(str(step) for step in hit.path[len(self._named.hit.path) :])
        return Setting(name, Concealed(as_text(hit.value)), line, column, pointer(hit.path))

    def _executes(self) -> tuple[ExecutionSink, ...]:
        found = list(named_sinks(self._document, self._shape.executes, self._named.hit))
        runs = [(syntax, _RUNS[syntax]) for syntax in self._context.record.runs]
        if runs:
            for path, text in texts_in(self._value, self._named.hit.path):
                for syntax, pattern in runs:
                    found.extend(
                        self._sink(syntax, match[0], path) for match in pattern.finditer(text)
                    )
        return tuple(found)

    def _sink(self, what: str, command: str, path: tuple[Step, ...]) -> ExecutionSink:
        return ExecutionSink(what, command, pointer(path), self._document.spot(path)[0])

    def _check_name(self) -> None:
        name = self._named.name
        if not name or name != name.strip() or not name.isprintable():
            self._problems.append("its name is empty or holds characters that cannot be seen")
        if name in _RESERVED:
            self._problems.append("its name has a meaning of its own in JavaScript clients")
        if pointer(self._named.place) in self._document.duplicates:
            self._problems.append("its name occurs twice in this file; the last one is shown")


def named_sinks(
    document: Document, keys: tuple[KeyPath, ...], base: Hit
) -> Iterator[ExecutionSink]:
    """Fields of a file or an entry that name a program to run."""
    for key in keys:
        for hit in find(base.value, key, base.path):
            if hit.value in (None, "", [], {}):
                continue
            what = ".".join(str(step) for step in key if not step.startswith("{"))
            yield ExecutionSink(
                what, _command(hit.value), pointer(hit.path), document.spot(hit.path)[0]
            )


def _command(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " ".join(str(one) for one in value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _url(kind: Kind) -> str | None:
    return None if kind.transport is Transport.STDIO else kind.url


def _word(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
