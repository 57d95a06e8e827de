"""The checks at the door, one a file, in the order in which they stand.

The stop button, grants, flow rules and content guards take their places in this tuple.
"""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.guards.approved import Approved
from ostiary.gateway.guards.narrowed import Narrowed
from ostiary.gateway.guards.paced import Paced
from ostiary.gateway.guards.pinned import Pinned
from ostiary.gateway.ports import Guard
from ostiary.gateway.upstreams import Upstreams


def guards(upstreams: Callable[[], Upstreams]) -> tuple[Guard, ...]:
    """All guards before the policy, first to last."""
    return (Narrowed(), Approved(upstreams), Pinned(upstreams), Paced(upstreams))
