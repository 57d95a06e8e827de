"""Surfaces out of a log of JSON-RPC messages between one client and one server."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.model.json import JsonObject, JsonValue, as_text
from ostiary.wire import handshake, jsonrpc, stateless
from ostiary.wire.canonical import digest
from ostiary.wire.surface import LISTINGS, Gathered, Listing

_WRAPPERS = ("message", "msg", "payload", "data", "params")
"""Keys under which loggers put the message itself."""


def gather_log(values: Sequence[JsonValue]) -> list[Gathered]:
    """What the server in the log declared; one entry per session that declared something."""
    reader = _Reader()
    for number, value in enumerate(values, 1):
        reader.take(number, value)
    return reader.finish()


class _Reader:
    def __init__(self) -> None:
        self._done: list[Gathered] = []
        self._now = Gathered()
        self._heard = False
        self._asked: dict[str, tuple[str, JsonObject | None]] = {}
        self._cursor: dict[str, str] = {}
        self._seen: dict[str, set[str]] = {}
        self._again: set[str] = set()
        self._differed: dict[str, int] = {}

    def take(self, number: int, value: JsonValue) -> None:
        if isinstance(value, list):
            for one in value:
                self.take(number, one)
            return
        message = _message(value)
        if message is None:
            self._now.missing.append(f"line {number}: not a JSON-RPC message")
            return
        read = jsonrpc.read(message)
        if isinstance(read, jsonrpc.Call):
            self._asked[repr(read.id)] = (read.method, read.params)
        elif isinstance(read, jsonrpc.Result):
            method, params = self._asked.get(repr(read.id), ("", None))
            self._result(method, params, read.value)
        elif isinstance(read, jsonrpc.Failure):
            self._failure(self._asked.get(repr(read.id), ("", None))[0], read)
        elif isinstance(read, jsonrpc.Malformed):
            self._now.missing.append(f"line {number}: {read.why}")

    def finish(self) -> list[Gathered]:
        self._close()
        return self._done

    def _close(self) -> None:
        for part in sorted(self._cursor):
            self._now.missing.append(f"{part}: the log ends before the last page")
        for part, count in sorted(self._differed.items()):
            if count:
                self._now.irregular.append(
                    f"{part}: listed again, and {count:,} differed; all are kept"
                )
        if self._heard:
            self._done.append(self._now)
        self._now, self._heard = Gathered(), False
        self._cursor, self._seen, self._again, self._differed = {}, {}, set(), {}

    def _result(self, method: str, params: JsonObject | None, result: JsonObject) -> None:
        if method in ("", handshake.INITIALIZE) and handshake.is_hello(result):
            self._greet()
            self._now.hello = handshake.read_hello(result)
        elif method in ("", stateless.DISCOVER) and stateless.is_hello(result):
            self._greet()
            self._now.hello = stateless.read_hello(result)
        else:
            listing = _listing(method, result)
            if listing is not None:
                self._list(listing, params, result)

    def _greet(self) -> None:
        if self._heard:
            self._close()
        self._heard = True

    def _list(self, listing: Listing, params: JsonObject | None, result: JsonObject) -> None:
        self._heard = True
        raws = result.get(listing.field)
        if not isinstance(raws, list):
            self._now.missing.append(f"{listing.part}: not an array")
            return
        seen = self._seen.setdefault(listing.part, set())
        follows = listing.part in self._cursor and (params is None or "cursor" in params)
        if seen and not follows:
            self._again.add(listing.part)
        if listing.part in self._again:
            raws = [raw for raw in raws if digest(raw) not in seen]
            self._differed[listing.part] = self._differed.get(listing.part, 0) + len(raws)
        self._now.add(listing, raws)
        seen.update(digest(raw) for raw in raws)
        cursor = as_text(result.get("nextCursor"))
        if cursor:
            self._cursor[listing.part] = cursor
        else:
            self._cursor.pop(listing.part, None)

    def _failure(self, method: str, failure: jsonrpc.Failure) -> None:
        listing = next((one for one in LISTINGS if one.method == method), None)
        if listing is not None and failure.code != jsonrpc.METHOD_NOT_FOUND:
            self._now.missing.append(f"{listing.part}: the server answered error {failure.code}")


def _message(value: JsonValue) -> JsonObject | None:
    """The JSON-RPC message in one entry of a log."""
    if not isinstance(value, dict):
        return None
    if "jsonrpc" in value:
        return value
    for key in _WRAPPERS:
        inner = value.get(key)
        if isinstance(inner, dict) and "jsonrpc" in inner:
            return inner
    return None


def _listing(method: str, result: JsonObject) -> Listing | None:
    """Which list a result is, by what was asked, or by its shape when the log lacks that."""
    if method:
        return next((one for one in LISTINGS if one.method == method), None)
    return next((one for one in LISTINGS if isinstance(result.get(one.field), list)), None)
