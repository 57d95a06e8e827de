"""Findings that are new, findings that are gone, and files that changed."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.versions.analysed import Analysed
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.version_change import ChangeKind, VersionChange

_SELF_UPDATE = "SAFE-T1207"
"""Hijack Update Mechanism: rules on code that a server fetches for itself carry it."""


def found_changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    """By rule and file, and not by line: code moves. Two of one rule in one file are counted."""
    old, new = _counted(before.result.findings), _counted(after.result.findings)
    for key in sorted(new):
        more = len(new[key]) - len(old.get(key, ()))
        if more > 0:
            yield _new(new[key], more)
    for key in sorted(old):
        less = len(old[key]) - len(new.get(key, ()))
        if less > 0:
            one = old[key][0]
            says = f"{one.title}: {_times(less)} gone from {key[1] or 'it'}"
            yield VersionChange(
                ChangeKind.FIXED, says, Severity.INFO, one.message[:240], topic=one.rule
            )


def _counted(findings: tuple[Finding, ...]) -> dict[tuple[str, str], list[Finding]]:
    found: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        found.setdefault((one.rule, one.location.file or one.location.part), []).append(one)
    return found


def _new(findings: list[Finding], more: int) -> VersionChange:
    worst = max(findings, key=lambda one: one.severity)
    updates = _SELF_UPDATE in worst.references or "self-update" in worst.rule
    kind = ChangeKind.SELF_UPDATE if updates else ChangeKind.FINDING
    where = worst.location.words()
    says = f"{worst.title}: {_times(more)} more, at {where}"
    return VersionChange(kind, says, worst.severity, "", worst.message[:240], topic=worst.rule)


def _times(count: int) -> str:
    return "one" if count == 1 else str(count)


def file_changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    """One line of counts; nothing where the files of one version are not at hand."""
    if before.project is None or after.project is None:
        return
    old, new = before.project.files, after.project.files
    came, went = new.keys() - old.keys(), old.keys() - new.keys()
    other = [path for path in old.keys() & new.keys() if old[path].data != new[path].data]
    if came or went or other:
        says = f"files: {len(came):,} came, {len(went):,} went, {len(other):,} changed"
        yield VersionChange(ChangeKind.FILES, says, Severity.INFO, topic="files")
