"""Which file of the project an ``import`` of Python means."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Final

_SOURCE_FOLDERS: Final = ("src", "lib", "python", "app", "server", "backend")
"""Folders that are put on the path of a project whose other files stand beside them."""

_ASIDE: Final = frozenset(
    {"benchmarks", "docs", "example", "examples", "samples", "scripts", "test", "testing", "tests"}
)
"""Folders whose modules other folders do not import, though they may be called like libraries."""

_DISTANT: Final = 64
"""Roots looked at that do not lie around the importing file."""


class PythonPaths:
    """Finds modules among the files of a project, without knowing ``sys.path``.

    A root is a folder that could stand on the path: one that is no package itself. Of several
    that have a module, the nearest to the importing file wins, the script's own folder first
    where that is no package.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        every = sorted(path for path in paths if path.endswith((".py", ".pyi")))
        known = set(every)
        self._files = frozenset(
            path for path in every if path.endswith(".py") or path[:-1] not in known
        )
        self._roots = _roots(self._files)
        self._order: dict[tuple[str, str], tuple[str, ...]] = {}

    def resolve(self, importing: str, module: str) -> str | None:
        """The file of a module as :class:`~ostiary.analyze.ir.Import` names it; ``None`` if it is
        of no file here: a library, or a folder without ``__init__.py``."""
        name = module.lstrip(".")
        dots = len(module) - len(name)
        folder = _folder(importing)
        if dots:
            return self._relative(folder, dots, name)
        if not name:
            return None
        for root in self._candidates(folder, name.partition(".")[0]):
            found = self._in(root, name)
            if found is not None and found != importing:
                return found
        return None

    def member(self, importing: str, module: str, name: str) -> str | None:
        """The file of ``name`` in ``from module import name``, if it is a module; also where
        ``module`` is a folder without ``__init__.py``."""
        return self.resolve(
            importing, module + name if module.endswith(".") else f"{module}.{name}"
        )

    def submodule(self, package: str, name: str) -> str | None:
        """The file of a module directly in a package, given the package's ``__init__.py``."""
        if not package.endswith(("/__init__.py", "/__init__.pyi")) and "/" in package:
            return None
        return self._in(_folder(package), name) if _stem(package) == "__init__" else None

    def _relative(self, folder: str, dots: int, name: str) -> str | None:
        parts = folder.split("/") if folder else []
        if dots - 1 > len(parts):
            return None
        base = "/".join(parts[: len(parts) - dots + 1])
        return self._in(base, name) if name else self._initial(base)

    def _in(self, root: str, name: str) -> str | None:
        path = _join(root, name.replace(".", "/"))
        found = self._initial(path)
        if found is not None:
            return found
        return next((one for one in (f"{path}.py", f"{path}.pyi") if one in self._files), None)

    def _initial(self, folder: str) -> str | None:
        options = (_join(folder, "__init__.py"), _join(folder, "__init__.pyi"))
        return next((one for one in options if one in self._files), None)

    def _is_package(self, folder: str) -> bool:
        return self._initial(folder) is not None

    def _candidates(self, folder: str, top: str) -> tuple[str, ...]:
        key = (folder, top)
        if key not in self._order:
            possible = self._roots.get(top, ())
            self._order[key] = tuple(self._ordered(folder, top, possible)) if possible else ()
        return self._order[key]

    def _ordered(self, folder: str, top: str, possible: tuple[str, ...]) -> Iterator[str]:
        """Roots that have ``top``, the likeliest first."""
        script = not self._is_package(folder)
        if top in sys.stdlib_module_names:
            # Only the folder of a script comes before the standard library.
            yield from (root for root in possible if script and root == folder)
            return
        having = set(possible)
        near = dict.fromkeys([folder] if script else [])
        for around in _around(folder):
            if not self._is_package(around):
                near.setdefault(around)
                near.update(dict.fromkeys(_join(around, one) for one in _SOURCE_FOLDERS))
        near.setdefault(folder)
        yield from (root for root in near if root in having)
        far = [root for root in possible if root not in near and self._is_far(root, folder, top)]
        far.sort(key=lambda root: (-_shared(root, folder), root.count("/"), root))
        yield from far[:_DISTANT]

    def _is_far(self, root: str, folder: str, top: str) -> bool:
        """Whether a root that does not lie around the importing file may be meant."""
        if self._is_package(root):
            return False
        if self._in(root, top) is None and root.rpartition("/")[2] not in _SOURCE_FOLDERS:
            return False
        aside = _ASIDE & set(root.split("/"))
        return not aside or aside <= set(folder.split("/"))


def _roots(files: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Folders by the names of the modules and folders with modules in them."""
    found: dict[str, set[str]] = {}
    seen: set[str] = set()
    for path in files:
        folder = _folder(path)
        found.setdefault(_stem(path), set()).add(folder)
        while folder and folder not in seen:
            seen.add(folder)
            above, _, name = folder.rpartition("/")
            found.setdefault(name, set()).add(above)
            folder = above
    return {name: tuple(sorted(roots)) for name, roots in found.items()}


def _around(folder: str) -> Iterator[str]:
    """The folder and those around it, innermost first; the last is the project's own."""
    while folder:
        yield folder
        folder = _folder(folder)
    yield ""


def _shared(one: str, other: str) -> int:
    """How many leading folders two paths have in common."""
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]
