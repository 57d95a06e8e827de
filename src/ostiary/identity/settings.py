"""The ``[identity]`` section of ``ostiary.toml``: who may come in, and who vouches for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from ostiary.model.json import JsonObject
from ostiary.model.setting import BadSetting, Table

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
    "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip
"""Signature algorithms that can be allowed: none that shares a secret with the provider."""
USUAL = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,128}")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,500}")
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:/.+")


class Mode(StrEnum):
    """Where callers' tokens come from."""

    LOCAL = "local"
    """Tokens of ``ostiary token issue``."""
    OAUTH = "oauth"
    """Access tokens of identity providers."""
    BOTH = "both"


class Introspect(StrEnum):
    """Kinds of tokens that the provider is asked about (RFC 7662)."""

    OPAQUE = "opaque"
    """Tokens that are no JWT."""
    JWT = "jwt"
    """JWTs, after their own check, so that a revoked one ends before it expires."""


class Audience(StrEnum):
    """What an access token must be meant for (RFC 8707)."""

    ENDPOINT = "endpoint"
    """The one endpoint it is used at."""
    GATEWAY = "gateway"
    """This gateway; it then opens every endpoint."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """One identity provider whose access tokens are accepted."""

    issuer: str
    """Exactly as in its tokens and its metadata; compared without normalisation."""
    audiences: tuple[str, ...] = ()
    """Accepted in ``aud`` beside our own resource, for providers that name audiences themselves."""
    algorithms: tuple[str, ...] = USUAL
    accept_untyped: bool = False
    """Accept access tokens whose ``typ`` is ``JWT`` or missing, not ``at+jwt`` (RFC 9068)."""
    groups_claim: tuple[str, ...] = ("groups",)
    """Path to the claim; one part for a claim at the top."""
    agent_claim: tuple[str, ...] = ()
    """Path to a claim that names the agent where there is no ``act`` (RFC 8693, section 4.1)."""
    client_claim: tuple[str, ...] = ()
    """Path to the claim that names the client; empty is ``client_id``, then ``azp``."""
    jwks_url: str = ""
    """Empty: from the provider's metadata."""
    introspect: tuple[Introspect, ...] = ()
    introspection_url: str = ""
    """Empty: from the provider's metadata."""
    client_id: str = ""
    """How this gateway introduces itself for introspection."""
    client_secret: str = ""
    """A reference, ``env:NAME`` or ``file:/PATH``; never the secret."""
    allow_private: bool = False
    """Call the provider at a private address too."""
    allow_loopback: bool = False
    """Call the provider at a loopback address, and there without TLS too. For development."""

    @classmethod
    def from_table(cls, table: JsonObject, where: str) -> Issuer:
        """One table of ``[[identity.issuers]]``. Raises :class:`BadSetting`."""
        read = Table(table, where)
        loopback = read.flag("allow_loopback")
        found = cls(
            issuer=url(read.text("issuer"), f"{where}.issuer", loopback=loopback),
            audiences=read.texts("audiences", or_one=True),
            algorithms=read.texts("algorithms", or_one=True) or USUAL,
            accept_untyped=read.flag("accept_untyped"),
            groups_claim=read.texts("groups_claim", or_one=True) or ("groups",),
            agent_claim=read.texts("agent_claim", or_one=True),
            client_claim=read.texts("client_claim", or_one=True),
            jwks_url=read.text("jwks_url"),
            introspect=_introspect(read.texts("introspect", or_one=True), where),
            introspection_url=read.text("introspection_url"),
            client_id=read.text("client_id"),
            client_secret=read.text("client_secret"),
            allow_private=read.flag("allow_private"),
            allow_loopback=loopback,
        )
        read.nothing_else()
        found._check(where)
        return found

    def _check(self, where: str) -> None:
        for name in ("jwks_url", "introspection_url"):
            if getattr(self, name):
                url(
                    getattr(self, name), f"{where}.{name}", loopback=self.allow_loopback, query=True
                )
        for one in self.algorithms:
            if one not in ALGORITHMS:
                raise BadSetting(
                    f"{where}.algorithms",
                    f"{one!r} cannot be allowed; choose from {', '.join(ALGORITHMS)}",
                )
        if self.client_secret and not _REFERENCE.fullmatch(self.client_secret):
            raise BadSetting(
                f"{where}.client_secret",
                "must say where the secret is, env:NAME or file:/PATH; secrets do not belong here",
            )
        if self.introspect and not (self.client_id and self.client_secret):
            raise BadSetting(
                f"{where}.introspect", "needs client_id and client_secret to ask the provider with"
            )


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """Who may come in. The default is local tokens and nobody without one."""

    mode: Mode = Mode.LOCAL
    issuers: tuple[Issuer, ...] = ()
    resource: str = ""
    """The gateway's own URL as clients call it, without a path."""
    audience: Audience = Audience.ENDPOINT
    scopes: tuple[str, ...] = ()
    """Every access token must have them; sorted."""
    name: str = ""
    """What people are shown as the name of this gateway when they log in."""
    leeway_seconds: int = 30
    """How far clocks of provider and gateway may differ."""
    cache_seconds: int = 300
    """How long a verified token is not verified again; never longer than it lives."""
    introspection_seconds: int = 30
    """The same for an answer of introspection: how late a revocation may take effect."""
    keys_seconds: int = 600
    """Age at which the provider's keys are fetched again."""
    stale_seconds: int = 14_400
    """Age up to which keys are used while the provider cannot be reached; then nobody comes in."""
    refresh_seconds: int = 10
    """The least time between two fetches of keys, whatever tokens claim."""

    @property
    def uses_tokens(self) -> bool:
        """Whether tokens of this gateway are accepted."""
        return self.mode is not Mode.OAUTH

    @property
    def uses_providers(self) -> bool:
        """Whether access tokens of identity providers are accepted."""
        return self.mode is not Mode.LOCAL

    @classmethod
    def from_table(cls, table: JsonObject) -> IdentitySettings:
        """The section as it stands in the file. Raises :class:`BadSetting`."""
        read = Table(table, "identity")
        found = cls(
            mode=read.word("mode", Mode.LOCAL),
            issuers=tuple(
                Issuer.from_table(one, f"identity.issuers[{at}]")
                for at, one in enumerate(read.tables("issuers"))
            ),
            resource=_resource(read.text("resource")),
            audience=read.word("audience", Audience.ENDPOINT),
            scopes=tuple(sorted(read.texts("scopes", or_one=True))),
            name=read.text("name"),
            leeway_seconds=read.whole("leeway_seconds", cls().leeway_seconds, 0, 300),
            cache_seconds=read.whole("cache_seconds", cls().cache_seconds, 0, 3_600),
            introspection_seconds=read.whole(
                "introspection_seconds", cls().introspection_seconds, 0, 600
            ),
            keys_seconds=read.whole("keys_seconds", cls().keys_seconds, 1, 86_400),
            stale_seconds=read.whole("stale_seconds", cls().stale_seconds, 0, 604_800),
            refresh_seconds=read.whole("refresh_seconds", cls().refresh_seconds, 1, 3_600),
        )
        read.nothing_else()
        found._check()
        return found

    def _check(self) -> None:
        for scope in self.scopes:
            if not _SCOPE.fullmatch(scope):
                raise BadSetting(
                    "identity.scopes", f"{scope!r} is no scope (RFC 6749, section 3.3)"
                )
        if not self.uses_providers:
            if self.issuers:
                raise BadSetting(
                    "identity.issuers", 'only mode = "oauth" or "both" uses them; set identity.mode'
                )
            return
        if not self.issuers:
            raise BadSetting("identity.issuers", f"mode {self.mode.value!r} needs at least one")
        if not self.resource:
            raise BadSetting(
                "identity.resource",
                "is needed: the URL of this gateway as clients call it, which tokens are meant for",
            )
        names = [one.issuer for one in self.issuers]
        if len(set(names)) < len(names):
            raise BadSetting("identity.issuers", "names one issuer twice")
        if sum(Introspect.OPAQUE in one.introspect for one in self.issuers) > 1:
            raise BadSetting(
                "identity.issuers",
                'only one may introspect "opaque" tokens: they do not say whose they are, and must '
                "not be shown to anyone else",
            )


def url(text: str, name: str, *, loopback: bool = False, query: bool = False) -> str:
    """``text`` if it is an https URL (or http to a loopback address, if allowed) without user,
    fragment and, unless allowed, query. Raises :class:`BadSetting`."""
    if not text:
        raise BadSetting(name, "is needed")
    try:
        parts = urlsplit(text) if _URL.fullmatch(text) else None
        host = parts.hostname if parts else None
        _ = parts.port if parts else None
    except ValueError:
        parts, host = None, None
    if parts is None or not host:
        raise BadSetting(name, "is no URL")
    if parts.scheme != "https" and not (loopback and host in _LOOPBACK):
        raise BadSetting(
            name, "must be https; http is for a loopback address, and only with allow_loopback"
        )
    if "@" in parts.netloc or "#" in text or ("?" in text and not query):
        raise BadSetting(name, "may have no user, query or fragment")
    return text


def _introspect(words: tuple[str, ...], where: str) -> tuple[Introspect, ...]:
    try:
        return tuple(Introspect(one) for one in words)
    except ValueError:
        raise BadSetting(f"{where}.introspect", "may list opaque and jwt") from None


def _resource(text: str) -> str:
    found = text.rstrip("/")
    if found and urlsplit(url(found, "identity.resource", loopback=True)).path:
        raise BadSetting(
            "identity.resource", "must end after the host and port; endpoints add their own paths"
        )
    return found
