"""Findings that are new, findings that are gone, and files that changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ostiary.analyze.versions.analysed import Analysed
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.version_change import ChangeKind, VersionChange

_SELF_UPDATE = "SAFE-T1207"
"""Hijack Update Mechanism: rules on code that a server fetches for itself carry it."""


def found_changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    """By rule and file, and not by line: code moves. Two of one rule in one file are counted, and
    one that says the same in a file of another name only moved with it."""
    old, new = _counted(before), _counted(after)
    came, went = _surplus(new, old), _surplus(old, new)
    _drop_moved(came, went)
    for key in sorted(key for key, kept in came.items() if kept):
        yield _new(new[key], len(came[key]))
    for key in sorted(key for key, kept in went.items() if kept):
        one = went[key][0].finding
        says = f"{one.title}: {_times(len(went[key]))} gone from {key[1] or 'it'}"
        yield VersionChange(
            ChangeKind.FIXED, says, Severity.INFO, one.message[:240], topic=one.rule
        )


class _Said(NamedTuple):
    """A finding, and how gravely it says what, without the version and the file it is about."""

    finding: Finding
    says: str


_Key = tuple[str, str]
"""Rule and file, or what else the finding is about."""


def _counted(version: Analysed) -> dict[_Key, list[_Said]]:
    label = version.result.target.label
    found: dict[_Key, list[_Said]] = {}
    for one in version.result.findings:
        place = one.location.file or one.location.part
        words = one.message.replace(label, "").replace(place, "")
        says = f"{one.severity.word}: {words}"
        found.setdefault((one.rule, place), []).append(_Said(one, says))
    return found


def _surplus(
    many: dict[_Key, list[_Said]], others: dict[_Key, list[_Said]]
) -> dict[_Key, list[_Said]]:
    """How many more there are of one rule in one place: those first that say something else."""
    surplus = {}
    for key, own in many.items():
        theirs = others.get(key, ())
        known = {one.says for one in theirs}
        ordered = sorted(own, key=lambda one: one.says in known)
        surplus[key] = ordered[: max(0, len(own) - len(theirs))]
    return surplus


def _drop_moved(came: dict[_Key, list[_Said]], went: dict[_Key, list[_Said]]) -> None:
    """Take out what stands in both under different places: a bundler names its files anew."""
    gone: dict[tuple[str, str], list[tuple[_Key, _Said]]] = {}
    for key, kept in went.items():
        for one in kept:
            gone.setdefault((key[0], one.says), []).append((key, one))
    for key, kept in came.items():
        for one in tuple(kept):
            match = gone.get((key[0], one.says))
            if match:
                place, same = match.pop()
                went[place].remove(same)
                kept.remove(one)


def _new(findings: list[_Said], more: int) -> VersionChange:
    worst = max((one.finding for one in findings), key=lambda one: one.severity)
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
