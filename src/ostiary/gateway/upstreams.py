"""The approved servers as the gateway holds them: how to reach each, and what each shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ostiary.gateway.ports import Era, Opener
from ostiary.gateway.shown import Shown
from ostiary.model.approval import Approval
from ostiary.model.asked import Target


@dataclass(slots=True)
class Upstream:
    """One approved server."""

    approval: Approval
    opener: Opener
    shown: Shown
    eras: frozenset[Era] = frozenset()
    """What it is known to speak."""
    asked: bool = False
    """Whether it was asked and speaks nothing else."""

    @property
    def name(self) -> str:
        return self.approval.server

    @property
    def target(self) -> Target:
        """The server itself, as it was approved."""
        one = self.approval
        return Target(one.server, "server", one.server, owner=one.owner, review_by=one.review_by)


@dataclass(slots=True)
class Upstreams:
    """All approved servers by name. Replaced as a whole when the lock changes."""

    servers: Mapping[str, Upstream]
    lock: str
    """Version of the lock they come from."""

    def get(self, name: str) -> Upstream | None:
        """The server of that name, if it is approved."""
        return self.servers.get(name)

    @property
    def version(self) -> tuple[str, int]:
        """Changes whenever what any server shows changes."""
        return self.lock, sum(one.shown.version for one in self.servers.values())
