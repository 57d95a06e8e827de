"""Builds homes and whole systems in a temporary directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ostiary.clients.discover import Discovery, discover
from ostiary.clients.where import Where, this_machine
from ostiary.model.client import Client, ServerEntry

Files = Mapping[str, object]


def write(base: Path, files: Files) -> Path:
    """Each path below ``base`` with its content; anything but text or bytes becomes JSON."""
    for name, content in files.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, indent=2)
            path.write_text(text, encoding="utf-8")
    return base


def look(home: Path, *projects: Path, environment: Mapping[str, str] | None = None) -> Discovery:
    return discover(this_machine({"HOME": str(home), **(environment or {})}, projects))


def layout(home: Path, platform: str, *projects: Path) -> Discovery:
    """The same home as another platform would lay it out."""
    return discover(Where(root=None, homes=(home,), projects=projects, platform=platform))


def client(found: Discovery, name: str) -> Client:
    return next(one for one in found.clients if one.id == name)


def entry(found: Discovery, name: str, server: str) -> ServerEntry:
    return next(one for one in client(found, name).entries if one.name == server)
