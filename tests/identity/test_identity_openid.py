"""Access tokens of a real OpenID provider: people, services, agents, rotation, revocation."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from identity.openid import GATEWAY, OpenIdProvider, openid_provider
from ostiary.gateway.provider_fetch import ProviderFetch
from ostiary.identity.authenticator import Identity, open_identity
from ostiary.identity.fetching import Question
from ostiary.identity.settings import IdentitySettings
from ostiary.model.challenge import Challenge
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal, Proof

GATE = "https://gate.example"
PATH = "/mcp"


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


class Counting:
    """The real client, counting what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._fetch = ProviderFetch()

    async def __call__(self, question: Question) -> bytes:
        self.asked.append(question.url)
        return await self._fetch(question)


class Clock:
    """A monotonic clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def settings(issuer: str, more: JsonObject | None = None, **one: object) -> IdentitySettings:
    table: JsonObject = {
        "mode": "oauth",
        "resource": GATE,
        "issuers": [{"issuer": issuer, "allow_loopback": True, **one}],  # type: ignore[dict-item]
        **(more or {}),
    }
    return IdentitySettings.from_table(table)


def introspecting(issuer: str, *kinds: str) -> IdentitySettings:
    return settings(
        issuer, introspect=list(kinds), client_id=GATEWAY[0], client_secret="env:GATEWAY_SECRET"
    )


def opened(
    wanted: IdentitySettings, fetch: Counting | None = None, clock: Clock | None = None
) -> Identity:
    return open_identity(
        wanted,
        Path("/nowhere"),
        fetch or Counting(),
        clock=clock or Clock(),
        environment={"GATEWAY_SECRET": GATEWAY[1]},
    )


def verify(identity: Identity, token: str, path: str = PATH) -> Principal | Challenge:
    async def once() -> Principal | Challenge:
        try:
            return await identity.verify(f"Bearer {token}", path, time.time())
        finally:
            await identity.close()

    return asyncio.run(once())


def principal(found: Principal | Challenge) -> Principal:
    assert isinstance(found, Principal), found
    return found


def refused(found: Principal | Challenge) -> Challenge:
    assert isinstance(found, Challenge), found
    return found


@pytest.mark.proves("GW-03", "EN-19")
def test_a_person_logs_in_and_comes_in(provider: OpenIdProvider) -> None:
    identity = opened(settings(provider.issuer, {"scopes": ["mcp"]}))
    assert refused(verify(identity, "")).status == 400
    token = provider.person_token("alice", GATE + PATH)
    found = principal(verify(identity, token))
    assert found.id == f"{provider.issuer}|alice"
    assert (found.proof, found.name) == (Proof.OAUTH, "Alice Example")
    assert (found.groups, found.scopes) == (("admins", "developers"), ("mcp",))
    assert (found.client, found.agent, found.only) == ("desktop", "", None)
    assert found.expires is not None
    assert found.token_id
    assert token not in repr(found)
    assert identity.known(f"Bearer {token}", time.time(), PATH) == found


@pytest.mark.proves("GW-21")
def test_the_agent_and_the_client_stand_beside_the_person(provider: OpenIdProvider) -> None:
    identity = opened(settings(provider.issuer))
    found = principal(verify(identity, provider.person_token("bob", GATE + PATH, "mcp write")))
    assert found.id == f"{provider.issuer}|bob"
    assert (found.agent, found.client, found.groups) == ("agent-7", "desktop", ("guests",))


@pytest.mark.proves("GW-24")
def test_a_service_account_is_a_principal_of_its_own(provider: OpenIdProvider) -> None:
    identity = opened(settings(provider.issuer))
    service = principal(verify(identity, provider.service_token(GATE + PATH)))
    person = principal(verify(identity, provider.person_token("alice", GATE + PATH)))
    assert service.id == f"{provider.issuer}|nightly-report"
    assert (service.client, service.groups, service.agent) == ("nightly-report", (), "")
    assert service.id != person.id
    wants_more = opened(settings(provider.issuer, {"scopes": ["mcp", "write"]}))
    challenge = refused(verify(wants_more, provider.service_token(GATE + PATH)))
    assert (challenge.status, challenge.error) == (403, "insufficient_scope")
    assert 'scope="mcp write"' in dict(challenge.headers)["WWW-Authenticate"]
    allowed = principal(verify(wants_more, provider.service_token(GATE + PATH, "mcp write")))
    assert allowed.scopes == ("mcp", "write")


@pytest.mark.proves("GW-18")
def test_a_token_opens_the_endpoint_it_is_meant_for_and_no_other(
    provider: OpenIdProvider,
) -> None:
    identity = opened(settings(provider.issuer))
    header = f"Bearer {provider.service_token(GATE + '/mcp/files')}"

    async def play() -> None:
        now = time.time()
        inside = await identity.verify(header, "/mcp/files", now)
        assert isinstance(inside, Principal)
        assert identity.known(header, now, "/mcp/files") == inside
        for other in ("/mcp", "/mcp/mail", "/mcp/files2", "/mcp/files/..", "/mcp//files", ""):
            assert identity.known(header, now, other) is None
            assert isinstance(await identity.verify(header, other, now), Challenge)
        assert identity.known(header, now) is None

    asyncio.run(play())
    elsewhere = provider.service_token("https://other.example/mcp/files")
    assert refused(verify(identity, elsewhere, "/mcp/files")).error == "invalid_token"
    whole = opened(settings(provider.issuer, {"audience": "gateway"}))
    token = provider.service_token(GATE)
    assert principal(verify(whole, token, "/mcp/files")) == whole.known(
        f"Bearer {token}", time.time()
    )


def test_keys_of_both_kinds_verify(provider: OpenIdProvider) -> None:
    token = provider.service_token(GATE + "/mcp/curve")
    found = principal(verify(opened(settings(provider.issuer)), token, "/mcp/curve"))
    assert found.client == "nightly-report"
    only_rsa = opened(settings(provider.issuer, algorithms=["RS256"]))
    assert "algorithm" in refused(verify(only_rsa, token, "/mcp/curve")).reason


def test_a_changed_token_is_refused(provider: OpenIdProvider) -> None:
    identity = opened(settings(provider.issuer))
    token = provider.service_token(GATE + PATH)
    head, body, mark = token.split(".")
    for broken in (
        f"{head}.{body}.{mark[:-4]}AAAA",
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{head}.{body[:-4]}AAAA.{mark}",
        f"{head}.{body}.{mark}.{mark}",
    ):
        assert refused(verify(identity, broken)).status in (400, 401)


@pytest.mark.proves("GW-20")
def test_two_providers_are_told_apart(provider: OpenIdProvider) -> None:
    with openid_provider() as second:
        both = IdentitySettings.from_table(
            {
                "mode": "oauth",
                "resource": GATE,
                "issuers": [
                    {"issuer": provider.issuer, "allow_loopback": True},
                    {"issuer": second.issuer, "allow_loopback": True},
                ],
            }
        )
        identity = opened(both)
        first = principal(verify(identity, provider.person_token("alice", GATE + PATH)))
        other = principal(verify(identity, second.person_token("alice", GATE + PATH)))
        assert first.id == f"{provider.issuer}|alice"
        assert other.id == f"{second.issuer}|alice"
        document = identity.metadata(PATH)
        assert document
        assert document["authorization_servers"] == [provider.issuer, second.issuer]
        stranger = opened(settings(provider.issuer))
        assert refused(verify(stranger, second.service_token(GATE + PATH))).status == 401


def test_keys_rotate_while_the_gateway_runs() -> None:
    with openid_provider() as provider:
        fetch, clock = Counting(), Clock()
        identity = opened(settings(provider.issuer), fetch, clock)

        async def play() -> None:
            old = f"Bearer {provider.service_token(GATE + PATH)}"
            assert isinstance(await identity.verify(old, PATH, time.time()), Principal)
            provider.rotate("add")
            clock.at += 60
            both = f"Bearer {provider.service_token(GATE + PATH)}"
            assert isinstance(await identity.verify(both, PATH, time.time()), Principal)
            assert identity.known(old, time.time(), PATH)
            provider.rotate("replace")
            clock.at += 60
            fresh = f"Bearer {provider.service_token(GATE + PATH)}"
            assert isinstance(await identity.verify(fresh, PATH, time.time()), Principal)
            # The keys that signed the earlier ones are gone, so they end although they live.
            for ended in (old, both):
                assert identity.known(ended, time.time(), PATH) is None
                assert isinstance(await identity.verify(ended, PATH, time.time()), Challenge)
            before = len(fetch.asked)
            for _ in range(50):
                await identity.verify(old, PATH, time.time())
            assert len(fetch.asked) == before
            await identity.close()

        asyncio.run(play())


def test_a_provider_that_is_down_is_bridged_for_a_bounded_time() -> None:
    provider = OpenIdProvider()
    fetch, clock = Counting(), Clock()
    identity = opened(
        settings(provider.issuer, {"stale_seconds": 3_600, "keys_seconds": 600}), fetch, clock
    )
    first = f"Bearer {provider.service_token(GATE + PATH)}"
    second = f"Bearer {provider.service_token(GATE + PATH)}"
    third = f"Bearer {provider.service_token(GATE + PATH)}"

    async def play() -> None:
        assert isinstance(await identity.verify(first, PATH, time.time()), Principal)
        provider.stop()
        clock.at += 1_800
        assert isinstance(await identity.verify(second, PATH, time.time()), Principal)
        clock.at += 1_801
        for at, late in ((time.time(), third), (time.time() + 301, first)):
            gone = refused(await identity.verify(late, PATH, at))
            assert gone.status == 503
            assert dict(gone.headers)["Retry-After"]
        await identity.close()

    asyncio.run(play())
    never = refused(verify(opened(settings(provider.issuer)), first.partition(" ")[2]))
    assert (never.status, never.error) == (503, "temporarily_unavailable")


def test_opaque_tokens_are_asked_about(provider: OpenIdProvider) -> None:
    path = "/mcp/opaque"
    fetch = Counting()
    identity = opened(introspecting(provider.issuer, "opaque"), fetch)
    service = provider.service_token(GATE + path)
    person = provider.person_token("alice", GATE + path)
    bad = service[:-1] + ("A" if service[-1] != "A" else "B")

    async def play() -> None:
        now = time.time()
        found = await asyncio.gather(
            *(identity.verify(f"Bearer {service}", path, now) for _ in range(20))
        )
        assert len(set(found)) == 1
        assert principal(found[0]).id == f"{provider.issuer}|nightly-report"
        asked = [one for one in fetch.asked if one.endswith("/introspection")]
        assert len(asked) == 1
        alice = principal(await identity.verify(f"Bearer {person}", path, now))
        assert (alice.id, alice.client) == (f"{provider.issuer}|alice", "desktop")
        assert service not in repr(found)
        for _ in range(20):
            assert refused(await identity.verify(f"Bearer {bad}", path, now)).status == 401
        assert len([one for one in fetch.asked if one.endswith("/introspection")]) == 3
        # Meant for another endpoint.
        assert refused(await identity.verify(f"Bearer {service}", "/mcp", now)).status == 401
        provider.revoke(service)
        assert identity.known(f"Bearer {service}", now + 29, path)
        assert identity.known(f"Bearer {service}", now + 31, path) is None
        late = await identity.verify(f"Bearer {service}", path, now + 31)
        assert refused(late).error == "invalid_token"
        await identity.close()

    asyncio.run(play())
    without = opened(settings(provider.issuer))
    assert "no JWT" in refused(verify(without, person, path)).reason


def test_a_provider_that_cannot_tell_lets_nobody_in(provider: OpenIdProvider) -> None:
    fetch = Counting()
    identity = opened(introspecting(provider.issuer, "jwt"), fetch)
    # This provider answers questions about JWTs with an error.
    challenge = refused(verify(identity, provider.service_token(GATE + PATH)))
    assert (challenge.status, challenge.error) == (503, "temporarily_unavailable")
    assert fetch.asked[-1].endswith("/introspection")


def test_a_wrong_secret_opens_nothing(provider: OpenIdProvider) -> None:
    wanted = introspecting(provider.issuer, "opaque")
    identity = open_identity(
        wanted, Path("/nowhere"), ProviderFetch(), environment={"GATEWAY_SECRET": "wrong"}
    )
    challenge = refused(verify(identity, provider.service_token(GATE + "/mcp/opaque")))
    assert challenge.status == 503
    assert "401" in challenge.reason
    assert "wrong" not in json.dumps([challenge.reason, challenge.headers])


def test_an_id_token_is_no_access_token(provider: OpenIdProvider) -> None:
    lax = opened(settings(provider.issuer, accept_untyped=True, audiences=["desktop"]))
    token = provider.id_token("alice", GATE + PATH)
    assert "ID token" in refused(verify(lax, token)).reason
    assert "typ" in refused(verify(opened(settings(provider.issuer)), token)).reason
