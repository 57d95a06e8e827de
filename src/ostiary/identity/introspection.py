"""Asks a provider about a token (RFC 7662): in bounds, and never twice at once for one token."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from urllib.parse import quote, urlencode

from ostiary.identity.fetching import CannotFetch
from ostiary.identity.provider import Provider, Unavailable
from ostiary.identity.signed import NotValid
from ostiary.model.json import JsonObject
from ostiary.wire.strict_json import Limits, RefusedJson, decode

AT_ONCE = 8
"""Questions under way to one provider."""
WAITING = 256
"""Questions that wait for their turn; one more is not asked."""
A_SECOND = 100
"""Questions to one provider, on average. Who sends more bad tokens is not helped to flood it."""
_LIMITS = Limits(size=128 * 1024, depth=16)
_TYPES = ("bearer", "access_token")


class Introspection:
    """Questions about tokens to one provider."""

    def __init__(self, provider: Provider, secret: str, clock: Callable[[], float]) -> None:
        self._provider = provider
        pair = f"{quote(provider.issuer.client_id, safe='')}:{quote(secret, safe='')}"
        self._authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
        self._clock = clock
        self._asked: dict[bytes, asyncio.Task[JsonObject]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._left = float(A_SECOND)
        self._counted = clock()

    async def claims(self, token: str, digest: bytes) -> JsonObject:
        """What the provider says of an active token.
        Raises :class:`NotValid` for any other, and :class:`Unavailable`."""
        task = self._asked.get(digest)
        if task is None:
            self._count()
            task = asyncio.get_running_loop().create_task(self._ask(token))
            self._asked[digest] = task

            def done(asked: asyncio.Task[JsonObject]) -> None:
                self._asked.pop(digest, None)
                if not asked.cancelled():
                    asked.exception()  # whoever waited may be gone

            task.add_done_callback(done)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Stop asking."""
        tasks = tuple(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _count(self) -> None:
        now = self._clock()
        self._left = min(A_SECOND, self._left + (now - self._counted) * A_SECOND)
        self._counted = now
        if self._left < 1 or len(self._asked) >= AT_ONCE + WAITING:
            raise Unavailable(f"too many tokens to ask {self._provider.issuer.issuer} about")
        self._left -= 1

    async def _ask(self, token: str) -> JsonObject:
        name = self._provider.issuer.issuer
        form = urlencode({"token": token, "token_type_hint": "access_token"}).encode()
        async with self._turns:
            address = await self._provider.introspection_url()
            try:
                body = await self._provider.ask(address, form, self._authorization)
            except CannotFetch as error:
                raise Unavailable(f"{name} does not answer about tokens: {error}") from None
        try:
            said = decode(body, _LIMITS)
        except RefusedJson:
            raise Unavailable(f"{name} answers about tokens, but not in JSON") from None
        if not isinstance(said, dict) or said.get("active") is not True:
            raise NotValid("a token that is not active at its provider")
        if said.get("iss", name) != name:
            raise NotValid("a token that its provider says is of another issuer")
        kind = said.get("token_type")
        if kind is not None and (not isinstance(kind, str) or kind.lower() not in _TYPES):
            raise NotValid("a token that is no bearer token")
        return said
