"""Renews an access token: one POST to the token endpoint that gave it (RFC 6749, section 6)."""

from __future__ import annotations

import base64
import math
import re
from dataclasses import replace
from urllib.parse import quote, urlencode

from ostiary.identity.fetching import CannotFetch, Fetch, Question
from ostiary.model.json import JsonObject
from ostiary.model.login import Login, Registration
from ostiary.wire.bearer_challenge import scopes_of
from ostiary.wire.strict_json import Limits, RefusedJson, decode

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,16384}=*")
_LIMITS = Limits(512 * 1024, 16)
_REFUSED = (400, 401)
"""Statuses with which a token endpoint says no (RFC 6749, section 5.2)."""


class CannotRenew(Exception):
    """There is no other access token. The message says why; it holds no text of the server."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final
        """Whether only a person can help, by logging in again."""


async def renewed(login: Login, secret: str, fetch: Fetch, *, private: bool, now: float) -> Login:
    """``login`` with another access token. ``secret`` is that of the client, if it has one;
    ``private`` opens addresses in private networks. Raises :class:`CannotRenew`."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": login.refresh,
        "resource": login.resource,
    }
    headers, form = proven(login.registration, secret, form)
    question = Question(
        login.token_endpoint,
        private=private,
        loopback=private,
        form=urlencode(form).encode(),
        authorization=headers,
    )
    try:
        body = decode(await fetch(question), _LIMITS)
    except CannotFetch as failure:
        raise CannotRenew(str(failure), final=failure.status in _REFUSED) from None
    except RefusedJson:
        raise CannotRenew("the token endpoint answered with no JSON") from None
    if not isinstance(body, dict):
        raise CannotRenew("the token endpoint answered with no object")
    return given(login, body, now)


def given(login: Login, body: JsonObject, now: float) -> Login:
    """``login`` with the tokens of an answer (RFC 6749, section 5.1). What the answer leaves out
    stays. Raises :class:`CannotRenew`."""
    access, kind = body.get("access_token"), body.get("token_type", "Bearer")
    if not is_token(access) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise CannotRenew("the token endpoint gave no bearer token that a header may hold")
    refresh, scope = body.get("refresh_token"), body.get("scope")
    return replace(
        login,
        access=str(access),
        at=now,
        expires=expiry(body.get("expires_in"), now),
        refresh=refresh if isinstance(refresh, str) and refresh else login.refresh,
        scopes=scopes_of(scope) if isinstance(scope, str) and scope else login.scopes,
    )


def is_token(value: object) -> bool:
    """Whether a value is a token that a header may hold (RFC 6750, section 2.1)."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def expiry(value: object, now: float) -> float | None:
    """When a token ends that lives ``value`` seconds; ``None`` if that is not said."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return now + max(float(value), 0.0)


def proven(client: Registration, secret: str, form: dict[str, str]) -> tuple[str, dict[str, str]]:
    """``Authorization`` and form of a request in which the client proves itself (RFC 6749,
    section 2.3.1)."""
    known = client.secret or secret
    if client.method == "client_secret_basic" and known:
        pair = f"{quote(client.client_id, safe='')}:{quote(known, safe='')}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}", form
    whole = {**form, "client_id": client.client_id}
    if client.method == "client_secret_post" and known:
        whole["client_secret"] = known
    return "", whole
