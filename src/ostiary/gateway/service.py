"""A running gateway: opened from settings, watched while it runs, closed in good order."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from ostiary.catalogue.book import load_lock, lock_version
from ostiary.catalogue.logins import LoginFile
from ostiary.gateway.build import Built, Means, build
from ostiary.gateway.changes import Changes
from ostiary.gateway.credentials import Credentials
from ostiary.gateway.keys import session_key
from ostiary.gateway.leg import Leg
from ostiary.gateway.policy_files import policy_judge, policy_version
from ostiary.gateway.ports import Era, Opener, Relay, UpstreamFailure
from ostiary.gateway.provider_fetch import ProviderFetch
from ostiary.gateway.reaching import Reaching
from ostiary.gateway.resting import Resting
from ostiary.gateway.server_settings import ServerSettings
from ostiary.gateway.sessions import Session
from ostiary.gateway.settings import Settings
from ostiary.gateway.standing import Source, Standing
from ostiary.gateway.telemetry import open_telemetry
from ostiary.gateway.telemetry_legs import TracedOpener, TracedRelay
from ostiary.gateway.upstream.era import eras
from ostiary.gateway.upstreams import Upstream
from ostiary.identity.authenticator import Identity, open_identity
from ostiary.identity.token_file import IssuedToken
from ostiary.ledger.content import Contents
from ostiary.ledger.opening import open_ledger
from ostiary.ledger.writer import Ledger
from ostiary.model.approval import Approval
from ostiary.model.event import Event, EventKind, RecordUnwritable
from ostiary.model.json import JsonObject
from ostiary.surface.pins import Withheld
from ostiary.wire import handshake, stateless

TICK = 1.0
"""Seconds between two looks at the lock and the policy."""
REFRESH = 60.0
"""Seconds after which a server in use is asked again what it shows."""
Say = Callable[[str], None]


class Service:
    """Everything of one gateway but its transports."""

    def __init__(
        self,
        settings: Settings,
        cache: Path,
        say: Say,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Open everything. ``say`` takes lines for the operator.

        Raises :class:`~ostiary.model.setting.BadSetting` and the errors of the lock, the policy
        and the ledger: a gateway that cannot decide or record does not start.
        """
        self._settings = settings
        self._cache = cache
        self._say = say
        self._environ = os.environ if environ is None else environ
        self._retiring: set[asyncio.Task[None]] = set()
        self._chores: dict[str, asyncio.Task[None]] = {}
        key = session_key(settings.state / "session.key")
        self.ledger: Ledger = open_ledger(settings.ledger)
        for line in self.ledger.notes:
            say(line)
        try:
            self.identity: Identity = open_identity(
                settings.identity,
                settings.state,
                ProviderFetch(),
                environment=self._environ,
                told=self._token_told,
            )
            self._telemetry = open_telemetry(settings.telemetry)
            self.credentials = Credentials(
                LoginFile(settings.state),
                settings.servers,
                ProviderFetch(),
                environ=self._environ,
                clock=time.time,
                say=say,
            )
            self.standing = Standing(self._opener, self._drifted, self._taken)
            self._take_up()
            self.built: Built = build(self._means(key))
        except BaseException:
            self.ledger.close()
            raise
        self.built.door.lock = self.standing.upstreams.lock
        self.changes = Changes(
            self.built.sessions,
            lambda: self.standing.upstreams,
            lambda: self.standing.judge.version,
        )
        self._resting = Resting(self.built.sessions)
        for name in sorted(settings.servers.keys() - self.standing.upstreams.servers.keys()):
            say(f"[servers.{name}] names no approved server; its settings have no effect")
        self._note("started", {"servers": len(self.standing.upstreams.servers)})

    async def run(self) -> None:
        """Watch files, servers and the record until cancelled."""
        while True:
            await asyncio.sleep(TICK)
            if await self.standing.look():
                self.built.door.lock = self.standing.upstreams.lock
            self.ledger.tick()
            self.credentials.tick()
            self._chore("resting", lambda: self._resting.look(time.monotonic()))
            self._chore("announcing", self.changes.announce)
            self._refresh()

    def _chore(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do ``work`` beside the watching, unless it is still at it from the last time: no server
        and no client that takes its time may keep a lock or a policy from being taken up."""
        before = self._chores.get(name)
        if before is None or before.done():
            self._chores[name] = asyncio.ensure_future(self._attempt(name, work))

    async def _attempt(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the next time may go better
            self._note(f"{name} failed: {type(error).__name__}", {})

    async def close(self) -> None:
        """End sessions, servers and the record, in this order. Raises
        :class:`~ostiary.model.event.RecordUnwritable` if the end of the record cannot be signed;
        everything is closed all the same."""
        chores = [*self._chores.values()]
        for one in chores:
            one.cancel()
        await asyncio.gather(*chores, return_exceptions=True)
        sessions = self.built.sessions.all()
        await asyncio.gather(*(one.close() for one in sessions), return_exceptions=True)
        await self.standing.close()
        await self.identity.close()
        await self.credentials.close()
        self._note("stopped", {})
        try:
            self.ledger.close()
        finally:
            if self._telemetry is not None:
                # It waits for the collector, which may be away.
                await asyncio.to_thread(self._telemetry.close)

    @property
    def relay(self) -> Relay:
        """What transports hand their messages to."""
        relay: Relay = self.built.gateway
        return relay if self._telemetry is None else TracedRelay(relay, self._telemetry)

    def unready(self) -> str:
        """Why the gateway should get no requests; empty while it is well."""
        faults = (*self.standing.faults, self.credentials.fault)
        return "; ".join(one for one in faults if one)

    def note(self, event: Event) -> None:
        """Record something that is no call."""
        self.built.door.tell(event)

    def _take_up(self) -> None:
        """The lock and the policy must be usable once before anything starts."""
        approvals = self._settings.approvals
        policy = self._settings.policy
        folder = self._settings.folder

        self.standing.sources = [
            Source(
                "policy",
                lambda: policy_version(policy, folder),
                lambda: policy_judge(policy, folder),
                self.standing.decide_by,
            ),
            Source(
                "lock",
                lambda: lock_version(approvals.lock),
                lambda: load_lock(approvals),
                self.standing.approve,
            ),
        ]
        for source in self.standing.sources:
            source.seen = source.version()
            source.put(source.load())

    def _means(self, key: bytes) -> Means:
        return Means(
            standing=self.standing,
            ledger=self.ledger,
            contents=Contents(self._settings.ledger),
            eras=_eras,
            key=key,
            random=os.urandom,
            names=_names(os.urandom(8).hex()),
            clock=time.time,
            retired=self._retire,
        )

    def _opener(self, approval: Approval) -> Opener:
        settings = self._settings.servers.get(approval.server, ServerSettings())
        bearer = self.credentials.of(approval.server, approval.start.url)
        opener: Opener = Reaching(
            approval, settings, self._cache, self._environ, self._drifted, bearer=bearer
        )
        if self._telemetry is not None:
            opener = TracedOpener(opener, approval.server, self._telemetry)
        return opener

    def _refresh(self) -> None:
        """Ask servers in use again what they show, in the background of calls."""
        now = time.time()
        for session in self.built.sessions.all():
            for leg in list(session.legs.values()):
                shown = leg.upstream.shown
                if leg.closed or abs(now - shown.seen_at) < REFRESH:
                    continue
                shown.seen_at = now
                self._chore(f"refreshing {leg.upstream.name}", partial(self._refreshed, leg))

    async def _refreshed(self, leg: Leg) -> None:
        # What fails leaves it stale, so that the next call asks before it is let through.
        with suppress(UpstreamFailure, RecordUnwritable):
            name, now = leg.upstream.name, time.time()
            await leg.refresh(self.built.door.own(name, "refresh", now, "once a minute"))

    def _retire(self, session: Session) -> None:
        try:
            task = asyncio.get_running_loop().create_task(session.close())
        except RuntimeError:
            return
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _drifted(self, server: str, problem: Withheld) -> None:
        thing = f"{problem.kind}:{problem.name}"
        what = f"{problem.kind} {problem.name}".strip()
        self._say(f"{server}: {what}: {problem.reason}; withheld until `ostiary approve {server}`")
        self._append(
            Event(
                kind=EventKind.DRIFT,
                at=time.time(),
                server=server,
                thing=thing,
                effect="deny",
                rules=("pin",),
                why=problem.reason,
                lock=self.standing.upstreams.lock,
                detail={"words": list(problem.lines), "digest": problem.digest},
            )
        )

    def _taken(self, name: str, what: str) -> None:
        self._say(f"{name}: {what}")
        kind = EventKind.POLICY if name == "policy" else EventKind.APPROVAL
        self._append(Event(kind=kind, at=time.time(), why=what[:500]))

    def _token_told(self, what: str, token: IssuedToken) -> None:
        self._append(
            Event(
                kind=EventKind.IDENTITY,
                at=time.time(),
                client=token.client,
                why=f"token {token.id} {what}",
            )
        )

    def _note(self, why: str, detail: JsonObject) -> None:
        self._append(Event(kind=EventKind.GATEWAY, at=time.time(), why=why, detail=detail))

    def _append(self, event: Event) -> None:
        try:
            self.ledger.append(event)
        except RecordUnwritable as error:
            self._say(f"the record cannot be written: {error}")


def _names(start: str) -> Callable[[], str]:
    """Names that nobody else gives: a random start for this process, and a number."""
    numbers = itertools.count(1)
    return lambda: f"{start}{next(numbers):x}"


async def _eras(upstream: Upstream, wanted: Era) -> frozenset[Era]:
    """What a server speaks. What it spoke when it was approved is asked for no second time: who
    looks at a server tries the stateless era first."""
    approved = upstream.approval.revision
    if approved in handshake.REVISIONS:
        return frozenset({Era.HANDSHAKE})
    if approved == stateless.REVISION and wanted is Era.STATELESS:
        return frozenset({Era.STATELESS})
    return await eras(upstream.opener)
