"""Asks a server for everything it shows, within limits, and has it held to its pins."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.door import Door
from ostiary.gateway.leg import Leg
from ostiary.gateway.ports import Era, UpstreamFailure
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text
from ostiary.wire import stateless
from ostiary.wire.surface import LISTINGS, Listing

MOST_PAGES = 200
MOST_ITEMS = 50_000


class Observer:
    """Observes one leg's server."""

    def __init__(self, door: Door, clock: Callable[[], float]) -> None:
        self._door = door
        self._clock = clock

    async def __call__(self, leg: Leg) -> None:
        """Judge all lists of the server anew. Raises :class:`UpstreamFailure`."""
        shown = leg.upstream.shown
        shown.stale = False
        try:
            declared = await self._declared(leg)
            for listing in LISTINGS:
                raws: list[JsonValue] = []
                if listing.capability in declared:
                    raws = await self._whole(leg, listing)
                shown.take(listing.kind, raws, whole=True)
        except BaseException:
            shown.stale = True
            raise
        shown.seen_at = self._clock()

    async def _declared(self, leg: Leg) -> JsonObject:
        if leg.speech.era is Era.HANDSHAKE:
            hello = leg.hello
            if hello is None:
                # A resumed session: what it declared was judged when it was opened.
                return leg.upstream.approval.capabilities_declared
        else:
            hello = await self._ask(leg, stateless.DISCOVER, {})
        shown = leg.upstream.shown
        shown.text("instructions", as_text(hello.get("instructions")))
        declared = as_object(hello.get("capabilities"))
        shown.declared(declared, leg.speech.revision)
        return declared

    async def _whole(self, leg: Leg, listing: Listing) -> list[JsonValue]:
        raws: list[JsonValue] = []
        params: JsonObject = {}
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            result = await self._ask(leg, listing.method, params)
            raws.extend(as_list(result.get(listing.field)))
            cursor = as_text(result.get("nextCursor"))
            if not cursor:
                return raws
            if cursor in seen or len(raws) > MOST_ITEMS:
                raise UpstreamFailure("its list has no end", sent=False)
            seen.add(cursor)
            params = {"cursor": cursor}
        raise UpstreamFailure(f"its list has more than {MOST_PAGES} pages", sent=False)

    async def _ask(self, leg: Leg, method: str, params: JsonObject) -> JsonObject:
        passed = self._door.own(leg.upstream.name, method, self._clock(), "to know what it shows")
        return await leg.ask(passed, method, params)
