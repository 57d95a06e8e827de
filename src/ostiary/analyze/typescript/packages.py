"""Packages inside a project: their names, and what ``exports``, ``imports`` and ``main`` mean.

The algorithm is Node's (https://nodejs.org/api/packages.html), with two liberties that reading
takes and running may not: every condition but ``types`` counts, in the order written, and a built
file that is not there stands for its source.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.manifests.text import ManifestText, Unreadable
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.typescript.places import (
    folder_of,
    folders_up,
    found_file,
    joined,
    sources_of_built,
)
from ostiary.model.json import JsonObject, JsonValue, as_text

_DEEPEST: Final = 8
"""Conditions inside conditions."""


def read_object(file: SourceFile) -> JsonObject:
    """A JSON file with comments allowed; empty if it cannot be read."""
    try:
        return ManifestText(file).json()
    except Unreadable:
        return {}


class Packages:
    """The ``package.json`` files of a project, vendored ones (``node_modules``) left out."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._by_folder: dict[str, JsonObject] = {}
        self._by_name: dict[str, str] = {}
        for file in project.named("package.json"):
            if "node_modules" in file.path.split("/"):
                continue
            folder = folder_of(file.path)
            content = read_object(file)
            self._by_folder[folder] = content
            name = as_text(content.get("name"))
            if name:
                self._by_name.setdefault(name, folder)

    def main(self, folder: str) -> str | None:
        """The file that importing a folder as a package means; ``None`` if none is declared."""
        content = self._by_folder.get(folder)
        if content is None:
            return None
        for key in ("source", "main", "module"):
            declared = as_text(content.get(key))
            path = self._file(folder, declared) if declared else None
            if path is not None:
                return path
        return None

    def exported(self, specifier: str) -> str | None:
        """The file of ``name`` or ``@scope/name/sub/path``, if the project holds that package."""
        scoped = specifier.startswith("@")
        parts = specifier.split("/", 2 if scoped else 1)
        size = 2 if scoped else 1
        name, rest = "/".join(parts[:size]), "/".join(parts[size:])
        folder = self._by_name.get(name)
        if folder is None:
            return None
        exports = self._by_folder[folder].get("exports")
        if exports is not None:
            subpath = f"./{rest}" if rest else "."
            found = self._matched(folder, _subpaths(exports), subpath)
            if found is not None:
                return found
        if not rest:
            return self.main(folder) or self._file(folder, "index")
        return self._file(folder, rest) or self._file(folder, f"src/{rest}")

    def imported(self, importing: str, specifier: str) -> str | None:
        """The file of ``#name``, by the nearest package that declares ``imports``."""
        for folder in folders_up(importing):
            imports = self._by_folder.get(folder, {}).get("imports")
            if isinstance(imports, dict):
                return self._matched(folder, imports, specifier)
        return None

    def _matched(self, folder: str, table: JsonObject, wanted: str) -> str | None:
        """The target of the exact key, or of the pattern whose part before ``*`` is longest."""
        if wanted in table:
            return self._target(folder, table[wanted], "")
        for key, target, middle in matches(table, wanted):
            if key:
                return self._target(folder, target, middle)
        return None

    def _target(self, folder: str, target: JsonValue, middle: str) -> str | None:
        for written in _targets(target):
            if not written.startswith("./"):
                continue
            path = self._file(folder, written.replace("*", middle))
            if path is not None:
                return path
        return None

    def _file(self, folder: str, written: str) -> str | None:
        path = joined(folder, written)
        if not path:
            return None
        for candidate in (path, *sources_of_built(path)):
            for one in (candidate, f"{candidate}/index"):
                file = found_file(self._project, one, typed=False)
                if file is not None:
                    return file
        return None


def matches(table: JsonObject, wanted: str) -> Iterator[tuple[str, JsonValue, str]]:
    """Keys with one ``*`` that fit, the most exact first, with what stands for the star."""
    fitting: list[tuple[int, str, str]] = []
    for key in table:
        before, star, after = key.partition("*")
        length = len(wanted) - len(before) - len(after)
        if star and length >= 0 and wanted.startswith(before) and wanted.endswith(after):
            fitting.append((-len(before), key, wanted[len(before) :][:length]))
    for _, key, middle in sorted(fitting):
        yield key, table[key], middle


def _subpaths(exports: JsonValue) -> JsonObject:
    """``exports`` as a table of sub-paths; a lone target is that of ``.``."""
    if isinstance(exports, dict) and any(key.startswith(".") for key in exports):
        return exports
    return {".": exports}


def _targets(target: JsonValue) -> Iterator[str]:
    """Paths of a target, through conditions and alternatives, in order."""
    waiting: list[tuple[JsonValue, int]] = [(target, 0)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, str):
            yield one
        elif depth < _DEEPEST and isinstance(one, dict):
            inner = [value for key, value in one.items() if key != "types"]
            waiting.extend((value, depth + 1) for value in reversed(inner))
        elif depth < _DEEPEST and isinstance(one, list):
            waiting.extend((value, depth + 1) for value in reversed(one))
