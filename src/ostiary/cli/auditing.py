"""What the workers of ``ostiary audit`` answered, and what its report is written from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ostiary.audit.conclude import Concluded, conclude
from ostiary.audit.reading import Pair
from ostiary.cli.answer import view_of
from ostiary.cli.audit_begun import Begun
from ostiary.cli.audit_choice import Choice
from ostiary.cli.exit_codes import FINE, FOUND, FOUND_AND_INCOMPLETE, INCOMPLETE
from ostiary.model.audit import AuditResult
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.outcome import Completeness
from ostiary.model.rule import Rule
from ostiary.model.version_change import Comparison
from ostiary.report.audit.sheet import Sheet

if TYPE_CHECKING:
    from ostiary.analyze.history import Passage

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


def tell_all(begun: Begun, wanted: Choice) -> Answers:
    """Every target's answer, once its worker has read it."""
    before = begun.unfinished
    found = {
        given: conclude(reading, wanted.context, wanted.accepting)
        for given, reading in begun.known.items()
    }
    comparison: Comparison | None = None
    history: tuple[Passage, ...] = ()
    for one in begun.workers.answers():
        given = begun.asked[one.number].given
        if isinstance(one.answer, Pair):
            comparison, read = one.answer.comparison, one.answer.after
        else:
            read = one.answer
        if before is not None:
            before.note(given, read)
        if one.past is not None:
            history = one.past.passages
            read = replace(read, not_checked=(*read.not_checked, *one.past.not_checked))
        found[given] = conclude(read, wanted.context, wanted.accepting, one.advice)
    begun.counter.finish()
    if before is not None:
        before.finished()
    if wanted.cache is not None:
        wanted.cache.prune()
    return Answers(tuple(found[one] for one in wanted.targets), comparison, history)


def sheet(answers: Answers, wanted: Choice, form: str) -> Sheet:
    """What a report is written from."""
    generated = f"{wanted.order.now:%Y-%m-%dT%H:%M:%SZ}" if form in _TIMED else ""
    listed = _rules() if form in ("sarif", "receipt") else ()
    view = view_of(listed, generated)
    suppressed = {one.result.target.digest: one.suppressed for one in answers.concluded}
    return Sheet(answers.results, view, suppressed, answers.comparison, answers.history)


def exit_code(answers: Answers, threshold: Severity | None) -> int:
    """0 fine, 1 findings at or above ``threshold``, 3 incomplete, 4 both."""
    found = threshold is not None and any(one.severity >= threshold for one in answers.findings)
    if any(one.completeness is Completeness.INCOMPLETE for one in answers.results):
        return FOUND_AND_INCOMPLETE if found else INCOMPLETE
    return FOUND if found else FINE


def _rules() -> tuple[Rule, ...]:
    from ostiary.audit.rules import audit_rules  # noqa: PLC0415 - slow, and few formats need it

    return audit_rules()
