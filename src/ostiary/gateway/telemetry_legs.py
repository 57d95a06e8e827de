"""A relay and links that are told: each request of theirs becomes one leg of a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import orjson

from ostiary.gateway.ports import (
    Answer,
    Era,
    Inbound,
    Interim,
    Link,
    Opener,
    Outbound,
    Relay,
    UpstreamFailure,
)
from ostiary.gateway.telemetry import NAMED, OTHER, Attributes, Telemetry
from ostiary.model.json import JsonObject, as_object
from ostiary.wire.methods import CLIENT_METHODS
from ostiary.wire.trace_context import context_of, with_baggage, with_context

REVISIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")
_LARGEST_LOOK = 256 * 1024
_LONGEST = 200
_NAMED_BY_URI = ("resources/read", "resources/subscribe", "resources/unsubscribe")


class TracedRelay:
    """A relay whose requests are told."""

    def __init__(self, inner: Relay, telemetry: Telemetry) -> None:
        self._inner = inner
        self._telemetry = telemetry

    async def exchange(self, inbound: Inbound, interim: Interim) -> Outbound:
        """As the relay, in a span of its own."""
        message = inbound.message
        method = message.get("method")
        if not isinstance(method, str) or "id" not in message:
            return await self._unasked(inbound, interim)
        telemetry = self._telemetry
        settings = telemetry.settings
        leg = telemetry.begin(context_of(message) if settings.join_callers else None)
        carried = with_context(message, leg.context, settings.baggage)
        error, code = "", ""
        try:
            outbound = await self._inner.exchange(replace(inbound, message=carried), interim)
            error, code = _failure(outbound.body)
            return outbound
        except asyncio.CancelledError:
            error = "cancelled"
            raise
        except BaseException as fault:
            error = type(fault).__name__
            raise
        finally:
            attributes = _described(message, uris=settings.uris)
            _about(attributes, inbound, message)
            if code:
                attributes["rpc.response.status_code"] = code
            telemetry.end(leg, attributes, error, inbound=True)

    async def _unasked(self, inbound: Inbound, interim: Interim) -> Outbound:
        """Notifications and answers are not told, but their baggage stays here too."""
        carried = with_baggage(inbound.message, self._telemetry.settings.baggage)
        if carried is not inbound.message:
            inbound = replace(inbound, message=carried)
        return await self._inner.exchange(inbound, interim)

    async def listen(self, inbound: Inbound, push: Interim) -> Outbound:
        """As the relay."""
        return await self._inner.listen(inbound, push)

    async def end(self, inbound: Inbound) -> Outbound:
        """As the relay."""
        return await self._inner.end(inbound)


class TracedOpener:
    """An opener whose links are told."""

    def __init__(self, inner: Opener, server: str, telemetry: Telemetry) -> None:
        self._inner = inner
        self._server = server
        self._telemetry = telemetry

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        """As the opener."""
        link = await self._inner.open(era, session, headers)
        return TracedLink(link, self._server, self._telemetry)

    async def close(self) -> None:
        """As the opener."""
        await self._inner.close()


class TracedLink:
    """A link whose requests are told, under the trace that their ``_meta`` carries."""

    def __init__(self, inner: Link, server: str, telemetry: Telemetry) -> None:
        self._inner = inner
        self._server = server
        self._telemetry = telemetry

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        """As the link, in a span of its own."""
        telemetry = self._telemetry
        leg = telemetry.begin(context_of(message))
        # What was let through by the relay is all that is left of the baggage.
        carried = with_context(message, leg.context, ("*",))
        error, code = "", ""
        try:
            answer = await self._inner.request(carried, headers, interim)
            error, code = _outcome(answer.message)
            return answer
        except UpstreamFailure as failed:
            error, code = type(failed).__name__, str(failed.status)
            raise
        except asyncio.CancelledError:
            error = "cancelled"
            raise
        finally:
            attributes = _described(message, uris=telemetry.settings.uris)
            attributes["ostiary.server"] = self._server
            if code:
                attributes["rpc.response.status_code"] = code
            telemetry.end(leg, attributes, error, inbound=False)

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        """As the link."""
        await self._inner.send(message, headers)

    def listen(self, unasked: Interim) -> None:
        """As the link."""
        self._inner.listen(unasked)

    async def close(self) -> None:
        """As the link."""
        await self._inner.close()

    @property
    def ended(self) -> str | None:
        """As the link."""
        return self._inner.ended


def _described(message: JsonObject, *, uris: bool) -> Attributes:
    """What a request is about."""
    asked = message.get("method")
    method = asked if isinstance(asked, str) and asked in CLIENT_METHODS else OTHER
    attributes: Attributes = {"mcp.method.name": method}
    params = as_object(message.get("params"))
    if method in NAMED:
        named = params.get("name")
        if isinstance(named, str):
            attributes[NAMED[method]] = _sound(named)
    elif uris and method in _NAMED_BY_URI:
        uri = params.get("uri")
        if isinstance(uri, str):
            attributes["mcp.resource.uri"] = _sound(uri)
    if method == "tools/call":
        attributes["gen_ai.operation.name"] = "execute_tool"
    return attributes


def _sound(text: str) -> str:
    """Bounded, and free of lone surrogates, which no exporter can encode."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()


def _about(attributes: Attributes, inbound: Inbound, message: JsonObject) -> None:
    attributes["network.transport"] = "pipe" if inbound.transport == "stdio" else "tcp"
    ident = message.get("id")
    if isinstance(ident, int | str):
        attributes["jsonrpc.request.id"] = _sound(str(ident))
    if inbound.session:
        # Whoever holds a session id may go on with the session: a collector gets its digest.
        digest = sha256(inbound.session.encode("utf-8", "replace")).hexdigest()
        attributes["mcp.session.id"] = digest[:32]
    if inbound.revision:
        known = inbound.revision in REVISIONS
        attributes["mcp.protocol.version"] = inbound.revision if known else OTHER
    if inbound.endpoint:
        attributes["ostiary.server"] = inbound.endpoint


def _failure(body: bytes) -> tuple[str, str]:
    """``error.type`` and status code of an encoded answer; empty if it went well."""
    if b'"error"' not in body and b'"isError"' not in body:
        return "", ""
    if len(body) > _LARGEST_LOOK:
        return "", ""
    try:
        return _outcome(as_object(orjson.loads(body)))
    except ValueError:
        return "", ""


def _outcome(message: JsonObject) -> tuple[str, str]:
    error = message.get("error")
    if isinstance(error, dict):
        code = str(error.get("code"))[:40]
        return code, code
    if as_object(message.get("result")).get("isError") is True:
        return "tool_error", ""
    return "", ""
