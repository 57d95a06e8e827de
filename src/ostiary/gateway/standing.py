"""What is in force: the lock and the policy, taken up anew when their files change.

A file that cannot be used changes nothing: what was in force stays, and the fault is told on every
look until it is mended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ostiary.gateway.ports import Judge, Opener
from ostiary.gateway.shown import Shown, Tell
from ostiary.gateway.upstreams import Upstream, Upstreams
from ostiary.model.approval import Approval, Lock


@dataclass(slots=True)
class Source:
    """One file, or set of files, that is taken up when it changes."""

    name: str
    version: Callable[[], object]
    """Cheap; differs whenever the content may."""
    load: Callable[[], Any]
    """The content, checked. Raises an exception whose text says what is wrong and what to do.
    Runs in a thread: a large lock takes a while."""
    put: Callable[[Any], None]
    """Puts the content in force."""
    seen: object = field(default_factory=object)
    fault: str = ""


class Standing:
    """The lock and the policy in force."""

    def __init__(
        self,
        opener: Callable[[Approval], Opener],
        tell_drift: Tell,
        tell: Callable[[str, str], None],
    ) -> None:
        """``tell`` takes a source's name and what happened to it, in words."""
        self._opener = opener
        self._tell_drift = tell_drift
        self._tell = tell
        self.upstreams = Upstreams({}, "")
        self.judge: Judge
        self.sources: list[Source] = []
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def faults(self) -> tuple[str, ...]:
        """What cannot be used at the moment, in words."""
        return tuple(f"{one.name}: {one.fault}" for one in self.sources if one.fault)

    async def look(self) -> bool:
        """Take up what has changed. Whether anything in force is different now."""
        changed = False
        for source in self.sources:
            version = source.version()
            if version == source.seen:
                continue
            source.seen = version
            try:
                source.put(await asyncio.to_thread(source.load))
            except Exception as error:  # noqa: BLE001 - whatever it is, the old one stays
                source.fault = str(error) or type(error).__name__
                self._tell(source.name, f"not taken up, the one before stays: {source.fault}")
                continue
            source.fault = ""
            self._tell(source.name, "taken up")
            changed = True
        return changed

    def decide_by(self, judge: Judge) -> None:
        """Put a policy in force."""
        self.judge = judge

    def approve(self, lock: Lock) -> None:
        """Put ``lock`` in force. Servers whose approval did not change are not disturbed."""
        before = self.upstreams.servers
        servers = {one.server: self._kept(before.get(one.server), one) for one in lock.approvals}
        self.upstreams = Upstreams(servers, lock.digest)
        kept = {id(one.opener) for one in servers.values()}
        for old in before.values():
            if id(old.opener) not in kept:
                self._close(old.opener)

    async def close(self) -> None:
        """Close every server."""
        openers = [one.opener for one in self.upstreams.servers.values()]
        self.upstreams = Upstreams({}, self.upstreams.lock)
        await asyncio.gather(*(one.close() for one in openers), *self._closing)

    def _kept(self, old: Upstream | None, approval: Approval) -> Upstream:
        if old is not None and old.approval == approval:
            return old
        same_way = (
            old is not None
            and old.approval.start == approval.start
            and old.approval.artifact == approval.artifact
            and old.approval.bounds == approval.bounds
        )
        if old is not None and same_way:
            return Upstream(approval, old.opener, Shown(approval, self._tell_drift), old.eras)
        return Upstream(approval, self._opener(approval), Shown(approval, self._tell_drift))

    def _close(self, opener: Opener) -> None:
        task = asyncio.ensure_future(opener.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
