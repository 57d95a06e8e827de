"""Finds the clients of a system and reads what their configuration files say."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.clients.collected import Whose
from ostiary.clients.disk import Disk, Trouble
from ostiary.clients.places import Places, literal, matches
from ostiary.clients.projects import MAX_KNOWN, folders
from ostiary.clients.reader import Reader
from ostiary.clients.reading import Opened, Reading
from ostiary.clients.record import ClientRecord, FileSpec
from ostiary.clients.table import BadRecord, load_table
from ostiary.clients.where import Where
from ostiary.model.client import Client
from ostiary.model.outcome import NotChecked


@dataclass(frozen=True, slots=True)
class Discovery:
    """Every client that was found, and what could not be read."""

    clients: tuple[Client, ...]
    not_checked: tuple[NotChecked, ...]


def _silent(_: str) -> None:
    return None


def discover(where: Where, progress: Callable[[str], None] = _silent) -> Discovery:
    """Look for every client of the table in ``where``. Never raises, never writes, never runs."""
    search = _Search(where, progress)
    search.homes()
    search.system()
    search.projects()
    return search.result()


class _Search:
    """One discovery."""

    def __init__(self, where: Where, progress: Callable[[str], None]) -> None:
        self._where = where
        self._progress = progress
        self._root = "" if where.root is None else str(where.root)
        self._disk = Disk(where.root, where.platform)
        self._reading = Reading(self._disk)
        self._records = self._table()
        self._reader = Reader(self._reading, self._records, trust_owner=where.root is None)
        self._home_owner: int | None = None
        """Whose files are being read; content that this user could not read is refused."""
        self._owner: int | None = None

    def _table(self) -> tuple[ClientRecord, ...]:
        """The table, with those of the user's records that can be used."""
        usable: list[Path] = []
        for path in self._where.tables:
            try:
                load_table((path,))
            except BadRecord as error:
                self._reading.fail(str(path), str(error), "mend the client record")
            else:
                usable.append(path)
        records = load_table(tuple(usable))
        unknown = sorted(set(self._where.only) - {one.id for one in records})
        for name in unknown:
            self._reading.fail(
                f"client {name}", "no client has this id", "see the list of clients in the docs"
            )
        return records

    def _wanted(self, record: ClientRecord) -> bool:
        return not self._where.only or record.id in self._where.only

    def homes(self) -> None:
        if self._root and not self._disk.is_folder(self._root):
            self._reading.fail(self._root, "there is no such directory", "check the path")
        for position, home in enumerate(self._where.homes):
            self._progress(f"looking for clients in {self._disk.shown(str(home))}")
            if not self._enter(str(home)):
                continue
            environment = self._where.environment if position == 0 else {}
            places = Places(self._where.platform, environment, str(home), self._root)
            for record in self._records:
                self._home_of(record, places, str(home))

    def _enter(self, home: str) -> bool:
        """Whether a home can be looked into."""
        try:
            self._disk.names(home)
            found = self._disk.locate(home)
        except Trouble as trouble:
            self._reading.trouble(trouble)
            return False
        if found is None:
            self._reading.fail(self._disk.shown(home), "there is no such home", "check the path")
            return False
        if self._where.root is None and hasattr(os, "geteuid"):
            self._home_owner = self._owner = Path(found).stat().st_uid
        return True

    def _home_of(self, record: ClientRecord, places: Places, home: str) -> None:
        shown = self._disk.shown(home)
        whose = Whose(home=shown, user=shown)
        for spec in record.files:
            for template in spec.paths:
                for pattern in places.of_home(template):
                    self._look(record, spec, pattern, whose)
        for template in record.detect:
            if any(self._exists(one) for one in places.of_home(template)):
                self._reader.present(record, self._disk.shown(home))

    def _exists(self, pattern: str) -> bool:
        trouble: list[Trouble] = []
        return any(self._reading.exists(one) for one in matches(self._disk, pattern, trouble))

    def system(self) -> None:
        """Files that belong to no home."""
        self._home_owner = None
        environment = self._where.environment
        places = Places(self._where.platform, environment, self._root + "/nobody", self._root)
        for record in self._records:
            for spec in record.files:
                for template in spec.paths:
                    for pattern in places.of_system(template):
                        self._look(record, spec, pattern, Whose())
            for template in record.detect:
                if any(self._exists(one) for one in places.of_system(template)):
                    self._reader.present(record, "")

    def projects(self) -> None:
        self._home_owner = self._owner
        homes = tuple(str(home) for home in self._where.homes)
        asked = [str(one) for one in self._where.projects]
        for path in asked:
            if not self._disk.is_folder(path):
                self._reading.fail(
                    self._disk.shown(path), "there is no such project directory", "check the path"
                )
        everything = dict.fromkeys([*asked, *self._known()])
        top = self._root or os.path.abspath(os.sep)  # noqa: PTH100 - a constant
        tails = self._tails()
        for folder in folders(self._disk, everything, homes, top):
            self._progress(f"looking at {self._disk.shown(folder.path)}")
            whose = self._whose_project(folder.path)
            for record, spec, tail in tails:
                if not folder.above or spec.ancestors:
                    self._look(record, spec, f"{literal(folder.path.rstrip('/'))}/{tail}", whose)

    def _whose_project(self, path: str) -> Whose:
        """A project counts for the user in whose home it lies, or for the only one there is."""
        homes = [str(home) for home in self._where.homes]
        owner = next((home for home in homes if path == home or path.startswith(home + "/")), None)
        if owner is None and len(homes) == 1:
            owner = homes[0]
        user = None if owner is None else self._disk.shown(owner)
        return Whose(project=self._disk.shown(path), user=user)

    def _known(self) -> list[str]:
        """Projects that clients remember, as paths on this machine."""
        written = sorted(self._reader.known)
        if len(written) > MAX_KNOWN:
            self._reading.fail(
                "projects that clients remember",
                f"{len(written):,} are known; only {MAX_KNOWN} were looked into",
                "name the project directories to look into",
            )
        found = (self._disk.path(one) for one in written[:MAX_KNOWN])
        return [one for one in found if one is not None]

    def _tails(self) -> list[tuple[ClientRecord, FileSpec, str]]:
        places = Places(self._where.platform, {}, "", "")
        return [
            (record, spec, tail)
            for record in self._records
            for spec in record.files
            for template in spec.paths
            for tail in places.project_tails(template)
        ]

    def _look(self, record: ClientRecord, spec: FileSpec, pattern: str, whose: Whose) -> None:
        trouble: list[Trouble] = []
        for path in matches(self._disk, pattern, trouble):
            opened = self._reading.open(path, spec.format, self._home_owner)
            if opened is not None:
                self._reader.take(record, spec, opened, whose, self._companion(spec, path))
        for one in trouble:
            self._reading.trouble(one)

    def _companion(self, spec: FileSpec, path: str) -> Opened | None:
        if spec.companion is None:
            return None
        folder = os.path.dirname(path)  # noqa: PTH120 - hot path
        name = os.path.basename(folder)  # noqa: PTH119 - hot path
        beside = os.path.normpath(f"{folder}/{spec.companion.path.replace('{folder}', name)}")
        return self._reading.open(beside, spec.format, self._home_owner)

    def result(self) -> Discovery:
        clients = self._reader.clients()
        if self._where.platform == "windows":
            self._registry(clients)
        return Discovery(
            tuple(one for one in clients if self._wanted_id(one.id)),
            self._reading.not_checked,
        )

    def _wanted_id(self, name: str) -> bool:
        return not self._where.only or name in self._where.only

    def _registry(self, clients: tuple[Client, ...]) -> None:
        """The registry is not read; say so once, for all clients whose policy may lie there."""
        places = {one.id: one.registry for one in self._records}
        found = [one for one in clients if places[one.id] and self._wanted_id(one.id)]
        if not found:
            return
        said = "; ".join(f"{one.name}: {', '.join(places[one.id])}" for one in found)
        self._reading.unread(
            "policies in the Windows registry",
            f"the registry is not read, and administrators may set policies there ({said})",
            "export these keys and look at them by hand",
        )
