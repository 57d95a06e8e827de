"""Kernel-enforced memory and process limits, where control groups can be written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ostiary.host.box import Limits

_NAME = re.compile(r"ostiary-(\d+)-\d+")


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A folder in which groups can be made, and what it controls."""

    folder: Path
    version: int
    controls: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """The groups of one box: one in version 2, one for each controller in version 1."""

    folders: tuple[tuple[Path, int], ...]
    controls: frozenset[str]

    def add(self, pid: int) -> None:
        """Put a process in. Its later children follow. Raises :class:`OSError`."""
        for folder, _ in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def exceeded(self) -> str | None:
        """Which limit the kernel had to enforce, if any: ``memory`` or ``pids``."""
        for folder, version in self.folders:
            memory = "memory.events" if version == 2 else "memory.oom_control"
            if _counter(folder / memory, "oom_kill"):
                return "memory"
            if _counter(folder / "pids.events", "max"):
                return "pids"
        return None

    def remove(self) -> None:
        """Remove the folders; the processes must be gone."""
        for folder, _ in self.folders:
            with suppress(OSError):
                folder.rmdir()


def _counter(file: Path, name: str) -> int:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return 0
    for line in lines:
        key, _, value = line.partition(" ")
        if key == name and value.isdigit():
            return int(value)
    return 0


def hierarchies(mountinfo: str, membership: str) -> tuple[Hierarchy, ...]:
    """Where groups could be made, from ``/proc/self/mountinfo`` and ``/proc/self/cgroup``."""
    own: dict[str, str] = {}
    for line in membership.splitlines():
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        for name in names.split(","):
            own[name] = path
    found: list[Hierarchy] = []
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if len(fields) < 5 or len(kind) < 3:
            continue
        found.extend(_of_mount(fields[3], Path(fields[4]), kind[0], kind[2], own))
    return tuple(found)


def _of_mount(
    root: str, mount: Path, kind: str, options: str, own: dict[str, str]
) -> Iterable[Hierarchy]:
    if kind == "cgroup":
        wanted = frozenset({"memory", "pids"} & set(options.split(",")))
        if wanted and (folder := _below(mount, root, own.get(min(wanted), "/"))):
            yield Hierarchy(folder, 1, wanted)
    elif kind == "cgroup2" and (folder := _below(mount, root, own.get("", "/"))):
        # A group with processes in it cannot hand controllers down, so its parent is the place.
        place = folder if folder == mount else folder.parent
        yield Hierarchy(place, 2, _handed_down(place))


def _below(mount: Path, root: str, path: str) -> Path | None:
    try:
        return mount / PurePosixPath(path).relative_to(root)
    except ValueError:
        return mount if ".." not in path else None


def _handed_down(folder: Path) -> frozenset[str]:
    try:
        names = (folder / "cgroup.subtree_control").read_text().split()
    except OSError:
        return frozenset()
    return frozenset({"memory", "pids"} & set(names))


def _settings(version: int, controls: frozenset[str], limits: Limits) -> dict[str, int]:
    memory = (
        {"memory.limit_in_bytes": limits.memory_bytes, "memory.memsw.limit_in_bytes": 0}
        if version == 1
        else {"memory.max": limits.memory_bytes, "memory.swap.max": 0, "memory.oom.group": 1}
    )
    if version == 1:
        memory["memory.memsw.limit_in_bytes"] = limits.memory_bytes
    chosen = memory if "memory" in controls else {}
    return chosen | ({"pids.max": limits.processes} if "pids" in controls else {})


_OPTIONAL = ("memory.memsw.limit_in_bytes", "memory.swap.max", "memory.oom.group")
"""Absent where the kernel does not account swap."""


def _make(place: Hierarchy, name: str, limits: Limits) -> Path | None:
    folder = place.folder / name
    try:
        folder.mkdir()
    except OSError:
        return None
    try:
        for file, value in _settings(place.version, place.controls, limits).items():
            if (folder / file).exists() or file not in _OPTIONAL:
                (folder / file).write_text(str(value))
    except OSError:
        with suppress(OSError):
            folder.rmdir()
        return None
    return folder


def make(places: Iterable[Hierarchy], number: int, limits: Limits) -> Group | None:
    """Groups for box ``number`` of this process; ``None`` where none can be made."""
    folders: list[tuple[Path, int]] = []
    controls: set[str] = set()
    for place in places:
        if not place.controls - controls:
            continue
        folder = _make(place, f"ostiary-{os.getpid()}-{number}", limits)
        if folder is not None:
            folders.append((folder, place.version))
            controls |= place.controls
    return Group(tuple(folders), frozenset(controls)) if folders else None


def places() -> tuple[Hierarchy, ...]:
    """Where this process could make groups. Removes what killed scanners left there."""
    try:
        found = hierarchies(
            Path("/proc/self/mountinfo").read_text(), Path("/proc/self/cgroup").read_text()
        )
    except OSError:
        return ()
    usable = tuple(one for one in found if one.controls and os.access(one.folder, os.W_OK))
    for place in usable:
        sweep(place.folder)
    return usable


def sweep(folder: Path) -> None:
    """Remove empty groups whose scanner is gone. A group in use cannot be removed."""
    with suppress(OSError):
        for left in sorted(folder.iterdir()):
            match = _NAME.fullmatch(left.name)
            if match and not Path("/proc", match[1]).exists():
                with suppress(OSError):
                    left.rmdir()
