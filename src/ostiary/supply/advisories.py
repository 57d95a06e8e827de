"""Advisories from a local folder of OSV records: files, or zip archives by ecosystem."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from ostiary.analyze.advisories.advisory import Advisories, Advisory, gathered, package_key
from ostiary.analyze.advisories.osv import ECOSYSTEMS, MAX_BYTES, NotOsv, read_osv
from ostiary.model.outcome import NotChecked

MAX_AGE = timedelta(days=30)
"""Records older than this say little about today: expired data is not checked."""

_MOST_RECORDS = 2_000_000
_MOST_TOTAL = 8 * 1024 * 1024 * 1024
"""Bytes of records, uncompressed."""

SUBJECT = "known advisories"
_GIVE = "give a folder of OSV records with --advisories DIR"


def load_advisories(
    folder: Path | None,
    wanted: Collection[tuple[str, str]],
    now: datetime,
    max_age: timedelta = MAX_AGE,
) -> tuple[Advisories | None, tuple[NotChecked, ...]]:
    """The records about ``wanted`` (ecosystem and name), and what was not checked and why.

    ``None`` comes with a reason always: no folder, nothing in it, or records that are too old.
    """
    if folder is None:
        return None, (_gap("no advisory folder given (--advisories DIR)", _GIVE),)
    if not folder.is_dir():
        return None, (_gap(f"{folder} is no folder", _GIVE),)
    found = _Reading({(eco, package_key(eco, name)) for eco, name in wanted})
    try:
        for data in _records(folder, found):
            found.take(data)
    except OSError as error:
        reason = f"{folder} could not be read: {error.strerror or type(error).__name__}"
        return None, (_gap(reason, "make it readable"),)
    if found.count == 0:
        return None, (_gap(f"{folder} holds no OSV record", _GIVE),)
    return _judged(found, now, max_age)


def age_of(advisories: Advisories, now: datetime) -> timedelta | None:
    """How old the newest record is; ``None`` if no date could be read."""
    newest = _date(advisories.newest)
    return None if newest is None else now - newest


def told(advisories: Advisories, now: datetime) -> str:
    """What was looked through and how old it is: an answer of yesterday says nothing of today."""
    age = age_of(advisories, now)
    records = "1 record" if advisories.count == 1 else f"{advisories.count:,} records"
    if age is None:
        return f"{records} of unknown age"
    days = max(age.days, 0)
    old = "1 day" if days == 1 else f"{days:,} days"
    return f"{records} looked through, the newest of {advisories.newest[:10]}, {old} old"


def _judged(
    found: _Reading, now: datetime, max_age: timedelta
) -> tuple[Advisories | None, tuple[NotChecked, ...]]:
    advisories = gathered(
        found.kept, found.newest, found.count, found.unread, frozenset(found.ecosystems)
    )
    gaps = [_gap(reason, "mend or replace the archive") for reason in found.broken[:20]]
    if found.unread:
        gaps.append(_gap(f"{found.unread:,} records could not be read", "fetch the records again"))
    age = age_of(advisories, now)
    if age is None or age > max_age:
        days = "of unknown age" if age is None else f"{age.days} days old"
        reason = f"the newest record is {days}, more than {max_age.days} days: expired"
        return None, (*gaps, _gap(reason, "fetch the records again"))
    missing = sorted({eco for eco, _ in found.wanted} - found.ecosystems)
    for eco in missing:
        gaps.append(_gap(f"the folder holds no record about {eco}", f"add those of {eco}"))
    return advisories, tuple(gaps)


def _gap(reason: str, remedy: str) -> NotChecked:
    return NotChecked(SUBJECT, reason, remedy)


class _Reading:
    """What is gathered while records go by; only those about wanted packages are kept."""

    def __init__(self, wanted: set[tuple[str, str]]) -> None:
        self.wanted = wanted
        self.kept: list[Advisory] = []
        self.newest = ""
        self.count = 0
        self.unread = 0
        self.total = 0
        self.ecosystems: set[str] = set()
        self.broken: list[str] = []

    def take(self, data: bytes) -> None:
        keys, modified = _glance(data)
        if not modified:
            self.unread += 1
            return
        self.count += 1
        self.newest = max(self.newest, modified)
        self.ecosystems.update(eco for eco, _ in keys)
        if self.wanted.isdisjoint(keys):
            return
        try:
            one = read_osv(data)
        except NotOsv:
            self.unread += 1
            return
        if one is not None:
            self.kept.append(one)

    def room(self, size: int) -> bool:
        """Whether another record of ``size`` bytes is read; too large ones count as unread."""
        self.total += size
        if size > MAX_BYTES or self.total > _MOST_TOTAL or self.count >= _MOST_RECORDS:
            self.unread += 1
            return False
        return True


def _glance(data: bytes) -> tuple[set[tuple[str, str]], str]:
    """Packages and date of a record, read quickly; the strict reader sees those that count."""
    try:
        raw = orjson.loads(data)
        keys = set()
        for one in raw.get("affected") or ():
            package = one.get("package") or {}
            eco = ECOSYSTEMS.get(str(package.get("ecosystem")).partition(":")[0])
            if eco:
                keys.add((eco, package_key(eco, str(package.get("name")))))
        return keys, str(raw.get("modified") or "")[:40]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return set(), ""


def _records(folder: Path, found: _Reading) -> Iterator[bytes]:
    """Every record below the folder, in order of path. Links are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if path.suffix == ".json" and found.room(path.stat().st_size):
            yield path.read_bytes()
        elif path.suffix == ".zip":
            yield from _zipped(path, found)


def _zipped(path: Path, found: _Reading) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.filename.endswith(".json") or not found.room(entry.file_size):
                    continue
                with archive.open(entry) as handle:
                    data = handle.read(MAX_BYTES + 1)
                if len(data) > MAX_BYTES:
                    found.unread += 1
                else:
                    yield data
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        found.broken.append(f"{path.name} is no whole zip archive ({type(error).__name__})")


def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
