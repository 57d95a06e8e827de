"""Who is calling over HTTP: the authenticator asked as rarely as possible, its word kept to."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.downstream.front import Front
from ostiary.gateway.downstream.refused import Refused
from ostiary.gateway.downstream.standing import Standing
from ostiary.gateway.ports import Authenticator, Challenge
from ostiary.model.principal import Principal

MOST_VERIFYING = 64
"""Credentials that are verified at once; verifying may ask an identity provider."""


class Callers:
    """Names the caller of every request, or refuses it. There is no way around it."""

    def __init__(
        self,
        authenticator: Authenticator,
        clock: Callable[[], float],
        note: Callable[[Challenge, str], None],
        recheck: float,
    ) -> None:
        """``note`` is told of every caller that was not let in, and the path it asked for. Streams
        are looked at again every ``recheck`` seconds."""
        self._authenticator = authenticator
        self._clock = clock
        self._note = note
        self._recheck = recheck
        self._verifying = 0

    async def principal(self, front: Front, path: str = "") -> Principal:
        """Who is calling the endpoint ``path``, if it is not the path of the request. Raises
        :class:`Refused` with the challenge."""
        authorization, path = front.headers.get("authorization", ""), path or front.path
        known = self._authenticator.known(authorization, self._clock(), path)
        if known is not None:
            return known
        who = await self._verify(authorization, path)
        if isinstance(who, Principal):
            return who
        self._note(who, path)
        raise Refused(who.status, _challenge_text(who), headers=who.headers)

    async def _verify(self, authorization: str, path: str) -> Principal | Challenge:
        if self._verifying >= MOST_VERIFYING:
            raise Refused(503, "too many credentials are being verified", headers=retry(1))
        self._verifying += 1
        try:
            return await self._authenticator.verify(authorization, path, self._clock())
        finally:
            self._verifying -= 1

    def standing(self, front: Front, principal: Principal, end: Callable[[], object]) -> Standing:
        """Calls ``end`` when the credential behind an open stream no longer stands."""
        authorization, path = front.headers.get("authorization", ""), front.path

        def known() -> bool:
            return self._authenticator.known(authorization, self._clock(), path) is not None

        async def verified() -> bool:
            who = await self._verify(authorization, path)
            return isinstance(who, Principal) and who.id == principal.id

        return Standing(known, verified, end, self._recheck)


def _challenge_text(challenge: Challenge) -> str:
    """The reason itself is for the record only."""
    said = {
        400: "the Authorization header is malformed",
        401: "authentication is needed",
        403: "the token does not allow this",
    }
    text = said.get(challenge.status, "the caller cannot be authenticated now")
    return f"{text} ({challenge.error})" if challenge.error else text


def retry(seconds: int) -> tuple[tuple[str, str], ...]:
    """The header that says when to try again."""
    return (("retry-after", str(seconds)),)
