"""Raw answers to a surface: items kept whole, each with its digest, nothing dropped silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.surface import Item, Surface, Tool
from ostiary.wire.canonical import digest
from ostiary.wire.hello import Hello

MOST_NAMED = 20
"""Unreadable items that are named one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list a server offers: how to ask for it and where the items stand in the answer."""

    method: str
    field: str
    """Key of the array in the result."""
    kind: str
    """Item kind, as in :class:`~ostiary.model.surface.Item`."""
    named_by: str
    """Key of an item that identifies it."""
    capability: str
    """The server capability that declares the list."""
    part: str
    """Field of :class:`~ostiary.model.surface.Surface`."""


LISTINGS = (
    Listing("tools/list", "tools", "tool", "name", "tools", "tools"),
    Listing("prompts/list", "prompts", "prompt", "name", "prompts", "prompts"),
    Listing("resources/list", "resources", "resource", "uri", "resources", "resources"),
    Listing(
        "resources/templates/list",
        "resourceTemplates",
        "template",
        "uriTemplate",
        "resources",
        "templates",
    ),
)


@dataclass(slots=True)
class Gathered:
    """What has been heard so far. Filled by a recorder or a reader, then made a surface."""

    hello: Hello = field(default_factory=lambda: Hello(None))
    items: dict[str, list[Item]] = field(default_factory=dict)
    """By ``Listing.part``."""
    missing: list[str] = field(default_factory=list)
    irregular: list[str] = field(default_factory=list)
    key: str = ""
    """The key that a recorded surface carries; empty otherwise."""
    artifact: str = ""
    authenticated: bool | None = None
    _offered: dict[str, int] = field(default_factory=dict)

    def add(self, listing: Listing, raws: Iterable[JsonValue]) -> None:
        """Take items in; one that cannot be identified is reported in ``missing``."""
        kept = self.items.setdefault(listing.part, [])
        unreadable = []
        first = self._offered.get(listing.part, 0)
        for position, raw in enumerate(raws, first):
            self._offered[listing.part] = position + 1
            made = item(listing, raw)
            if isinstance(made, Item):
                kept.append(made)
            else:
                unreadable.append(f"{listing.part}[{position}]: {made}")
        self.missing.extend(unreadable[:MOST_NAMED])
        if len(unreadable) > MOST_NAMED:
            rest = len(unreadable) - MOST_NAMED
            self.missing.append(f"{listing.part}: {rest:,} more items that cannot be read")

    def surface(self, server: str, key: str, source: str) -> Surface:
        """Everything gathered, under the name and key that we call the server by."""
        tools = [one for one in self.items.get("tools", ()) if isinstance(one, Tool)]
        return Surface(
            server=server,
            key=key,
            revision=self.hello.revision,
            claimed_name=self.hello.claimed_name,
            claimed_version=self.hello.claimed_version,
            instructions=self.hello.instructions,
            capabilities=self.hello.capabilities,
            tools=tuple(tools),
            prompts=tuple(self.items.get("prompts", ())),
            resources=tuple(self.items.get("resources", ())),
            templates=tuple(self.items.get("templates", ())),
            missing=(*self.hello.problems, *self.missing),
            irregular=tuple(self.irregular),
            source=source,
            meta=self.hello.meta,
            artifact=self.artifact,
            authenticated=self.authenticated,
        )


def item(listing: Listing, raw: JsonValue) -> Item | str:
    """``raw`` as an item with its digest, or what is wrong with it."""
    if not isinstance(raw, dict):
        return "not an object"
    name = raw.get(listing.named_by)
    if not isinstance(name, str):
        return f"a {listing.kind} without a {listing.named_by}"
    return _made(listing.kind, name, raw)


def _made(kind: str, name: str, raw: JsonObject) -> Item:
    if kind == "tool":
        return Tool(kind=kind, name=name, raw=raw, digest=digest(raw))
    return Item(kind=kind, name=name, raw=raw, digest=digest(raw))
