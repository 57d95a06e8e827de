"""Reads a folder of this machine: its files as values, no link followed, no tool run in it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from ostiary.supply.artifact.gather import Gathering, TooMuch, chunks

_SKIPPED = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache"}
)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"ref: (refs/[A-Za-z0-9._/+-]{1,200})")
_SMALL = 4096
_PACKED = 8 * 1024 * 1024


def read_folder(root: Path, into: Gathering) -> tuple[str, ...]:
    """Add every file below ``root``. Returns in words what is left out because it is not the
    target's own source. Raises OSError where the folder itself cannot be read."""
    skipped: dict[str, int] = {}
    next(root.iterdir(), None)  # an unreadable root is an error, not an empty target
    try:
        for where, folders, names in os.walk(root, followlinks=False, onerror=_tell(into)):
            here = os.path.relpath(where, root)
            prefix = "" if here == "." else f"{here}/"
            links = [name for name in folders if Path(where, name).is_symlink()]
            skip = [one for one in folders if one not in links and _is_skipped(Path(where, one))]
            for name in sorted(skip):
                skipped[name] = skipped.get(name, 0) + 1
            folders[:] = sorted(set(folders) - {*links, *skip})
            for name in sorted([*names, *links]):
                _add(f"{where}/{name}", f"{prefix}{name}", into)
    except TooMuch as error:
        into.stop(str(error))
    return tuple(f"{count} folders {name} were left out" for name, count in sorted(skipped.items()))


def _is_skipped(folder: Path) -> bool:
    """Other people's files: history, installed dependencies, a virtual environment."""
    return folder.name in _SKIPPED or (folder / "pyvenv.cfg").is_file()


def _tell(into: Gathering) -> Callable[[OSError], None]:
    return lambda error: into.omit("their folder cannot be read", str(error.filename))


def _add(file: str, path: str, into: Gathering) -> None:
    path = into.name(path)
    if not path:
        return
    try:
        # A pipe would block its reader. A link is not opened, nor one that took a file's place now.
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        _not_opened(file, path, into, error)
        return
    try:
        with os.fdopen(handle, "rb", buffering=0) as opened:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                into.omit("they are no regular files", path)
                return
            data = chunks(opened, status.st_size + 1)
            into.add(path, data, executable=bool(status.st_mode & 0o100))
    except OSError as error:
        into.omit(_unreadable(error), path)


def _not_opened(file: str, path: str, into: Gathering, error: OSError) -> None:
    """A link, or what cannot be read."""
    try:
        if Path(file).is_symlink():
            into.link(path, os.readlink(file))  # noqa: PTH115 - the text as it is
            return
    except OSError as other:
        error = other
    into.omit(_unreadable(error), path)


def _unreadable(error: OSError) -> str:
    return f"they cannot be read ({error.strerror})"


def revision(root: Path) -> str:
    """The commit a work tree is at, read from its files: git itself would run what the
    repository's own configuration names. Empty if it cannot be told."""
    git = root / ".git"
    head = _small(git / "HEAD", _SMALL).strip()
    if _COMMIT.fullmatch(head):
        return head
    match = _REF.fullmatch(head)
    if match is None or ".." in match[1]:
        return ""
    loose = _small(git / match[1], _SMALL).strip()
    if _COMMIT.fullmatch(loose):
        return loose
    for line in _small(git / "packed-refs", _PACKED).splitlines():
        commit, _, name = line.partition(" ")
        if name == match[1] and _COMMIT.fullmatch(commit):
            return commit
    return ""


def _small(file: Path, most: int) -> str:
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as opened:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return ""
            return opened.read(most).decode("utf-8", "replace")
    except OSError:
        return ""
