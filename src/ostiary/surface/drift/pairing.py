"""Which item of one surface is which item of another: kept, added, removed or renamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ostiary.model.surface import Item
from ostiary.wire.canonical import digest


@dataclass(frozen=True, slots=True)
class Pairing:
    """Items of one kind before and after."""

    changed: tuple[tuple[Item, Item], ...]
    """Same name, another content."""
    renamed: tuple[tuple[Item, Item], ...]
    """Same content, another name."""
    added: tuple[Item, ...]
    removed: tuple[Item, ...]


def pair(before: Sequence[Item], after: Sequence[Item]) -> Pairing:
    """Items matched by name and, where a name occurs twice, by its position among equals."""
    old, new = _numbered(before), _numbered(after)
    changed = tuple(
        (item, new[key])
        for key, item in old.items()
        if key in new and item.digest != new[key].digest
    )
    gone = [item for key, item in old.items() if key not in new]
    come = [item for key, item in new.items() if key not in old]
    renamed = _renamed(gone, come)
    left = {id(item) for one in renamed for item in one}
    return Pairing(
        changed,
        tuple(renamed),
        tuple(item for item in come if id(item) not in left),
        tuple(item for item in gone if id(item) not in left),
    )


def _numbered(items: Sequence[Item]) -> dict[tuple[str, int], Item]:
    seen: dict[str, int] = {}
    numbered: dict[tuple[str, int], Item] = {}
    for item in items:
        count = seen[item.name] = seen.get(item.name, -1) + 1
        numbered[(item.name, count)] = item
    return numbered


def _renamed(gone: list[Item], come: list[Item]) -> list[tuple[Item, Item]]:
    """Items whose description and schema are the same and whose name is not."""
    if not gone or not come:
        return []
    by_content: dict[str, list[Item]] = {}
    for item in come:
        by_content.setdefault(_content(item), []).append(item)
    found: list[tuple[Item, Item]] = []
    for item in gone:
        twins = by_content.get(_content(item))
        if twins and (item.description or item.raw.get("inputSchema")):
            found.append((item, twins.pop(0)))
    return found


def _content(item: Item) -> str:
    """Digest of an item without what names it."""
    names = ("name", "title", "uri", "uriTemplate")
    return digest({key: value for key, value in item.raw.items() if key not in names})
