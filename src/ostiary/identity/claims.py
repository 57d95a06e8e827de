"""From the claims of an access token to a principal. What has the wrong type is refused."""

from __future__ import annotations

from ostiary.identity.settings import Issuer
from ostiary.identity.signed import NotValid
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.principal import Principal, Proof
from ostiary.model.visible import NAME, is_hidden, visible

MOST_GROUPS = 1_000
MOST_SCOPES = 200
_LONGEST = 256
"""Characters of one name in a claim."""
_ACTORS = 8
"""Depth of a chain of actors (RFC 8693, section 4.1)."""
_NOT_ACCESS = ("nonce", "at_hash", "c_hash", "s_hash", "events")
"""Claims of ID tokens and logout tokens, which are no access tokens (RFC 9068, section 6)."""
_KINDS = {"token_use": ("access",), "typ": ("bearer", "access", "access_token", "at+jwt")}
"""Claims by which two widespread providers tell kinds of tokens apart, and what they say here."""


def check_type(typ: str, claims: JsonObject, issuer: Issuer) -> None:
    """Whether a JWT is an access token (RFC 9068, section 4). Raises :class:`NotValid`."""
    if typ == "at+jwt":
        return
    if not issuer.accept_untyped or typ not in ("", "jwt"):
        raise NotValid("a JWT that is no access token by its typ")
    if any(name in claims for name in _NOT_ACCESS):
        raise NotValid("a JWT that is an ID token or a logout token")
    for name, right in _KINDS.items():
        said = claims.get(name)
        if said is not None and (not isinstance(said, str) or said.lower() not in right):
            raise NotValid(f"a JWT that is no access token by its claim {name!r}")


def check_times(claims: JsonObject, now: float, leeway: float, *, needed: bool = True) -> None:
    """``exp``, ``nbf`` and ``iat`` against ``now``. Raises :class:`NotValid`."""
    ends = moment(claims, "exp")
    if ends is None and needed:
        raise NotValid("a token that never expires")
    if ends is not None and now >= ends + leeway:
        raise NotValid("a token that expired")
    for name in ("nbf", "iat"):
        begins = moment(claims, name)
        if begins is not None and begins > now + leeway:
            raise NotValid("a token that is not valid yet")


def moment(claims: JsonObject, name: str) -> float | None:
    """A NumericDate (RFC 7519, section 2) in seconds since the epoch."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise NotValid(f"a token whose {name!r} is no point in time")
    return float(value)


def audiences(claims: JsonObject) -> tuple[str, ...]:
    """Whom a token is meant for (RFC 7519, section 4.1.3). Raises :class:`NotValid`."""
    value = claims.get("aud")
    return (value,) if isinstance(value, str) else _texts(value, "aud", 100, longest=2_048)


def check_bearer(claims: JsonObject) -> None:
    """A token bound to a key opens nothing without that key's proof (RFC 8705, RFC 9449)."""
    if "cnf" in claims:
        raise NotValid("a token that is bound to a key, sent without a proof")


def scopes(claims: JsonObject) -> tuple[str, ...]:
    """Sorted scopes: ``scope`` (RFC 9068), or ``scp`` as some providers name it."""
    value = claims.get("scope", claims.get("scp"))
    if value is None:
        return ()
    listed: JsonValue = list(value.split(" ")) if isinstance(value, str) else value
    if listed == [""]:
        return ()
    return tuple(sorted(set(_texts(listed, "scope", MOST_SCOPES))))


def principal(claims: JsonObject, issuer: Issuer, token_id: str, *, sub: str = "") -> Principal:
    """Whom a verified token stands for. ``sub`` stands in where the provider says none.
    Raises :class:`NotValid`."""
    subject = _text(claims, ("sub",)) or sub
    if not subject:
        raise NotValid("a token that says nobody's name")
    return Principal(
        id=f"{issuer.issuer}|{subject}",
        proof=Proof.OAUTH,
        name=_shown(claims) or visible(subject, NAME),
        groups=_groups(claims, issuer),
        scopes=scopes(claims),
        agent=_agent(claims, issuer),
        client=client(claims, issuer.client_claim),
        expires=moment(claims, "exp"),
        token_id=_text(claims, ("jti",)) or token_id,
    )


def _shown(claims: JsonObject) -> str:
    for name in ("name", "preferred_username", "email"):
        value = claims.get(name)
        if isinstance(value, str) and value:
            return visible(value, NAME)
    return ""


def _groups(claims: JsonObject, issuer: Issuer) -> tuple[str, ...]:
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and issuer.groups_claim[0] in elsewhere:
        # A policy that forbids something to a group would not see that the caller is in it.
        raise NotValid("a token without its groups, which the provider keeps elsewhere")
    value = _at(claims, issuer.groups_claim)
    if value is None:
        return ()
    return tuple(sorted(set(_texts(value, "groups", MOST_GROUPS))))


def client(claims: JsonObject, path: tuple[str, ...] = ()) -> str:
    """The application a token was given to; empty if the token does not say."""
    if path:
        return _text(claims, path)
    said = {one for one in (_text(claims, ("client_id",)), _text(claims, ("azp",))) if one}
    if len(said) > 1:
        raise NotValid("a token that names two clients")
    return said.pop() if said else ""


def _agent(claims: JsonObject, issuer: Issuer) -> str:
    if "act" not in claims:
        return _text(claims, issuer.agent_claim) if issuer.agent_claim else ""
    acting = actors(claims)
    name, vouched = acting[0]
    # An actor of another provider must not pass for one of this.
    return name if vouched in ("", issuer.issuer) else f"{vouched}|{name}"


def actors(claims: JsonObject) -> tuple[tuple[str, str], ...]:
    """``(sub, iss)`` of who acts now, then of who acted before (RFC 8693, section 4.1).
    Raises :class:`NotValid`."""
    found: list[tuple[str, str]] = []
    inside: JsonValue = claims.get("act")
    while inside is not None:
        if not isinstance(inside, dict) or len(found) == _ACTORS:
            raise NotValid("a token whose chain of actors cannot be read")
        name = _text(inside, ("sub",))
        if not name:
            raise NotValid("a token whose chain of actors names nobody")
        found.append((name, _text(inside, ("iss",))))
        inside = inside.get("act")
    return tuple(found)


def _at(claims: JsonObject, path: tuple[str, ...]) -> JsonValue:
    value: JsonValue = claims
    for name in path:
        if not isinstance(value, dict):
            raise NotValid(f"a token whose claim {path[0]!r} is no object")
        value = value.get(name)
        if value is None:
            return None
    return value


def _text(claims: JsonObject, path: tuple[str, ...]) -> str:
    value = _at(claims, path)
    return "" if value is None else _plain(value, path[0])


def _texts(value: JsonValue, name: str, most: int, *, longest: int = _LONGEST) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > most:
        raise NotValid(f"a token whose {name!r} is no list of at most {most:,} texts")
    return tuple(_plain(one, name, longest) for one in value)


def _plain(value: JsonValue, name: str, longest: int = _LONGEST) -> str:
    """A text in which everything can be seen, so that two principals never look like one."""
    if not isinstance(value, str) or not value or len(value) > longest:
        raise NotValid(f"a token whose {name!r} is no text of 1 to {longest:,} characters")
    if any(is_hidden(char) for char in value):
        raise NotValid(f"a token whose {name!r} holds characters that cannot be seen")
    return value
