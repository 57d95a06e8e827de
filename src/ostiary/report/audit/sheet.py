"""What a report of audits is written from, and what all its formats say alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ostiary.model.audit import AuditResult, Destination, ToolReach, VerdictKind
from ostiary.model.counted import counted
from ostiary.model.outcome import Completeness
from ostiary.model.scan import Suppressed
from ostiary.model.version_change import Comparison
from ostiary.report.view import View

if TYPE_CHECKING:
    from ostiary.analyze.history import Passage

STATES = {
    VerdictKind.USE: "clean",
    VerdictKind.USE_WITH_LIMITS: "not checked",
    VerdictKind.NOT_ENOUGH: "not checked",
    VerdictKind.DO_NOT_USE: "found",
}
"""The colour of a verdict, as the headline of a scan has it."""
_WORST = (
    VerdictKind.DO_NOT_USE,
    VerdictKind.NOT_ENOUGH,
    VerdictKind.USE_WITH_LIMITS,
    VerdictKind.USE,
)


class CannotReport(ValueError):
    """A format needs something that is not there. The message says what, and how to give it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Audits to report. The same sheet gives the same bytes."""

    results: tuple[AuditResult, ...]
    """In the order in which the targets were asked for."""
    view: View = field(default_factory=View)
    suppressed: Mapping[str, tuple[Suppressed, ...]] = field(default_factory=dict)
    """Findings accepted earlier, by digest of the target."""
    comparison: Comparison | None = None
    """Of the one result with an earlier version."""
    history: tuple[Passage, ...] = ()
    """Of the one result, over earlier revisions of it."""

    def accepted(self, result: AuditResult) -> tuple[Suppressed, ...]:
        return self.suppressed.get(result.target.digest, ())

    @property
    def completeness(self) -> Completeness:
        """Incomplete if any audit is."""
        every = {one.completeness for one in self.results}
        incomplete = Completeness.INCOMPLETE in every
        return Completeness.INCOMPLETE if incomplete else Completeness.COMPLETE


def verdict_counts(results: tuple[AuditResult, ...]) -> tuple[tuple[VerdictKind, int], ...]:
    """How many targets got which verdict, worst first, every verdict present."""
    seen = Counter(one.verdict.kind for one in results)
    return tuple((kind, seen[kind]) for kind in _WORST)


def best_first(results: tuple[AuditResult, ...]) -> tuple[AuditResult, ...]:
    """Candidates in order of preference: by verdict, worst finding, how sure, how much is off.

    A choice among them is the reader's: that nothing was found in one counts only as far as it
    was looked at, so "not enough information" comes before "do not use" and after all others.
    """
    liking = (
        VerdictKind.USE,
        VerdictKind.USE_WITH_LIMITS,
        VerdictKind.NOT_ENOUGH,
        VerdictKind.DO_NOT_USE,
    )

    def rank(one: AuditResult) -> tuple[int, int, int, int, int, str, str]:
        worst = -1 if one.worst is None else int(one.worst)
        return (
            liking.index(one.verdict.kind),
            worst,
            -int(one.verdict.confidence),
            len(one.verdict.limits.tools_off),
            len(one.weighed),
            one.target.label,
            one.target.digest,
        )

    return tuple(sorted(results, key=rank))


def headline(sheet: Sheet) -> str:
    """One sentence over everything, free of strangers' words."""
    if len(sheet.results) == 1:
        return sentence(sheet.results[0].verdict.kind)
    said = [f"{number:,} {kind.value}" for kind, number in verdict_counts(sheet.results) if number]
    return f"{counted(len(sheet.results), 'target')}: {', '.join(said) or 'none'}."


def sentence(kind: VerdictKind) -> str:
    """A verdict as a sentence: ``Do not use.``"""
    return f"{kind.value.capitalize()}."


def looked_at(result: AuditResult) -> str:
    """How far the audit went, in one sentence."""
    target = result.target
    found = sum(1 for one in result.tools if one.handler is not None)
    tools = f"{counted(len(result.tools), 'tool')}, the code found behind {found}"
    size = f"{counted(target.files, 'file')}, {counted(target.lines, 'line')}"
    return f"{size}; {tools}. Nothing of it was run."


RUNS = "runs as you"
"""Name of the fact that says what a local server really is to whoever installs it."""


def warning(result: AuditResult) -> str:
    """What installing and starting it means, as a sentence; empty where nothing runs here."""
    says = dict(result.facts).get(RUNS, "")
    return f"{says[:1].upper()}{says[1:]}." if says else ""


def other_facts(result: AuditResult) -> tuple[tuple[str, str], ...]:
    """Every fact but the one that the reports begin with."""
    return tuple(one for one in result.facts if one[0] != RUNS)


def goes(one: Destination) -> str:
    """A destination in words: ``api.example.org (fixed)``."""
    return f"{one.host} ({one.how})" if one.host else one.words


def destinations(tool: ToolReach) -> tuple[str, ...]:
    """Where a tool's data goes, each once, in order."""
    return tuple(dict.fromkeys(goes(one) for one in tool.destinations))


def moment(sheet_time: str, wants: str) -> datetime:
    """The time of the report in UTC. Raises :class:`CannotReport` where none was given, for
    formats whose readers refuse a record without one."""
    try:
        found = datetime.fromisoformat(sheet_time)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CannotReport(f"{wants} needs the time of the audit; give it as 2026-11-20T12:00:00Z")
    return found.astimezone(UTC)
