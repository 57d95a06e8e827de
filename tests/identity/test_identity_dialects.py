"""Access tokens as widespread kinds of providers write them, each accepted by settings alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from identity.forge import GATE, ISSUER, NOW, PATH, Provider, claims, signed
from ostiary.identity.authenticator import open_identity
from ostiary.identity.settings import IdentitySettings
from ostiary.model.challenge import Challenge
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal


def come_in(token: str, one: JsonObject) -> Principal | Challenge:
    table: JsonObject = {
        "mode": "oauth",
        "resource": GATE,
        "issuers": [{"issuer": ISSUER, **one}],
    }
    identity = open_identity(IdentitySettings.from_table(table), Path("/nowhere"), Provider())
    return asyncio.run(identity.verify(f"Bearer {token}", PATH, NOW))


@pytest.mark.proves("GW-20")
@pytest.mark.parametrize(
    ("said", "typ", "one", "scopes", "groups", "client"),
    [
        pytest.param(
            {"aud": "api://gate", "scp": "mcp write", "azp": "0000-client", "groups": ["0000-a"]},
            "JWT",
            {"audiences": ["api://gate"], "accept_untyped": True},
            ("mcp", "write"),
            ("0000-a",),
            "0000-client",
            id="own name for the audience, scp as a text",
        ),
        pytest.param(
            {"typ": "Bearer", "azp": "web", "scope": "mcp", "realm_access": {"roles": ["b", "a"]}},
            "JWT",
            {"accept_untyped": True, "groups_claim": ["realm_access", "roles"]},
            ("mcp",),
            ("a", "b"),
            "web",
            id="groups inside an object, its kind as a claim",
        ),
        pytest.param(
            {"cid": "0oa1", "scp": ["mcp"], "groups": ["Everyone"]},
            None,
            {"accept_untyped": True, "client_claim": "cid"},
            ("mcp",),
            ("Everyone",),
            "0oa1",
            id="another claim for the client, scp as a list",
        ),
        pytest.param(
            {"azp": "spa", "scope": "mcp", "https://gate.example/groups": ["a"]},
            "at+jwt",
            {"groups_claim": "https://gate.example/groups"},
            ("mcp",),
            ("a",),
            "spa",
            id="a claim whose name is a URL",
        ),
        pytest.param(
            {"client_id": "machine", "sub": "machine", "scope": ""},
            "at+jwt",
            {},
            (),
            (),
            "machine",
            id="a service, by RFC 9068",
        ),
    ],
)
def test_dialects(
    said: dict[str, object],
    typ: str | None,
    one: JsonObject,
    scopes: tuple[str, ...],
    groups: tuple[str, ...],
    client: str,
) -> None:
    whole = claims(**{"client_id": None, **said})
    found = come_in(signed(whole, typ=typ), one)
    assert isinstance(found, Principal), found
    assert (found.scopes, found.groups, found.client) == (scopes, groups, client)
    assert isinstance(
        come_in(signed(claims(**{**said, "aud": "api://other"}), typ=typ), one), Challenge
    )


@pytest.mark.parametrize(
    "said",
    [
        {"nonce": "x"},
        {"at_hash": "x"},
        {"token_use": "id"},
        {"token_use": None, "typ": "ID"},
        {"typ": "Refresh"},
        {"typ": 7},
        {"events": {}},
    ],
    ids=str,
)
def test_untyped_tokens_of_other_kinds_stay_out(said: dict[str, object]) -> None:
    one: JsonObject = {"accept_untyped": True}
    assert isinstance(come_in(signed(claims(token_use="access"), typ="JWT"), one), Principal)
    assert isinstance(come_in(signed(claims(**said), typ="JWT"), one), Challenge)


def test_an_agent_claim_counts_where_there_is_no_actor() -> None:
    one: JsonObject = {"agent_claim": "agent_id"}
    found = come_in(signed(claims(agent_id="robot")), one)
    assert isinstance(found, Principal)
    assert found.agent == "robot"
    both = come_in(signed(claims(agent_id="robot", act={"sub": "other"})), one)
    assert isinstance(both, Principal)
    assert both.agent == "other"
    unasked = come_in(signed(claims(agent_id="robot")), {})
    assert isinstance(unasked, Principal)
    assert unasked.agent == ""
