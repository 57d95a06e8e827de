"""The gateway with everything off: the same relay and transports, among parts that do nothing.

There is no such switch in the product. No token is asked for, no guard and no policy is asked, no
rate is counted, nothing is recorded; what a server shows is still held to its pins when a
conversation opens, because the relay routes by what was shown.
Run: ``bench_bare.py PORT UPSTREAM_PORT``.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import time

import uvloop

from bench_ground import http_server
from ostiary.gateway.build import Means, build
from ostiary.gateway.downstream.asgi import Downstream
from ostiary.gateway.downstream.serve import server
from ostiary.gateway.downstream.settings import GatewaySettings, Limits
from ostiary.gateway.ports import Challenge, Era
from ostiary.gateway.standing import Standing
from ostiary.gateway.upstream import bounds
from ostiary.gateway.upstream.openers import open_upstream
from ostiary.gateway.upstreams import Upstream
from ostiary.ledger.writer import Receipt
from ostiary.model.approval import Lock
from ostiary.model.asked import Asked
from ostiary.model.decision import Decision, allow
from ostiary.model.event import Event
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal, Proof


class NoLedger:
    def append(self, event: Event) -> Receipt:
        del event
        return NOT_WRITTEN

    async def settled(self, receipt: Receipt) -> None:
        del receipt


class NoContents:
    def arguments(self, value: JsonObject, least: str = "") -> JsonObject:
        del value, least
        return {}

    def results(self, value: JsonObject, least: str = "") -> JsonObject:
        del value, least
        return {}


class Everybody:
    def known(self, authorization: str, now: float, path: str = "") -> Principal:
        del authorization, now, path
        return SOMEBODY

    async def verify(self, authorization: str, path: str, now: float) -> Principal | Challenge:
        del authorization, path, now
        return SOMEBODY

    def metadata(self, path: str) -> JsonObject | None:
        del path
        return None


class Always:
    version = "off"

    def decide(self, asked: Asked) -> Decision:
        del asked
        return YES


class Nothing:
    """Keeps nothing of a call."""

    def arguments(self, value: JsonObject, least: str = "") -> JsonObject:
        del value, least
        return {}

    def results(self, value: JsonObject, least: str = "") -> JsonObject:
        del value, least
        return {}


SOMEBODY = Principal("local:bench", Proof.TOKEN)
YES = allow("bench", "everything is off")
NOT_WRITTEN = Receipt(0, "", "")
PLENTY = 100_000_000
BOTH = frozenset({Era.HANDSHAKE, Era.STATELESS})


async def eras(_upstream: Upstream, _wanted: Era) -> frozenset[Era]:
    return BOTH


async def main(port: int, upstream: int) -> None:
    standing = Standing(
        lambda one: open_upstream(
            one, env={}, headers={}, limits=bounds.Limits(allow_private=True)
        ),
        lambda _server, _withheld: None,
        lambda _name, _what: None,
    )
    standing.judge = Always()
    standing.approve(Lock((http_server(upstream),), "off", ""))
    numbers = itertools.count()
    built = build(
        Means(
            standing=standing,
            ledger=NoLedger(),
            contents=Nothing(),
            eras=eras,
            key=os.urandom(32),
            random=os.urandom,
            names=lambda: str(next(numbers)),
            clock=time.time,
            retired=lambda _session: None,
            guards=(),
        )
    )
    settings = GatewaySettings(
        port=port, limits=Limits(requests_per_minute=PLENTY, calls_per_caller=1024)
    )
    app = Downstream(
        built.gateway,
        Everybody(),
        settings,
        clock=time.time,
        monotonic=time.monotonic,
        token=lambda: str(next(numbers)),
    )
    await server(app, settings).serve()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
