"""What earlier revisions of a target declared, recovered from their source, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.analyze.history import Recovered, history, recover
from ostiary.analyze.project import Project
from ostiary.audit.order import Order
from ostiary.audit.reading import Past
from ostiary.audit.source import deep
from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.acquired import Acquired
from ostiary.supply.artifact.options import Progress


def fetched(
    revisions: Sequence[str], order: Order, tell: Progress
) -> tuple[list[tuple[str, Project]], list[NotChecked]]:
    """The files of earlier revisions, in the order given, and those that cannot be had."""
    found: list[tuple[str, Project]] = []
    missing: list[NotChecked] = []
    for given in revisions:
        got = acquire(given, order.acquire, tell)
        if isinstance(got, NotChecked):
            missing.append(got)
        else:
            found.append((given, got.project))
    return found, missing


def past(earlier: Sequence[tuple[str, Project]], now: Acquired) -> Past:
    """Each step from one revision to the next. Only computes."""
    name = now.target.name
    with deep():
        every: list[Recovered] = [recover(project, given, name) for given, project in earlier]
        every.append(recover(now.project, now.target.given, name))
    gaps = [gap for one in every[:-1] for gap in one.not_checked]
    return Past(history(every), tuple(gaps))
