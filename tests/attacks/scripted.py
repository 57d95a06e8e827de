"""A whole relay in this process, in front of a server that a test scripts, to cause what cannot be
timed from outside: an end while a box is made, a client that leaves between two steps."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from ostiary.gateway.build import Built, Means, build
from ostiary.gateway.ports import Answer, Era, Inbound, Interim, Link, Outbound, RecordUnwritable
from ostiary.gateway.standing import Standing
from ostiary.gateway.upstreams import Upstream
from ostiary.ledger.writer import Receipt
from ostiary.model.approval import Approval, ApprovedItem, Lock, Start
from ostiary.model.asked import Asked
from ostiary.model.decision import Decision, allow, deny
from ostiary.model.event import Event
from ostiary.model.json import JsonObject, as_object
from ostiary.model.principal import Principal, Proof
from ostiary.surface.pins import text_digest
from ostiary.wire import strict_json
from ostiary.wire.canonical import digest

ME = Principal("local:me", Proof.TOKEN, token_id="t")
TOOL: JsonObject = {"name": "echo", "description": "Echoes.", "inputSchema": {"type": "object"}}
HELLO: JsonObject = {"protocolVersion": "2025-06-18", "capabilities": {"sampling": {}}}

Reply = Callable[[JsonObject, Interim], Awaitable[JsonObject]]
"""What a server makes of a request: a result."""


class Book:
    """A record in memory. ``waits`` is awaited before an event counts as settled."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.full = False
        self.waits: asyncio.Event | None = None

    def append(self, event: Event) -> Receipt:
        if self.full:
            raise RecordUnwritable("there is no room")
        self.events.append(event)
        return Receipt(len(self.events), "", "01")

    async def settled(self, receipt: Receipt) -> None:
        if self.waits is not None:
            await self.waits.wait()

    def outcome(self, method: str) -> list[str]:
        """What became of each request of a method; empty where nothing did."""
        ends = {one.call: one.effect for one in self.events if one.kind == "outcome"}
        begun = [one for one in self.events if one.kind == "request" and one.method == method]
        return [ends.get(one.call, "") for one in begun]


class Whole:
    """Keeps everything as it is."""

    def arguments(self, value: JsonObject, least: str = "") -> JsonObject:
        return {"arguments": value}

    def results(self, value: JsonObject, least: str = "") -> JsonObject:
        return {}


class Yes:
    """Allows everything but what ``no`` names."""

    version = "yes"

    def __init__(self, no: Callable[[Asked], bool] = lambda _: False) -> None:
        self._no = no

    def decide(self, asked: Asked) -> Decision:
        if self._no(asked):
            return deny("policy:no", "it is not allowed")
        return allow("policy:all", "everything is allowed")


@dataclass
class ScriptedLink:
    """One conversation. Remembers what it was sent."""

    server: Scripted
    heard: list[JsonObject] = field(default_factory=list)
    ended: str | None = None
    unasked: Interim | None = None

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        self.heard.append(message)
        result = await self.server.reply(message, interim)
        if "error" in result:
            return Answer({"jsonrpc": "2.0", "id": message["id"], **result})
        return Answer({"jsonrpc": "2.0", "id": message["id"], "result": result})

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        self.heard.append(message)

    def listen(self, unasked: Interim) -> None:
        self.unasked = unasked

    async def close(self) -> None:
        self.ended = "was closed"


class Scripted:
    """A server. ``gate`` is awaited by whoever opens a conversation."""

    def __init__(self, tools: list[JsonObject], **replies: Reply) -> None:
        """``replies`` answers methods, written with ``_`` for ``/``."""
        self.tools = tools
        self.replies = {name.replace("_", "/", 1): reply for name, reply in replies.items()}
        self.links: list[ScriptedLink] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        await self.gate.wait()
        link = ScriptedLink(self)
        self.links.append(link)
        return link

    async def close(self) -> None:
        for link in self.links:
            await link.close()

    async def reply(self, message: JsonObject, interim: Interim) -> JsonObject:
        method = str(message["method"])
        if method in self.replies:
            return await self.replies[method](message, interim)
        if method == "initialize":
            given: JsonObject = {"name": "scripted", "version": "1"}
            capabilities: JsonObject = {"tools": {"listChanged": True}}
            return {**HELLO, "capabilities": capabilities, "serverInfo": given}
        if method == "tools/list":
            return {"tools": [dict(tool) for tool in self.tools]}
        return {"content": [{"type": "text", "text": "done"}]}


def approval(server: str = "one", tools: tuple[JsonObject, ...] = (TOOL,)) -> Approval:
    return Approval(
        server=server,
        key="k",
        start=Start("stdio", command=("x",)),
        artifact="",
        instructions=text_digest(""),
        capabilities=digest({"tools": {"listChanged": True}}),
        items=tuple(
            ApprovedItem("tool", str(one["name"]), digest(one), ("read",), (), one)
            for one in sorted(tools, key=lambda one: str(one["name"]))
        ),
        owner="o",
        reason="r",
        approved_by="me",
        approved_at="2026-11-21T00:00:00Z",
        revision="2025-06-18",
        capabilities_declared={"tools": {"listChanged": True}},
    )


@dataclass
class Within:
    """A relay with its parts at hand."""

    standing: Standing
    book: Book
    built: Built
    told: list[str]

    async def say(
        self,
        message: JsonObject,
        *,
        session: str = "",
        endpoint: str = "one",
        era: Era = Era.HANDSHAKE,
        who: Principal = ME,
        headers: tuple[tuple[str, str], ...] = (),
        interim: Interim | None = None,
    ) -> Outbound:
        inbound = Inbound(who, endpoint, era, message, session, "", headers)
        return await self.built.gateway.exchange(inbound, interim or _ignored)

    async def begin(self, endpoint: str = "one", who: Principal = ME) -> str:
        """Open a session of the handshake era; its sealed id."""
        said = await self.say(request("initialize", HELLO), endpoint=endpoint, who=who)
        assert said.session, said.body
        return said.session

    def lock(self, approvals: list[Approval]) -> None:
        """Put another lock in force."""
        self.standing.approve(Lock(tuple(approvals), os.urandom(4).hex(), "me"))


def within(
    servers: Mapping[str, Scripted],
    approvals: list[Approval],
    judge: Yes | None = None,
    eras: Callable[[Upstream, Era], Awaitable[frozenset[Era]]] | None = None,
) -> Within:
    """A relay in front of ``servers``."""
    told: list[str] = []
    standing = Standing(
        lambda one: servers[one.server],
        lambda server, problem: told.append(f"{server}: {problem.reason}"),
        lambda _source, _what: None,
    )
    standing.judge = judge or Yes()
    book, numbers = Book(), itertools.count(1)

    async def handshake_only(upstream: Upstream, wanted: Era) -> frozenset[Era]:
        return frozenset({Era.HANDSHAKE})

    means = Means(
        standing=standing,
        ledger=book,
        contents=Whole(),
        eras=eras or handshake_only,
        key=b"k" * 32,
        random=os.urandom,
        names=lambda: f"n{next(numbers)}",
        clock=lambda: 1_795_000_000.0,
        retired=lambda _: None,
    )
    found = Within(standing, book, build(means), told)
    found.lock(approvals)
    return found


def request(method: str, params: JsonObject, ident: int | str = 1) -> JsonObject:
    return {"jsonrpc": "2.0", "id": ident, "method": method, "params": params}


def call(name: str = "echo", ident: int | str = 1, **more: JsonObject) -> JsonObject:
    return request("tools/call", {"name": name, "arguments": {}, **more}, ident)


def decoded(said: Outbound) -> JsonObject:
    return as_object(strict_json.decode(said.body))


async def _ignored(_message: JsonObject) -> None:
    """Nobody looks."""
