"""``uv.lock``, ``poetry.lock`` and ``pdm.lock``: TOML of one form, read line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.address import origin
from ostiary.analyze.manifests.npm_locks import MOST
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.manifests.text import ManifestText

_FIELD = re.compile(r'(name|version|source|category) *= *(?:"([^"]*)"|(\{.*))')
_HASH = re.compile(r'hash *= *"([^"]+)"')
_ADDRESS = re.compile(r'(registry|git|url|editable|virtual|directory|path) *= *"([^"]*)"')
_LOCAL = {"editable", "virtual", "directory", "path"}


def read_python_lock(text: ManifestText) -> Manifest:
    found = [one for one in _packages(text) if one is not None]
    return Manifest(
        "pypi",
        text.path,
        "",
        "",
        dependencies=tuple(found[:MOST]),
        unreadable=(f"entries behind the first {MOST:,}",) if len(found) > MOST else (),
        states=(("lock", text.path.rpartition("/")[2].partition(".")[0]),),
    )


def _packages(text: ManifestText) -> Iterator[Dependency | None]:
    """One for each ``[[package]]``; ``None`` for the project's own entry."""
    line, fields, top = 0, dict[str, str](), False
    for number, row in enumerate(text.lines, 1):
        if row.startswith("["):
            own = row.startswith("[[package]]")
            if own and line:
                yield _dependency(text, line, fields)
            if own:
                line, fields = number, {}
            top = own or (row.startswith("[package.source]") and bool(line))
        elif line:
            _note(row[:4000], fields, top)
    if line:
        yield _dependency(text, line, fields)


def _note(row: str, fields: dict[str, str], top: bool) -> None:
    if top and (field := _FIELD.match(row)):
        fields.setdefault(field[1], field[2] if field[2] is not None else field[3])
    elif top and (address := _ADDRESS.match(row)):
        fields.setdefault("source", address[0])
    if "hash" in row and "hash" not in fields and (digest := _HASH.search(row)):
        fields["hash"] = digest[1]


def _dependency(text: ManifestText, line: int, fields: dict[str, str]) -> Dependency | None:
    address = _ADDRESS.search(fields.get("source", ""))
    if address and address[1] in _LOCAL:
        return None
    place = address[2] if address else ""
    if address and address[1] == "git":
        place = place if place.startswith("git") else f"git+{place}"
    return Dependency(
        ecosystem="pypi",
        name=fields.get("name", ""),
        wanted="",
        group="development" if fields.get("category") == "dev" else "runtime",
        file=text.path,
        line=line,
        locked=fields.get("version", ""),
        integrity=fields.get("hash", ""),
        resolved=origin(place),
    )
