"""What a module specifier means inside a project: the file it leads to, or nothing."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.project import Project
from ostiary.analyze.typescript.packages import Packages
from ostiary.analyze.typescript.places import folder_of, found, joined
from ostiary.analyze.typescript.tsconfig import Configurations

_LONGEST: Final = 1000
"""Characters of a specifier; longer ones are data."""
_TYPED: Final = (".ts", ".tsx", ".mts", ".cts")


class ScriptPaths:
    """Module resolution over the files of one target.

    ``resolve`` gives the path of a file of code inside the project, and ``None`` for everything
    else: packages from outside (also ones vendored in ``node_modules``, which go by their names),
    data files, and what is not there.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._packages = Packages(project)
        self._configurations = Configurations(project)
        self._known: dict[tuple[str, str], str | None] = {}

    def resolve(self, importing: str, specifier: str) -> str | None:
        """The file that ``specifier`` means in the file ``importing``."""
        folder = folder_of(importing)
        key = (importing, specifier)
        if key not in self._known:
            self._known[key] = self._resolved(importing, folder, specifier)
        return self._known[key]

    def submodule(self, path: str, name: str) -> str | None:
        """A module of JavaScript holds no modules that importing it would bind."""
        del path, name
        return None

    def _resolved(self, importing: str, folder: str, specifier: str) -> str | None:
        specifier = specifier.partition("?")[0]
        if not specifier or len(specifier) > _LONGEST or specifier.startswith(("node:", "/")):
            return None
        typed = importing.endswith(_TYPED)
        if specifier.split("/", 1)[0] in {".", ".."}:
            path = joined(folder, specifier)
            return None if path is None else self._found(path, typed=typed)
        if specifier.startswith("#"):
            mapped = self._packages.imported(importing, specifier)
            if mapped is not None:
                return mapped
        for candidate in self._configurations.candidates(importing, specifier):
            file = self._found(candidate, typed=typed)
            if file is not None:
                return file
        return self._packages.exported(specifier)

    def _found(self, path: str, *, typed: bool) -> str | None:
        return found(self._project, path, typed=typed, main=self._packages.main)
