"""Which lists of a surface were read whole, and a surface completed from an earlier sight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ostiary.model.surface import Item, Surface, Tool

PARTS = ("tools", "prompts", "resources", "templates")

_EVERY_LIST = "the capture ends before the last page"


def unread(surface: Surface) -> frozenset[str]:
    """Lists that were not read to their end. One unreadable item does not make a list unread."""
    return frozenset(
        part
        for part in PARTS
        for told in surface.missing
        if told.startswith((f"{part}:", _EVERY_LIST))
    )


def items_of(surface: Surface, part: str) -> tuple[Item, ...]:
    """The items of one of :data:`PARTS`."""
    lists: dict[str, tuple[Item, ...]] = {
        "tools": surface.tools,
        "prompts": surface.prompts,
        "resources": surface.resources,
        "templates": surface.templates,
    }
    return lists[part]


def with_items(surface: Surface, part: str, items: Iterable[Item]) -> Surface:
    """The surface with another list of one of :data:`PARTS`."""
    listed = tuple(items)
    match part:
        case "tools":
            return replace(surface, tools=tuple(one for one in listed if isinstance(one, Tool)))
        case "prompts":
            return replace(surface, prompts=listed)
        case "resources":
            return replace(surface, resources=listed)
        case _:
            return replace(surface, templates=listed)


def completed(newest: Surface, earlier: Iterable[Surface]) -> Surface:
    """``newest`` with every unread list as it was when it was last read whole.

    ``earlier`` are older sights, newest first. Without this, a server that fails to answer once
    could change unseen between two answers.
    """
    lacking = unread(newest)
    for older in earlier:
        if not lacking:
            break
        whole = lacking - unread(older)
        for part in sorted(whole):
            newest = with_items(newest, part, items_of(older, part))
        kept = (told for told in newest.missing if not told.startswith(_heads(whole)))
        newest = replace(newest, missing=tuple(kept))
        lacking -= whole
    return newest


def _heads(parts: frozenset[str]) -> tuple[str, ...]:
    return tuple(f"{part}:" for part in sorted(parts))
