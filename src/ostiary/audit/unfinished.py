"""A run over many targets that was interrupted goes on where it was: nothing is fetched twice."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.audit.cache import Cache, programme
from ostiary.audit.order import Order
from ostiary.audit.stored import NotStored, from_bytes, to_bytes
from ostiary.model.audit import TargetKind
from ostiary.supply.artifact.name import NoTarget, parse_target

if TYPE_CHECKING:
    from ostiary.audit.reading import Reading

HOLDS = timedelta(hours=24)
"""How long an interrupted run can be taken up: what an index serves may change."""
_FETCHED = (TargetKind.NPM, TargetKind.PYPI, TargetKind.GIT)


class Unfinished:
    """What one run has read so far. Another list of targets, or other rules, is another run."""

    def __init__(self, folder: Path, targets: Sequence[str], order: Order) -> None:
        asked = (
            programme(),
            list(targets),
            order.recorded,
            str(order.advisories or ""),
            str(order.acquire.attestation or ""),
            (order.compare_source, order.acquire.may_fetch),
        )
        self._now = order.now
        self._targets = targets
        self._folder = folder / hashlib.sha256(to_bytes(asked)).hexdigest()[:24]
        self._kept = Cache(self._folder)
        _forget(folder, self._now - HOLDS)

    def known(self) -> dict[str, Reading]:
        """What an interrupted run read of these targets."""
        found = {one: self.reading(one) for one in self._targets}
        return {one: reading for one, reading in found.items() if reading is not None}

    def reading(self, given: str) -> Reading | None:
        """What an interrupted run read of a target. Folders and files are always read again."""
        if not _is_fetched(given):
            return None
        if self._now.timestamp() - self._kept.written(_key(given)) > HOLDS.total_seconds():
            return None
        data = self._kept.read(_key(given))
        from ostiary.audit.reading import Reading  # noqa: PLC0415 - only where a run is taken up

        with suppress(NotStored):
            return None if data is None else from_bytes(Reading, data)
        return None

    def note(self, given: str, reading: Reading) -> None:
        """Keep what was read. Where that cannot be, the run goes on without."""
        if _is_fetched(given) and reading.target.digest:
            with suppress(OSError):
                self._kept.write(_key(given), to_bytes(reading))

    def finished(self) -> None:
        """Every target has its answer."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _forget(folder: Path, before: datetime) -> None:
    """Drop runs that nobody took up in time."""
    with suppress(OSError):
        for one in folder.iterdir():
            if one.stat().st_mtime < before.timestamp():
                shutil.rmtree(one, ignore_errors=True)


def _is_fetched(given: str) -> bool:
    try:
        asked = parse_target(given)
    except NoTarget:
        return False
    return asked.kind in _FETCHED and not asked.archive


def _key(given: str) -> str:
    return hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()[:40]
