"""What goes back to a caller: lists without what it may not use, links that lead back here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ostiary.gateway.door import Door
from ostiary.gateway.sessions import Session
from ostiary.gateway.shown import Shown
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.json import JsonObject, JsonValue, as_list
from ostiary.model.principal import Principal
from ostiary.surface.pins import NAMED_BY
from ostiary.wire.surface import LISTINGS

FIELDS = {one.kind: one.field for one in LISTINGS}
"""Key of the items in the result of a list, by kind."""
KINDS = {one.method: one.kind for one in LISTINGS}
"""Kind of items that a method lists."""
MOST_SEEN = 1024
"""Lists held ready of what one server shows, one for each caller and kind."""
LONGEST_LINK = 2048
"""Characters of an address that is remembered because a result linked to it."""


class Answers:
    """Prepares results for callers."""

    def __init__(self, door: Door, clock: Callable[[], float], policy: Callable[[], str]) -> None:
        """``policy`` gives the version of the policy in force."""
        self._door = door
        self._clock = clock
        self._policy = policy

    def listed(
        self, principal: Principal, shown: Shown, kind: str, result: JsonObject, *, whole: bool
    ) -> JsonObject:
        """A list result with only what is approved and what this caller may use."""
        key = FIELDS[kind]
        passing = shown.take(kind, as_list(result.get(key)), whole=whole)
        kept: list[JsonValue] = list(self._seen_by(principal, shown, kind, passing))
        changed: JsonObject = {**result, key: kept}
        if "cacheScope" in changed:
            changed["cacheScope"] = "private"
        return changed

    def visible(self, principal: Principal, shown: Shown, kind: str) -> tuple[JsonObject, ...]:
        """Everything of ``kind`` that the caller may use of what a server shows now."""
        key = (principal, kind, self._policy())
        found = shown.seen.get(key)
        if found is None:
            found = tuple(self._seen_by(principal, shown, kind, shown.raws.get(kind, ())))
            if len(shown.seen) >= MOST_SEEN:
                shown.seen.clear()
            shown.seen[key] = found
        return found

    def note_links(self, session: Session, server: str, result: JsonObject) -> None:
        """Remember the addresses a result links to: the caller may read what it was offered."""
        for block in as_list(result.get("content")):
            if isinstance(block, dict) and block.get("type") == "resource_link":
                uri = block.get("uri")
                if isinstance(uri, str) and len(uri) <= LONGEST_LINK:
                    session.offered.append(f"{server} {uri}")

    def _seen_by(
        self, principal: Principal, shown: Shown, kind: str, raws: Sequence[JsonObject]
    ) -> list[JsonObject]:
        now = self._clock()
        kept = []
        for raw in raws:
            name = raw[NAMED_BY[kind]]
            target = shown.target(kind, name) if isinstance(name, str) else None
            if target is not None and self._may_see(principal, target, now):
                kept.append(raw)
        return kept

    def _may_see(self, principal: Principal, target: Target, now: float) -> bool:
        asked = Asked(principal, Verb.SEE, target, "list", at=now)
        return self._door.decide(asked).allowed
