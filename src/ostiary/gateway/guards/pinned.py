"""A thing passes only as it was approved: what a server shows otherwise is withheld."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.upstreams import Upstreams
from ostiary.model.asked import Asked
from ostiary.model.decision import Decision, deny

_WORDS = {"tool": "tool", "prompt": "prompt", "resource": "resource", "template": "resource"}


class Pinned:
    """Holds the thing asked about to its pin."""

    name = "pin"

    def __init__(self, upstreams: Callable[[], Upstreams]) -> None:
        self._upstreams = upstreams

    def check(self, asked: Asked) -> Decision | None:
        target = asked.target
        if target.kind == "server" or target.digest:
            # A digest is there only if the present definition matched it.
            return None
        upstream = self._upstreams().get(target.server)
        word = _WORDS.get(target.kind, "thing")
        problem = upstream.shown.problem(target.kind, target.name) if upstream else None
        if problem is not None:
            return deny(
                self.name,
                f"the {word} {target.name!r} of {target.server} is withheld: {problem.reason}",
                f"a person has to look at it: ostiary approve {target.server}",
            )
        return deny(
            self.name,
            f"{target.server} shows no approved {word} of this name",
            f"list what there is, or have it approved: ostiary approve {target.server}",
            hidden=True,
        )
