"""One login from start to end: ask the server, authorize, keep the tokens."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import httpx2
from mcp.client.auth import OAuthFlowError
from mcp.shared.auth import OAuthClientInformationFull
from pydantic import AnyUrl, ValidationError

from ostiary.catalogue.logins import LoginFile, login_for
from ostiary.gateway.login.guarded import Guarded
from ostiary.gateway.login.listener import Listener, listening
from ostiary.gateway.login.provider import Kept, Provider, origin_of, words
from ostiary.gateway.login.wanted import CannotLogIn, Desk, NoLoginNeeded, Wanted
from ostiary.gateway.renewal import expiry, is_token
from ostiary.model.client import Transport
from ostiary.model.login import Login, Need, Registration
from ostiary.probe.failure import AsksForCredentials, ProbeFailure
from ostiary.probe.guarded_http import Reach
from ostiary.probe.limits import Budget
from ostiary.probe.record import CLIENT, ProbeLimits, Target
from ostiary.probe.remote import converse_http
from ostiary.wire.bearer_challenge import BearerChallenge, bearer_challenge, scopes_of, union

REVISION = "2025-11-25"
"""Named where the protocol wants a revision; authorization is the same in later ones."""
ASK_SECONDS = 30.0


def log_in(wanted: Wanted, file: LoginFile, desk: Desk) -> Login:
    """Log in and keep the tokens in ``file``. Blocks while the person decides.

    Raises :class:`CannotLogIn`, :class:`NoLoginNeeded` and
    :class:`~ostiary.catalogue.failure.UnusableLogins`.
    """
    book = file.read()
    before = login_for(book, wanted.server, wanted.url, wanted.owner)
    need = next((one for one in book.needs if _meant(one, wanted)), None)
    if need is not None:
        status, challenge = need.status, BearerChallenge(scopes=need.scopes, metadata=need.metadata)
    else:
        status, challenge = _refusal(wanted, before)
    held = {*before.asked, *before.scopes} if before is not None else set()
    if status == 403 and before is not None and set(challenge.scopes) <= held:
        raise CannotLogIn(
            f"{wanted.server} refuses although every scope it asks for was asked for; logging in "
            "again changes nothing, ask who runs it"
        )
    login = asyncio.run(_authorized(wanted, before, (status, challenge), desk))
    with file.changing() as now:
        now.put(login)
    return login


def _meant(need: Need, wanted: Wanted) -> bool:
    return (need.server, need.url, need.owner) == (wanted.server, wanted.url, wanted.owner)


def _refusal(wanted: Wanted, before: Login | None) -> tuple[int, BearerChallenge]:
    """With what the server refuses us as we are now. Raises :class:`CannotLogIn` and
    :class:`NoLoginNeeded`."""
    target = Target(
        key=wanted.server,
        name=wanted.server,
        transport=Transport.SSE if wanted.sse else Transport.HTTP,
        url=wanted.url,
        headers={"Authorization": f"Bearer {before.access}"} if before is not None else {},
    )
    reach = Reach(allow_private=wanted.private, tls=wanted.tls)
    try:
        converse_http(target, Budget(ProbeLimits(total_seconds=ASK_SECONDS)), reach, CLIENT)
    except AsksForCredentials as asks:
        found = bearer_challenge(asks.challenge)
        if asks.status == 403 and found.error != "insufficient_scope":
            raise CannotLogIn(f"{wanted.server} refuses (HTTP 403) and asks for no login") from None
        return asks.status, found
    except ProbeFailure as failure:
        raise CannotLogIn(f"{wanted.server}: {failure}; {failure.remedy}") from None
    raise NoLoginNeeded(
        f"{wanted.server} answers {'with the login there is' if before else 'without a login'}"
    )


async def _authorized(
    wanted: Wanted, before: Login | None, asked: tuple[int, BearerChallenge], desk: Desk
) -> Login:
    known = _redirect_of(before)
    port = wanted.settings.port or known
    guarded = Guarded(wanted.private, wanted.tls)
    async with listening(port, needed=bool(wanted.settings.port)) as listener:
        _, challenge = asked
        client = _client(wanted, before, listener, challenge.scopes)
        kept = Kept(before, client)
        provider = Provider(wanted, before, kept, listener=listener, guarded=guarded, desk=desk)
        try:
            await _driven(provider, wanted, asked, guarded)
        except (OAuthFlowError, ValidationError) as error:
            raise CannotLogIn(f"{wanted.server}: {words(error, guarded)}") from None
        return _login(wanted, before, provider, kept, desk.clock())


async def _driven(
    provider: Provider, wanted: Wanted, asked: tuple[int, BearerChallenge], guarded: Guarded
) -> None:
    """Answer each question of the SDK's flow: the first one with the server's refusal, which was
    heard already, the others over guarded HTTP."""
    status, challenge = asked
    if status == 403:
        challenge = BearerChallenge("insufficient_scope", challenge.scopes, challenge.metadata)
    request = httpx2.Request("POST", wanted.url, headers={"MCP-Protocol-Version": REVISION})
    refusal = httpx2.Response(
        status, headers={"WWW-Authenticate": challenge.header()}, request=request
    )
    flow = provider.async_auth_flow(request)
    try:
        outgoing = await anext(flow)
        while True:
            if outgoing is request:
                answer, refusal = refusal, httpx2.Response(200, request=request)
            else:
                answer = await asyncio.to_thread(guarded.send, provider.checked(outgoing))
            outgoing = await flow.asend(answer)
    except StopAsyncIteration:
        return
    finally:
        await flow.aclose()


def _client(
    wanted: Wanted, before: Login | None, listener: Listener, scopes: tuple[str, ...]
) -> OAuthClientInformationFull | None:
    """The registration there is: that of the settings, else the last one, if the browser can come
    back where it says and it covers ``scopes``."""
    settings = wanted.settings
    if settings.client_id:
        return OAuthClientInformationFull(
            client_id=settings.client_id,
            client_secret=wanted.secret or None,
            redirect_uris=[AnyUrl(listener.redirect)],
            token_endpoint_auth_method=settings.method if wanted.secret else "none",
            issuer=settings.issuer or None,
        )
    if before is None or before.registration.origin != "dynamic":
        return None
    last = before.registration
    if last.redirect != listener.redirect or not set(scopes) <= {*before.asked, *before.scopes}:
        return None
    return OAuthClientInformationFull(
        client_id=last.client_id,
        client_secret=last.secret or None,
        redirect_uris=[AnyUrl(last.redirect)],
        token_endpoint_auth_method=last.method,
        issuer=before.issuer,
    )


def _redirect_of(before: Login | None) -> int:
    if before is None or not before.registration.redirect:
        return 0
    return urlsplit(before.registration.redirect).port or 0


def _login(
    wanted: Wanted, before: Login | None, provider: Provider, kept: Kept, now: float
) -> Login:
    """What the flow brought. Raises :class:`CannotLogIn`."""
    tokens, client = kept.fresh, provider.context.client_info
    if tokens is None or client is None or not is_token(tokens.access_token):
        raise CannotLogIn(f"{wanted.server}: {provider.issuer} gave no token that can be used")
    issuer, asked = provider.issuer, provider.asked
    origin = origin_of(client, wanted)
    if before is not None and before.issuer == issuer:
        asked = union(before.asked, asked)
    return Login(
        server=wanted.server,
        url=wanted.url,
        issuer=issuer,
        resource=provider.context.get_resource_url(),
        token_endpoint=str(provider.metadata().token_endpoint),
        registration=Registration(
            client_id=client.client_id,
            origin=origin,
            method=client.token_endpoint_auth_method or "none",
            secret=(client.client_secret or "") if origin == "dynamic" else "",
            redirect=str(provider.context.client_metadata.redirect_uris[0])
            if provider.context.client_metadata.redirect_uris
            else "",
        ),
        access=tokens.access_token,
        at=now,
        expires=expiry(tokens.expires_in, now),
        refresh=tokens.refresh_token or "",
        scopes=scopes_of(tokens.scope or ""),
        asked=asked,
        owner=wanted.owner,
    )
