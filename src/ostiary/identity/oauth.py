"""Callers with an access token of an identity provider: an OAuth 2.1 resource server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ostiary.identity import claims as read
from ostiary.identity.fetching import Fetch
from ostiary.identity.introspection import Introspection
from ostiary.identity.metadata import resource
from ostiary.identity.provider import Provider, Unavailable
from ostiary.identity.refusal import Refusals
from ostiary.identity.settings import Audience, IdentitySettings, Introspect
from ostiary.identity.signed import NotValid, Signed, looks_signed, take_apart, verified
from ostiary.identity.token import digest
from ostiary.model.challenge import Challenge
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal

Kept = TypeVar("Kept")

MOST_KNOWN = 20_000
"""Verified tokens that are remembered; the oldest go first."""
MOST_BAD = 4_096
"""Tokens remembered as not active, so that nobody is asked about them again and again."""
BAD_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that was verified, and for how long that stands."""

    principal: Principal
    since: float
    until: float
    provider: Provider
    epoch: int
    path: str | None
    """The endpoint it is meant for; ``None`` is every one."""


class OAuthTokens:
    """The access tokens of all providers in the settings. Used by one event loop."""

    def __init__(
        self,
        settings: IdentitySettings,
        refusals: Refusals,
        fetch: Fetch,
        clock: Callable[[], float],
        secrets: Mapping[str, str],
    ) -> None:
        """``secrets`` are the client secrets by issuer."""
        self._settings = settings
        self._refusals = refusals
        self._providers = {
            one.issuer: Provider(one, settings, fetch, clock) for one in settings.issuers
        }
        self._introspections = {
            one.issuer: Introspection(self._providers[one.issuer], secrets[one.issuer], clock)
            for one in settings.issuers
            if one.introspect
        }
        self._opaque = next(
            (one.issuer for one in settings.issuers if Introspect.OPAQUE in one.introspect), ""
        )
        self._known: dict[bytes, Verified] = {}
        self._bad: dict[bytes, float] = {}

    def known(self, token: str, path: str, now: float) -> Principal | None:
        """The principal of a token that was verified before and still stands for ``path``."""
        found = self._known.get(digest(token))
        if found is None or not found.since <= now < found.until:
            return None
        if found.path not in (None, path) or found.provider.epoch != found.epoch:
            return None
        return found.principal

    async def verify(self, token: str, path: str, now: float) -> Principal | Challenge:
        """The principal of ``token``, or what its bearer is told."""
        key = digest(token)
        if now < self._bad.get(key, 0.0):
            return self._refusals.invalid("a token that is not active at its provider", path)
        try:
            if looks_signed(token):
                found = await self._signed(token, key, path, now)
            else:
                found = await self._unsigned(token, key, path, now)
        except NotValid as error:
            return self._refusals.invalid(str(error), path)
        except Unavailable as error:
            return self._refusals.unavailable(str(error))
        if not set(self._settings.scopes) <= set(found.principal.scopes):
            return self._refusals.too_little(path)
        _keep(self._known, key, found, MOST_KNOWN)
        return found.principal

    async def close(self) -> None:
        """Stop everything that is under way."""
        for introspection in self._introspections.values():
            await introspection.close()
        for provider in self._providers.values():
            await provider.close()

    async def _signed(self, token: str, key: bytes, path: str, now: float) -> Verified:
        signed = take_apart(token)
        provider = self._provider(signed)
        issuer, said = provider.issuer, signed.claims
        read.check_type(signed.typ, said, issuer)
        # What is wrong without a signature is not worth a question to the provider.
        read.check_times(said, now, self._settings.leeway_seconds)
        everywhere = self._audience(said, provider, path)
        read.check_bearer(said)
        if signed.alg not in issuer.algorithms:
            raise NotValid("a JWT signed with an algorithm that is not allowed")
        keys = await provider.candidates(signed)
        if not keys:
            raise NotValid("a JWT signed with a key that its issuer does not have")
        if not verified(signed, keys, issuer.algorithms):
            raise NotValid("a JWT whose signature is wrong")
        who = read.principal(said, issuer, key.hex()[:16])
        until = min(_end(who, now, self._settings), now + provider.good_for)
        if Introspect.JWT in issuer.introspect:
            await self._active(issuer.issuer, token, key, now)
            until = min(until, now + self._settings.introspection_seconds)
        return Verified(who, now, until, provider, provider.epoch, None if everywhere else path)

    async def _unsigned(self, token: str, key: bytes, path: str, now: float) -> Verified:
        if not self._opaque:
            raise NotValid("a token that is no JWT")
        provider = self._providers[self._opaque]
        said = await self._active(self._opaque, token, key, now)
        read.check_times(said, now, self._settings.leeway_seconds, needed=False)
        everywhere = self._audience(said, provider, path)
        read.check_bearer(said)
        # A service has no subject at some providers; its client is who it is.
        who = read.principal(said, provider.issuer, key.hex()[:16], sub=read.client(said))
        until = min(_end(who, now, self._settings), now + self._settings.introspection_seconds)
        return Verified(who, now, until, provider, provider.epoch, None if everywhere else path)

    async def _active(self, issuer: str, token: str, key: bytes, now: float) -> JsonObject:
        try:
            return await self._introspections[issuer].claims(token, key)
        except NotValid:
            _keep(self._bad, key, now + BAD_SECONDS, MOST_BAD)
            raise

    def _provider(self, signed: Signed) -> Provider:
        issuer = signed.claims.get("iss")
        provider = self._providers.get(issuer) if isinstance(issuer, str) else None
        if provider is None:
            raise NotValid("a JWT of an issuer that is not in the settings")
        return provider

    def _audience(self, said: JsonObject, provider: Provider, path: str) -> bool:
        """Whether a token is meant for every endpoint and not only for ``path``.
        Raises :class:`NotValid` if it is meant for neither (RFC 8707, section 2)."""
        meant = read.audiences(said)
        if any(one in provider.issuer.audiences for one in meant):
            return True
        here = resource(self._settings, path)
        if here is None or here not in meant:
            raise NotValid("a token that is meant for somebody else")
        return self._settings.audience is Audience.GATEWAY


def _end(who: Principal, now: float, settings: IdentitySettings) -> float:
    """When a token has to be verified again at the latest."""
    end = now + settings.cache_seconds
    return end if who.expires is None else min(end, who.expires + settings.leeway_seconds)


def _keep(kept: dict[bytes, Kept], key: bytes, value: Kept, most: int) -> None:
    """Keep ``value`` as the youngest of at most ``most``."""
    kept.pop(key, None)
    if len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = value
