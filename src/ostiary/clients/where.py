"""Whose machine is looked at: this one, another system's disk, or another home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from sys import platform as running_on

from ostiary.clients.disk import Disk, Trouble

PLATFORMS = ("linux", "mac", "windows")
_NO_HOMES = frozenset({"lost+found", "All Users", "Default", "Default User", "Public", "Shared"})


@dataclass(frozen=True, slots=True)
class Where:
    """What to look at and how its files are laid out."""

    root: Path | None
    """Take this directory as ``/`` of another system (disk image, container)."""
    homes: tuple[Path, ...]
    """Homes as real paths on this machine."""
    projects: tuple[Path, ...]
    """Project directories asked for; their ancestors up to the home or root are looked at too."""
    platform: str
    """``linux``, ``mac`` or ``windows``: the layout of the scanned system."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Own-home overrides such as ``CODEX_HOME``; empty for another system or another home."""
    only: tuple[str, ...] = ()
    """Client ids to look at; all if empty."""
    tables: tuple[Path, ...] = ()
    """Client record files handed in by the user."""


def this_machine(
    environment: Mapping[str, str],
    projects: Iterable[Path] = (),
    only: tuple[str, ...] = (),
    tables: tuple[Path, ...] = (),
) -> Where:
    """This machine, as the user whose ``environment`` is given."""
    home = environment.get("HOME") or environment.get("USERPROFILE")
    return Where(
        root=None,
        homes=(_absolute(Path(home) if home else Path.home()),),
        projects=_each(projects),
        platform=_this_platform(),
        environment=dict(environment),
        only=only,
        tables=tables,
    )


def other_home(
    home: Path,
    projects: Iterable[Path] = (),
    only: tuple[str, ...] = (),
    tables: tuple[Path, ...] = (),
) -> Where:
    """Another home on this machine. Environment overrides are unknown, so none apply."""
    return Where(
        root=None,
        homes=(_absolute(home),),
        projects=_each(projects),
        platform=_this_platform(),
        only=only,
        tables=tables,
    )


def other_system(
    root: Path,
    projects: Iterable[Path] = (),
    only: tuple[str, ...] = (),
    tables: tuple[Path, ...] = (),
) -> Where:
    """Another system whose ``/`` is ``root``. ``projects`` are real paths or paths inside it."""
    root = _absolute(root)
    return Where(
        root=root,
        homes=_homes(root),
        projects=tuple(_inside(root, one) for one in projects),
        platform=_guess(root),
        only=only,
        tables=tables,
    )


def _homes(root: Path) -> tuple[Path, ...]:
    """Every home of another system, links followed inside its root only."""
    disk = Disk(root, "linux")
    found: dict[str, Path] = {}
    for parent in ("home", "Users"):
        try:
            names = disk.names(f"{root}/{parent}")
        except Trouble:
            continue
        for name in names:
            path = f"{root}/{parent}/{name}"
            if name not in _NO_HOMES and disk.is_folder(path):
                found.setdefault(disk.locate(path) or path, Path(path))
    for own in ("root", "var/root"):
        path = f"{root}/{own}"
        if disk.is_folder(path):
            found.setdefault(disk.locate(path) or path, Path(path))
    return tuple(sorted(found.values()))


def _guess(root: Path) -> str:
    if (root / "Windows").is_dir() or (root / "ProgramData").is_dir():
        return "windows"
    if (root / "System" / "Library").is_dir() or (
        (root / "Library").is_dir() and (root / "Users").is_dir()
    ):
        return "mac"
    if (root / "Users").is_dir() and not (root / "etc").is_dir():
        return "windows" if any(root.glob("Users/*/AppData")) else "mac"
    return "linux"


def _this_platform() -> str:
    if running_on == "darwin":
        return "mac"
    return "windows" if running_on == "win32" else "linux"


def _absolute(path: Path) -> Path:
    return Path.cwd() / path.expanduser()


def _each(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(_absolute(one) for one in paths))


def _inside(root: Path, path: Path) -> Path:
    if path.is_absolute():
        return path if path.is_relative_to(root) else root / path.relative_to(path.anchor)
    real = _absolute(path)
    return real if real.is_relative_to(root) else root / path
