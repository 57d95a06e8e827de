"""People and services of a real OpenID provider at a running gateway, and what servers see."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from mcp.client.auth import OAuthClientProvider
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyUrl

from gateway.headers_server import Server, headers_server
from gateway.running import Running, running_gateway
from gateway.talking import Talk
from identity.openid import OpenIdProvider, openid_provider
from ostiary.identity.issuing import revoke
from ostiary.identity.token_file import TokenFile
from ostiary.model.approval import Start

GATE = "https://gate.example"
CEDAR = """
@id("guests-read")
@text("Guests only read.")
@remedy("Ask to be put into another group.")
forbid (principal, action in Action::"use", resource)
when { principal.groups.contains("guests") && resource.name == "write" };

@id("report-reads")
@text("The nightly report only reads.")
@remedy("Use another service account.")
forbid (principal, action in Action::"use", resource)
when { principal.client == "nightly-report" && resource.name == "write" };

@id("agents-read")
@text("Agents only read.")
@remedy("Do it yourself.")
forbid (principal, action in Action::"use", resource)
when { principal.agent != "" && resource.name == "write" };
"""
SETTINGS = """
[policy]
preset = "open"
files = ["own.cedar"]

[identity]
mode = "both"
resource = "{gate}"
scopes = ["mcp"]

[[identity.issuers]]
issuer = "{issuer}"
allow_loopback = true
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as one:
        yield one


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with headers_server() as one:
        yield one


@pytest.fixture(scope="module")
def gateway(
    provider: OpenIdProvider, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("log-in")
    (folder / "own.cedar").write_text(CEDAR, encoding="utf-8")
    text = SETTINGS.format(gate=GATE, issuer=provider.issuer)
    servers = {"notes": Start("http", url=server.url)}
    with running_gateway(folder, servers, settings=text) as running:
        yield running


def recorded(gateway: Running, principal: str) -> list[dict[str, object]]:
    return gateway.place.record("--who", principal)


class Memory:
    """What a client remembers: that it is registered as ``desktop``, and its tokens."""

    def __init__(self, issuer: str) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = OAuthClientInformationFull(
            client_id="desktop",
            redirect_uris=[AnyUrl("http://127.0.0.1/callback")],
            token_endpoint_auth_method="none",
            issuer=issuer,
        )

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Rerouted(httpx2.AsyncHTTPTransport):
    """Finds ``gate.example`` where the gateway listens, as a reverse proxy would."""

    def __init__(self, gateway: Running) -> None:
        super().__init__()
        self._to = urlsplit(gateway.address)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "gate.example":
            request.url = request.url.copy_with(
                scheme="http", host=self._to.hostname, port=self._to.port
            )
            request.headers["host"] = self._to.netloc
        return await super().handle_async_request(request)


@pytest.mark.proves("GW-03", "EN-19")
def test_a_real_client_finds_the_provider_and_its_person_logs_in(
    gateway: Running, provider: OpenIdProvider
) -> None:
    came_back: list[str] = []
    memory = Memory(provider.issuer)

    async def log_in(url: str) -> None:
        came_back.append(await asyncio.to_thread(provider.log_in, url, "bob"))

    async def back() -> AuthorizationCodeResult:
        said = parse_qs(urlsplit(came_back[-1]).query)
        return AuthorizationCodeResult(
            code=said["code"][0], state=said["state"][0], iss=said["iss"][0]
        )

    url = f"{GATE}/mcp/notes"
    auth = OAuthClientProvider(
        url,
        OAuthClientMetadata(
            redirect_uris=[AnyUrl("http://127.0.0.1/callback")], token_endpoint_auth_method="none"
        ),
        memory,
        log_in,
        back,
    )

    async def work() -> tuple[list[str], str]:
        async with (
            httpx2.AsyncClient(auth=auth, transport=Rerouted(gateway)) as http,
            Client(streamable_http_client(url, http_client=http), mode="legacy") as client,
        ):
            tools = [tool.name for tool in (await client.list_tools()).tools]
            called = await client.call_tool("read", {})
        return tools, str(called.content[0])

    tools, told = asyncio.run(work())
    assert tools == ["read"]
    assert len(came_back) == 1
    assert memory.tokens
    assert memory.tokens.access_token not in told
    events = recorded(gateway, f"{provider.issuer}|bob")
    assert [one["client"] for one in events if one["method"] == "tools/call"]
    assert {one["client"] for one in events} == {"desktop"}


def test_without_a_token_a_client_is_told_where_to_get_one(gateway: Running) -> None:
    for path in ("/mcp", "/mcp/notes"):
        said = httpx2.post(f"{gateway.address}{path}", json={})
        assert said.status_code == 401
        found = httpx2.get(f"{gateway.address}/.well-known/oauth-protected-resource{path}")
        assert found.json()["resource"] == GATE + path
        assert found.json()["scopes_supported"] == ["mcp"]
        challenge = said.headers["www-authenticate"]
        assert f'resource_metadata="{GATE}/.well-known/oauth-protected-resource{path}"' in challenge


@pytest.mark.proves("GW-24")
def test_a_service_account_reaches_what_policy_gives_it(
    gateway: Running, provider: OpenIdProvider
) -> None:
    endpoint = GATE + "/mcp/notes"
    service = Talk(gateway.endpoint("notes"), provider.service_token(endpoint)).open()
    person = Talk(gateway.endpoint("notes"), provider.person_token("alice", endpoint)).open()
    assert service.tools() == ["read"]
    assert person.tools() == ["read", "write"]
    assert (
        "result" not in service.call("write").message
        or (service.call("write").message["result"]["isError"])
    )
    assert person.call("write").message["result"]["content"]
    effects = {
        one["effect"]
        for one in recorded(gateway, f"{provider.issuer}|nightly-report")
        if one["thing"] == "tool:write"
    }
    assert effects == {"deny"}


@pytest.mark.proves("GW-21")
def test_what_an_agent_does_for_a_person_is_decided_and_recorded_as_that(
    gateway: Running, provider: OpenIdProvider
) -> None:
    token = provider.person_token("alice", GATE + "/mcp/notes", "mcp write")
    agent = Talk(gateway.endpoint("notes"), token).open()
    assert agent.tools() == ["read"]
    agent.call("read")
    events = [
        one for one in recorded(gateway, f"{provider.issuer}|alice") if one["agent"] == "agent-7"
    ]
    assert {one["client"] for one in events} == {"desktop"}
    assert "tools/call" in {one["method"] for one in events}


@pytest.mark.proves("GW-18")
def test_a_token_for_one_endpoint_opens_no_other_and_goes_no_further(
    gateway: Running, provider: OpenIdProvider, server: Server
) -> None:
    token = provider.person_token("alice", GATE + "/mcp/notes")
    talk = Talk(gateway.endpoint("notes"), token).open()
    headers = json.loads(talk.call("read").text)
    assert "authorization" not in headers
    for endpoint in (gateway.endpoint(), gateway.endpoint(transport="sse")):
        said = Talk(endpoint, token).ask("initialize", {})
        assert said.status in (401, 405), said
    other = provider.person_token("alice", "https://other.example/mcp/notes")
    assert Talk(gateway.endpoint("notes"), other).ask("tools/list").status == 401
    # Neither the token nor a part of it is at the server, in the record, or told to the operator.
    secret = token.split(".")[2][:32].encode()
    assert server.received
    assert not [one for one in server.received if secret in one or b"eyJ" in one]
    kept = [one for one in gateway.place.state.rglob("*") if one.is_file()]
    assert kept
    assert not [one for one in kept if secret in one.read_bytes()]
    assert secret.decode() not in "".join(gateway.said)


@pytest.mark.proves("GW-29")
def test_a_grant_for_something_else_is_stopped_and_noticed(
    gateway: Running, provider: OpenIdProvider
) -> None:
    mail = provider.person_token("alice", "https://mail.example/inbox")
    assert Talk(gateway.endpoint("notes"), mail).ask("tools/list").status == 401
    told = gateway.place.record("--kind", "identity")
    whys = [one["why"] for one in told if one["effect"] == "deny"]
    assert any("meant for" in why or "audience" in why for why in whys), whys
    assert mail not in json.dumps(told)


@pytest.mark.proves("GW-04")
def test_a_narrowed_token_sees_and_calls_what_it_was_narrowed_to(gateway: Running) -> None:
    token = gateway.place.token("triage", only=["notes/re*"])
    for server, prefix in (("notes", ""), ("", "notes__")):
        talk = Talk(gateway.endpoint(server), token).open()
        assert talk.tools() == [f"{prefix}read"]
        assert talk.call(f"{prefix}read").message["result"]["content"]
        refused = talk.call(f"{prefix}write").message
        assert "error" in refused or refused["result"]["isError"]


def test_a_revoked_token_ends_in_the_running_gateway(gateway: Running) -> None:
    token = gateway.place.token("leaver")
    talk = Talk(gateway.endpoint("notes"), token).open()
    assert talk.call("read").status == 200
    revoke(TokenFile(Path(gateway.place.state)), client="leaver")
    ends = time.monotonic() + 60
    while talk.call("read").status == 200 and time.monotonic() < ends:
        pass
    assert talk.call("read").status == 401
    assert Talk(gateway.endpoint("notes"), gateway.token).open().call("read").status == 200
