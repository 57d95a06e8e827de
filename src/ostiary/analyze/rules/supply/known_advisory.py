"""Published advisories about the package itself and about what it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.analyze.advisories.advisory import Advisories, Advisory, package_key
from ostiary.analyze.advisories.match import Opening, Verdict, affects, opening
from ostiary.analyze.manifests.address import is_direct, is_local
from ostiary.analyze.manifests.package import Dependency
from ostiary.analyze.supplied import Supplied
from ostiary.model.audit import TargetKind
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

VULNERABLE = Rule(
    id="known-advisory",
    title="Version with a published advisory",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Holds the package's version, and every dependency whose version a lock file or a pin "
        "fixes, against advisories from a local folder of OSV records. A range that fixes no "
        "version is reported where it admits affected versions and no fixed one; where it admits a "
        "fixed one as well, that is a note for pedantic readers. Development dependencies are "
        "told to strict readers. Without the folder, or with expired records, this is not checked."
    ),
    attack="The advisory describes the way in; working code for many of these is public.",
    remedy="Take the fixed version that the finding names, or another package if there is none.",
    references=("CWE-1104", "CWE-1357", "MCP04:2025", "SAFE-T1002", "CoSAI-MCP-T11", "ASI04:2026"),
)

MALICIOUS = Rule(
    id="known-malicious-package",
    title="Package was reported as malicious",
    category=Category.SUPPLY,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports the package or a dependency of it, development ones included, whose version a "
        "record of the collection of malicious packages (`MAL-…`) names."
    ),
    attack="The package was made, or taken over, to harm whoever installs it.",
    remedy=(
        "Do not install it. Where it was installed, treat every credential on that machine as "
        "known to others."
    ),
    references=(
        "CWE-506",
        "MCP04:2025",
        "SAFE-T1003",
        "SAFE-T1002",
        "AML.T0011.001",
        "ASI04:2026",
    ),
)

_MOST = 300


@dataclass(frozen=True, slots=True)
class _Held:
    """One package that is held against the advisories."""

    ecosystem: str
    name: str
    version: str
    wanted: str
    group: str
    place: Location
    own: bool = False


def look(supplied: Supplied) -> Iterator[Finding]:
    """One finding for each package and rule, all its advisories in it."""
    advisories = supplied.advisories
    if advisories is None:
        return
    told = 0
    for one in _held(supplied):
        for finding in _judge(one, advisories):
            told += 1
            if told <= _MOST:
                yield finding


def wanted_packages(supplied: Supplied) -> tuple[tuple[str, str], ...]:
    """Ecosystem and name of everything that :func:`look` would ask about."""
    return tuple(dict.fromkeys((one.ecosystem, one.name) for one in _held(supplied)))


def _held(supplied: Supplied) -> Iterator[_Held]:
    own = supplied.target
    if own.kind in {TargetKind.NPM, TargetKind.PYPI}:
        place = Location(part=own.label)
        yield _Held(own.kind.value, own.name, own.version, own.version, "runtime", place, True)
    seen: set[tuple[str, str, str]] = set()
    locked = _locked(supplied)
    for manifest in supplied.facts.manifests:
        for one in manifest.dependencies:
            if not one.name or is_direct(one.wanted) or is_local(one.wanted):
                continue
            key = one.ecosystem, package_key(one.ecosystem, one.name), one.locked or one.wanted
            open_but_locked = not one.locked and key[:2] in locked
            if key in seen or open_but_locked:
                continue
            seen.add(key)
            yield _of(one)


def _locked(supplied: Supplied) -> frozenset[tuple[str, str]]:
    return frozenset(
        (one.ecosystem, package_key(one.ecosystem, one.name))
        for manifest in supplied.facts.manifests
        if manifest.says("lock")
        for one in manifest.dependencies
        if one.locked
    )


def _of(one: Dependency) -> _Held:
    place = Location(file=one.file, line=one.line)
    return _Held(one.ecosystem, one.name, one.locked, one.wanted, one.group, place)


def _judge(one: _Held, advisories: Advisories) -> Iterator[Finding]:
    malicious: list[Advisory] = []
    sure: list[Advisory] = []
    must: list[Advisory] = []
    may: list[Advisory] = []
    for advisory in advisories.about(one.ecosystem, one.name):
        hit = _hit(one, advisory)
        if hit is None or hit is Opening.CLOSED:
            continue
        if advisory.malicious:
            malicious.append(advisory)
        else:
            {True: sure, Opening.MUST: must, Opening.MAY: may}[hit].append(advisory)
    if malicious:
        yield _finding(MALICIOUS, one, malicious, "", Severity.CRITICAL)
    if sure:
        yield _finding(VULNERABLE, one, sure, "", _worst(sure))
    if must:
        says = ", and no version that it may install is fixed"
        yield _finding(VULNERABLE, one, must, says, _worst(must), confidence=Confidence.MEDIUM)
    if may:
        says = " in old versions that its range still admits"
        yield _finding(VULNERABLE, one, may, says, Severity.INFO)


def _hit(one: _Held, advisory: Advisory) -> bool | Opening | None:
    """``True`` for an exact version that is affected; what a range leaves open; or ``None``.

    A malicious package is held to exact versions, or to all of them where the record says all.
    """
    key = package_key(one.ecosystem, one.name)
    found: list[bool | Opening] = []
    for each in advisory.affected:
        if (each.ecosystem, each.package) != (one.ecosystem, key):
            continue
        if one.version:
            if affects(each, one.version) is Verdict.YES:
                return True
            continue
        left = opening(each, one.wanted)
        if left is Opening.MUST or (left is Opening.MAY and not advisory.malicious):
            found.append(left)
    if Opening.MUST in found:
        return Opening.MUST
    return found[0] if found else None


def _worst(advisories: list[Advisory]) -> Severity:
    """An advisory that states no severity counts as medium."""
    stated = (Severity.MEDIUM if one.severity is None else one.severity for one in advisories)
    return max(stated)


def _finding(
    rule: Rule,
    one: _Held,
    advisories: list[Advisory],
    says: str,
    severity: Severity,
    *,
    confidence: Confidence | None = None,
) -> Finding:
    name = visible(f"{one.name} {one.version or one.wanted}".strip(), NAME)
    ids = [visible(each.label, NAME) for each in advisories]
    more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
    quiet = one.group == "development" and rule is VULNERABLE
    persona = Persona.PEDANTIC if severity is Severity.INFO else None
    return rule.finding(
        f"{'The package' if one.own else 'The dependency'} {name} is affected by "
        f"{', '.join(ids[:4])}{more}{says}{_mended(one, advisories)}.",
        one.place,
        evidence=[
            Evidence(
                f"{visible(each.label, NAME)}, changed {visible(each.modified, 40)}",
                one.place,
                each.summary,
            )
            for each in advisories[:10]
        ],
        severity=min(severity, Severity.LOW) if quiet else severity,
        confidence=confidence,
        persona=persona or (Persona.STRICT if quiet else None),
        mark="|".join((one.name, *sorted(each.id for each in advisories))),
    )


def _mended(one: _Held, advisories: list[Advisory]) -> str:
    key = package_key(one.ecosystem, one.name)
    fixed = [
        visible(version, NAME)
        for advisory in advisories
        for each in advisory.affected
        if each.package == key
        for version in each.fixed
    ]
    return f" (fixed in {', '.join(dict.fromkeys(fixed[:4]))})" if fixed else ""


CHECK = Check((MALICIOUS, VULNERABLE), look)
