"""``paths`` and ``baseUrl`` of TypeScript's configuration: names that mean files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ostiary.analyze.project import Project
from ostiary.analyze.typescript.packages import matches, read_object
from ostiary.analyze.typescript.places import folder_of, folders_up, joined
from ostiary.model.json import JsonObject, as_object, as_text, strings

_NAMES: Final = ("tsconfig.json", "jsconfig.json", "tsconfig.base.json")
_LONGEST: Final = 8
"""Configurations that extend each other."""


@dataclass(frozen=True, slots=True)
class _Settings:
    """What one configuration says, with what it extends taken in."""

    base: str | None = None
    """``baseUrl``, as a folder of the project."""
    paths: JsonObject = field(default_factory=dict)
    paths_from: str = ""
    """The folder that targets of ``paths`` are relative to."""


class Configurations:
    """The configurations of a project, read when first asked for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._read: dict[str, _Settings] = {}

    def candidates(self, importing: str, specifier: str) -> Iterator[str]:
        """Paths, without ending, that a name may mean for a file, the likeliest first."""
        settings = self._for(importing)
        if settings is None:
            return
        table = settings.paths
        targets = [(table[specifier], "")] if specifier in table else []
        targets.extend((target, middle) for _, target, middle in matches(table, specifier))
        for target, middle in targets:
            for written in strings(target):
                path = joined(settings.paths_from, written.replace("*", middle))
                if path:
                    yield path
        if settings.base is not None:
            path = joined(settings.base, specifier)
            if path:
                yield path

    def _for(self, importing: str) -> _Settings | None:
        for folder in folders_up(importing):
            for name in _NAMES:
                path = f"{folder}/{name}" if folder else name
                if self._project.get(path) is not None:
                    return self._settings(path)
        return None

    def _settings(self, path: str) -> _Settings:
        known = self._read.get(path)
        if known is None:
            known = self._read[path] = self._extended(path)
        return known

    def _extended(self, path: str) -> _Settings:
        """Walk the chain of ``extends``; what stands nearer wins."""
        base: str | None = None
        paths: JsonObject | None = None
        paths_from = ""
        waiting, seen = [path], 0
        while waiting and seen < _LONGEST:
            current = waiting.pop(0)
            seen += 1
            file = self._project.get(current)
            if file is None or file.link:
                continue
            content = read_object(file)
            folder = folder_of(current)
            options = as_object(content.get("compilerOptions"))
            written = as_text(options.get("baseUrl"))
            if base is None and written:
                base = joined(folder, written)
            if paths is None and isinstance(options.get("paths"), dict):
                paths = as_object(options.get("paths"))
                paths_from = (joined(folder, written) or "") if written else folder
            waiting.extend(_extends(folder, content))
        return _Settings(base, paths or {}, base if base is not None and paths else paths_from)


def _extends(folder: str, content: JsonObject) -> Iterator[str]:
    for written in strings(content.get("extends")):
        if written.startswith("."):
            path = joined(folder, written)
            if path:
                yield path if path.endswith(".json") else f"{path}.json"
