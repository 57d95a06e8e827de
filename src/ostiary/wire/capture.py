"""Surfaces in files: reads what others recorded, writes and reads our own format."""

from __future__ import annotations

import hashlib

from ostiary.model.json import JsonObject, JsonValue, as_object, as_text, strings
from ostiary.model.surface import Surface
from ostiary.wire import handshake, stateless
from ostiary.wire.hello import Hello
from ostiary.wire.recorded import FORMAT, FORMATS, write_capture
from ostiary.wire.session_log import gather_log
from ostiary.wire.strict_json import MAX_BYTES, RefusedJson, decode
from ostiary.wire.surface import LISTINGS, Gathered

__all__ = ["FORMAT", "UnknownCapture", "read_capture", "write_capture"]

ENDINGS = (".json", ".jsonl", ".ndjson", ".log")
MOST_WRAPPED = 4
"""How many envelopes may lie around a surface."""
MOST_LINES = 500_000
"""Lines of a log that are read."""
_BAD_START = 100
"""Lines at the start of a log that may be something else."""


class UnknownCapture(ValueError):
    """The file is JSON and holds nothing that is known as a surface. The message says what."""


def read_capture(data: bytes, name: str) -> tuple[Surface, ...]:
    """The surfaces in a captured file, in file order.

    ``name`` is the file's name; it names a server that the file does not name, and is the
    ``source``. Understood are: an array of tools; a ``tools/list``, ``prompts/list``,
    ``resources/list``, ``initialize`` or ``server/discover`` result, bare or in its JSON-RPC
    answer; objects that hold several of these; recorded surfaces (``ostiary/surface/1``); an
    array of surfaces; ``{"servers": {name: surface}}``; a map of names to tool arrays; JSON-RPC
    messages as an array or as JSON lines.

    Raises :class:`UnknownCapture`, or :class:`~ostiary.wire.strict_json.RefusedJson` when the
    bytes are not one unambiguous JSON text.
    """
    called = _stem(name)
    try:
        value = decode(data.removeprefix(b"\xef\xbb\xbf"))
    except RefusedJson as refusal:
        log = _lines(data)
        if log is None:
            raise
        found = _from_log(log, called)
        if not found:
            raise UnknownCapture(
                f"its lines hold no MCP answers, and as one text: {refusal}"
            ) from None
    else:
        found = _read(value, called, MOST_WRAPPED)
    whole = hashlib.sha256(data).digest()
    return tuple(
        one.surface(server, one.key or _key(whole, server), name)
        for server, one in _distinct(found)
    )


Named = list[tuple[str, Gathered]]


def _read(value: JsonValue, name: str, wrapped: int) -> Named:
    if isinstance(value, list):
        return _read_array(value, name, wrapped)
    if isinstance(value, dict):
        return _read_object(value, name, wrapped)
    raise UnknownCapture("the text is a single JSON value and no object or array")


def _read_array(values: list[JsonValue], name: str, wrapped: int) -> Named:
    if any(isinstance(one, dict) and "jsonrpc" in one for one in values):
        return _from_log(list(values), name) or _refuse(values)
    if any(isinstance(one, dict) and _holds_surface(one) for one in values):
        if wrapped == 0:
            raise UnknownCapture("surfaces are nested too deeply")
        found: Named = []
        for one in values:
            found.extend(_read(one, name, wrapped - 1))
        return found
    if values and not any(isinstance(one, dict) and "name" in one for one in values):
        return _refuse(values)
    gathered = Gathered()
    gathered.add(LISTINGS[0], values)
    return [(name, gathered)]


def _read_object(value: JsonObject, name: str, wrapped: int) -> Named:
    if as_text(value.get("format")).startswith(FORMATS):
        return [_read_recorded(value)]
    if wrapped == 0:
        raise UnknownCapture("the surface is wrapped too deeply")
    if "error" in value and "jsonrpc" in value:
        message = as_text(as_object(value["error"]).get("message"))
        raise UnknownCapture(f"the answer is an error: {message[:200]!r}")
    if isinstance(value.get("result"), dict):
        return _read(value["result"], name, wrapped - 1)
    if isinstance(value.get("servers"), list):
        return _read(value["servers"], name, wrapped - 1)
    several = _by_server(value)
    if several:
        return [
            (server, one)
            for server, inner in several.items()
            for _, one in _read(inner, server, wrapped - 1)
        ]
    if _holds_surface(value):
        return [(_name_in(value) or name, _loose(value))]
    return _refuse(value)


def _by_server(value: JsonObject) -> JsonObject:
    """The surfaces of an object that maps server names to them, else nothing."""
    if isinstance(value.get("servers"), dict):
        return as_object(value["servers"])
    for named in (value, as_object(value.get("tools"))):
        listed = any(listing.field in named for listing in LISTINGS)
        if named and not listed and all(map(_is_surface, named.values())):
            return named
    return {}


def _is_surface(value: JsonValue) -> bool:
    return _is_tool_array(value) or (isinstance(value, dict) and _holds_surface(value))


def _holds_surface(value: JsonObject) -> bool:
    """Whether an object is a surface of its own, rather than a tool or an envelope."""
    if as_text(value.get("format")).startswith(FORMATS):
        return True
    if handshake.is_hello(value) or stateless.is_hello(value):
        return True
    if isinstance(value.get("result"), dict):
        return _holds_surface(as_object(value["result"]))
    tools = as_object(value.get("tools"))
    if tools and all(_is_tool_array(as_object(one).get("tools")) for one in tools.values()):
        return True
    return any(isinstance(_items(value, listing.field, listing.part), list) for listing in LISTINGS)


def _loose(value: JsonObject) -> Gathered:
    """A result, or an object somebody made of several results."""
    gathered = Gathered(hello=_hello(value))
    for listing in LISTINGS:
        raws = _items(value, listing.field, listing.part)
        if raws is None:
            continue
        if isinstance(raws, list):
            gathered.add(listing, raws)
        else:
            gathered.missing.append(f"{listing.part}: not an array")
    if value.get("nextCursor"):
        gathered.missing.append("the capture ends before the last page: it names a nextCursor")
    return gathered


def _items(value: JsonObject, *keys: str) -> JsonValue:
    """The first of ``keys`` that is there; a list result under it is opened."""
    for key in keys:
        if key in value:
            inner = value[key]
            if isinstance(inner, dict):
                inner = as_object(inner.get("result", inner)).get(keys[0], inner)
            return inner
    return None


def _hello(value: JsonObject) -> Hello:
    for key in ("initialize", "discover", "initializeResult", "discoverResult"):
        inner = as_object(value.get(key))
        if inner:
            return _hello(as_object(inner.get("result", inner)))
    listed = {key for listing in LISTINGS for key in (listing.field, listing.part)}
    rest = {key: inner for key, inner in value.items() if key not in listed | {"nextCursor"}}
    if stateless.is_hello(rest):
        return stateless.read_hello(rest)
    return handshake.read_hello(rest)


def _read_recorded(value: JsonObject) -> tuple[str, Gathered]:
    """One surface in our own format."""
    if value["format"] != FORMAT:
        raise UnknownCapture(
            f"the surface is recorded as {as_text(value['format'])[:60]!r}; this version reads "
            f"{FORMAT!r}"
        )
    claimed = as_object(value.get("claimed"))
    gathered = Gathered(
        hello=Hello(
            revision=as_text(value.get("revision")) or None,
            claimed_name=as_text(claimed.get("name")),
            claimed_version=as_text(claimed.get("version")),
            instructions=as_text(value.get("instructions")),
            capabilities=as_object(value.get("capabilities")),
            meta=as_object(value.get("meta")),
        ),
        key=as_text(value.get("key")),
        artifact=as_text(value.get("artifact")),
        authenticated=_answered(value.get("authenticated")),
    )
    for listing in LISTINGS:
        raws = value.get(listing.part, [])
        if isinstance(raws, list):
            gathered.add(listing, raws)
        else:
            gathered.missing.append(f"{listing.part}: not an array")
    gathered.missing.extend(strings(value.get("missing")))
    gathered.irregular.extend(strings(value.get("irregular")))
    return as_text(value.get("server")) or "server", gathered


def _answered(value: JsonValue) -> bool | None:
    return value if isinstance(value, bool) else None


def _lines(data: bytes) -> list[JsonValue] | None:
    """JSON lines, with ``None`` for a line that is none; ``None`` if the file is something else."""
    if len(data) > MAX_BYTES:
        return None
    values: list[JsonValue] = []
    bad = 0
    for line in data.removeprefix(b"\xef\xbb\xbf").splitlines():
        if not line.strip():
            continue
        if len(values) == MOST_LINES:
            raise UnknownCapture(f"it holds more than {MOST_LINES:,} lines; split it")
        value = _line(line)
        values.append(value)
        bad += value is None
        if bad > len(values) - bad + _BAD_START:
            return None
    return values if len(values) > 1 and 2 * bad <= len(values) else None


def _line(line: bytes) -> JsonValue:
    try:
        value = decode(line)
    except RefusedJson:
        return None
    return value if isinstance(value, dict | list) else None


def _from_log(values: list[JsonValue], name: str) -> Named:
    return [(name, gathered) for gathered in gather_log(values)]


def _is_tool_array(value: JsonValue) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in value
    )


def _name_in(value: JsonObject) -> str:
    """The name that whoever captured it gave the server."""
    return as_text(value.get("server")) or as_text(value.get("server_name"))


def _refuse(value: JsonValue) -> Named:
    if isinstance(value, dict):
        keys = ", ".join(sorted(value)[:6])
        raise UnknownCapture(f"an object with the keys {keys[:200]!r} is no known surface")
    raise UnknownCapture("the array holds neither tools, surfaces nor JSON-RPC messages")


def _distinct(found: Named) -> Named:
    """The same surfaces under names that occur once."""
    taken = {name for name, _ in found}
    count: dict[str, int] = {}
    distinct: Named = []
    for name, gathered in found:
        unique = name
        nth = count[name] = count.get(name, 0) + 1
        while nth > 1 and (unique := f"{name}#{nth}") in taken:
            nth = count[name] = nth + 1
        distinct.append((unique, gathered))
    return distinct


def _key(whole: bytes, server: str) -> str:
    return hashlib.sha256(whole + server.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _stem(name: str) -> str:
    stem = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    for ending in ENDINGS:
        stem = stem.removesuffix(ending)
    return stem or "captured"
