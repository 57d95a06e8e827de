"""The source of one target: brought into memory, read into facts, judged by the rules on code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary.analyze.declared import judge_surface
from ostiary.analyze.facts import Facts
from ostiary.analyze.project import Project
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import CHECKS
from ostiary.audit.bounded import SELDOM
from ostiary.model.check import run
from ostiary.model.finding import Finding, order
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.options import AcquireOptions

FRAMES = 20_000
"""Python frames that reading one target may take: expressions nest, and calls are followed."""


@dataclass(frozen=True, slots=True)
class SourceAudit:
    """What the code of one target tells."""

    facts: Facts | None
    """``None`` if the target could not be had."""
    findings: tuple[Finding, ...]
    """Worst first."""
    not_checked: tuple[NotChecked, ...]
    surface: Surface | None = None
    """What the code declares."""


def audit_folder(folder: Path) -> SourceAudit:
    """Read and judge the source in a folder. Nothing of it runs."""
    acquired = acquire(str(folder.absolute()), AcquireOptions(cache=folder, may_fetch=False))
    if isinstance(acquired, NotChecked):
        return SourceAudit(None, (), (acquired,))
    found = audit_source(acquired.project)
    return replace(found, not_checked=(*acquired.not_checked, *found.not_checked))


def audit_source(project: Project, name: str = "", recorded: Surface | None = None) -> SourceAudit:
    """Judge source that is in memory. ``name`` is how people call the target, ``recorded`` what
    the running server was seen to list."""
    with seldom_collected():
        with deep():
            facts = read_facts(project)
        findings, failed = run(CHECKS, facts, "the source")
        judged = judge_surface(facts, name, stated=recorded)
    every = sorted((*findings, *judged.findings), key=order)
    gaps = (*facts.not_checked, *failed, *judged.not_checked)
    return SourceAudit(facts, tuple(every), gaps, judged.surface)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """What is read of a target stays until it is judged: looking through it for garbage again and
    again takes a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def deep() -> Iterator[None]:
    """Frames enough for deep code; Python calls of Python take no native stack since 3.11."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
