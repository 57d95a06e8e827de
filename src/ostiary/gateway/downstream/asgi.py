"""The gateway's HTTP application: raw ASGI, one explicit table of paths.

Every request passes the same steps in the same order: headers, ``Host``, ``Origin``; who is
calling; limits; form of the request; body; message and era. Then the relay has it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from ostiary.gateway.downstream.answer import Headers, Send
from ostiary.gateway.downstream.callers import Callers, retry
from ostiary.gateway.downstream.exchange import Exchanges
from ostiary.gateway.downstream.front import Names, Scope, is_visible, read_front
from ostiary.gateway.downstream.http_sse import HttpSse, refuse_stateless
from ostiary.gateway.downstream.limits import Limiter, TooMuch
from ostiary.gateway.downstream.media import accepts
from ostiary.gateway.downstream.message import era_of, read_message
from ostiary.gateway.downstream.protocol import KEY, HttpProtocol
from ostiary.gateway.downstream.refused import Refused
from ostiary.gateway.downstream.request import Receive, Request, cors_of, preflight, refuse
from ostiary.gateway.downstream.settings import GatewaySettings
from ostiary.gateway.ports import Authenticator, Challenge, Era, Inbound, Outbound, Relay
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal
from ostiary.wire import handshake, strict_json

_SERVER = re.compile(r"[a-z0-9][a-z0-9_-]{0,127}")
WELL_KNOWN = ".well-known"
METADATA = "oauth-protected-resource"
PROBES = ("/healthz", "/readyz")
"""Asked by load balancers under any name or none, so these two say one word and nothing else."""
_SETTLE = 0.05
"""Seconds in which a refused ``GET`` can still be answered with its status."""


class Downstream:
    """What uvicorn calls. See :func:`ostiary.gateway.downstream.serve.server`."""

    def __init__(
        self,
        relay: Relay,
        authenticator: Authenticator,
        settings: GatewaySettings,
        *,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        token: Callable[[], str],
        metadata: Callable[[str], bytes | None] = lambda _: None,
        unready: Callable[[], str] = str,
        unauthenticated: Callable[[Challenge, str], None] = lambda _challenge, _path: None,
    ) -> None:
        """``clock`` gives seconds since the epoch, ``monotonic`` seconds that never jump, ``token``
        an unguessable name. ``metadata`` gives the protected resource metadata (RFC 9728) of an
        endpoint's path, ``unready`` why no request should be sent here yet, and
        ``unauthenticated`` takes note of every caller that was not let in."""
        self._relay = relay
        self._limits = settings.limits
        self._json_limits = strict_json.Limits(settings.limits.body_bytes, settings.limits.depth)
        self._names = Names(settings)
        self._callers = Callers(
            authenticator, clock, unauthenticated, settings.limits.recheck_seconds
        )
        self._metadata = metadata
        self._unready = unready
        self._streams: set[asyncio.Task[Outbound]] = set()
        self.limiter = Limiter(settings.limits, monotonic)
        self._exchanges = Exchanges(relay, settings.limits.linger_seconds)
        self._http_sse = HttpSse(relay, self.limiter, token)
        self._routes: dict[str, Callable[[Request, str], Awaitable[None]]] = {
            "mcp": self._mcp,
            "sse": self._sse,
            "messages": self._message,
            "healthz": self._health,
            "readyz": self._readiness,
            WELL_KNOWN: self._well_known,
        }

    def stop(self) -> None:
        """End every stream that would otherwise stay open."""
        for task in self._streams:
            task.cancel()
        self._exchanges.stop()
        self._http_sse.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"only HTTP is served, not {scope['type']}")
        connection: HttpProtocol = scope[KEY]
        cors: Headers = ()
        front = None
        try:
            front = read_front(scope, self._limits)
            if front.path not in PROBES:
                self._names.check(front, _port(scope))
                cors = cors_of(front)
            request = Request(front, connection, receive, send, cors=cors, limits=self._limits)
            head, _, rest = front.path[1:].partition("/")
            route = self._routes.get(head)
            if route is None:
                raise Refused(404, "nothing is served at this path")
            if front.method == "OPTIONS" and cors:
                await preflight(request)
            else:
                await route(request, rest)
        except Refused as refused:
            await refuse(refused, front, send, cors)

    async def _mcp(self, request: Request, server: str) -> None:
        _check_server(server, request.front.path)
        method = request.front.method
        if method == "POST":
            await self._post(request, server)
        elif method in ("GET", "DELETE"):
            revision = request.front.headers.get("mcp-protocol-version", "")
            if revision and revision not in handshake.REVISIONS:
                raise _wrong_method("POST")
            await (self._listen if method == "GET" else self._end)(request, server)
        else:
            raise _wrong_method("POST, GET, DELETE")

    async def _post(self, request: Request, server: str) -> None:
        principal = await self._callers.principal(request.front)
        _refuse_too_much(self.limiter.begin_call(principal.id))
        try:
            inbound = await self._inbound(request, server, principal)
            if request.connection.lost:
                return
            await self._exchanges.run(
                request,
                inbound,
                lambda end: self._callers.standing(request.front, principal, end),
            )
        finally:
            self.limiter.end_call(principal.id)

    async def _inbound(self, request: Request, server: str, principal: Principal) -> Inbound:
        headers = request.front.headers
        if not accepts(headers.get("accept", "*/*")):
            raise Refused(406, "Accept must list application/json and text/event-stream")
        message = read_message(await request.body(), self._json_limits)
        self._refuse_busy(message, principal)
        era = era_of(message, headers)
        stateless = era is Era.STATELESS
        return Inbound(
            principal,
            server,
            era,
            message,
            "" if stateless else _session(headers),
            headers.get("mcp-protocol-version", ""),
            request.front.params if stateless else (),
        )

    async def _listen(self, request: Request, server: str) -> None:
        headers = request.front.headers
        principal = await self._callers.principal(request.front)
        if not accepts(headers.get("accept", "*/*"), stream_only=True):
            raise Refused(406, "Accept must list text/event-stream")
        inbound = _of_session(principal, server, headers)
        _refuse_too_much(self.limiter.begin_stream(principal.id))
        try:
            await self._stream(request, inbound)
        finally:
            self.limiter.end_stream(principal.id)

    async def _stream(self, request: Request, inbound: Inbound) -> None:
        connection, answer = request.connection, request.answer()
        task = asyncio.ensure_future(self._relay.listen(inbound, answer.interim))
        self._streams.add(task)
        connection.gone.append(task.cancel)
        standing = self._callers.standing(request.front, inbound.principal, task.cancel)
        try:
            if not connection.lost:
                await asyncio.wait((task,), timeout=_SETTLE)
            if not task.done():
                await answer.start()
                await asyncio.wait((task,))
            await answer.finish(Outbound() if task.cancelled() else task.result())
        finally:
            standing.stop()
            task.cancel()
            self._streams.discard(task)
            answer.abandon()
            if not connection.lost:
                connection.gone.remove(task.cancel)

    async def _end(self, request: Request, server: str) -> None:
        headers = request.front.headers
        principal = await self._callers.principal(request.front)
        inbound = _of_session(principal, server, headers)
        _refuse_too_much(self.limiter.begin_call(principal.id))
        try:
            await request.answer().finish(await self._relay.end(inbound))
        finally:
            self.limiter.end_call(principal.id)

    async def _sse(self, request: Request, server: str) -> None:
        _check_server(server, request.front.path)
        if request.front.method != "GET":
            raise _wrong_method("GET")
        principal = await self._callers.principal(request.front)
        if not accepts(request.front.headers.get("accept", "*/*"), stream_only=True):
            raise Refused(406, "Accept must list text/event-stream")
        _refuse_too_much(self.limiter.begin_stream(principal.id))
        try:
            stream = self._http_sse.open(principal, server, request.answer())
            standing = self._callers.standing(request.front, principal, stream.end)
            request.connection.gone.append(stream.end)
            try:
                await stream.run()
            finally:
                standing.stop()
                if not request.connection.lost:
                    request.connection.gone.remove(stream.end)
        finally:
            self.limiter.end_stream(principal.id)

    async def _message(self, request: Request, name: str) -> None:
        if request.front.method != "POST":
            raise _wrong_method("POST")
        principal = await self._callers.principal(request.front, self._http_sse.path(name))
        stream = self._http_sse.find(name, principal)
        _refuse_too_much(self.limiter.begin_call(principal.id))
        try:
            message = read_message(await request.body(), self._json_limits)
            refuse_stateless(message, request.front.headers)
            self._refuse_busy(message, principal)
        except BaseException:
            self.limiter.end_call(principal.id)
            raise
        await stream.take(principal, message)
        await request.answer().finish(Outbound(status=202))

    def _refuse_busy(self, message: JsonObject, principal: Principal) -> None:
        """Notifications and answers pass: they may be what ends a call."""
        if "id" in message and "method" in message:
            _refuse_too_much(self.limiter.too_busy(principal.id))

    async def _health(self, request: Request, _rest: str) -> None:
        await _tell(request, ready=True)

    async def _readiness(self, request: Request, _rest: str) -> None:
        await _tell(request, ready=not self._unready())

    async def _well_known(self, request: Request, rest: str) -> None:
        name, _, path = rest.partition("/")
        document = self._metadata(f"/{path}" if path else "") if name == METADATA else None
        if document is None:
            raise Refused(404, "nothing is served at this path")
        if request.front.method != "GET":
            raise _wrong_method("GET")
        await request.answer().finish(Outbound(document))


def _port(scope: Scope) -> int | None:
    server: tuple[str, int | None] | None = scope["server"]
    return server[1] if server else None


def _check_server(server: str, path: str) -> None:
    if (server or path.endswith("/")) and not _SERVER.fullmatch(server):
        raise Refused(404, "nothing is served at this path")


async def _tell(request: Request, *, ready: bool) -> None:
    if request.front.path not in PROBES:
        raise Refused(404, "nothing is served at this path")
    if request.front.method != "GET":
        raise _wrong_method("GET")
    body = b'{"status":"ok"}' if ready else b'{"status":"unready"}'
    await request.answer().finish(Outbound(body, 200 if ready else 503))


def _session(headers: dict[str, str]) -> str:
    session = headers.get("mcp-session-id", "")
    if session and not is_visible(session):
        raise Refused(400, "Mcp-Session-Id is malformed")
    return session


def _of_session(principal: Principal, server: str, headers: dict[str, str]) -> Inbound:
    """A request without a message, about a session."""
    session = _session(headers)
    if not session:
        raise Refused(400, "Mcp-Session-Id is missing")
    revision = headers.get("mcp-protocol-version", "")
    return Inbound(principal, server, Era.HANDSHAKE, {}, session, revision)


def _wrong_method(allow: str) -> Refused:
    return Refused(405, f"this path takes {allow}", headers=(("allow", allow),))


def _refuse_too_much(too_much: TooMuch | None) -> None:
    if too_much is not None:
        raise Refused(429, too_much.reason, headers=retry(too_much.retry_after))
