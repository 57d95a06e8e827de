"""Tells who is calling: the one place that knows where tokens may come from."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.identity.bearer import MOST, NoToken, token_of
from ostiary.identity.fetching import Fetch
from ostiary.identity.local import LocalTokens, Told, ours
from ostiary.identity.metadata import document
from ostiary.identity.refusal import Refusals
from ostiary.identity.settings import IdentitySettings
from ostiary.identity.token_file import TokenFile
from ostiary.model.challenge import Challenge
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal
from ostiary.model.setting import BadSetting

if TYPE_CHECKING:
    from ostiary.identity.oauth import OAuthTokens

_MOST_SECRET = 4_096


class Identity:
    """The authenticator of one gateway. Used by one event loop."""

    def __init__(
        self,
        settings: IdentitySettings,
        refusals: Refusals,
        local: LocalTokens | None,
        oauth: OAuthTokens | None,
    ) -> None:
        self._settings = settings
        self._refusals = refusals
        self._local = local
        self._oauth = oauth

    def known(self, authorization: str, now: float, path: str = "") -> Principal | None:
        """The principal of a header value that was verified before and still stands.

        Without a ``path``, only what stands for every endpoint. Never waits; about 2 µs.
        """
        if authorization[:7] != "Bearer " or len(authorization) > MOST:
            return None
        token = authorization[7:]
        if token.startswith("ost_"):
            return None if self._local is None else self._local.known(token, now)
        return None if self._oauth is None else self._oauth.known(token, path, now)

    async def verify(self, authorization: str, path: str, now: float) -> Principal | Challenge:
        """Verify a header value, empty if the request had none, for the endpoint ``path``."""
        token = token_of(authorization)
        if isinstance(token, NoToken):
            return self._refusals.unknown(token, path)
        if ours(token):
            return self._issued(token, path, now)
        if self._oauth is None:
            return self._refusals.invalid("a token that is none of this gateway's", path)
        found = self._oauth.known(token, path, now)
        return found or await self._oauth.verify(token, path, now)

    def metadata(self, path: str) -> JsonObject | None:
        """The protected resource metadata of the endpoint ``path`` (RFC 9728), or ``None``."""
        return document(self._settings, path)

    async def close(self) -> None:
        """Stop everything that is under way."""
        if self._oauth is not None:
            await self._oauth.close()

    def _issued(self, token: str, path: str, now: float) -> Principal | Challenge:
        if self._local is None:
            # It is shown to no provider: it may open another gateway.
            return self._refusals.invalid("a gateway's token, which the settings exclude", path)
        # A token that was issued a moment ago must not have to wait for the next look.
        self._local.look(now)
        found = self._local.known(token, now)
        if found is not None:
            return found
        if self._local.fault:
            return self._refusals.unavailable(self._local.fault)
        reason = self._local.refused(token)
        return self._refusals.invalid(reason, path) if reason else self._refusals.mistyped(path)


def open_identity(
    settings: IdentitySettings,
    state: Path,
    fetch: Fetch | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
    environment: Mapping[str, str] = os.environ,
    told: Told | None = None,
) -> Identity:
    """The authenticator for ``settings``; tokens are in the folder ``state``.

    ``fetch`` is needed where identity providers are used. ``told`` hears of tokens that are issued
    or revoked while the gateway runs. Raises :class:`BadSetting`.
    """
    refusals = Refusals(settings)
    local = LocalTokens(TokenFile(state), told) if settings.uses_tokens else None
    if not settings.uses_providers:
        return Identity(settings, refusals, local, None)
    if fetch is None:
        raise ValueError("identity providers need something that asks them")
    from ostiary.identity.oauth import OAuthTokens  # noqa: PLC0415 - local tokens need no keys

    secrets = {
        one.issuer: secret(one.client_secret, f"identity.issuers[{at}].client_secret", environment)
        for at, one in enumerate(settings.issuers)
        if one.introspect
    }
    return Identity(
        settings, refusals, local, OAuthTokens(settings, refusals, fetch, clock, secrets)
    )


def secret(reference: str, name: str, environment: Mapping[str, str]) -> str:
    """The secret that ``env:NAME`` or ``file:/PATH`` refers to. Raises :class:`BadSetting`."""
    kind, _, place = reference.partition(":")
    if kind == "env":
        found = environment.get(place, "")
    else:
        try:
            with Path(place).open("rb") as file:
                found = file.read(_MOST_SECRET).decode().rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            found = ""
    if not found:
        raise BadSetting(name, f"refers to {reference}, where there is no secret")
    return found
