"""Holds each caller to the pace that an approval sets for its server."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from ostiary.gateway.upstreams import Upstreams
from ostiary.model.asked import Asked, Verb
from ostiary.model.decision import Decision, deny

MOST_CALLERS = 10_000
_COUNTED = (Verb.CALL, Verb.GET, Verb.READ)


class Paced:
    """Counts calls: so many at once, refilled evenly over a minute."""

    name = "pace"

    def __init__(self, upstreams: Callable[[], Upstreams]) -> None:
        self._upstreams = upstreams
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def check(self, asked: Asked) -> Decision | None:
        if asked.verb not in _COUNTED:
            return None
        upstream = self._upstreams().get(asked.target.server)
        most = upstream.approval.bounds.calls_per_minute if upstream else 0
        if not most:
            return None
        key = (asked.principal.id, asked.target.server)
        left, seen = self._left.get(key, (float(most), asked.at))
        # A clock that was set back must not lock anybody out, nor let anybody in faster.
        left = min(float(most), left + max(0.0, asked.at - seen) * most / 60)
        if left < 1:
            self._keep(key, (left, asked.at))
            return deny(
                self.name,
                f"{asked.target.server} was approved for {most} calls a minute, which are used up",
                f"try again in {max(1, round((1 - left) * 60 / most))} seconds",
            )
        self._keep(key, (left - 1, asked.at))
        return None

    def _keep(self, key: tuple[str, str], value: tuple[float, float]) -> None:
        self._left[key] = value
        self._left.move_to_end(key)
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)
