"""What is different between two surfaces of one server, in words and with what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.surface import Item, Surface, Tool
from ostiary.surface.drift.identity import identity, silent
from ostiary.surface.drift.items import Gained, kind_changes
from ostiary.surface.drift.pairing import Pairing
from ostiary.surface.drift.planted import hits, planted
from ostiary.surface.drift.powers import server_powers
from ostiary.surface.passages import passages


def differences(before: Surface, after: Surface) -> tuple[Change, ...]:
    """Every difference from ``before`` to ``after``, worst first; none for equal surfaces.

    A part that could not be read on one of the two occasions is left out: its absence is told
    elsewhere as not checked and is no change.
    """
    before, after = _comparable(before, after)
    names = frozenset(tool.name for tool in after.tools)
    gained: Gained = []
    changes = list(identity(before, after, names))
    pairings: list[Pairing] = []
    for old, new in _kinds(before, after):
        pairing, found = kind_changes(after.server, old, new, names, gained)
        pairings.append(pairing)
        changes += found
    changes += server_powers(after.server, before.tools, gained)
    changes += _planted(before, after, pairings, names)
    changes += silent(before, after, severity_of(changes))
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


def _kinds(before: Surface, after: Surface) -> Iterator[tuple[Sequence[Item], Sequence[Item]]]:
    yield before.tools, after.tools
    yield before.prompts, after.prompts
    yield before.resources, after.resources
    yield before.templates, after.templates


_PARTS = ("tools", "prompts", "resources", "templates")


def _comparable(before: Surface, after: Surface) -> tuple[Surface, Surface]:
    """Both surfaces without the lists that were not read whole in either."""
    told = " ".join((*before.missing, *after.missing)).lower()
    for part in _PARTS:
        if part in told:
            before, after = _without(before, part), _without(after, part)
    return before, after


def _without(surface: Surface, part: str) -> Surface:
    match part:
        case "tools":
            return replace(surface, tools=())
        case "prompts":
            return replace(surface, prompts=())
        case "resources":
            return replace(surface, resources=())
        case _:
            return replace(surface, templates=())


def _planted(
    before: Surface, after: Surface, pairings: Sequence[Pairing], names: frozenset[str]
) -> Iterator[Change]:
    """Texts of changed and added items, and the instructions if they changed."""
    old_items = [old for one in pairings for old, _ in (*one.changed, *one.renamed)]
    new_items = [new for one in pairings for _, new in (*one.changed, *one.renamed)]
    new_items += [new for one in pairings for new in one.added]
    changed = before.instructions != after.instructions
    old = hits(passages(_only(before, old_items, changed)), names)
    new = hits(passages(_only(after, new_items, changed)), names)
    yield from planted(after.server, old, new)


def _only(surface: Surface, items: Sequence[Item], instructions: bool) -> Surface:
    return replace(
        surface,
        instructions=surface.instructions if instructions else "",
        tools=tuple(item for item in items if isinstance(item, Tool)),
        prompts=tuple(item for item in items if item.kind == "prompt"),
        resources=tuple(item for item in items if item.kind == "resource"),
        templates=tuple(item for item in items if item.kind == "template"),
    )
