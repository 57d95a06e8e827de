"""What is different between two surfaces of one server, in words and with what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.surface import Surface
from ostiary.surface.drift.identity import artifact, identity, silent
from ostiary.surface.drift.items import Gained, kind_changes
from ostiary.surface.drift.lists import PARTS, items_of, unread
from ostiary.surface.drift.pairing import Pairing, pair
from ostiary.surface.drift.planted import planted, planted_instructions
from ostiary.surface.drift.powers import server_powers


def differences(before: Surface, after: Surface) -> tuple[Change, ...]:
    """Every difference from ``before`` to ``after``, worst first; none for equal surfaces.

    What is absent from a list that could not be read to its end is no change: that is told
    elsewhere as not checked.
    """
    names = frozenset(tool.name for tool in after.tools)
    gained: Gained = []
    changes = list(identity(before, after, names))
    pairings: list[Pairing] = []
    for part in PARTS:
        old, new = items_of(before, part), items_of(after, part)
        pairing = pair(old, new)
        if part in unread(after):
            pairing = replace(pairing, removed=())
        if part in unread(before) and not old:
            pairing = replace(pairing, added=())
        found = kind_changes(after.server, pairing, names, gained)
        pairings.append(pairing)
        changes += found
    changes += server_powers(after.server, before.tools, gained)
    changes += _planted(before, after, pairings, names)
    changes += silent(before, after, severity_of(changes))
    changes += artifact(before, after, bool(changes))
    return tuple(sorted(dict.fromkeys(changes), key=_order))


def severity_of(changes: Iterable[Change]) -> Severity | None:
    """The worst severity among ``changes``; ``None`` when nothing changed."""
    return max((change.severity for change in changes), default=None)


def _order(change: Change) -> tuple[int, str, str, str, str, str]:
    return (
        -change.severity,
        change.part,
        change.kind,
        change.says,
        change.before,
        change.after,
    )


def _planted(
    before: Surface, after: Surface, pairings: Sequence[Pairing], names: frozenset[str]
) -> Iterator[Change]:
    """Texts of changed and added items, and the instructions if they changed."""
    if before.instructions != after.instructions:
        yield from planted_instructions(before, after, names)
    for one in pairings:
        for old, new in (*one.changed, *one.renamed):
            yield from planted(after.server, old, new, names)
        for new in one.added:
            yield from planted(after.server, None, new, names)
