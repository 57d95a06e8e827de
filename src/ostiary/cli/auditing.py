"""Runs ``ostiary audit`` over every target, and gives what its answer is written from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import click

from ostiary.analyze.history import Passage
from ostiary.audit.conclude import Concluded, conclude
from ostiary.audit.rules import audit_rules
from ostiary.audit.unfinished import Unfinished
from ostiary.audit.worker import Asked, Pair
from ostiary.audit.workers import Watch, run
from ostiary.cli.answer import FINE, FOUND, FOUND_AND_INCOMPLETE, INCOMPLETE, view_of
from ostiary.cli.audit_choice import Choice
from ostiary.cli.progress import Progress
from ostiary.model.audit import AuditResult
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.outcome import Completeness
from ostiary.model.version_change import Comparison
from ostiary.report.audit import Sheet

_TIMED = ("osv", "receipt", "audit-db")
"""Formats whose readers refuse a record without its time."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of it, in the order in which targets were asked for."""

    concluded: tuple[Concluded, ...]
    comparison: Comparison | None = None
    history: tuple[Passage, ...] = ()

    @property
    def results(self) -> tuple[AuditResult, ...]:
        return tuple(one.result for one in self.concluded)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for one in self.results for finding in one.findings)


def read_all(wanted: Choice) -> Answers:
    """Every target audited, in processes of their own."""
    counter = Counter(len(wanted.targets), Progress(quiet=wanted.quiet))
    before = _unfinished(wanted)
    found: dict[str, Concluded] = {}
    if before is not None and not wanted.fresh:
        kept = {one: before.reading(one) for one in wanted.targets}
        for given, reading in kept.items():
            if reading is not None:
                found[given] = conclude(reading, wanted.context, wanted.accepting)
    counter.resumed(len(found))
    comparison: Comparison | None = None
    history: tuple[Passage, ...] = ()
    asked = [_asked(one, wanted) for one in wanted.targets if one not in found]
    for one in run(asked, wanted.jobs, counter.watch()):
        given = asked[one.number].given
        if isinstance(one.answer, Pair):
            comparison, read = one.answer.comparison, one.answer.after
        else:
            read = one.answer
        if before is not None:
            before.note(given, read)
        history = one.past.passages
        read = replace(read, not_checked=(*read.not_checked, *one.past.not_checked))
        found[given] = conclude(read, wanted.context, wanted.accepting, one.advice)
    counter.finish()
    if before is not None:
        before.finished()
    return Answers(tuple(found[one] for one in wanted.targets), comparison, history)


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


def sheet(answers: Answers, wanted: Choice, form: str) -> Sheet:
    """What a report is written from."""
    generated = f"{wanted.order.now:%Y-%m-%dT%H:%M:%SZ}" if form in _TIMED else ""
    listed = audit_rules() if form in ("sarif", "receipt") else ()
    view = view_of(listed, generated)
    suppressed = {one.result.target.digest: one.suppressed for one in answers.concluded}
    return Sheet(answers.results, view, suppressed, answers.comparison, answers.history)


def exit_code(answers: Answers, threshold: Severity | None) -> int:
    """0 fine, 1 findings at or above ``threshold``, 3 incomplete, 4 both."""
    found = threshold is not None and any(one.severity >= threshold for one in answers.findings)
    if any(one.completeness is Completeness.INCOMPLETE for one in answers.results):
        return FOUND_AND_INCOMPLETE if found else INCOMPLETE
    return FOUND if found else FINE
