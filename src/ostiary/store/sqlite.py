"""The memory in one SQLite file, readable by its owner only."""

from __future__ import annotations

import os
import sqlite3
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from ostiary.model.surface import Surface
from ostiary.store.memory import MemoryFull, MemoryUnreadable, NotKept, Remembered
from ostiary.surface.drift.lists import completed
from ostiary.wire.canonical import digest
from ostiary.wire.capture import UnknownCapture, read_capture, write_capture

VERSION = 1
BUSY_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE content (
    digest TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE sighting (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    server TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES content(digest),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    sightings INTEGER NOT NULL
) STRICT;
CREATE INDEX sighting_by_key ON sighting(key, id);
"""
_SELECT = (
    "SELECT sighting.id, server, sighting.digest, first_seen, last_seen, sightings, bytes"
    " FROM sighting JOIN content ON content.digest = sighting.digest"
)

Row = tuple[int, str, str, str, str, int, bytes]


class SqliteMemory:
    """What each server declared, and when, in one file. Several scans may use it at once."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path) -> SqliteMemory:
        """Open or make the file, and its folder. Raises :class:`MemoryUnreadable`."""
        try:
            _make_private(path)
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise _unreadable(path, error) from None
        memory = cls(connection, path)
        try:
            memory._prepare()
            _keep_private(path)
        except OSError as error:
            connection.close()
            raise _unreadable(path, error) from None
        except BaseException:
            connection.close()
            raise
        return memory

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> SqliteMemory:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def last(self, key: str) -> Remembered | None:
        """The surface seen last under ``key``. Raises :class:`MemoryUnreadable`.

        A list that could not be read on that occasion is as it was when it was last read whole.
        """
        rows = self._rows(key, "DESC")
        newest = next(rows, None)
        if newest is None:
            return None
        found = self._remembered(key, newest)
        older = (self._remembered(key, row).surface for row in rows)
        return replace(found, surface=completed(found.surface, older))

    def history(self, key: str) -> tuple[Remembered, ...]:
        """Every span of ``key``, oldest first. Raises :class:`MemoryUnreadable`."""
        return tuple(self._remembered(key, row) for row in self._rows(key, "ASC"))

    def keep(self, surface: Surface, at: datetime) -> None:
        """Record one sighting. Raises :class:`MemoryFull` (or :class:`NotKept`, which is one) and
        :class:`MemoryUnreadable`."""
        packed = _packed(surface, self._path)
        mark = surface_digest(surface)
        when = at.astimezone(UTC).isoformat(timespec="seconds")
        with self._writing() as connection:
            last = connection.execute(
                "SELECT id, digest FROM sighting WHERE key = ? ORDER BY id DESC LIMIT 1",
                (surface.key,),
            ).fetchone()
            if last is not None and last[1] == mark:
                connection.execute(
                    "UPDATE sighting SET last_seen = max(last_seen, ?), server = ?,"
                    " sightings = sightings + 1 WHERE id = ?",
                    (when, surface.server, last[0]),
                )
                return
            connection.execute("INSERT OR IGNORE INTO content VALUES (?, ?)", (mark, packed))
            connection.execute(
                "INSERT INTO sighting (key, server, digest, first_seen, last_seen, sightings)"
                " VALUES (?, ?, ?, ?, ?, 1)",
                (surface.key, surface.server, mark, when, when),
            )

    def _prepare(self) -> None:
        try:
            self._connection.execute("PRAGMA foreign_keys = ON")
            version = self._version()
            if version == 0:
                self._create()
            elif version > VERSION:
                raise MemoryUnreadable(
                    f"the memory at {self._path} was written by a newer Ostiary (format {version}, "
                    f"this one reads {VERSION}); update Ostiary or name another file with --memory"
                )
        except sqlite3.Error as error:
            raise _unreadable(self._path, error) from None

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _create(self) -> None:
        """Lay the tables, unless another scan just did; refuse another program's file."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self._version() == 0:
                if self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    raise MemoryUnreadable(
                        f"{self._path} is a database of another program; name another file with "
                        "--memory"
                    )
                for statement in _SCHEMA.split(";"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {VERSION}")
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _rows(self, key: str, order: str) -> Iterator[Row]:
        query = f"{_SELECT} WHERE key = ? ORDER BY sighting.id {order}"
        try:
            yield from self._connection.execute(query, (key,))
        except sqlite3.Error as error:
            raise _unreadable(self._path, error) from None

    def _remembered(self, key: str, row: Row) -> Remembered:
        _, server, mark, first, last, sightings, packed = row
        try:
            (surface,) = read_capture(zlib.decompress(packed), server)
        except (zlib.error, UnknownCapture, ValueError) as error:
            raise MemoryUnreadable(
                f"the memory at {self._path} holds a damaged surface of {server}: {error}; move "
                "the file aside to begin a new memory"
            ) from None
        return Remembered(
            surface=replace(surface, server=server, key=key, source="memory"),
            digest=mark,
            first_seen=datetime.fromisoformat(first),
            last_seen=datetime.fromisoformat(last),
            sightings=sightings,
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            raise _unkept(self._path, error) from None
        except BaseException:
            _roll_back(connection)
            raise


def surface_digest(surface: Surface) -> str:
    """SHA-256 over everything a model can see and everything the server says of itself.

    What only says how the surface was read (source, parts that could not be read on this
    occasion) counts too: a partial reading is not the same sighting.
    """
    return digest(
        {
            "revision": surface.revision,
            "name": surface.claimed_name,
            "version": surface.claimed_version,
            "instructions": surface.instructions,
            "capabilities": surface.capabilities,
            "meta": surface.meta,
            "items": [[item.kind, item.digest] for item in surface.items()],
            "missing": list(surface.missing),
        }
    )


def _packed(surface: Surface, path: Path) -> bytes:
    """The bytes to keep, proved to be readable: a hostile surface must not spoil the memory."""
    reason = "it does not read back as it was"
    try:
        written = write_capture(surface)
        (again,) = read_capture(written, surface.server)
        if surface_digest(again) == surface_digest(surface):
            return zlib.compress(written, 6)
    except (ValueError, RecursionError) as error:
        reason = str(error) or "it is nested too deeply"
    raise NotKept(f"the surface of {surface.server} was not kept in {path}: {reason}")


def _make_private(path: Path) -> None:
    """The folder for the owner only if it is made here, and a file that is made here."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        if not stat.S_ISREG(path.stat().st_mode):
            raise MemoryUnreadable(
                f"the memory at {path} cannot be used (it is no regular file); name another file "
                "with --memory"
            ) from None


def _keep_private(path: Path) -> None:
    """For the owner only, once it is known to be a memory: what somebody named may be anything."""
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            return


def _unkept(path: Path, error: sqlite3.Error) -> MemoryFull | MemoryUnreadable:
    code = getattr(error, "sqlite_errorname", "") or ""
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_TOOBIG")):
        return MemoryFull(f"the memory at {path} cannot grow ({error}); make room on its disk")
    if code.startswith(("SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")):
        return MemoryFull(
            f"the memory at {path} cannot be written ({error}); check that you may write there and "
            "that no other program holds it"
        )
    return _unreadable(path, error)


def _unreadable(path: Path, error: Exception) -> MemoryUnreadable:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return MemoryUnreadable(
        f"the memory at {path} cannot be used ({reason}); check that you may read and write it, "
        "or move it aside to begin a new memory"
    )
