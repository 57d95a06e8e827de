"""Where a finding about a surface stands."""

from __future__ import annotations

from ostiary.model.finding import Evidence, Location
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.excerpt import excerpt


def place(surface: Surface, part: str = "", pointer: str = "") -> Location:
    """A part of a surface; the file is given when the surface came from one."""
    captured = surface.source not in ("live", "memory")
    return Location(
        file=surface.source if captured else None,
        server=surface.server,
        part=part,
        pointer=pointer,
    )


def of_item(surface: Surface, item: Item, words: str = "", pointer: str = "") -> Location:
    """A part of one item: ``tool search, input schema url``."""
    label = f"{item.kind} {visible(item.name, NAME)}"
    return place(surface, f"{label}, {words}" if words else label, pointer)


def capital(text: str) -> str:
    """The text with a capital first letter, to begin a sentence."""
    return text[:1].upper() + text[1:]


def shows(says: str, location: Location, text: str = "") -> Evidence:
    """One step of evidence with a visible excerpt."""
    return Evidence(says, location, excerpt(text))
