"""A provider whose keys a test holds, so that it can sign anything, right or wrong."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs

from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from ostiary.identity.fetching import CannotFetch, Question
from ostiary.model.json import JsonObject

SigningKey = RSAKey | ECKey | OKPKey
ISSUER = "https://login.example"
GATE = "https://gate.example"
PATH = "/mcp"
NOW = 1_800_000_000.0
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}, private=True)
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}, private=True)
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"}, private=True)
FOREIGN = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}, private=True)


def encoded(value: object) -> str:
    """JSON in base64url without padding."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(**other: object) -> dict[str, object]:
    """Claims of a token that is accepted, with changes; a change to ``None`` leaves one out."""
    usual: dict[str, object] = {
        "iss": ISSUER,
        "sub": "alice",
        "aud": GATE + PATH,
        "exp": NOW + 600,
        "iat": NOW,
        "jti": "token-1",
        "client_id": "desktop",
    }
    return {name: value for name, value in {**usual, **other}.items() if value is not None}


def signed(
    said: dict[str, object] | bytes | None = None,
    key: SigningKey = RSA,
    /,
    **header: object,
) -> str:
    """A token with a right signature of ``key``; a header parameter of ``None`` is left out."""
    usual: dict[str, object] = {"alg": "RS256", "typ": "at+jwt", "kid": "rsa"}
    head = {name: value for name, value in {**usual, **header}.items() if value is not None}
    covered = f"{encoded(head)}.{encoded(claims() if said is None else said)}"
    mark = JWSRegistry.algorithms[str(head["alg"])].sign(covered.encode(), key)
    return f"{covered}.{encoded(mark)}"


def with_mark(head: object, said: object, mark: bytes) -> str:
    """A token with any header, claims and signature."""
    return f"{encoded(head)}.{encoded(said)}.{encoded(mark)}"


class Provider:
    """Answers for a provider, without a network. What it says can be changed."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.metadata: JsonObject = {
            "issuer": ISSUER,
            "jwks_uri": f"{ISSUER}/keys",
            "introspection_endpoint": f"{ISSUER}/introspect",
        }
        self.keys: list[object] = [one.as_dict(private=False) for one in (RSA, EC, OKP)]
        self.active: dict[str, JsonObject] = {}
        """What introspection says of tokens; of all others that they are not active."""
        self.down = False

    async def __call__(self, question: Question) -> bytes:
        self.asked.append(question)
        if self.down:
            raise CannotFetch("no connection")
        if question.url == f"{ISSUER}/.well-known/oauth-authorization-server":
            return json.dumps(self.metadata).encode()
        if question.url == f"{ISSUER}/keys":
            return json.dumps({"keys": self.keys}).encode()
        if question.url == f"{ISSUER}/introspect" and question.form is not None:
            token = parse_qs(question.form.decode())["token"][0]
            return json.dumps(self.active.get(token, {"active": False})).encode()
        raise CannotFetch("HTTP 404", 404)
