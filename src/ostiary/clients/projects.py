"""Project directories: those asked for, those that clients remember, and the ones above them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ostiary.clients.disk import Disk
from ostiary.clients.formats.document import Document
from ostiary.clients.lookup import find
from ostiary.clients.record import KeyPath
from ostiary.model.json import JsonValue

MAX_KNOWN = 300
"""Projects remembered by clients that are looked into."""
MAX_ABOVE = 30


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory that may hold project files."""

    path: str
    above: bool
    """Whether it merely lies above a project, at a home or at the top."""


def known_projects(document: Document, keys: tuple[KeyPath, ...]) -> Iterator[str]:
    """Paths of projects as a client's file writes them."""
    for key in keys:
        for hit in find(document.value, key):
            for written in _written(hit.value):
                if path := _path_of(written):
                    yield path


def _written(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    elif isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))


def _path_of(written: str) -> str:
    """A path, or the path of a local ``file:`` URI; nothing for anything elsewhere."""
    if "://" not in written:
        return written
    try:
        parts = urlsplit(written)
    except ValueError:
        return ""
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return ""
    path = unquote(parts.path)
    windows = len(path) > 2 and path[0] == "/" and path[2] == ":"
    return path[1:] if windows else path


def folders(
    disk: Disk, projects: Iterable[str], homes: tuple[str, ...], top: str
) -> tuple[Folder, ...]:
    """Every directory to look into: each project and those above it, up to home or top."""
    found: dict[str, Folder] = {}
    for project in projects:
        path = os.path.normpath(project)
        if not disk.is_folder(path):
            continue
        for step, here in enumerate(_upwards(path, top)):
            end = here in homes or here == top
            if here not in found or (found[here].above and step == 0):
                found[here] = Folder(here, above=end and step > 0)
            if end:
                break
    return tuple(found[path] for path in sorted(found))


def _upwards(path: str, top: str) -> Iterator[str]:
    for _ in range(MAX_ABOVE):
        yield path
        parent = os.path.dirname(path)  # noqa: PTH120 - hot path
        if path in (top, parent):
            return
        path = parent
