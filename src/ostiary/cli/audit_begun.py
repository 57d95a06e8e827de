"""Starts the workers of ``ostiary audit``. Light: what answers are told with is imported while
they read."""

from __future__ import annotations

import click

from ostiary.audit.asked import Asked
from ostiary.audit.unfinished import Unfinished
from ostiary.audit.workers import Watch, Workers
from ostiary.cli.audit_choice import Choice
from ostiary.cli.progress import Progress


class Begun:
    """A run whose first workers read already. All of them end with the ``with`` block."""

    def __init__(self, wanted: Choice) -> None:
        self.counter = Counter(len(wanted.targets), Progress(quiet=wanted.quiet))
        self.unfinished = _unfinished(wanted)
        known = {} if self.unfinished is None or wanted.fresh else self.unfinished.known()
        self.known = known
        """Readings of a run that was interrupted, by target."""
        self.counter.resumed(len(known))
        self.asked = [_asked(one, wanted) for one in wanted.targets if one not in known]
        self.workers = Workers(self.asked, wanted.jobs, self.counter.watch())

    def __enter__(self) -> Begun:
        return self

    def __exit__(self, *_: object) -> None:
        self.workers.end()


def _unfinished(wanted: Choice) -> Unfinished | None:
    """Only a run over several targets is worth taking up, and none that asks a model."""
    if wanted.cache is None or len(wanted.targets) < 2 or wanted.adviser is not None:
        return None
    return Unfinished(wanted.cache.folder / "unfinished", wanted.targets, wanted.order)


def _asked(given: str, wanted: Choice) -> Asked:
    return Asked(
        given=given,
        order=wanted.order,
        bounds=wanted.bounds,
        cache=wanted.cache,
        fresh=wanted.fresh,
        against=wanted.against,
        earlier=wanted.earlier,
        context=wanted.context,
        adviser=wanted.adviser,
    )


class Counter:
    """Tells on a terminal how far a run is, and once what could not be kept."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total, self._progress = total, progress
        self._ready = 0
        self._unkept: list[str] = []

    def watch(self) -> Watch:
        return Watch(self._doing, self._done, self._unkept.append)

    def resumed(self, number: int) -> None:
        """Some targets were read before the run was interrupted."""
        self._ready = number
        if number:
            click.echo(
                f"{number} of {self._total} targets were read before the last run was interrupted; "
                "--fresh reads them again",
                err=True,
            )

    def _doing(self, target: str, what: str) -> None:
        self._progress(f"{self._bar()} {target}: {what}")

    def _done(self, target: str) -> None:
        self._ready += 1
        self._progress(f"{self._bar()} {target}: read")

    def _bar(self) -> str:
        if self._total == 1:
            return "audit"
        full = 20 * self._ready // self._total
        return f"[{'#' * full}{'.' * (20 - full)}] {self._ready}/{self._total}"

    def finish(self) -> None:
        self._progress.done()
        if self._unkept:
            click.echo(
                f"the readings could not be kept ({self._unkept[0]}); the next audit reads the "
                "code again. Make room, or use --no-cache",
                err=True,
            )
