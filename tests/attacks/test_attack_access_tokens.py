"""Attacks on the verification of access tokens: forged, confused, replayed, smuggled, flooding."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st

from identity.forge import (
    EC,
    FOREIGN,
    GATE,
    ISSUER,
    NOW,
    OKP,
    PATH,
    RSA,
    Provider,
    SigningKey,
    claims,
    encoded,
    signed,
    with_mark,
)
from ostiary.identity.authenticator import Identity, open_identity
from ostiary.identity.oauth import MOST_BAD
from ostiary.identity.settings import IdentitySettings
from ostiary.model.challenge import Challenge
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal


class Clock:
    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def settings(**one: object) -> IdentitySettings:
    table = {"mode": "oauth", "resource": GATE, "issuers": [{"issuer": ISSUER, **one}]}
    return IdentitySettings.from_table(table)  # type: ignore[arg-type]


ASKING = {"client_id": "gateway", "client_secret": "env:SECRET"}


def opened(
    provider: Provider, wanted: IdentitySettings | None = None, clock: Clock | None = None
) -> Identity:
    return open_identity(
        wanted or settings(),
        Path("/nowhere"),
        provider,
        clock=clock or Clock(),
        environment={"SECRET": "only for tests"},
    )


def ask(
    authorization: str,
    wanted: IdentitySettings | None = None,
    provider: Provider | None = None,
    path: str = PATH,
) -> Principal | Challenge:
    async def once() -> Principal | Challenge:
        identity = opened(provider or Provider(), wanted)
        try:
            return await identity.verify(authorization, path, NOW)
        finally:
            await identity.close()

    return asyncio.run(once())


def come_in(token: str, wanted: IdentitySettings | None = None) -> Principal | Challenge:
    return ask(f"Bearer {token}", wanted)


def reason(found: Principal | Challenge) -> str:
    assert isinstance(found, Challenge), found
    assert found.status == 401
    assert found.error == "invalid_token"
    return found.reason


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (RSA, {}),
        (RSA, {"alg": "PS256"}),
        (EC, {"alg": "ES256", "kid": "ec"}),
        (OKP, {"alg": "EdDSA", "kid": "okp"}),
        (OKP, {"alg": "Ed25519", "kid": "okp"}),
        (RSA, {"typ": "application/at+jwt"}),
        (RSA, {"typ": "AT+JWT"}),
    ],
)
def test_what_is_right_comes_in(key: SigningKey, header: dict[str, str]) -> None:
    token = signed(None, key, **header)
    found = come_in(token)
    assert isinstance(found, Principal)
    assert (found.id, found.client, found.token_id) == (f"{ISSUER}|alice", "desktop", "token-1")


PUBLIC_PEM = RSA.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PUBLIC_DER = RSA.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize(
    "secret",
    [PUBLIC_PEM, PUBLIC_DER, json.dumps(RSA.as_dict(private=False)).encode(), b""],
    ids=["pem", "der", "jwk", "empty"],
)
def test_a_public_key_is_no_shared_secret(alg: str, secret: bytes) -> None:
    head = {"alg": alg, "typ": "at+jwt", "kid": "rsa"}
    covered = f"{encoded(head)}.{encoded(claims())}".encode()
    mark = hmac.new(secret, covered, f"sha{alg[2:]}").digest()
    assert "algorithm" in reason(come_in(with_mark(head, claims(), mark)))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, 1, ["RS256"]])
@pytest.mark.parametrize("mark", [b"", b"x"])
def test_a_token_without_a_signature_is_none(alg: object, mark: bytes) -> None:
    head = {"alg": alg, "typ": "at+jwt", "kid": "rsa"}
    assert reason(come_in(with_mark(head, claims(), mark)))


def test_a_key_verifies_with_its_own_algorithms_only() -> None:
    for header in ({"alg": "ES256"}, {"alg": "EdDSA"}, {"alg": "ES384", "kid": "ec"}):
        head = {"typ": "at+jwt", "kid": "rsa", **header}
        assert reason(come_in(with_mark(head, claims(), b"x" * 64)))
    only_curves = settings(algorithms=["ES256"])
    assert "algorithm" in reason(come_in(signed(), only_curves))
    provider = Provider()
    provider.keys = [{**RSA.as_dict(private=False), "alg": "PS256"}]
    assert "key" in reason(ask(f"Bearer {signed()}", provider=provider))
    assert isinstance(ask(f"Bearer {signed(alg='PS256')}", provider=provider), Principal)


@pytest.mark.parametrize(
    "kid",
    ["", "../../dev/null", "rsa\x00", "RSA", "' OR 1=1 --", "x" * 5_000, 7, ["rsa"], {"k": "rsa"}],
    ids=lambda kid: repr(kid)[:20],
)
def test_games_with_the_name_of_the_key(kid: object) -> None:
    assert reason(come_in(signed(None, FOREIGN, kid=kid)))
    if kid != "":
        assert reason(come_in(signed(kid=kid)))


def test_a_missing_key_name_is_no_choice_between_keys() -> None:
    # One RSA key: no other can be meant. Two: the token would choose.
    assert isinstance(come_in(signed(kid=None)), Principal)
    provider = Provider()
    provider.keys.append({**FOREIGN.as_dict(private=False), "kid": "second"})
    assert "key" in reason(ask(f"Bearer {signed(kid=None)}", provider=provider))


def test_a_token_does_not_bring_its_own_key() -> None:
    jwk = FOREIGN.as_dict(private=False)
    for header in (
        {"jwk": jwk},
        {"jku": "https://attacker.example/keys"},
        {"x5u": "https://attacker.example/chain.pem"},
        {"x5c": [base64.b64encode(PUBLIC_DER).decode()]},
        {"jwk": jwk, "kid": None},
    ):
        provider = Provider()
        token = signed(None, FOREIGN, **header)
        assert reason(ask(f"Bearer {token}", provider=provider))
        assert not [one for one in provider.asked if "attacker" in one.url]


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False, "crit": ["b64"]},
        {"b64": True},
        {"zip": "DEF"},
        {"enc": "A128GCM"},
        {"typ": "JWT"},
        {"typ": None},
        {"typ": "dpop+jwt"},
        {"typ": "secevent+jwt"},
        {"typ": 1},
    ],
    ids=str,
)
def test_headers_that_mean_something_else(header: dict[str, object]) -> None:
    assert reason(come_in(signed(**header)))


def test_keys_that_must_not_verify_are_left_out() -> None:
    weak = encoded(b"\xff" * 128)
    public = RSA.as_dict(private=False)
    sets: tuple[list[object], ...] = (
        [{**public, "n": weak}],
        [{**public, "use": "enc"}],
        [{**public, "key_ops": ["encrypt"]}],
        [{**public, "n": "AQAB"}],
        [{**public, "kty": "oct", "k": "AAAA"}],
        [{"kty": "oct", "kid": "rsa", "k": "AAAA"}],
        [{**EC.as_dict(private=False), "x": "AAAA", "kid": "rsa"}],
        [None, 7, "key", {}],
        [],
    )
    for keys in sets:
        provider = Provider()
        provider.keys = keys
        found = ask(f"Bearer {signed()}", provider=provider)
        assert isinstance(found, Challenge)
        assert found.status == 503
        assert "no key that can be used" in found.reason


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"iss": "https://login.example/"}, "issuer"),
        ({"iss": "https://LOGIN.example"}, "issuer"),
        ({"iss": "https://login.example.attacker.example"}, "issuer"),
        ({"iss": "https://login.example\x00"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"iss": [ISSUER]}, "issuer"),
        ({"aud": None}, "aud"),
        ({"aud": []}, "somebody else"),
        ({"aud": "https://gate.example"}, "somebody else"),
        ({"aud": "https://gate.example/mcp/"}, "somebody else"),
        ({"aud": "https://gate.example/MCP"}, "somebody else"),
        ({"aud": "https://gate.example/mcp/../mcp"}, "somebody else"),
        ({"aud": ["https://other.example"]}, "somebody else"),
        ({"aud": {"0": GATE + PATH}}, "aud"),
        ({"aud": [GATE + PATH, 7]}, "aud"),
        ({"aud": [[GATE + PATH]]}, "aud"),
        ({"aud": [GATE + PATH] * 200}, "aud"),
        ({"exp": NOW - 31}, "expired"),
        ({"exp": None}, "never expires"),
        ({"exp": str(NOW + 600)}, "point in time"),
        ({"exp": True}, "point in time"),
        ({"exp": 1e300}, "point in time"),
        ({"exp": -1}, "point in time"),
        ({"nbf": NOW + 31}, "not valid yet"),
        ({"iat": NOW + 31}, "not valid yet"),
        ({"nbf": "soon"}, "point in time"),
        ({"sub": None}, "nobody"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": ["alice"]}, "sub"),
        ({"sub": "alice\n"}, "cannot be seen"),
        ({"sub": "al\u200bice"}, "cannot be seen"),
        ({"sub": "\u202ealice"}, "cannot be seen"),
        ({"sub": "a" * 300}, "sub"),
        ({"client_id": 7}, "client_id"),
        ({"azp": "other"}, "two clients"),
        ({"groups": "admins"}, "groups"),
        ({"groups": {"admins": True}}, "groups"),
        ({"groups": ["admins", None]}, "groups"),
        ({"groups": ["g"] * 1_001}, "groups"),
        ({"_claim_names": {"groups": "src1"}}, "groups"),
        ({"scope": 7}, "scope"),
        ({"scope": "a  b"}, "scope"),
        ({"scope": ["a", 1]}, "scope"),
        ({"act": "agent"}, "actors"),
        ({"act": {"name": "agent"}}, "nobody"),
        ({"act": {"sub": 7}}, "sub"),
        ({"act": [{"sub": "agent"}]}, "actors"),
        ({"act": {"sub": "a", "act": {}}}, "nobody"),
        ({"jti": 7}, "jti"),
        ({"cnf": {"jkt": "x"}}, "bound to a key"),
        ({"cnf": None, "exp": NOW - 30}, "expired"),
    ],
    ids=lambda value: json.dumps(value)[:40] if isinstance(value, dict) else None,
)
def test_claims_that_are_wrong(wrong: dict[str, object], why: str) -> None:
    assert why in reason(come_in(signed(claims(**wrong))))


def test_a_chain_of_actors_has_an_end() -> None:
    chain: dict[str, object] = {"sub": "a"}
    for _ in range(7):
        chain = {"sub": "a", "act": chain}
    assert isinstance(come_in(signed(claims(act=chain))), Principal)
    assert "actors" in reason(come_in(signed(claims(act={"sub": "a", "act": chain}))))


def test_an_actor_of_another_provider_keeps_its_name() -> None:
    found = come_in(signed(claims(act={"sub": "robot", "iss": "https://other.example"})))
    assert isinstance(found, Principal)
    assert found.agent == "https://other.example|robot"
    same = come_in(signed(claims(act={"sub": "robot", "iss": ISSUER, "act": {"sub": "first"}})))
    assert isinstance(same, Principal)
    assert same.agent == "robot"


@pytest.mark.parametrize(
    "said",
    [
        b'{"iss":"https://login.example","iss":"https://login.example"}',
        b'{"exp":NaN}',
        b'{"exp":1e999}',
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b"[" * 5_000,
        b'{"sub":"\\ud800"}',
    ],
)
def test_claims_that_read_in_two_ways(said: bytes) -> None:
    assert reason(come_in(signed(said)))


def test_one_signature_has_one_spelling() -> None:
    token = signed()
    head, body, mark = token.split(".")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(mark[-1])
    twin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last ^ 1]
    for other in (f"{head}.{body}.{mark[:-1]}{twin}", f"{head}.{body}.{mark}=="):
        assert other != token
        assert isinstance(come_in(other), Challenge)


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Bearer\t" + signed(),
        f"Bearer {signed()}, Bearer {signed()}",
        f"Bearer {signed()},Bearer x",
        f"Bearer {signed()} {signed()}",
        f"Bearer {signed()}\r\nX-Injected: 1",
        f"Bearer {signed()}\n",
        f"Bearer \x00{signed()}",
        f"Bearer {signed()}\x7f",
        f"Bearer é{signed()}",
        f"Bearer \ud800{signed()}",
        f'Bearer token="{signed()}"',
        "Bearer " + "a" * 20_000,
        " Bearer x",
    ],
    ids=range(15),
)
def test_headers_that_hold_more_or_less_than_one_token(authorization: str) -> None:
    provider = Provider()
    identity = opened(provider)
    found = asyncio.run(identity.verify(authorization, PATH, NOW))
    assert isinstance(found, Challenge)
    assert found.status == 400
    assert identity.known(authorization, NOW, PATH) is None
    assert not provider.asked
    text = dict(found.headers)["WWW-Authenticate"]
    assert text.isascii()
    assert text.isprintable()


@pytest.mark.parametrize("scheme", ["", "Basic YTpi", "DPoP " + signed(), "Negotiate x", "x"])
def test_another_scheme_is_told_which_one(scheme: str) -> None:
    found = ask(scheme)
    assert isinstance(found, Challenge)
    assert (found.status, found.error) == (401, "")
    assert dict(found.headers)["WWW-Authenticate"] == (
        'Bearer realm="ostiary", resource_metadata='
        '"https://gate.example/.well-known/oauth-protected-resource/mcp"'
    )


@given(st.text(max_size=60), st.text(max_size=60))
@example('/mcp", error="x', "Bearer x")
@example("/mcp\r\nX-Injected: 1", "Bearer x")
@example("/" * 50, "")
def test_nothing_gets_from_a_request_into_a_header(path: str, authorization: str) -> None:
    found = ask(authorization, path=path)
    assert isinstance(found, Challenge)
    for name, value in found.headers:
        assert name == "WWW-Authenticate"
        assert value.isascii()
        assert value.isprintable()
        assert value.count('"') % 2 == 0
        assert value.count("resource_metadata=") == 1
        assert "X-Injected" not in value


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=80))
def test_rubbish_is_refused_and_never_fails(head: bytes, body: bytes, mark: bytes) -> None:
    for token in (with_mark(head, body, mark), with_mark({"alg": "RS256"}, body, mark)):
        assert isinstance(come_in(token), Challenge)


def test_the_answer_does_not_tell_what_was_wrong() -> None:
    answers = {
        json.dumps([found.status, found.headers, found.error, found.remedy])
        for found in (
            come_in(signed(claims(exp=NOW - 100))),
            come_in(signed(claims(aud="https://other.example"))),
            come_in(signed(None, FOREIGN)),
            come_in(signed(kid="other")),
            come_in(with_mark({"alg": "none"}, claims(), b"")),
            come_in("opaque-and-unknown"),
        )
        if isinstance(found, Challenge)
    }
    assert len(answers) == 1


def test_nothing_that_is_said_or_kept_holds_the_token() -> None:
    token = signed(claims(groups=["developers"], scope="mcp", act={"sub": "robot"}))
    wrong = signed(claims(aud="https://other.example"))
    secret_part = token.split(".")[2][:40]
    identity = opened(Provider())
    found = asyncio.run(identity.verify(f"Bearer {token}", PATH, NOW))
    assert isinstance(found, Principal)
    assert token not in repr(found)
    assert secret_part not in repr(found)
    challenge = asyncio.run(identity.verify(f"Bearer {wrong}", PATH, NOW))
    assert wrong.split(".")[2][:40] not in repr(challenge)
    assert hashlib.sha256(token.encode()).digest() in identity._oauth._known  # type: ignore[union-attr]
    assert token not in repr(identity._oauth._known)  # type: ignore[union-attr]


def test_unknown_keys_do_not_hammer_the_provider() -> None:
    provider, clock = Provider(), Clock()
    identity = opened(provider, clock=clock)

    async def flood() -> None:
        for at in range(200):
            await identity.verify(f"Bearer {signed(kid=f'key-{at % 7}')}", PATH, NOW)
        await asyncio.gather(
            *(identity.verify(f"Bearer {signed(kid='x')}", PATH, NOW) for _ in range(50))
        )

    asyncio.run(flood())
    assert len(provider.asked) == 2
    clock.at += 10
    asyncio.run(flood())
    assert len(provider.asked) == 3


def test_a_provider_that_takes_its_keys_back_is_believed() -> None:
    provider, clock = Provider(), Clock()
    identity = opened(provider, clock=clock)
    header = f"Bearer {signed()}"

    async def play() -> None:
        assert isinstance(await identity.verify(header, PATH, NOW), Principal)
        provider.keys = []
        clock.at += 60
        unknown = await identity.verify(f"Bearer {signed(kid='x')}", PATH, NOW)
        assert isinstance(unknown, Challenge)
        assert identity.known(header, NOW, PATH) is None
        late = await identity.verify(header, PATH, NOW)
        assert isinstance(late, Challenge)
        assert late.status == 503

    asyncio.run(play())


def test_a_workload_is_known_by_its_name() -> None:
    """A SPIFFE JWT-SVID: no ``typ``, the workload as ``sub``."""
    said = claims(sub="spiffe://prod.example/ns/reports/sa/nightly", client_id=None, jti=None)
    found = come_in(signed(said, typ=None), settings(accept_untyped=True))
    assert isinstance(found, Principal)
    assert found.id == f"{ISSUER}|spiffe://prod.example/ns/reports/sa/nightly"
    assert len(found.token_id) == 16


def test_what_is_wrong_without_a_signature_costs_the_provider_nothing() -> None:
    provider = Provider()
    for token in (
        signed(claims(exp=NOW - 100), kid="x"),
        signed(claims(aud="https://other.example"), kid="x"),
        signed(claims(iss="https://other.example"), kid="x"),
        "eyJ.e30.AA",
    ):
        assert reason(ask(f"Bearer {token}", provider=provider))
    assert not provider.asked


def test_a_flood_of_opaque_tokens_is_bounded() -> None:
    provider, clock = Provider(), Clock()
    identity = opened(provider, settings(introspect=["opaque"], **ASKING), clock)

    async def flood() -> list[Principal | Challenge]:
        return [await identity.verify(f"Bearer opaque-{at}", PATH, NOW) for at in range(6_000)]

    found = asyncio.run(flood())
    statuses = [one.status for one in found if isinstance(one, Challenge)]
    assert statuses.count(401) == 100
    assert statuses.count(503) == 5_900
    assert len(provider.asked) == 101
    clock.at += 1_000
    for _ in range(45):
        clock.at += 1
        asyncio.run(flood())
    assert len(identity._oauth._bad) <= MOST_BAD  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong",
    [
        {"active": "true"},
        {"active": 1},
        {"active": None},
        {"iss": "https://other.example"},
        {"aud": None},
        {"aud": "https://other.example"},
        {"exp": NOW - 31},
        {"exp": "later"},
        {"nbf": NOW + 31},
        {"token_type": "DPoP"},
        {"token_type": 7},
        {"cnf": {"jkt": "x"}},
        {"sub": None, "client_id": None},
        {"sub": "alice\n"},
        {"groups": "admins"},
    ],
    ids=str,
)
def test_introspection_that_does_not_say_yes(wrong: dict[str, object]) -> None:
    provider = Provider()
    said = {"active": True, "token_type": "Bearer", **claims(), **wrong}
    answer: JsonObject = {name: value for name, value in said.items() if value is not None}  # type: ignore[misc]
    provider.active["opaque"] = answer
    wanted = settings(introspect=["opaque"], **ASKING)
    assert reason(ask("Bearer opaque", wanted, provider))
    provider.active["opaque"] = {"active": True, **claims()}  # type: ignore[dict-item]
    assert isinstance(ask("Bearer opaque", wanted, provider), Principal)


def test_a_signed_token_ends_when_its_provider_says_so() -> None:
    provider, token = Provider(), signed()
    identity = opened(provider, settings(introspect=["jwt"], **ASKING))
    provider.active[token] = {"active": True}
    found = asyncio.run(identity.verify(f"Bearer {token}", PATH, NOW))
    assert isinstance(found, Principal)
    provider.active.clear()
    assert identity.known(f"Bearer {token}", NOW + 29, PATH) == found
    late = asyncio.run(identity.verify(f"Bearer {token}", PATH, NOW + 31))
    assert "not active" in reason(late)
    # An unsigned token is nobody's business but its provider's, and this one is not asked.
    before = len(provider.asked)
    assert reason(asyncio.run(identity.verify("Bearer opaque", PATH, NOW)))
    assert len(provider.asked) == before


def test_a_token_of_this_gateway_is_shown_to_no_provider() -> None:
    provider = Provider()
    found = ask("Bearer ost_" + "x" * 49, settings(introspect=["opaque"], **ASKING), provider)
    assert reason(found)
    assert not provider.asked


def test_a_verified_token_ends_when_it_expires_whatever_is_cached() -> None:
    identity = opened(Provider())
    header = f"Bearer {signed(claims(exp=NOW + 60))}"
    assert isinstance(asyncio.run(identity.verify(header, PATH, NOW)), Principal)
    assert identity.known(header, NOW + 89, PATH)
    assert identity.known(header, NOW + 90, PATH) is None
    assert identity.known(header, NOW - 1, PATH) is None
    assert "expired" in reason(asyncio.run(identity.verify(header, PATH, NOW + 90)))


def test_metadata_of_another_issuer_is_not_believed() -> None:
    for issuer in ("https://attacker.example", f"{ISSUER}/", None):
        provider = Provider()
        provider.metadata["issuer"] = issuer
        found = ask(f"Bearer {signed()}", provider=provider)
        assert isinstance(found, Challenge)
        assert found.status == 503
        assert len(provider.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://login.example/keys",
        "http://127.0.0.1/keys",
        "file:///etc/passwd",
        "https://user:secret@login.example/keys",
        "https://login.example/keys#x",
        "//login.example/keys",
        "https://login.example/k eys",
        "https://login.example\\@attacker.example/keys",
        "",
        7,
    ],
    ids=str,
)
def test_metadata_that_points_elsewhere_is_not_followed(address: object) -> None:
    provider = Provider()
    provider.metadata["jwks_uri"] = address  # type: ignore[assignment]
    found = ask(f"Bearer {signed()}", provider=provider)
    assert isinstance(found, Challenge)
    assert found.status == 503
    assert len(provider.asked) == 1


def test_leave_for_private_addresses_does_not_pass_to_other_hosts() -> None:
    provider = Provider()
    provider.metadata["jwks_uri"] = "https://keys.elsewhere.example/keys"
    ask(f"Bearer {signed()}", settings(allow_private=True, allow_loopback=True), provider)
    first, second = provider.asked
    assert (first.private, first.loopback) == (True, True)
    assert (second.private, second.loopback) == (False, False)
