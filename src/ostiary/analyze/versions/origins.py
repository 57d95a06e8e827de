"""Who published it, and what could be proved of where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.rules.supply.licence import manifest_at_top
from ostiary.analyze.versions.analysed import Analysed
from ostiary.model.audit import Proof, Standing
from ostiary.model.grade import Severity
from ostiary.model.version_change import ChangeKind, VersionChange
from ostiary.model.visible import EXCERPT, NAME, visible

_OF_BYTES = ("index digest",)
"""Proofs of which bytes they are: they name no origin, and are others with every version."""


def origin_changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    yield from _proofs(before.result.target.proofs, after.result.target.proofs)
    yield from _publishers(before.publishers, after.publishers)
    yield from _source(before, after)
    yield from _licence(before, after)


def _proofs(old: tuple[Proof, ...], new: tuple[Proof, ...]) -> Iterator[VersionChange]:
    """A proof that was there and is not is a regression: a stolen account publishes by hand."""
    after = {one.kind: one for one in new}
    for one in old:
        now = after.get(one.kind)
        if one.standing is not Standing.VERIFIED:
            continue
        standing = Standing.ABSENT if now is None else now.standing
        if standing is Standing.VERIFIED and now is not None:
            if now.says != one.says and one.kind not in _OF_BYTES:
                yield _proof(f"{one.kind} names another origin", one, now, Severity.LOW)
        elif standing is not Standing.NOT_CHECKED:
            weight = Severity.CRITICAL if standing is Standing.FAILED else Severity.HIGH
            yield _proof(f"{one.kind} was verified before and is {standing} now", one, now, weight)


def _proof(says: str, old: Proof, new: Proof | None, severity: Severity) -> VersionChange:
    after = visible(new.says, EXCERPT) if new else ""
    before = visible(old.says, EXCERPT)
    return VersionChange(ChangeKind.PROVENANCE, says, severity, before, after, topic=old.kind)


def _publishers(
    old: tuple[str, ...] | None, new: tuple[str, ...] | None
) -> Iterator[VersionChange]:
    if old is None or new is None:
        return
    came = [visible(one, NAME) for one in new if one not in old]
    went = [visible(one, NAME) for one in old if one not in new]
    before, after = (", ".join(visible(one, NAME) for one in each[:20]) for each in (old, new))
    if came:
        whole = bool(old) and not set(old) & set(new)
        says = f"may be published by {', '.join(came[:5])}" + (" and none of those before" * whole)
        weight = Severity.HIGH if whole else Severity.MEDIUM
        yield VersionChange(ChangeKind.PUBLISHER, says, weight, before, after, topic="added")
    elif went:
        says = f"is no longer published by {', '.join(went[:5])}"
        yield VersionChange(ChangeKind.PUBLISHER, says, Severity.LOW, before, after, topic="lost")


def _source(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    old, new = before.result.target.source, after.result.target.source
    if old and old != new:
        says = "names another source repository" if new else "no longer names its source"
        weight = Severity.MEDIUM
        shown = visible(old, NAME), visible(new, NAME)
        yield VersionChange(ChangeKind.PROVENANCE, says, weight, *shown, topic="source")


def _licence(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    old, new = manifest_at_top(before.manifests), manifest_at_top(after.manifests)
    if old is not None and new is not None and old.licence != new.licence:
        shown = visible(old.licence, NAME), visible(new.licence, NAME)
        says = "is under another licence" if new.licence else "no longer names a licence"
        yield VersionChange(ChangeKind.LICENCE, says, Severity.LOW, *shown, topic="licence")
