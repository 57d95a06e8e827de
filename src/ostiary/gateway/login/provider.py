"""The authorization of MCP by the SDK's own client, held to what it leaves open.

No endpoint is guessed, PKCE with S256 must be offered, every address is checked, and an answer of
the authorization server that names another issuer is neither used nor shown.
"""

from __future__ import annotations

import asyncio
import json
import logging
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider, OAuthFlowError, TokenStorage
from mcp.client.auth.utils import validate_authorization_response_iss
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthMetadata,
    OAuthToken,
)
from pydantic import AnyUrl

from ostiary.gateway.login.guarded import Guarded
from ostiary.gateway.login.listener import Listener
from ostiary.gateway.login.wanted import CannotLogIn, Desk, Shown, Wanted
from ostiary.model.login import Login
from ostiary.wire.bearer_challenge import scopes_of, union

NAME = "Ostiary"
"""What a person reads at the authorization server."""
# Its lines hold what servers answered, tokens included.
logging.getLogger("mcp.client.auth").addHandler(logging.NullHandler())
logging.getLogger("mcp.client.auth").propagate = False


class Kept(TokenStorage):
    """The tokens and the registration of one login, in memory."""

    def __init__(self, before: Login | None, client: OAuthClientInformationFull | None) -> None:
        self._client = client
        self.fresh: OAuthToken | None = None
        """What was given now."""
        self._tokens = None
        if before is not None:
            scope = " ".join(union(before.asked, before.scopes)) or None
            self._tokens = OAuthToken(access_token=before.access, scope=scope)

    async def get_tokens(self) -> OAuthToken | None:
        return self._tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.fresh = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self._client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self._client = client_info


class Provider(OAuthClientProvider):
    """One authorization, for one person at one desk."""

    def __init__(
        self,
        wanted: Wanted,
        before: Login | None,
        kept: Kept,
        *,
        listener: Listener,
        guarded: Guarded,
        desk: Desk,
    ) -> None:
        super().__init__(
            server_url=wanted.url,
            client_metadata=OAuthClientMetadata(
                client_name=NAME,
                redirect_uris=[AnyUrl(listener.redirect)],
                grant_types=["authorization_code", "refresh_token"],
                response_types=["code"],
            ),
            storage=kept,
            redirect_handler=self._go,
            callback_handler=self._come_back,
            client_metadata_url=wanted.settings.client_document or None,
        )
        self._wanted = wanted
        self._before = before
        self._listener = listener
        self._guarded = guarded
        self._desk = desk

    @property
    def issuer(self) -> str:
        """The authorization server. Raises :class:`CannotLogIn` while there is none."""
        return str(self.metadata().issuer)

    @property
    def asked(self) -> tuple[str, ...]:
        """The scopes that are asked for."""
        return scopes_of(self.context.client_metadata.scope or "")

    def metadata(self) -> OAuthMetadata:
        """What the authorization server says of itself. Raises :class:`CannotLogIn`."""
        found = self.context.oauth_metadata
        if found is None:
            raise CannotLogIn(
                f"{self._wanted.server} does not say which authorization server gives tokens for "
                "it, or that server does not describe itself; no address is guessed"
            )
        if "S256" not in (found.code_challenge_methods_supported or ()):
            raise CannotLogIn(
                f"{found.issuer} does not offer PKCE with S256, without which codes can be stolen"
            )
        return found

    def checked(self, request: httpx2.Request) -> httpx2.Request:
        """``request`` as it may be sent: what carries a credential goes to addresses that the
        checked metadata names. Raises :class:`CannotLogIn`."""
        if request.method == "GET":
            return request
        found, url = self.metadata(), str(request.url)
        registers = url == str(found.registration_endpoint)
        if registers and self._wanted.settings.client_id:
            raise CannotLogIn(
                f"login.client_id in the settings is known to {self._wanted.settings.issuer}, and "
                f"{self._wanted.server} now takes tokens of {found.issuer}; register there and "
                "change the settings"
            )
        if not registers and url != str(found.token_endpoint):
            raise CannotLogIn(
                f"{found.issuer} takes no registrations; register a client there by hand and set "
                f"client_id, client_secret and issuer in [servers.{self._wanted.server}.login]"
            )
        scopes = self._all_scopes()
        if not registers or not scopes:
            return request
        told = {**json.loads(request.content), "scope": " ".join(scopes)}
        return httpx2.Request("POST", url, json=told)

    def _all_scopes(self) -> tuple[str, ...]:
        """What this authorization server was asked for before, what the server asks for now, and
        what the settings add."""
        before = self._before
        earlier = before.asked if before is not None and before.issuer == self.issuer else ()
        return union(union(earlier, self.asked), self._wanted.settings.scopes)

    async def _perform_authorization_code_grant(self) -> tuple[str, str]:
        self.context.client_metadata.scope = " ".join(self._all_scopes()) or None
        return await super()._perform_authorization_code_grant()

    async def _go(self, url: str) -> None:
        """Show the person what it is about, and where to go."""
        client = self.context.client_info
        assert client is not None, "registration comes before"
        address = self._guarded.opened(url)
        self._listener.expect(parse_qs(urlsplit(url).query)["state"][0])
        shown = Shown(
            server=self._wanted.server,
            url=self._wanted.url,
            issuer=self.issuer,
            resource=self.context.get_resource_url(),
            scopes=self.asked,
            client=origin_of(client, self._wanted),
            address=address,
        )
        await asyncio.to_thread(self._desk.show, shown)

    async def _come_back(self) -> AuthorizationCodeResult:
        came = await self._listener.wait(self._desk.seconds)
        validate_authorization_response_iss(came.issuer, self.context.oauth_metadata)
        if came.error or not came.code:
            raise CannotLogIn(
                f"{self.issuer} gave no authorization ({_plain(came.error) or 'no reason'})"
            )
        return AuthorizationCodeResult(code=came.code, state=came.state, iss=came.issuer)


def origin_of(client: OAuthClientInformationFull, wanted: Wanted) -> str:
    """Where a registration comes from."""
    settings = wanted.settings
    if settings.client_id and client.client_id == settings.client_id:
        return "settings"
    if settings.client_document and client.client_id == settings.client_document:
        return "document"
    return "dynamic"


_MEANINGS = (
    ("Protected resource metadata request failed", "its metadata is not served: {last}"),
    ("Protected resource ", "its metadata is for another resource than the one that was asked"),
    (
        "Authorization server metadata issuer",
        "the authorization server's metadata names another issuer (RFC 8414); it is not used",
    ),
    (
        "Authorization response",
        "the answer is not of the authorization server that was asked (RFC 9207); it is not used",
    ),
    ("State parameter", "the answer belongs to another question; it was not used"),
    ("Registration failed", "the registration was refused: {last}"),
    ("Token exchange failed", "no token was given: {last}"),
)


def words(error: Exception, guarded: Guarded) -> str:
    """Why an authorization failed, without anything a server may have put into the error."""
    said = str(error)
    for start, meaning in _MEANINGS:
        if said.startswith(start):
            return meaning.format(last=guarded.last)
    what = "the authorization failed" if isinstance(error, OAuthFlowError) else "it is no answer"
    return f"{what} ({type(error).__name__}): {guarded.last}"


def _plain(text: str) -> str:
    return "".join(char for char in text[:60] if char.isascii() and (char.isalnum() or char == "_"))
