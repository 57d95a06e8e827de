"""Search tables over the record: filled behind it, thrown away and rebuilt at will.

They hold where records are and what is asked for often. Answers are read from the segments.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.line import parted
from ostiary.ledger.reading import Record, record_of
from ostiary.ledger.segment import file_of, line_at, lines, segments, writers
from ostiary.ledger.wanted import Wanted

FILE = "search.sqlite"
VERSION = 1
_BATCH = 5_000
_SCHEMA = (
    """CREATE TABLE event (
        writer TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
        size INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL,
        call TEXT, principal TEXT, agent TEXT, client TEXT, session TEXT, server TEXT, effect TEXT,
        PRIMARY KEY (writer, segment, offset)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE reached (
        writer TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
        last INTEGER NOT NULL, mark BLOB NOT NULL, PRIMARY KEY (writer, segment)) STRICT""",
    "CREATE INDEX event_by_at ON event(at)",
    "CREATE INDEX event_by_call ON event(call)",
    "CREATE INDEX event_by_session ON event(session, at)",
    "CREATE INDEX event_by_principal ON event(principal, at)",
    "CREATE INDEX event_by_server ON event(server, at)",
)
_COLUMNS = ("call", "principal", "agent", "client", "session", "server", "effect")

Row = tuple[str | int | float, ...]


class Search:
    """The tables of one ledger."""

    def __init__(self, ledger: Path, connection: sqlite3.Connection) -> None:
        self._ledger = ledger
        self._connection = connection
        self.unreadable = 0
        """Lines met that are no records."""

    def close(self) -> None:
        self._connection.close()

    def catch_up(self) -> None:
        """Take in what was written since the last time. Tables that do not fit the record any more
        are rebuilt. Raises :class:`LedgerUnusable`."""
        try:
            if not self._fits():
                self._empty()
            for folder in writers(self._ledger):
                for segment, path in segments(folder):
                    self._take(folder.name, segment, path)
        except (sqlite3.Error, OSError) as error:
            raise LedgerUnusable(
                f"the search tables of {self._ledger} cannot be filled: {error}; remove "
                f"{self._ledger / FILE}, it is rebuilt"
            ) from None

    def find(self, wanted: Wanted, limit: int | None = None) -> Iterator[Record]:
        """What is asked for, latest first. Raises :class:`LedgerUnusable`."""
        clauses, values = _where(wanted)
        query = "SELECT writer, segment, offset, size FROM event"
        if clauses:
            query += " WHERE " + " AND ".join(clauses)
        query += " ORDER BY at DESC, writer, number DESC"
        given = 0
        try:
            for writer, segment, offset, size in self._connection.execute(query, values):
                if limit is not None and given >= limit:
                    return
                record = self._read(writer, segment, offset, size)
                if record is not None and wanted.matches(record):
                    given += 1
                    yield record
        except sqlite3.Error as error:
            raise LedgerUnusable(f"the search tables cannot be read: {error}") from None

    def _read(self, writer: str, segment: int, offset: int, size: int) -> Record | None:
        try:
            line = line_at(file_of(self._ledger / writer, segment), offset, size)
        except OSError:
            return None
        return record_of(writer, segment, offset, line)

    def _fits(self) -> bool:
        """Whether everything that was taken in still stands where it stood."""
        rows = self._connection.execute("SELECT writer, segment, last, mark FROM reached")
        for writer, segment, last, mark in rows.fetchall():
            path = file_of(self._ledger / writer, segment)
            try:
                parts = parted(line_at(path, last, len(mark)))
            except FileNotFoundError:
                self._forget(writer, segment)
                continue
            if parts is None or parts != parted(mark):
                return False
        return True

    def _empty(self) -> None:
        with self._connection as connection:
            connection.execute("DELETE FROM event")
            connection.execute("DELETE FROM reached")

    def _forget(self, writer: str, segment: int) -> None:
        with self._connection as connection:
            place = (writer, segment)
            connection.execute("DELETE FROM event WHERE writer = ? AND segment = ?", place)
            connection.execute("DELETE FROM reached WHERE writer = ? AND segment = ?", place)

    def _take(self, writer: str, segment: int, path: Path) -> None:
        reached = self._connection.execute(
            "SELECT offset FROM reached WHERE writer = ? AND segment = ?", (writer, segment)
        ).fetchone()
        start = reached[0] if reached else 0
        if path.lstat().st_size <= start:
            return
        rows: list[Row] = []
        last: tuple[int, bytes] | None = None
        for line in lines(path, start):
            if not line.whole:
                break
            record = record_of(writer, segment, line.offset, line.text)
            if record is None:
                self.unreadable += 1
                continue
            rows.append(_row(record))
            last = (line.offset, line.text)
            if len(rows) >= _BATCH:
                self._keep(rows, writer, segment, last)
                rows = []
        if rows and last is not None:
            self._keep(rows, writer, segment, last)

    def _keep(self, rows: list[Row], writer: str, segment: int, last: tuple[int, bytes]) -> None:
        places = ",".join("?" * (7 + len(_COLUMNS)))
        offset, text = last
        with self._connection as connection:
            connection.executemany(f"INSERT OR REPLACE INTO event VALUES ({places})", rows)  # noqa: S608
            connection.execute(
                "INSERT OR REPLACE INTO reached VALUES (?, ?, ?, ?, ?)",
                (writer, segment, offset + len(text) + 1, offset, text),
            )


def open_search(ledger: Path) -> Search:
    """The tables beside the record, or in memory where the folder cannot be written. Raises
    :class:`LedgerUnusable`."""
    path = ledger / FILE
    try:
        return Search(ledger, _prepared(path))
    except (sqlite3.Error, OSError):
        pass
    try:
        if os.access(ledger, os.W_OK) and not path.is_symlink():
            for name in (FILE, f"{FILE}-wal", f"{FILE}-shm", f"{FILE}-journal"):
                with suppress(FileNotFoundError):
                    (ledger / name).unlink()
            return Search(ledger, _prepared(path))
    except (sqlite3.Error, OSError):
        pass
    try:
        return Search(ledger, _prepared(None))
    except sqlite3.Error as error:
        raise LedgerUnusable(f"no search tables can be made: {error}") from None


def _prepared(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        os.close(os.open(path, flags, 0o600))
    connection = sqlite3.connect(path or ":memory:", timeout=10.0)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            if version or connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise sqlite3.DatabaseError("another program's tables")
            with connection:
                for statement in _SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("PRAGMA synchronous = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _row(record: Record) -> Row:
    texts = [record.text(name).encode("utf-8", "replace").decode() for name in _COLUMNS]
    place = (record.writer, record.segment, record.offset, record.size)
    return (*place, min(record.number, 2**63 - 1), record.kind, record.at, *texts)


def _where(wanted: Wanted) -> tuple[list[str], list[str | float]]:
    """What the tables can tell apart; the rest is told by :meth:`Wanted.matches`."""
    clauses: list[str] = []
    values: list[str | float] = []
    for name, pattern in wanted.exact():
        if "*" not in pattern and pattern.isprintable():
            clauses.append(f"{name} = ?")
            values.append(pattern)
    if wanted.since is not None:
        clauses.append("at >= ?")
        values.append(wanted.since)
    if wanted.until is not None:
        clauses.append("at <= ?")
        values.append(wanted.until)
    return clauses, values
