"""What audits told of tools, kept by the exact artifact: one file each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ostiary.files.private import NotPrivate, read_private
from ostiary.files.whole import replace_file
from ostiary.model.audited import Audited
from ostiary.store.audited_form import NoAudit, from_json, to_json

_MOST = 16 * 1024 * 1024
_ENDING = ".audited.json"


@dataclass(frozen=True, slots=True)
class Audits:
    """A folder of such files. What is damaged in it counts as absent: nothing is believed of it."""

    folder: Path

    def keep(self, one: Audited) -> None:
        """Keep what was told in the place of what was told of the same artifact before. Raises
        ``OSError``."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(self._place(one.kind, one.name, one.version, one.folder), to_json(one))

    def of_package(self, ecosystem: str, name: str, version: str) -> Audited | None:
        """What was told of exactly this version of a package."""
        found = self._read(self._place(ecosystem, name, version, ""))
        same = found is not None and (found.kind, found.name, found.version) == (
            ecosystem,
            name,
            version,
        )
        return found if same else None

    def of_folder(self, folder: str) -> Audited | None:
        """What was told of this folder. Whether it is still the same is for the caller to see."""
        found = self._read(self._place("folder", "", "", folder))
        return found if found is not None and found.folder == folder else None

    @property
    def empty(self) -> bool:
        """Whether nothing at all is kept, which saves looking."""
        try:
            return next(self.folder.glob(f"*{_ENDING}"), None) is None
        except OSError:
            return True

    def _place(self, kind: str, name: str, version: str, folder: str) -> Path:
        named = "\0".join((str(kind), name, version, folder))
        return self.folder / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}{_ENDING}"

    def _read(self, path: Path) -> Audited | None:
        try:
            return from_json(read_private(path, _MOST))
        except (OSError, NotPrivate, NoAudit):
            return None
