"""One identity provider: its metadata and its keys, fetched off the path of a call and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from ostiary.identity.fetching import CannotFetch, Fetch, Question
from ostiary.identity.settings import IdentitySettings, Introspect, Issuer, url
from ostiary.identity.signed import Key, Signed, read_keys, suitable
from ostiary.model.json import JsonObject, JsonValue, as_text
from ostiary.model.setting import BadSetting
from ostiary.wire.strict_json import Limits, RefusedJson, decode

METADATA_SECONDS = 3_600.0
_LIMITS = Limits(size=512 * 1024, depth=16)


class Unavailable(Exception):
    """Whether a token is valid cannot be told now. The message says why, for the record."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What this gateway uses of a provider's metadata (RFC 8414)."""

    keys: str
    introspection: str


class Provider:
    """One provider. Used by one event loop.

    Keys are fetched when first needed, again in the background when they are old, and at once, but
    seldom, when a token names one that is not known. While the provider cannot be reached, the old
    ones are used for a bounded time.
    """

    def __init__(
        self,
        issuer: Issuer,
        settings: IdentitySettings,
        fetch: Fetch,
        clock: Callable[[], float],
    ) -> None:
        """``clock`` gives seconds that only ever grow."""
        self.issuer = issuer
        self.epoch = 0
        """Grows whenever a key is gone; what was verified before has to be verified again."""
        self._settings = settings
        self._fetch = fetch
        self._clock = clock
        self._keys: tuple[Key, ...] = ()
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._metadata: Metadata | None = None
        self._learned = float("-inf")
        self._learning = asyncio.Lock()
        self._unlearned = ""
        """Why the last attempt to learn the metadata failed."""
        self._fetching: asyncio.Task[None] | None = None
        self._fault = ""

    @property
    def good_for(self) -> float:
        """Seconds for which the keys may still be used if the provider is never reached again."""
        return self._fetched + self._settings.stale_seconds - self._clock()

    async def candidates(self, signed: Signed) -> tuple[Key, ...]:
        """The keys that may have signed a token; none if the provider does not have its key.
        Raises :class:`Unavailable`."""
        found = self._usable(signed)
        age = self._clock() - self._fetched
        if found:
            if age > self._settings.keys_seconds:
                self._start()
            return found
        await self._refresh()
        found = self._usable(signed)
        if not found and (self._fault or self.good_for <= 0):
            raise Unavailable(self._fault or f"the keys of {self.issuer.issuer} are not known")
        return found

    async def introspection_url(self) -> str:
        """Where to ask about tokens. Raises :class:`Unavailable`."""
        if self.issuer.introspection_url:
            return self.issuer.introspection_url
        try:
            found = (await self._learn()).introspection
        except CannotFetch as error:
            raise Unavailable(str(error)) from None
        if not found:
            raise Unavailable(f"{self.issuer.issuer} names no introspection endpoint")
        return found

    async def ask(self, address: str, form: bytes | None = None, authorization: str = "") -> bytes:
        """Ask the provider at one of its addresses. Raises :class:`CannotFetch`."""
        one = self.issuer
        # What the operator wrote may be private; where a provider points beyond itself may not.
        named = (one.issuer, one.jwks_url, one.introspection_url)
        own = _origin(address) in {_origin(text) for text in named if text}
        return await self._fetch(
            Question(
                url=address,
                private=own and one.allow_private,
                loopback=own and one.allow_loopback,
                form=form,
                authorization=authorization,
            )
        )

    async def close(self) -> None:
        """Stop fetching."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _usable(self, signed: Signed) -> tuple[Key, ...]:
        return suitable(self._keys, signed) if self.good_for > 0 else ()

    async def _refresh(self) -> None:
        """Fetch, or wait for a fetch that is under way, unless the last one was just now."""
        self._start()
        if self._fetching is not None:
            await asyncio.shield(self._fetching)

    def _start(self) -> None:
        now = self._clock()
        if self._fetching is None and now - self._tried >= self._settings.refresh_seconds:
            self._tried = now
            self._fetching = asyncio.get_running_loop().create_task(self._fetch_keys())

    async def _fetch_keys(self) -> None:
        try:
            address = self.issuer.jwks_url or (await self._learn()).keys
            keys = read_keys(await self.ask(address))
        except (CannotFetch, ValueError) as error:
            self._fault = f"the keys of {self.issuer.issuer} cannot be fetched: {error}"
            self._metadata = None
        else:
            gone = {one.identity for one in self._keys} - {one.identity for one in keys}
            self.epoch += bool(gone)
            self._keys, self._fetched = keys, self._clock()
            # A provider that took all its keys back is believed.
            self._fault = "" if keys else f"{self.issuer.issuer} has no key that can be used"
        finally:
            self._fetching = None

    async def _learn(self) -> Metadata:
        async with self._learning:
            age = self._clock() - self._learned
            if self._metadata is not None and age <= METADATA_SECONDS:
                return self._metadata
            if self._unlearned and age < self._settings.refresh_seconds:
                raise CannotFetch(self._unlearned)
            try:
                self._metadata, self._unlearned = await self._discover(), ""
            except CannotFetch as error:
                self._metadata, self._unlearned = None, str(error)
                raise
            finally:
                self._learned = self._clock()
            return self._metadata

    async def _discover(self) -> Metadata:
        """The provider's metadata, at the places where MCP clients look too. The first document
        counts: that of another issuer is not passed over."""
        reason = ""
        for place in places(self.issuer.issuer):
            try:
                body = await self.ask(place)
            except CannotFetch as error:
                if not 300 <= error.status < 500:
                    raise
                reason = str(error)
                continue
            try:
                document = decode(body, _LIMITS)
            except RefusedJson:
                reason = f"what is at {place} is no JSON"
                continue
            return self._read(document)
        raise CannotFetch(f"{self.issuer.issuer} has no metadata ({reason})")

    def _read(self, document: JsonValue) -> Metadata:
        if not isinstance(document, dict) or document.get("issuer") != self.issuer.issuer:
            raise CannotFetch(
                f"the metadata of {self.issuer.issuer} is that of another issuer; write "
                "identity.issuers exactly as the provider does"
            )
        return Metadata(
            self._address(document, "jwks_uri"),
            self._address(document, "introspection_endpoint"),
        )

    def _address(self, document: JsonObject, name: str) -> str:
        text = as_text(document.get(name))
        needed = name == "jwks_uri" and not self.issuer.jwks_url and not self._opaque_only
        if not text and not needed:
            return ""
        try:
            return url(text, name, loopback=self.issuer.allow_loopback, query=True)
        except BadSetting as error:
            raise CannotFetch(f"the metadata of {self.issuer.issuer} is bad: {error}") from None

    @property
    def _opaque_only(self) -> bool:
        return Introspect.OPAQUE in self.issuer.introspect


def places(issuer: str) -> tuple[str, ...]:
    """Where an issuer's metadata may be (RFC 8414, section 3.1; OpenID Connect Discovery 1.0)."""
    parts = urlsplit(issuer)
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    found = (
        f"{origin}/.well-known/oauth-authorization-server{path}",
        f"{origin}/.well-known/openid-configuration{path}",
        f"{origin}{path}/.well-known/openid-configuration",
    )
    return tuple(dict.fromkeys(found))


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
