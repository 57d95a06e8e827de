"""A package held against the source repository that it names."""

from __future__ import annotations

from ostiary.analyze.supplied import Difference
from ostiary.audit.order import Order
from ostiary.model.audit import TargetKind
from ostiary.model.outcome import NotChecked
from ostiary.model.visible import visible
from ostiary.supply.artifact.acquired import Acquired, Unobtainable
from ostiary.supply.artifact.compare import compare
from ostiary.supply.artifact.repository import address_of
from ostiary.supply.artifact.source_tree import folder_in_source, release_names, source_tree
from ostiary.supply.cache import CacheFull

SUBJECT = "source repository"
_PACKAGES = (TargetKind.NPM, TargetKind.PYPI)
Compared = tuple[tuple[Difference, ...] | None, tuple[NotChecked, ...]]


def source_differences(acquired: Acquired, order: Order) -> Compared:
    """Files that package and source do not share, or why they were not compared. Only packages of
    an index have a source elsewhere."""
    metadata, known = acquired.metadata, acquired.differences
    if acquired.target.kind not in _PACKAGES or metadata is None:
        return known, ()
    address = address_of(metadata.repository)
    if not address:
        return known, _gap("the package names no repository", "ask its author where its source is")
    if not (order.compare_source and order.acquire.may_fetch):
        reason = f"the package was not compared with {visible(address, 200)}, which it names"
        return known, _gap(reason, "allow that to be fetched: --compare-source, on the network")
    return _fetched(acquired, address, order)


def _fetched(acquired: Acquired, address: str, order: Order) -> Compared:
    revisions = release_names(acquired.target.name, acquired.target.version)
    try:
        source = source_tree(address, revisions, order.acquire)
    except (Unobtainable, CacheFull) as error:
        remedy = getattr(error, "remedy", "") or "free space, or name another folder"
        return acquired.differences, _gap(f"{visible(address, 200)}: {error}", remedy)
    found = compare(acquired.stated, source, folder_in_source(acquired.project))
    every = dict.fromkeys((*(acquired.differences or ()), *found))
    return tuple(sorted(every, key=lambda one: (one.path, one.kind))), ()


def _gap(reason: str, remedy: str) -> tuple[NotChecked, ...]:
    return (NotChecked(SUBJECT, reason, remedy),)
