"""``Pipfile`` and ``Pipfile.lock`` of pipenv."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.address import without_user
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, as_object, as_text, strings

_GROUPS = {"packages": "runtime", "dev-packages": "development"}
_LOCKED = {"default": "runtime", "develop": "development"}


def read_pipfile(text: ManifestText) -> Manifest:
    raw = text.toml()
    found = tuple(_wanted(text, raw))
    return Manifest("pypi", text.path, "", "", dependencies=found)


def _wanted(text: ManifestText, raw: JsonObject) -> Iterator[Dependency]:
    for section, group in _GROUPS.items():
        start = text.find(f"[{section}]")
        for name, value in as_object(raw.get(section)).items():
            table = as_object(value)
            git = as_text(table.get("git"))
            wanted = f"git+{without_user(git)}" if git else as_text(value)
            wanted = wanted or as_text(table.get("version"))
            exact = wanted.removeprefix("==") if wanted.startswith("==") else ""
            line = text.line_of(name, start)
            yield Dependency("pypi", name, wanted, group, text.path, line, locked=exact)


def read_pipfile_lock(text: ManifestText) -> Manifest:
    raw = text.json()
    found = tuple(_entries(text, raw))
    return Manifest("pypi", text.path, "", "", dependencies=found, states=(("lock", "pipenv"),))


def _entries(text: ManifestText, raw: JsonObject) -> Iterator[Dependency]:
    for section, group in _LOCKED.items():
        at = text.key(section)
        for name, value in as_object(raw.get(section)).items():
            table = as_object(value)
            at = text.key(name, at)
            yield Dependency(
                ecosystem="pypi",
                name=name,
                wanted="",
                group=group,
                file=text.path,
                line=text.line_at(at),
                locked=as_text(table.get("version")).removeprefix("=="),
                integrity=next(iter(strings(table.get("hashes"))), ""),
                resolved=without_user(as_text(table.get("git"))),
            )
