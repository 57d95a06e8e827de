"""One fact, one finding: a finding that another at the same place explains becomes its evidence."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from ostiary.model.finding import Evidence, Finding, Location, order
from ostiary.model.grade import Persona

_MOST = 40
"""Pieces of evidence that one finding carries; a report is read by people."""


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that tell one fact when they meet at one place. The first of them speaks."""

    rules: tuple[str, ...]
    """The one that says most comes first; it explains those that follow."""
    places: Callable[[Finding], Iterable[Hashable]]
    """What a finding is about. Findings that share a place, also by way of a third, are one."""


def _part(finding: Finding) -> Iterator[Hashable]:
    """The tool, prompt or resource, whichever of its texts: ``tool a, description`` is tool a."""
    at = finding.location
    if at.server and at.part:
        yield at.server, at.part.partition(",")[0]


def _server(finding: Finding) -> Iterator[Hashable]:
    if finding.location.server:
        yield finding.location.server


def _copies(finding: Finding) -> Iterator[Hashable]:
    """Every position in a file at which a credential stands."""
    for at in (finding.location, *(step.location for step in finding.evidence)):
        if at.file and (at.pointer or at.line is not None):
            yield at.file, at.pointer, at.line, at.part


def _client_and_server(finding: Finding) -> Iterator[Hashable]:
    """Each server as one client has it."""
    for at in (finding.location, *(step.location for step in finding.evidence)):
        if at.client and at.server:
            yield at.client, at.server


def _client(finding: Finding) -> Iterator[Hashable]:
    if finding.location.client:
        yield finding.location.client


FAMILIES = (
    Family(
        (
            "drift-planted",
            "planted-instruction",
            "sensitive-file-order",
            "data-to-fixed-destination",
            "consent-bypass-text",
            "talks-of-other-servers",
            "hidden-characters",
            "invisible-markup",
            "terminal-escape",
            "role-marker",
            "encoded-instruction",
            "schema-poisoning",
            "confusable-characters",
            "context-harvesting-parameter",
            "preference-manipulation",
            "encoded-blob",
        ),
        _part,
    ),
    Family(
        (
            "secret-in-shared-file",
            "secret-in-url",
            "secret-in-arguments",
            "secret-in-config",
            "coarse-credential",
            "long-session",
            "credential-in-many-places",
        ),
        _copies,
    ),
    Family(("broad-filesystem-root", "configuration-write"), _client_and_server),
    Family(("give-everything", "configuration-write"), _client_and_server),
    Family(("untrusted-content-to-code", "file-and-code-runner"), _client),
    Family(("drift-power", "surface-changed"), _server),
)
"""An instruction in one tool; one credential; one file server; a way to run code in one client;
what an update of one server brought."""


def explained(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, each fact told once to a default reader.

    Of the findings of a family that are about one place the loudest and first-named rule speaks:
    it keeps its own confidence and gets the worst severity and the sentences and evidence of the
    others. The others stay, for strict readers. Nothing is dropped.
    """
    found = list(findings)
    for family in FAMILIES:
        found = _settle(family, found)
    return found


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once; of several with one fingerprint the worst stays."""
    found: dict[str, Finding] = {}
    for one in sorted(findings, key=order):
        found.setdefault(one.fingerprint, one)
    return list(found.values())


def _settle(family: Family, findings: list[Finding]) -> list[Finding]:
    mine = sorted((one for one in findings if one.rule in family.rules), key=order)
    settled = [one for one in findings if one.rule not in family.rules]
    for group in _groups(mine, family.places):
        speaks = min(group, key=lambda one: (one.persona, family.rules.index(one.rule), order(one)))
        others = [one for one in group if one is not speaks]
        settled.append(_with(speaks, others))
        settled += [replace(one, persona=max(one.persona, Persona.STRICT)) for one in others]
    return settled


def _groups(
    findings: list[Finding], places: Callable[[Finding], Iterable[Hashable]]
) -> list[list[Finding]]:
    """Findings that share places, directly or through others; each finding is in one group."""
    joined = list(range(len(findings)))

    def head(number: int) -> int:
        while joined[number] != number:
            joined[number] = joined[joined[number]]
            number = joined[number]
        return number

    owner: dict[Hashable, int] = {}
    for number, finding in enumerate(findings):
        for place in places(finding):
            other = head(owner.setdefault(place, number))
            joined[max(other, head(number))] = min(other, head(number))
    groups: dict[int, list[Finding]] = {}
    for number, finding in enumerate(findings):
        groups.setdefault(head(number), []).append(finding)
    return list(groups.values())


def _with(speaks: Finding, others: list[Finding]) -> Finding:
    if not others:
        return speaks
    evidence = list(speaks.evidence)
    seen = {_position(step) for step in evidence}
    for one in others:
        sentence = Evidence(f"also ({one.rule}): {one.message}", one.location)
        for step in (sentence, *one.evidence):
            if _position(step) not in seen:
                seen.add(_position(step))
                evidence.append(step)
    return replace(
        speaks,
        severity=max(one.severity for one in (speaks, *others)),
        evidence=tuple(evidence[:_MOST]),
    )


def _position(step: Evidence) -> tuple[Location, str]:
    """Two steps at one place with one excerpt show the same; without one, their words count."""
    return step.location, step.excerpt or step.says
