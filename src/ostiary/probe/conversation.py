"""The talk itself: find the era, hear the hello, page through every list."""

from __future__ import annotations

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.visible import one_line
from ostiary.probe.channel import Channel
from ostiary.probe.failure import (
    Ended,
    EndedAtOnce,
    ErrorAnswer,
    Garbage,
    NoAnswer,
    ProbeFailure,
    WrongEndpoint,
)
from ostiary.probe.limits import Budget
from ostiary.wire import handshake, stateless
from ostiary.wire.hello import Hello
from ostiary.wire.jsonrpc import METHOD_NOT_FOUND
from ostiary.wire.surface import LISTINGS, Gathered, Listing

UNKNOWN_REVISION = "the server and this scan share no protocol revision"


def converse(channel: Channel, budget: Budget, client: JsonObject, *, modern: bool) -> Gathered:
    """Everything the server declares.

    ``modern`` says whether to try the stateless era first. Raises
    :class:`~ostiary.probe.failure.ProbeFailure` when not even a hello was heard; later failures
    are named in ``missing``.
    """
    hello = greet(channel, budget, client, modern=modern)
    heard = Gathered(hello=hello)
    dead = ""
    for listing in LISTINGS:
        declared = listing.capability in hello.capabilities
        if not declared and listing.part != "tools":
            continue
        if dead:
            heard.missing.append(f"{listing.part}: {dead}")
            continue
        try:
            _gather(channel, budget, listing, heard, declared=declared)
        except ProbeFailure as failure:
            heard.missing.append(f"{listing.part}: {failure}")
            dead = str(failure) if failure.fatal else ""
    heard.irregular.extend(channel.irregular)
    return heard


def greet(channel: Channel, budget: Budget, client: JsonObject, *, modern: bool) -> Hello:
    """The hello of whichever era the server speaks; the channel then speaks that era."""
    if modern:
        found = _discover(channel, budget.limits.era_seconds)
        if found is not None:
            return found
    channel.speak(None)
    try:
        return _initialize(channel, budget, client)
    except ErrorAnswer as refusal:
        # A slow start: discover timed out here, arrived there, and settled the era there.
        found = _discover(channel, budget.limits.answer_seconds) if modern else None
        if found is None:
            raise refusal from None
        return found


def _discover(channel: Channel, seconds: float, *, again: bool = True) -> Hello | None:
    """A stateless hello, or ``None`` when the server is no server of that era. One that refuses
    our revision and offers it is asked once more (revision 2026-07-28, versioning)."""
    channel.speak(stateless.REVISION)
    try:
        result = channel.ask(stateless.DISCOVER, {}, seconds)
    except ErrorAnswer as refusal:
        if refusal.code == stateless.UNSUPPORTED_VERSION:
            offered = stateless.supported(refusal.data)
            if again and stateless.REVISION in offered:
                return _discover(channel, seconds, again=False)
            if offered and not any(one in handshake.REVISIONS for one in offered):
                names = one_line(", ".join(offered), 120)
                raise Garbage(f"{UNKNOWN_REVISION}; it offers {names}", "") from None
            return None
        if refusal.code in stateless.ERRORS:
            raise
        return None
    except Ended as failure:
        raise EndedAtOnce(str(failure), failure.remedy) from None
    except (NoAnswer, Garbage, WrongEndpoint) as failure:
        if failure.fatal:
            raise
        return None
    if not stateless.is_hello(result):
        return None
    hello = stateless.read_hello(result)
    return hello if hello.revision == stateless.REVISION else None


def _initialize(channel: Channel, budget: Budget, client: JsonObject) -> Hello:
    result = channel.ask(
        handshake.INITIALIZE, handshake.initialize(client), budget.limits.answer_seconds
    )
    hello = handshake.read_hello(result)
    if hello.revision not in handshake.REVISIONS:
        named = one_line(repr(hello.revision), 60) if hello.revision else "none"
        raise Garbage(f"{UNKNOWN_REVISION}; it chose {named}", "")
    channel.speak(hello.revision)
    channel.tell(handshake.INITIALIZED)
    return hello


def _gather(
    channel: Channel, budget: Budget, listing: Listing, heard: Gathered, *, declared: bool
) -> None:
    """All pages of one list into ``heard``."""
    seen: set[str] = set()
    cursor: str | None = None
    count = 0
    while True:
        params: JsonObject = {} if cursor is None else {"cursor": cursor}
        try:
            result = channel.ask(listing.method, params, budget.limits.answer_seconds)
        except ErrorAnswer as refusal:
            if cursor is None and _is_absence(listing, refusal, declared=declared):
                return
            raise
        raws = _raws(listing, result)
        room = budget.limits.items - count
        heard.add(listing, raws[:room])
        count += len(raws)
        if count > budget.limits.items:
            heard.missing.append(
                f"{listing.part}: more than {budget.limits.items:,}, the rest is not recorded"
            )
            return
        cursor = _next(result)
        if cursor is None:
            return
        if cursor in seen:
            raise Garbage(f"page {len(seen) + 1} leads back to an earlier page")
        seen.add(cursor)
        if len(seen) >= budget.limits.pages:
            raise Garbage(f"it goes on after {budget.limits.pages} pages")


def _is_absence(listing: Listing, refusal: ErrorAnswer, *, declared: bool) -> bool:
    """Whether an error only says that there is no such list.

    ``tools/list`` is asked for undeclared too; templates have no capability of their own.
    """
    if not declared:
        return True
    return listing.part == "templates" and refusal.code == METHOD_NOT_FOUND


def _raws(listing: Listing, result: JsonObject) -> list[JsonValue]:
    unfinished = stateless.unfinished(result)
    if unfinished:
        raise Garbage(f"its answer is not complete but {one_line(unfinished, 40)!r}")
    raws = result.get(listing.field)
    if not isinstance(raws, list):
        raise Garbage(f"its answer holds no array {listing.field!r}")
    return raws


def _next(result: JsonObject) -> str | None:
    cursor = result.get("nextCursor")
    if cursor is None or cursor == "":
        return None
    if not isinstance(cursor, str):
        raise Garbage("its next cursor is no text")
    return cursor
