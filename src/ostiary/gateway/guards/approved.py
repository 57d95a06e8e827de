"""Only servers in the signed lock pass, and only for the groups they were approved for."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.upstreams import Upstreams
from ostiary.model.asked import Asked
from ostiary.model.decision import Decision, deny


class Approved:
    """Asks the lock."""

    name = "approval"

    def __init__(self, upstreams: Callable[[], Upstreams]) -> None:
        self._upstreams = upstreams

    def check(self, asked: Asked) -> Decision | None:
        server = asked.target.server
        if not server:
            return None
        upstream = self._upstreams().get(server)
        if upstream is None:
            return deny(
                self.name,
                f"no server {server!r} is approved here",
                f"an owner can look at it and run: ostiary approve {server}",
                hidden=True,
            )
        groups = upstream.approval.groups
        if groups and not set(groups) & set(asked.principal.groups):
            return deny(
                self.name,
                f"{server} was approved for {', '.join(groups)}, and the caller is in none of them",
                "ask to be put in one of these groups",
                hidden=True,
            )
        return None
