"""Lock files of npm: ``package-lock.json`` and ``npm-shrinkwrap.json``."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.address import origin
from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, as_object, as_text

MOST = 20_000
"""Entries that are kept of one lock file."""


def read_package_lock(text: ManifestText) -> Manifest:
    """Versions 1, 2 and 3. Entries that run install scripts are listed as such."""
    raw = text.json()
    packages = as_object(raw.get("packages"))
    found = list(_flat(text, packages)) if packages else list(_nested(text, raw))
    scripts = tuple(_with_scripts(text, packages))
    cut = len(found) > MOST
    return Manifest(
        ecosystem="npm",
        file=text.path,
        name=as_text(raw.get("name")),
        version=as_text(raw.get("version")),
        dependencies=tuple(found[:MOST]),
        scripts=scripts,
        unreadable=(f"entries behind the first {MOST:,}",) if cut else (),
        states=(("lock", "npm"),),
    )


def _flat(text: ManifestText, packages: JsonObject) -> Iterator[Dependency]:
    at = 0
    for path, value in packages.items():
        entry = as_object(value)
        name = as_text(entry.get("name")) or path.rpartition("node_modules/")[2]
        if "node_modules/" not in path or entry.get("link") is True:
            continue
        at = text.key(path, at)
        yield _dependency(text, name, entry, text.line_at(at))


def _nested(text: ManifestText, raw: JsonObject) -> Iterator[Dependency]:
    """Version 1: a tree. Walked without recursion, in the order of the file by level."""
    waiting = [as_object(raw.get("dependencies"))]
    while waiting:
        level = waiting.pop(0)
        at = 0
        for name, value in level.items():
            entry = as_object(value)
            at = text.key(name, at)
            yield _dependency(text, name, entry, text.line_at(at))
            inner = as_object(entry.get("dependencies"))
            if inner:
                waiting.append(inner)


def _dependency(text: ManifestText, name: str, entry: JsonObject, line: int) -> Dependency:
    group = "development" if entry.get("dev") is True else "runtime"
    if entry.get("optional") is True or entry.get("devOptional") is True:
        group = "optional"
    return Dependency(
        ecosystem="npm",
        name=name,
        wanted="",
        group=group,
        file=text.path,
        line=line,
        locked=as_text(entry.get("version")),
        integrity=as_text(entry.get("integrity")),
        resolved=origin(as_text(entry.get("resolved"))),
    )


def _with_scripts(text: ManifestText, packages: JsonObject) -> Iterator[Script]:
    """Dependencies of which npm says that they run something when they are installed."""
    at = 0
    for path, value in packages.items():
        entry = as_object(value)
        if entry.get("hasInstallScript") is True and "node_modules/" in path:
            at = text.key(path, at)
            name = path.rpartition("node_modules/")[2]
            yield Script("dependency install", name, text.path, text.line_at(at), True)
