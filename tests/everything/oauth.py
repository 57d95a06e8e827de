"""How the tested client authorizes itself where a scenario of the suite wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyUrl

CALLBACK = "http://localhost:3000/callback"
METADATA = "https://conformance-test.local/client-metadata.json"
"""Where the suite believes the client to describe itself."""


class _Memory(TokenStorage):
    def __init__(self, client: OAuthClientInformationFull | None) -> None:
        self._client = client
        self._tokens: OAuthToken | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self._tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self._tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self._client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self._client = client_info


class _Browser:
    """Stands for the person: the suite's own server agrees to everything at once."""

    def __init__(self) -> None:
        self._answer: dict[str, list[str]] = {}

    async def visit(self, url: str) -> None:
        async with httpx2.AsyncClient() as http:
            sent = await http.get(url, follow_redirects=False)
        self._answer = parse_qs(urlsplit(sent.headers["location"]).query)

    async def come_back(self) -> AuthorizationCodeResult:
        state, issuer = self._answer.get("state"), self._answer.get("iss")
        return AuthorizationCodeResult(
            code=self._answer["code"][0],
            state=state[0] if state else None,
            iss=issuer[0] if issuer else None,
        )


def authorizing(url: str, context: Mapping[str, Any]) -> httpx2.Auth:
    """The way to a token for ``url`` that a person's browser is needed for."""
    known, secret = context.get("client_id"), context.get("client_secret")
    registered = None
    if known:
        registered = OAuthClientInformationFull(
            client_id=known,
            client_secret=secret,
            redirect_uris=[AnyUrl(CALLBACK)],
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )
    browser = _Browser()
    return OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(
            client_name="driver",
            redirect_uris=[AnyUrl(CALLBACK)],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
        ),
        storage=_Memory(registered),
        redirect_handler=browser.visit,
        callback_handler=browser.come_back,
        client_metadata_url=METADATA,
    )
