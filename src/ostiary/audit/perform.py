"""One target, acquired, its code followed, every check asked. Nothing of it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.supply import SUPPLY_CHECKS
from ostiary.analyze.rules.supply.known_advisory import wanted_packages
from ostiary.analyze.supplied import Supplied
from ostiary.analyze.verdict.coverage import Coverage, coverage_of
from ostiary.audit.facts import facts_told
from ostiary.audit.order import Order
from ostiary.audit.origin import source_differences
from ostiary.audit.reach import kind_of_server, named, reach_of
from ostiary.audit.reading import Fetched, Reading
from ostiary.audit.source import SourceAudit, audit_source
from ostiary.audit.surfaces import judge_recorded
from ostiary.model.audit import Target, TargetKind
from ostiary.model.check import run
from ostiary.model.finding import Finding, order
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.supply.advisories import load_advisories, told
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.name import NoTarget, parse_target
from ostiary.supply.artifact.options import Progress


def fetch(given: str, wanted: Order, progress: Progress | None = None) -> Fetched | NotChecked:
    """The first half of an audit: whatever needs the network or the tools of an index."""
    acquired = acquire(given, wanted.acquire, progress)
    if isinstance(acquired, NotChecked):
        return acquired
    differences, gaps = source_differences(acquired, wanted)
    return Fetched(acquired, differences, gaps)


def judge(fetched: Fetched, wanted: Order) -> Reading:
    """The second half: only computes, but for reading the folder of advisories."""
    acquired = fetched.acquired
    source = audit_source(acquired.project, acquired.target.name, wanted.recorded)
    assert source.facts is not None
    return _Job(fetched, wanted, source, source.facts).done()


def audit(given: str, wanted: Order, progress: Progress | None = None) -> Reading:
    """The whole reading of one target, in this process."""
    fetched = fetch(given, wanted, progress)
    if isinstance(fetched, NotChecked):
        return unread(given, fetched, wanted.recorded)
    return judge(fetched, wanted)


def unread(
    given: str, gap: NotChecked, recorded: Surface | None = None, target: Target | None = None
) -> Reading:
    """A target that could not be read, and why; what it was seen to show is judged all the same."""
    found, failed = judge_recorded(recorded)
    tools = reach_of(None, recorded)
    return Reading(
        target=target or Target(_kind(given), given, given, "", ""),
        findings=_sorted(found),
        not_checked=(gap, *failed),
        tools=tools,
        kind=kind_of_server(None, tools).kind,
        coverage=Coverage(why=gap.reason),
        surface=recorded,
    )


def _kind(given: str) -> TargetKind:
    try:
        return parse_target(given).kind
    except NoTarget:
        return TargetKind.FOLDER


@dataclass(frozen=True, slots=True)
class _Job:
    fetched: Fetched
    wanted: Order
    source: SourceAudit
    facts: Facts

    def done(self) -> Reading:
        acquired = self.fetched.acquired
        target = _counted(acquired.target, self.facts)
        found = list(self.source.findings)
        gaps = [*acquired.not_checked, *self.fetched.not_checked, *self.source.not_checked]
        supplied, advised = self._supplied(target)
        for more, failed in (supplied, judge_recorded(self.wanted.recorded)):
            known = {(one.rule, one.location.part) for one in found}
            found += [one for one in more if (one.rule, one.location.part) not in known]
            gaps += failed
        tools = reach_of(self.facts, self.wanted.recorded)
        made = kind_of_server(self.facts, tools)
        return Reading(
            target=target,
            findings=_sorted(found),
            not_checked=tuple(gaps),
            tools=tools,
            kind=made.kind,
            coverage=coverage_of(self.facts, self.facts.unread),
            surface=self.source.surface,
            facts=(*facts_told(acquired, self.facts, self.wanted.now), *named(made), *advised),
            manifests=self.facts.manifests,
            publishers=acquired.metadata.upkeep.publishers if acquired.metadata else None,
        )

    def _supplied(
        self, target: Target
    ) -> tuple[tuple[list[Finding], list[NotChecked]], tuple[tuple[str, str], ...]]:
        """Findings and gaps of the supply, and the age of the advisories that were used."""
        acquired = self.fetched.acquired
        supplied = Supplied(
            facts=self.facts,
            target=target,
            now=self.wanted.now,
            upkeep=acquired.metadata.upkeep if acquired.metadata else None,
            traits=acquired.traits,
            differences=self.fetched.differences,
        )
        folder, now = self.wanted.advisories, self.wanted.now
        advisories, missing = load_advisories(folder, wanted_packages(supplied), now)
        found, failed = run(SUPPLY_CHECKS, replace(supplied, advisories=advisories), target.label)
        told_of = () if advisories is None else (("known advisories", told(advisories, now)),)
        return (found, [*missing, *failed]), told_of


def _counted(target: Target, facts: Facts) -> Target:
    """With lines and languages, which only a reader of the code can tell."""
    lines: Counter[str] = Counter()
    for one in facts.modules.values():
        lines[one.language] += one.lines
    languages = tuple(sorted(lines, key=lambda one: (-lines[one], one)))
    return replace(target, lines=lines.total(), languages=languages)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, what is said of one line once."""
    once: dict[tuple[object, ...], Finding] = {}
    for one in sorted(findings, key=order):
        place = one.location
        said = (one.rule, place.file, place.line, place.server, place.part, one.message)
        once.setdefault(said, one)
    return tuple(once.values())
