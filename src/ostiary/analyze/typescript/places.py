"""Which file of a project a path without its ending means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ostiary.analyze.project import Project

ENDINGS: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_DECLARATIONS: Final = (".d.ts", ".d.mts", ".d.cts")
_SOURCES_OF: Final = {
    ".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",),
}  # fmt: skip
_BUILT: Final = frozenset({"dist", "build", "lib", "out", "esm", "cjs", "es"})
"""Folders that a build fills: their source lies in ``src`` or beside them."""


def joined(folder: str, specifier: str) -> str | None:
    """A relative path from a folder; ``None`` where it leaves the project."""
    parts = folder.split("/") if folder else []
    for part in specifier.split("/"):
        if part in {"", "."}:
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def folders_up(path: str) -> Iterator[str]:
    """The folder of a file and every folder around it; the project itself is ``""``."""
    folder = folder_of(path)
    while folder:
        yield folder
        folder = folder_of(folder)
    yield ""


def is_script(project: Project, path: str) -> bool:
    """Whether a path is a file of code. Declarations (``.d.ts``) are none, links are not
    followed."""
    file = project.get(path)
    if file is None or file.link:
        return False
    return path.endswith(ENDINGS) and not path.endswith(_DECLARATIONS)


def found_file(project: Project, path: str, *, typed: bool) -> str | None:
    """The file that ``path`` means: itself, the source of the ``.js`` it names, itself with an
    ending. ``typed`` is how a TypeScript file asks: the source is preferred to what was built."""
    exact = path if is_script(project, path) else None
    if exact and not typed:
        return exact
    for ending, sources in _SOURCES_OF.items():
        if path.endswith(ending):
            for source in sources:
                candidate = path[: -len(ending)] + source
                if is_script(project, candidate):
                    return candidate
    if exact:
        return exact
    return next((path + ending for ending in ENDINGS if is_script(project, path + ending)), None)


def found(
    project: Project, path: str, *, typed: bool, main: Callable[[str], str | None]
) -> str | None:
    """As :func:`found_file`, or the folder's main file (``main`` reads its package), or its
    ``index``."""
    file = found_file(project, path, typed=typed) if path else None
    if file is not None:
        return file
    declared = main(path)
    if declared is not None:
        return declared
    return found_file(project, f"{path}/index" if path else "index", typed=typed)


def sources_of_built(path: str) -> Iterator[str]:
    """Where the source of a built file may lie: ``dist/a/b.js`` comes from ``src/a/b``."""
    folder, _, rest = path.rpartition("/")
    parts = folder.split("/") if folder else []
    stem = rest.rsplit(".", 1)[0] if rest.endswith(ENDINGS) else rest
    for position, part in enumerate(parts):
        if part in _BUILT:
            inner = parts[position + 1 :]
            while inner and inner[0] in _BUILT:
                inner = inner[1:]
            yield "/".join([*parts[:position], "src", *inner, stem])
            yield "/".join([*parts[:position], *inner, stem])
            return
