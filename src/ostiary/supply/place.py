"""Paths of a launch line: which file is meant, and how much around it a box must show."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ostiary.model.client import ServerEntry
from ostiary.supply.interpreters import in_system, narrow

_PROJECT = re.compile(r"\$\{(?:workspaceFolder|workspaceRoot|CLAUDE_PROJECT_DIR)(?::[^}]*)?\}")
_VARIABLE = re.compile(r"\$\{|\$[A-Za-z_]|\{\{|%[A-Za-z_]+%")
_ROOTS = ("package.json", "pyproject.toml", "setup.py", "manifest.json", "node_modules", ".venv")
_HIGHEST = 4


class Unplaced(ValueError):
    """A path that cannot be told from the configuration alone. Says why."""


def located(word: str, entry: ServerEntry) -> Path:
    """The file or folder a word of the launch line means. Raises :class:`Unplaced`."""
    text = _PROJECT.sub(lambda _: entry.project or "${workspaceFolder}", word)
    if _VARIABLE.search(text):
        raise Unplaced(f"{word!r} holds a variable that only the client fills in")
    path = at_home(text)
    if not path.is_absolute():
        base = at_home(entry.cwd or entry.project or "")
        if not base.is_absolute():
            raise Unplaced(f"{word!r} depends on a working directory that is not configured")
        path = base / path
    path = Path(os.path.normpath(path))
    if not _exists(path):
        raise Unplaced(f"{path} does not exist")
    return path


def at_home(text: str) -> Path:
    """The path with ``~`` put in full; a user that this machine does not know stays as written."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def is_folder(path: Path) -> bool:
    """Whether a folder is there. A path that no system can hold is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def around(file: Path) -> tuple[Path, ...]:
    """What a program in ``file`` may need beside itself: its project, if that can be told and is
    not a whole home; else its own folder; else the file alone. Links are followed, too."""
    shown = {one for path in (file, file.resolve()) for one in _around(path)}
    return tuple(sorted(shown))


def _around(file: Path) -> tuple[Path, ...]:
    if in_system(file):
        return ()
    folder = file if file.is_dir() else file.parent
    for candidate in (folder, *folder.parents[:_HIGHEST]):
        if not narrow(candidate):
            break
        if any((candidate / name).exists() for name in _ROOTS):
            return (candidate,)
    return (folder,) if narrow(folder) else (file,)


def folder_for(entry: ServerEntry) -> str | None:
    """The configured working directory, if there is one on this machine."""
    if not entry.cwd:
        return None
    try:
        path = located(entry.cwd, entry)
    except Unplaced:
        return None
    return str(path) if path.is_dir() else None
