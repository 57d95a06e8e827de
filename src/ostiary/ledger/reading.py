"""Reads records back: one at a time, all in order, and as they are written."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ostiary.ledger.line import parted, read
from ostiary.ledger.sealing import CannotReveal, reveal
from ostiary.ledger.segment import line_at, lines, segments, writers
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text, strings

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in a file. Nothing here says that it is genuine: verify does."""

    writer: str
    segment: int
    offset: int
    size: int
    """Bytes of the line, without its line feed."""
    number: int
    hash: str
    kind: str
    at: float
    fields: JsonObject = field(hash=False)
    """Every member of the line but its hash."""

    def text(self, name: str) -> str:
        """A member that is text; empty if it is not there."""
        return as_text(self.fields.get(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """A member that is a list of texts."""
        return strings(self.fields.get(name))

    @property
    def tool(self) -> str:
        """Name of the tool, prompt or resource, without its kind."""
        return self.text("thing").partition(":")[2]

    def as_json(self) -> JsonObject:
        """The record with its place."""
        return {"writer": self.writer, "hash": self.hash, **self.fields}


def record_of(writer: str, segment: int, offset: int, line: bytes) -> Record | None:
    """The record in a line (without line feed); ``None`` if there is none."""
    parts = parted(line)
    fields = read(parts[1]) if parts is not None else None
    if parts is None or fields is None:
        return None
    number, at = fields["number"], fields["at"]
    assert type(number) is int
    return Record(
        writer=writer,
        segment=segment,
        offset=offset,
        size=len(line),
        number=number,
        hash=parts[0].decode("ascii", "replace"),
        kind=as_text(fields["kind"]),
        at=float(at),  # type: ignore[arg-type]
        fields=fields,
    )


def records(ledger: Path) -> Iterator[Record]:
    """Every record of every chain, merged by time; within a chain by number. What is no record is
    passed over: :mod:`~ostiary.ledger.verify` is what finds it. Raises ``OSError``."""
    chains = [_chain(folder) for folder in writers(ledger)]
    yield from heapq.merge(*chains, key=lambda one: one.at)


def _chain(folder: Path) -> Iterator[Record]:
    for segment, path in segments(folder):
        for line in lines(path):
            found = record_of(folder.name, segment, line.offset, line.text) if line.whole else None
            if found is not None:
                yield found


class Follower:
    """What is written from now on, in every chain."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._read: dict[tuple[str, int], int] = {}
        for _ in self.fresh(skip=True):
            pass

    def fresh(self, *, skip: bool = False) -> Iterator[Record]:
        """What came since the last time. With ``skip`` it is only passed over. Raises
        ``OSError``."""
        for folder in writers(self._ledger) if self._ledger.is_dir() else ():
            for segment, path in segments(folder):
                place = (folder.name, segment)
                start = self._read.get(place, 0)
                if skip:
                    self._read[place] = _end_of_lines(path)
                elif path.lstat().st_size > start:
                    yield from self._new(place, path, start)

    def _new(self, place: tuple[str, int], path: Path, start: int) -> Iterator[Record]:
        for line in lines(path, start):
            if not line.whole:
                return
            self._read[place] = line.offset + len(line.text) + 1
            found = record_of(*place, line.offset, line.text)
            if found is not None:
                yield found


def _end_of_lines(path: Path) -> int:
    """Where the last whole line ends: a writer may be in the middle of the next."""
    end = path.lstat().st_size
    while end > 0:
        start = max(0, end - _CHUNK)
        found = line_at(path, start, end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def contents(record: Record) -> dict[str, JsonObject]:
    """What was kept of arguments and results, by their name."""
    kept = as_object(record.fields.get("content"))
    if isinstance(kept.get("form"), str):
        return {"arguments": kept}
    return {name: as_object(value) for name, value in kept.items()}


def revealed(record: Record, key: X25519PrivateKey) -> Record:
    """The record with what was sealed to ``key`` opened, and what was not left as it is."""
    opened: JsonObject = {
        name: _opened(value, key) for name, value in contents(record).items() if value
    }
    if not opened:
        return record
    return replace(record, fields={**record.fields, "content": opened})


def _opened(kept: JsonObject, key: X25519PrivateKey) -> JsonValue:
    if "sealed" not in kept:
        return kept
    try:
        data = reveal(key, dict(kept))
    except CannotReveal as error:
        return {**kept, "not_revealed": str(error)}
    try:
        value: JsonValue = orjson.loads(data)
    except ValueError:
        value = data.decode("utf-8", "backslashreplace")
    return {"form": "full", "bytes": len(data), "value": value}
