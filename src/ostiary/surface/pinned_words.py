"""Tells in words how something that is withheld differs from what was approved."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.flow.levels import tool_access
from ostiary.model.approval import Approval
from ostiary.model.change import Change
from ostiary.model.json import JsonObject
from ostiary.model.surface import Item, Surface, Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.drift.identity import identity
from ostiary.surface.drift.items import item_changes
from ostiary.surface.drift.planted import planted, planted_instructions
from ostiary.surface.drift.powers import VERBS

MOST_LINES = 12


def item_words(
    approval: Approval, kind: str, name: str, before: JsonObject | None, after: JsonObject
) -> tuple[str, ...]:
    """How one item differs, worst first; what it can do if it was not there before.

    ``before`` is ``None`` for what was never approved and empty where only a digest was kept.
    """
    now = made(kind, name, after)
    names = frozenset(one.name for one in approval.items if one.kind == "tool")
    if not before:
        said = f"{visible(name, NAME)} was not there before" if before is None else "it changed"
        return _lines([*planted(approval.server, None, now, names)], [said, *_can(now)])
    then = made(kind, name, before)
    changes = item_changes(approval.server, then, now, names, [])
    return _lines([*changes, *planted(approval.server, then, now, names)])


def instructions_words(approval: Approval, words: str) -> tuple[str, ...]:
    """How the instructions differ, worst first."""
    before = Surface(approval.server, "", None, instructions=approval.instructions_text)
    after = Surface(approval.server, "", None, instructions=words)
    names = frozenset(one.name for one in approval.items if one.kind == "tool")
    changes = [*identity(before, after, names), *planted_instructions(before, after, names)]
    return _lines(changes)


def capabilities_words(approval: Approval, declared: JsonObject) -> tuple[str, ...]:
    """Which capabilities came, went or differ."""
    before = Surface(approval.server, "", None, capabilities=approval.capabilities_declared)
    after = Surface(approval.server, "", None, capabilities=declared)
    return _lines(identity(before, after, frozenset()))


def made(kind: str, name: str, raw: JsonObject) -> Item:
    """An item for comparing; its digest is not needed for that."""
    sort = Tool if kind == "tool" else Item
    return sort(kind=kind, name=name, raw=raw, digest="")


def line(change: Change) -> str:
    """One change as a line: what, then the excerpts that show it."""
    shown = " → ".join(f"“{one}”" if one else "nothing" for one in (change.before, change.after))
    return f"{change.says}: {shown}" if change.before or change.after else change.says


def _lines(changes: Iterable[Change], first: Iterable[str] = ()) -> tuple[str, ...]:
    ranked = sorted(dict.fromkeys(changes), key=lambda one: (-one.severity, one.part, one.says))
    lines = [*first, *dict.fromkeys(map(line, ranked))]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[: MOST_LINES - 1], f"and {len(lines) - MOST_LINES + 1} more changes")


def _can(item: Item) -> list[str]:
    if not isinstance(item, Tool):
        return []
    verbs = [VERBS[one.level] for one in tool_access(item).capabilities]
    return [f"as far as can be told it {', '.join(verbs)}"] if verbs else []
