"""Whether anybody looks after the package: age, abandonment, deprecation, a release of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.supplied import Supplied, Upkeep
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, visible

ABANDONED = Rule(
    id="abandoned-package",
    title="Nobody has released it for two years",
    category=Category.SUPPLY,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Reports a package whose newest release is older than two years, and one that was released "
        "once and never again for a year. It is judged: a small package without dependencies "
        "whose code reaches no network may be finished rather than abandoned, and is a note for "
        "pedantic readers that says so."
    ),
    attack=(
        "Flaws that are found are not mended, dependencies age, and an account that nobody uses is "
        "the one that is taken over unnoticed."
    ),
    remedy="Look for a maintained package that does the same, or take over its upkeep.",
    references=("CWE-1104", "CoSAI-MCP-T11", "MCP04:2025"),
)

DEPRECATED = Rule(
    id="deprecated-package",
    title="Author deprecated or withdrew this version",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports a version that its author marked as deprecated, or that was yanked from the "
        "index. The author's reason is shown as it was written; it is a claim."
    ),
    attack="Versions are withdrawn because they break or because they are dangerous.",
    remedy="Take the version or the package that the author's note names.",
    references=("CWE-1104", "CoSAI-MCP-T11", "MCP04:2025"),
)

FRESH = Rule(
    id="fresh-release",
    title="This version was published within three days",
    category=Category.SUPPLY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Reports a version younger than three days, and tells everybody where it is the first "
        "release for a year: that is what a stolen publishing account looks like."
    ),
    attack=(
        "Releases of a taken-over account are found within hours or days. Whoever installs at once "
        "installs before anybody looked."
    ),
    remedy="Wait some days, or compare it with the version before: `ostiary audit A --against B`.",
    references=("CWE-829", "MCP04:2025", "SAFE-T1002", "AML.T0109", "CoSAI-MCP-T11"),
)

OLD = timedelta(days=730)
SINGLE = timedelta(days=365)
YOUNG = timedelta(days=3)
_SMALL = 2000
"""Lines of code up to which a package is small enough to be finished."""

_NETWORK = frozenset(
    {EffectKind.REQUEST, EffectKind.CONNECT, EffectKind.LISTEN, EffectKind.MAIL, EffectKind.MESSAGE}
)


def look(supplied: Supplied) -> Iterator[Finding]:
    upkeep = supplied.upkeep
    if upkeep is None:
        return
    yield from _deprecated(supplied, upkeep)
    yield from _abandoned(supplied, upkeep)
    yield from _fresh(supplied, upkeep)


def _place(supplied: Supplied) -> Location:
    return Location(part=supplied.target.label)


def _deprecated(supplied: Supplied, upkeep: Upkeep) -> Iterator[Finding]:
    for word, note in (("deprecated", upkeep.deprecated), ("withdrawn", upkeep.withdrawn)):
        if note:
            says = f"{visible(supplied.target.label)} is {word}: {visible(note, EXCERPT)}"
            yield DEPRECATED.finding(says, _place(supplied), mark=word)


def _abandoned(supplied: Supplied, upkeep: Upkeep) -> Iterator[Finding]:
    latest = upkeep.latest
    if latest is None:
        return
    age = supplied.now - latest[1]
    once = len(upkeep.releases) == 1
    if age < (SINGLE if once else OLD):
        return
    months = age.days // 30
    how = "was released once and never again" if once else "had its last release"
    says = f"{visible(supplied.target.name)} {how}, {months} months ago"
    good, bad = acceptable(supplied)
    if not bad:
        says += f"; that may be acceptable: it {', '.join(good)}"
    else:
        says += f"; that matters: it {', '.join(bad)}"
    yield ABANDONED.finding(
        f"{says}.",
        _place(supplied),
        evidence=[Evidence(f"the index lists {latest[0]} of {latest[1].date()}", _place(supplied))],
        severity=None if bad else Severity.INFO,
        persona=None if bad else Persona.PEDANTIC,
        mark="once" if once else "old",
    )


def acceptable(supplied: Supplied) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks for a finished package, and what speaks against it; both in words.

    What could not be read speaks against it: unknown is not clean.
    """
    good: list[str] = []
    bad: list[str] = []
    facts, target = supplied.facts, supplied.target
    small = 0 < target.lines <= _SMALL
    (good if small else bad).append(f"has {target.lines:,} lines of code")
    count = len(
        {
            one.name
            for manifest in facts.manifests
            if manifest.ecosystem in {"npm", "pypi"} and not manifest.says("lock")
            for one in manifest.dependencies
            if one.group == "runtime" and one.name
        }
    )
    (bad if count else good).append(f"depends on {count or 'no other'} packages")
    online = any(one.kind in _NETWORK for one in facts.effects)
    (bad if online else good).append("uses the network" if online else "uses no network")
    if facts.not_checked:
        bad.append("could not be read whole")
    return tuple(good), tuple(bad)


def _fresh(supplied: Supplied, upkeep: Upkeep) -> Iterator[Finding]:
    published = upkeep.published(supplied.target.version)
    if published is None or supplied.now - published > YOUNG:
        return
    before = [when for _, when in upkeep.releases if when < published]
    gap = published - max(before) if before else timedelta()
    waking = gap > SINGLE
    hours = max(int((supplied.now - published).total_seconds() // 3600), 0)
    says = f"{visible(supplied.target.label)} was published {hours} hours ago"
    if waking:
        says += f", the first release for {gap.days // 30} months"
    yield FRESH.finding(
        f"{says}.",
        _place(supplied),
        severity=Severity.MEDIUM if waking else None,
        persona=Persona.DEFAULT if waking else None,
        mark="waking" if waking else "fresh",
    )


CHECK = Check((DEPRECATED, ABANDONED, FRESH), look)
