"""Our own auditor, asked in this process: the one place that knows how it is called."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from corpus_code.found import Answer, Auditor, Found, cwes_of, severity_of
from ostiary.model.finding import Finding

AUDIT = "ostiary.audit.source", "audit_folder"
"""A function that takes a folder and returns a result with ``findings``."""
SLOW = 20
"""Seconds from which on a folder is named while several processes read."""


def findings_of(folder: Path) -> Iterable[Finding]:
    """What ``ostiary audit FOLDER`` finds, without a context."""
    module, name = AUDIT
    audit: Callable[[Path], object] = getattr(importlib.import_module(module), name)
    findings: Iterable[Finding] = audit(folder).findings  # type: ignore[attr-defined]
    return findings


def look(folder: Path) -> Answer:
    """One audit, timed; an exception is a failed audit, which is worth knowing too."""
    started = time.perf_counter()
    try:
        found = tuple(_found(folder, one) for one in findings_of(folder))
    except Exception as error:  # noqa: BLE001 - the tool goes on and says so
        return Answer((), time.perf_counter() - started, f"{type(error).__name__}: {error}")
    return Answer(found, time.perf_counter() - started)


def _found(folder: Path, one: Finding) -> Found:
    file = one.location.file or ""
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(folder):
        file = path.relative_to(folder).as_posix()
    return Found(
        one.rule,
        f"{one.category} {one.title}",
        cwes_of(*one.references),
        severity_of(one.severity.word),
        file,
        one.location.line or 0,
        one.location.part or "",
    )


OSTIARY = Auditor("Ostiary", look)


def noting(folders: dict[Path, None]) -> Auditor:
    """Ours in name only: it notes which folders it is asked of."""

    def note(folder: Path) -> Answer:
        folders[folder] = None
        return Answer()

    return replace(OSTIARY, look=note)


def knowing(folders: Iterable[Path], processes: int) -> Auditor:
    """Ours, having read these folders in so many processes: the answers are the same."""
    listed = list(folders)
    answers: dict[Path, Answer] = {}
    with ProcessPoolExecutor(processes) as pool:
        for folder, answer in zip(listed, pool.map(look, listed), strict=True):
            answers[folder] = answer
            if answer.seconds > SLOW:
                print(f"{folder.name}: {answer.seconds:.0f} s", file=sys.stderr, flush=True)
    return replace(OSTIARY, look=answers.__getitem__)


def available() -> str:
    """Empty, or why nothing of ours can be measured."""
    try:
        getattr(importlib.import_module(AUDIT[0]), AUDIT[1])
    except (ImportError, AttributeError) as error:
        return f"{'.'.join(AUDIT)} cannot be called: {error}"
    return ""
