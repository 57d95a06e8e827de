"""A way to a server with its breaker and its turns, shared by all of its links."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ostiary.gateway.ports import Answer, Era, Interim, Link, Opener, UpstreamFailure
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.breaker import Breaker, State, Turns
from ostiary.gateway.upstream.trouble import Down
from ostiary.model.json import JsonObject

ENDLESS = "subscriptions/listen"
"""The one request whose answer is a stream without an end; it takes no turn."""


class GuardedOpener:
    """Opens links that wait for their turn and leave a failing server alone."""

    def __init__(
        self, inner: Opener, name: str, limits: Limits, clock: Callable[[], float]
    ) -> None:
        self.inner = inner
        self.breaker = Breaker(name, limits, clock)
        self.turns = Turns(name, limits)

    @property
    def state(self) -> State:
        """Whether the server is left alone at the moment."""
        return self.breaker.state

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        self.breaker.enter()
        try:
            link = await self.inner.open(era, session, headers)
        except Down:
            self.breaker.failed()
            raise
        except BaseException:
            self.breaker.unknown()
            raise
        # Opening says that a process runs, not that it answers.
        self.breaker.unknown()
        return GuardedLink(link, self.breaker, self.turns)

    async def close(self) -> None:
        await self.inner.close()


class GuardedLink:
    """A link of a server whose breaker and turns it shares."""

    def __init__(self, inner: Link, breaker: Breaker, turns: Turns) -> None:
        self.inner = inner
        self._breaker = breaker
        self._turns = turns

    @property
    def ended(self) -> str | None:
        return self.inner.ended

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        self._breaker.enter()
        if message.get("method") == ENDLESS:
            return await self._asked(message, headers, interim)
        try:
            if not self._turns.take():
                await self._turns.wait()
        except BaseException:
            self._breaker.unknown()
            raise
        try:
            return await self._asked(message, headers, interim)
        finally:
            self._turns.give()

    async def _asked(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        try:
            answer = await self.inner.request(message, headers, interim)
        except Down:
            self._breaker.failed()
            raise
        except UpstreamFailure:
            # It was reached: what it said is another matter.
            self._breaker.unknown()
            raise
        except BaseException:
            self._breaker.unknown()
            raise
        self._breaker.succeeded()
        return answer

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        await self.inner.send(message, headers)

    def listen(self, unasked: Interim) -> None:
        self.inner.listen(unasked)

    async def close(self) -> None:
        await self.inner.close()
