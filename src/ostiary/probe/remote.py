"""Talks to a remote server over whichever HTTP transport it has."""

from __future__ import annotations

from ostiary.model.client import Transport
from ostiary.model.json import JsonObject
from ostiary.probe.conversation import converse
from ostiary.probe.failure import AsksForCredentials, ProbeFailure, WrongEndpoint
from ostiary.probe.guarded_http import Reach, place
from ostiary.probe.http_client import HttpClient
from ostiary.probe.http_sse import SseChannel
from ostiary.probe.limits import Budget
from ostiary.probe.streamable import StreamableChannel
from ostiary.probe.target import Target
from ostiary.wire.surface import Gathered


def converse_http(target: Target, budget: Budget, reach: Reach, me: JsonObject) -> Gathered:
    """Everything a remote server declares. Raises :class:`~ostiary.probe.failure.ProbeFailure`.

    The configured transport is tried first; the other one when HTTP says that it is not this one.
    """
    ways = [_streamable, _sse]
    if target.transport is Transport.SSE:
        ways.reverse()
    try:
        return ways[0](target, budget, reach, me)
    except WrongEndpoint as first:
        if not first.other_transport:
            raise
        try:
            return ways[1](target, budget, reach, me)
        except AsksForCredentials:
            raise
        except ProbeFailure:
            raise first from None


def _streamable(target: Target, budget: Budget, reach: Reach, me: JsonObject) -> Gathered:
    client = HttpClient(place(target.url), target.headers, reach, budget)
    channel = StreamableChannel(client, budget, me)
    try:
        return converse(channel, budget, me, modern=True)
    finally:
        channel.close()


def _sse(target: Target, budget: Budget, reach: Reach, me: JsonObject) -> Gathered:
    client = HttpClient(place(target.url), target.headers, reach, budget)
    channel = SseChannel(client, budget)
    try:
        return converse(channel, budget, me, modern=False)
    finally:
        channel.close()
