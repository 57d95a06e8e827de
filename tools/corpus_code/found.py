"""What one auditor says of one folder, in a form in which all of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

SEVERITIES = ("info", "low", "medium", "high", "critical")
CWE = re.compile(r"CWE[-_ ]?0*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: the place, and all words from which its class can be told."""

    rule: str
    says: str
    """Category, title or message: what a class is told by where no CWE is named."""
    cwes: frozenset[int]
    severity: str
    """One of :data:`SEVERITIES`."""
    path: str
    """Inside the audited folder, with slashes."""
    line: int
    """From 1; 0 if the finding has no line."""
    part: str = ""
    """The tool, prompt or route it is of, where the auditor says so."""

    @property
    def high(self) -> bool:
        return self.severity in ("high", "critical")

    @property
    def medium(self) -> bool:
        return self.severity in ("medium", "high", "critical")

    def near(self, first: int, last: int, slack: int = 3) -> bool:
        """Whether it lies within ``slack`` lines of a range of lines."""
        return first - slack <= self.line <= last + slack


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of one run; ``failed`` says why there is nothing."""

    found: tuple[Found, ...] = ()
    seconds: float = 0.0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Auditor:
    """Somebody who reads folders."""

    name: str
    look: Callable[[Path], Answer] = field(compare=False)
    version: str = ""
    by_file: bool = False
    """Whether it sees one file at a time, so that many folders may be read in one run."""


def cwes_of(*texts: object) -> frozenset[int]:
    """The CWE numbers that any of the texts names."""
    return frozenset(int(one) for text in texts for one in CWE.findall(str(text)))


def severity_of(word: object) -> str:
    """The five words that all auditors' words are brought to."""
    known = {
        "error": "high", "warning": "medium", "warn": "medium", "note": "low", "info": "info",
        "informational": "info", "block": "critical", "undefined": "low",
    }  # fmt: skip
    plain = str(word).lower()
    return plain if plain in SEVERITIES else known.get(plain, "low")


def inside(folder: Path, path: str) -> str:
    """A path as the auditor gave it, seen from the folder."""
    given = Path(path)
    if given.is_absolute():
        try:
            return given.resolve().relative_to(folder.resolve()).as_posix()
        except ValueError:
            return given.as_posix()
    return given.as_posix().removeprefix("./")


def of_files(found: Iterable[Found], paths: Iterable[str]) -> list[Found]:
    """The findings that lie in one of these files."""
    wanted = set(paths)
    return [one for one in found if one.path in wanted]


def each(auditor: Auditor, parent: Path, folders: Iterable[Path]) -> Iterator[tuple[Path, Answer]]:
    """An answer for each of the folders below ``parent``, in one run where that is the same."""
    if not auditor.by_file:
        yield from ((folder, auditor.look(folder)) for folder in folders)
        return
    whole = auditor.look(parent)
    listed = list(folders)
    for folder in listed:
        start = folder.relative_to(parent).as_posix() + "/"
        found = tuple(
            replace(one, path=one.path.removeprefix(start))
            for one in whole.found
            if one.path.startswith(start)
        )
        yield folder, Answer(found, whole.seconds / len(listed), whole.failed)
