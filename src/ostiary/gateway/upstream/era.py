"""Which eras a server speaks, found out by asking and remembered for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping

from ostiary import __version__
from ostiary.gateway.ports import Answer, Era, Link, Opener, UpstreamFailure
from ostiary.gateway.upstream.trouble import Busy, Denied, TooSlow, Unreachable
from ostiary.model.json import JsonObject, as_object, strings
from ostiary.wire import handshake, jsonrpc, stateless

KEPT_SECONDS = 3600.0
PROBE_SECONDS = 10.0
_ME: JsonObject = {"name": "ostiary", "version": __version__}


class Eras:
    """What one server speaks. Asked once by whoever comes first; failures are not remembered."""

    def __init__(
        self,
        opener: Opener,
        clock: Callable[[], float],
        *,
        seconds: float = PROBE_SECONDS,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        """``seconds`` is the time for one answer, ``kept_seconds`` how long it is remembered."""
        self._opener = opener
        self._clock = clock
        self._seconds = seconds
        self._kept = kept_seconds
        self._known: frozenset[Era] = frozenset()
        self._until = 0.0
        self._lock = asyncio.Lock()

    def known(self) -> frozenset[Era]:
        """What is remembered; empty if nothing is, or no longer."""
        return self._known if self._clock() < self._until else frozenset()

    async def ask(self, headers: Mapping[str, str]) -> frozenset[Era]:
        """What the server speaks. ``headers`` are credentials, as for an opener.
        Raises :class:`~ostiary.gateway.ports.UpstreamFailure`."""
        async with self._lock:
            found = self.known()
            if not found:
                found = await eras(self._opener, headers, self._seconds)
                self._known = found
                self._until = self._clock() + self._kept
            return found

    async def speaks(self, era: Era, headers: Mapping[str, str]) -> bool:
        """Whether the server speaks ``era``."""
        return era in (self.known() or await self.ask(headers))

    def forget(self) -> None:
        """Ask again next time: the server was replaced."""
        self._until = 0.0


async def eras(
    opener: Opener, headers: Mapping[str, str] | None = None, seconds: float = PROBE_SECONDS
) -> frozenset[Era]:
    """The eras a server speaks: ``server/discover`` first, then ``initialize`` where the first
    answer did not settle it (revision 2026-07-28, versioning, backward compatibility).

    Raises :class:`~ostiary.gateway.ports.UpstreamFailure` if it speaks neither.
    """
    given = headers or {}
    modern, others = await _modern(opener, given, seconds)
    found = {Era.STATELESS} if modern else set()
    if others or await _handshake(opener, given, seconds, needed=not modern):
        found.add(Era.HANDSHAKE)
    if not found:
        raise UpstreamFailure("the server speaks no revision of MCP that is known", sent=False)
    return frozenset(found)


async def _modern(opener: Opener, headers: Mapping[str, str], seconds: float) -> tuple[bool, bool]:
    """Whether it speaks the stateless era, and whether it says that it speaks the other too."""
    message = jsonrpc.call(1, stateless.DISCOVER, stateless.enveloped({}, _ME))
    try:
        answer = await _asked(opener, Era.STATELESS, message, headers, seconds)
    except TooSlow:
        # A process that knows no such request may never answer it.
        return False, False
    if answer is None:
        return False, False
    error = as_object(answer.message.get("error"))
    if error.get("code") in stateless.ERRORS:
        offered = stateless.supported(error.get("data"))
        unsupported = error.get("code") == stateless.UNSUPPORTED_VERSION
        return not unsupported or stateless.REVISION in offered, _any_handshake(offered)
    result = as_object(answer.message.get("result"))
    if not stateless.is_hello(result):
        return False, False
    offered = strings(result.get("supportedVersions"))
    return stateless.REVISION in offered, _any_handshake(offered)


def _any_handshake(offered: tuple[str, ...]) -> bool:
    return any(one in handshake.REVISIONS for one in offered)


async def _handshake(
    opener: Opener, headers: Mapping[str, str], seconds: float, *, needed: bool
) -> bool:
    """Whether it answers ``initialize``. A failure to ask matters only if it is ``needed``."""
    message = jsonrpc.call(1, handshake.INITIALIZE, handshake.initialize(_ME))
    try:
        # A first start may load a lot before it answers anything at all.
        answer = await _asked(opener, Era.HANDSHAKE, message, headers, seconds * 3)
    except UpstreamFailure:
        if needed:
            raise
        return False
    return answer is not None and handshake.is_hello(as_object(answer.message.get("result")))


async def _asked(
    opener: Opener,
    era: Era,
    message: JsonObject,
    credentials: Mapping[str, str],
    seconds: float,
) -> Answer | None:
    """The answer of a link of its own; ``None`` if it answered with anything but one."""
    headers = stateless.headers(stateless.DISCOVER) if era is Era.STATELESS else {}
    link: Link | None = None
    try:
        async with asyncio.timeout(seconds):
            link = await opener.open(era, "", credentials)
            return await link.request(message, headers, _ignored)
    except TimeoutError:
        raise TooSlow(f"the server did not answer {message['method']} in {seconds:g} s") from None
    except (Busy, Denied, Unreachable):
        raise
    except UpstreamFailure:
        return None
    finally:
        if link is not None:
            with contextlib.suppress(UpstreamFailure):
                await link.close()


async def _ignored(message: JsonObject) -> None:
    """Nothing that comes before an answer matters here."""
    del message
