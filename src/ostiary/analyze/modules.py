"""The target's files as modules: which are read, in which language, and which are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ostiary.analyze.ir import Module
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.python.lower import lower as lower_python
from ostiary.analyze.typescript.lower import lower as lower_script
from ostiary.model.outcome import NotChecked

PYTHON = (".py", ".pyw")
SCRIPT = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx")
DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_APART_FOLDERS = (
    "test tests __tests__ spec specs __mocks__ e2e fixtures __fixtures__ benchmark benchmarks "
    "examples example docs doc node_modules .git site-packages __pycache__"
)
_APART = frozenset(_APART_FOLDERS.split())
_APART_NAMES = (
    "conftest.py",
    "setup.py",
    "noxfile.py",
    "jest.config",
    "vitest.config",
    "eslint.config",
    "webpack.config",
    "rollup.config",
    "tsup.config",
    "vite.config",
)


@dataclass(frozen=True, slots=True)
class Modules:
    """What was read of the source."""

    modules: Mapping[str, Module]
    not_checked: tuple[NotChecked, ...]


def is_apart(path: str) -> bool:
    """Whether a file is not part of what runs: tests, examples, tools of the build."""
    *folders, name = path.lower().split("/")
    stem = name.rsplit(".", 1)[0]
    return (
        any(folder in _APART for folder in folders)
        or name.startswith(_APART_NAMES)
        or stem.startswith("test_")
        or stem.endswith((".test", ".spec", "_test", "-test"))
    )


def language_of(path: str) -> str | None:
    """The language a file is read in; ``None`` if it is not source that can be read here."""
    lower = path.lower()
    if lower.endswith(PYTHON):
        return "python"
    if lower.endswith(SCRIPT) and not lower.endswith(DECLARATIONS):
        return "typescript" if lower.rsplit(".", 1)[1].endswith(("ts", "tsx")) else "javascript"
    return None


def read_modules(project: Project, *, apart: bool = False) -> Modules:
    """Lower every source file; with ``apart`` also tests and examples."""
    modules: dict[str, Module] = {}
    problems: list[NotChecked] = []
    for file in _sources(project, apart):
        lower = lower_python if language_of(file.path) == "python" else lower_script
        module = lower(file)
        modules[file.path] = module
        problems.extend(
            NotChecked(
                subject=file.path,
                reason=problem,
                remedy="read this file by hand, or ask its author for a version that parses",
                file=file.path,
            )
            for problem in module.problems
        )
    return Modules(modules, tuple(problems))


def _sources(project: Project, apart: bool) -> Iterator[SourceFile]:
    found = [one for one in project.files.values() if language_of(one.path) and not one.link]
    kept = [one for one in found if apart or not is_apart(one.path)]
    yield from kept or found
