"""Compares two audited versions: every change in words, the release notes, the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ostiary.analyze.versions.analysed import Analysed
from ostiary.analyze.versions.concerns import TOPICS, answers, topics_of
from ostiary.analyze.versions.dependencies import dependency_changes
from ostiary.analyze.versions.found import file_changes, found_changes
from ostiary.analyze.versions.notes import notes_between
from ostiary.analyze.versions.origins import origin_changes
from ostiary.analyze.versions.reach import reach_changes
from ostiary.analyze.versions.scripts import script_changes
from ostiary.model.grade import Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.version_change import Comparison, Notes, VersionChange

_ELSEWHERE = ("known advisories", "provenance", "package metadata", "source repository")
"""Subjects whose absence says nothing about what the code of a version does."""


def compare(before: Analysed, after: Analysed, concern: str = "") -> Comparison:
    """Everything that differs from ``before`` to ``after``, worst first. Nothing where one of them
    was not read: what it has would look new, or gone."""
    missing = [one for one in (before, after) if one.unread]
    if missing:
        return _unknown(before, after, concern, missing)
    notes: tuple[Notes, ...] = ()
    if after.project is not None:
        versions = before.result.target.version, after.result.target.version
        notes = notes_between(after.project, *versions)
    changes = sorted(
        (_with_mention(one, notes) for one in dict.fromkeys(_changes(before, after))),
        key=lambda one: (-one.severity, one.kind.value, one.says, one.before, one.after),
    )
    not_seen = tuple(_not_seen(before, after))
    return Comparison(
        before=before.result.target.label,
        after=after.result.target.label,
        changes=tuple(changes),
        notes=notes,
        answers=answers(concern, changes, not_seen),
        not_compared=tuple(dict.fromkeys(why for _, why in not_seen)),
    )


def _unknown(
    before: Analysed, after: Analysed, concern: str, missing: list[Analysed]
) -> Comparison:
    whys = [f"{one.result.target.label} was not read: {one.unread}" for one in missing]
    not_seen = [(what, why) for why in whys for what in ("code", "manifests")]
    return Comparison(
        before=before.result.target.label,
        after=after.result.target.label,
        changes=(),
        notes=(),
        answers=answers(concern, (), not_seen),
        not_compared=tuple(whys),
    )


def _changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    yield from dependency_changes(before, after)
    yield from script_changes(before, after)
    yield from origin_changes(before, after)
    yield from reach_changes(before, after)
    yield from found_changes(before, after)
    yield from file_changes(before, after)


def _with_mention(change: VersionChange, notes: tuple[Notes, ...]) -> VersionChange:
    """Whether the release notes speak of what a weighty change is about, by topic or by name."""
    if not notes or change.severity < Severity.MEDIUM:
        return change
    text = " ".join(body for one in notes for _, body in one.sections)
    said = {topic.name for topic in topics_of(text[:200_000])}
    own = [topic.name for topic in TOPICS if topic.concerns(change)]
    named = bool(change.topic) and change.topic.lower() in text.lower()
    return replace(change, mentioned=named or not said.isdisjoint(own))


def _not_seen(before: Analysed, after: Analysed) -> Iterator[tuple[str, str]]:
    for side in (before, after):
        label = side.result.target.label
        for gap in side.result.not_checked:
            if not gap.subject.startswith(_ELSEWHERE):
                yield "code", f"{label}: {_gap(gap)}"
        if not side.manifests:
            yield "manifests", f"{label}: no manifest was found"
        for manifest in side.manifests:
            for reason in manifest.unreadable:
                yield "manifests", f"{label}: {manifest.file}: {reason}"


def _gap(gap: NotChecked) -> str:
    return f"{gap.subject} was not checked: {gap.reason}"
