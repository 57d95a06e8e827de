"""The ``[identity]`` section: what it takes, and what it tells about mistakes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from identity.forge import Provider
from ostiary.identity.authenticator import open_identity, secret
from ostiary.identity.process import process_principal
from ostiary.identity.provider import places
from ostiary.identity.settings import Audience, IdentitySettings, Introspect, Mode
from ostiary.model.principal import Proof
from ostiary.model.setting import BadSetting

GOOD = """
mode = "both"
resource = "https://gate.example/"
audience = "gateway"
scopes = ["write", "mcp"]
name = "The gate"
leeway_seconds = 5

[[issuers]]
issuer = "https://login.example/tenant/v2.0"
audiences = ["api://gate"]
algorithms = ["RS256"]
accept_untyped = true
groups_claim = ["realm_access", "roles"]
agent_claim = "agent_id"
client_claim = "appid"
introspect = ["opaque", "jwt"]
client_id = "gate"
client_secret = "file:/run/secrets/gate"
allow_private = true

[[issuers]]
issuer = "http://127.0.0.1:9000"
allow_loopback = true
jwks_url = "http://127.0.0.1:9000/keys?x=1"
"""
LEAST = 'mode = "oauth"\nresource = "https://gate.example"\n'
ISSUER = '[[issuers]]\nissuer = "https://login.example"\n'


def test_everything_that_can_be_set() -> None:
    found = IdentitySettings.from_table(tomllib.loads(GOOD))
    assert (found.mode, found.audience) == (Mode.BOTH, Audience.GATEWAY)
    assert (found.resource, found.scopes) == ("https://gate.example", ("mcp", "write"))
    first, second = found.issuers
    assert first.groups_claim == ("realm_access", "roles")
    assert (first.agent_claim, first.client_claim) == (("agent_id",), ("appid",))
    assert first.introspect == (Introspect.OPAQUE, Introspect.JWT)
    assert second.groups_claim == ("groups",)


def test_nothing_set_is_local_tokens() -> None:
    found = IdentitySettings.from_table({})
    assert found == IdentitySettings()
    assert (found.uses_tokens, found.uses_providers) == (True, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('mode = "open"', "identity.mode"),
        ("mode = 1", "identity.mode"),
        ('modes = "oauth"', "identity.modes"),
        ('mode = "oauth"', "identity.issuers"),
        (ISSUER, "identity.issuers"),
        ('mode = "oauth"\n' + ISSUER, "identity.resource"),
        (LEAST + "issuers = [1]", "identity.issuers"),
        (LEAST + ISSUER + ISSUER, "identity.issuers"),
        (LEAST + 'scopes = ["a b"]\n' + ISSUER, "identity.scopes"),
        (LEAST + "scopes = ['a\"']\n" + ISSUER, "identity.scopes"),
        (LEAST + "scopes = [1]\n" + ISSUER, "identity.scopes"),
        (LEAST + "leeway_seconds = 301\n" + ISSUER, "identity.leeway_seconds"),
        (LEAST + "leeway_seconds = true\n" + ISSUER, "identity.leeway_seconds"),
        ('mode = "oauth"\nresource = "http://gate.example"\n' + ISSUER, "identity.resource"),
        ('mode = "oauth"\nresource = "https://g.example/x"\n' + ISSUER, "identity.resource"),
        ('mode = "oauth"\nresource = "https://g.example?x"\n' + ISSUER, "identity.resource"),
        (LEAST + "[[issuers]]", "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "login"', "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "http://l.example"', "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "http://127.0.0.1"', "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "https://u:p@l.example"', "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "https://l.example?a"', "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "https://l.example|x"', "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "https://[::1"', "identity.issuers[0].issuer"),
        (LEAST + '[[issuers]]\nissuer = "https://a:99999"', "identity.issuers[0].issuer"),
        (LEAST + ISSUER + 'algorithms = ["HS256"]', "identity.issuers[0].algorithms"),
        (LEAST + ISSUER + 'algorithms = ["none"]', "identity.issuers[0].algorithms"),
        (LEAST + ISSUER + 'introspect = ["all"]', "identity.issuers[0].introspect"),
        (LEAST + ISSUER + 'introspect = ["jwt"]', "identity.issuers[0].introspect"),
        (LEAST + ISSUER + 'client_secret = "s3cret"', "identity.issuers[0].client_secret"),
        (LEAST + ISSUER + 'jwks_url = "http://l.example"', "identity.issuers[0].jwks_url"),
        (LEAST + ISSUER + "allow_private = 1", "identity.issuers[0].allow_private"),
        (LEAST + ISSUER + 'groups_claim = ""', "identity.issuers[0].groups_claim"),
    ],
)
def test_mistakes_are_named(text: str, name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        IdentitySettings.from_table(tomllib.loads(text))
    assert caught.value.name == name
    assert "s3cret" not in str(caught.value)


def test_opaque_tokens_are_shown_to_one_provider_only() -> None:
    asks = 'introspect = "opaque"\nclient_id = "g"\nclient_secret = "env:S"\n'
    other = '[[issuers]]\nissuer = "https://other.example"\n'
    with pytest.raises(BadSetting, match="only one"):
        IdentitySettings.from_table(tomllib.loads(LEAST + ISSUER + asks + other + asks))


def test_secrets_come_from_where_they_are(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    assert secret(f"file:{file}", "x", {}) == "from a file"
    assert secret("env:S", "x", {"S": "from outside"}) == "from outside"
    for reference in ("env:MISSING", f"file:{tmp_path / 'missing'}", f"file:{tmp_path}"):
        with pytest.raises(BadSetting, match="there is no secret"):
            secret(reference, "x", {})
    wanted = IdentitySettings.from_table(
        tomllib.loads(
            LEAST + ISSUER + 'introspect = "jwt"\nclient_id = "g"\nclient_secret = "env:MISSING"'
        )
    )
    with pytest.raises(BadSetting, match="client_secret"):
        open_identity(wanted, tmp_path, Provider(), environment={})
    with pytest.raises(ValueError, match="need something that asks them"):
        open_identity(wanted, tmp_path)


def test_metadata_of_providers_is_looked_for_where_clients_look() -> None:
    assert places("https://login.example") == (
        "https://login.example/.well-known/oauth-authorization-server",
        "https://login.example/.well-known/openid-configuration",
    )
    assert places("https://login.example/tenant/v2.0") == (
        "https://login.example/.well-known/oauth-authorization-server/tenant/v2.0",
        "https://login.example/.well-known/openid-configuration/tenant/v2.0",
        "https://login.example/tenant/v2.0/.well-known/openid-configuration",
    )


def test_a_process_is_the_person_who_runs_it() -> None:
    found = process_principal("alice", "editor")
    assert (found.id, found.proof, found.client) == ("process:alice", Proof.PROCESS, "editor")
    # No name of a user or a client can look like another one in the record.
    assert process_principal("al\u200bice\n").id.isprintable()


def test_metadata_says_whom_to_ask() -> None:
    settings = IdentitySettings.from_table(tomllib.loads(LEAST + 'scopes = ["mcp"]\n' + ISSUER))
    identity = open_identity(settings, Path("/nowhere"), Provider())
    assert identity.metadata("/mcp/files") == {
        "resource": "https://gate.example/mcp/files",
        "authorization_servers": ["https://login.example"],
        "bearer_methods_supported": ["header"],
        "resource_name": "Ostiary",
        "scopes_supported": ["mcp"],
    }
    for path in (
        "mcp",
        "//evil.example",
        "/a/../b",
        "/a?b",
        "/a#b",
        "/a b",
        '/a"',
        "/a\r\n",
        "/%61",
    ):
        assert identity.metadata(path) is None


def test_local_tokens_and_providers_together(tmp_path: Path) -> None:
    text = LEAST.replace("oauth", "both") + ISSUER
    identity = open_identity(IdentitySettings.from_table(tomllib.loads(text)), tmp_path, Provider())
    assert identity.metadata("/mcp")
    assert identity.known("Bearer ost_x", 1.0) is None
