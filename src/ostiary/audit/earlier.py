"""What earlier revisions of a target declared, recovered from their source, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.analyze.history import Recovered, history, recover
from ostiary.analyze.project import Project
from ostiary.audit.order import Order
from ostiary.audit.past import Past
from ostiary.audit.source import deep
from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.acquired import Acquired
from ostiary.supply.artifact.options import Progress


class Earlier:
    """Earlier revisions, fetched when this is made: those that cannot be had are named."""

    def __init__(self, revisions: Sequence[str], order: Order, tell: Progress) -> None:
        self._found: list[tuple[str, Project]] = []
        self._missing: list[NotChecked] = []
        for given in revisions:
            got = acquire(given, order.acquire, tell)
            if isinstance(got, NotChecked):
                self._missing.append(got)
            else:
                self._found.append((given, got.project))

    def past(self, now: Acquired) -> Past:
        """Each step from one revision to the next, oldest first. Only computes."""
        name = now.target.name
        with deep():
            every: list[Recovered] = [
                recover(project, given, name) for given, project in self._found
            ]
            every.append(recover(now.project, now.target.given, name))
        gaps = [gap for one in every[:-1] for gap in one.not_checked]
        return Past(history(every), (*self._missing, *gaps))
