"""Puts a gateway together from its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ostiary.gateway.answers import Answers
from ostiary.gateway.asking import Asking
from ostiary.gateway.door import Door
from ostiary.gateway.guards import guards
from ostiary.gateway.joined import Joined
from ostiary.gateway.observe import Observer
from ostiary.gateway.openings import Entrance, Eras, Openings
from ostiary.gateway.ports import Contents, Guard, Ledger
from ostiary.gateway.relay import Gateway, Parts
from ostiary.gateway.seal import Seal
from ostiary.gateway.sessions import Session, Sessions
from ostiary.gateway.standing import Standing
from ostiary.gateway.upstreams import Upstreams


@dataclass(frozen=True, slots=True)
class Means:
    """What a gateway is given from outside."""

    standing: Standing
    ledger: Ledger
    contents: Contents
    eras: Eras
    key: bytes
    """For seals; shared by replicas."""
    random: Callable[[int], bytes]
    names: Callable[[], str]
    clock: Callable[[], float]
    retired: Callable[[Session], None]
    guards: tuple[Guard, ...] | None = None
    """In place of the usual ones; for measuring what they cost."""


@dataclass(frozen=True, slots=True)
class Built:
    """A gateway and the parts of it that its owner looks after."""

    gateway: Gateway
    door: Door
    sessions: Sessions
    openings: Openings


def build(means: Means) -> Built:
    """A gateway."""
    standing = means.standing

    def upstreams() -> Upstreams:
        return standing.upstreams

    def policy() -> str:
        return standing.judge.version

    chosen = guards(upstreams) if means.guards is None else means.guards
    door = Door(chosen, lambda: standing.judge, means.ledger, means.names, means.contents)
    asking = Asking(door, means.names, means.clock)

    def retired(session: Session) -> None:
        asking.forget(session)
        means.retired(session)

    sessions = Sessions(Seal(means.key, "session", means.random), means.names, means.clock, retired)
    answers = Answers(door, means.clock, policy)
    openings = Openings(
        Entrance(
            door=door,
            sessions=sessions,
            asking=asking,
            observe=Observer(door, means.clock),
            upstreams=upstreams,
            eras=means.eras,
            states=Seal(means.key, "state", means.random),
            clock=means.clock,
        )
    )
    joined = Joined(answers, door, upstreams, policy, means.clock)
    joined.leg = openings.leg
    parts = Parts(
        door=door,
        sessions=sessions,
        answers=answers,
        asking=asking,
        openings=openings,
        joined=joined,
        upstreams=upstreams,
        clock=means.clock,
    )
    return Built(Gateway(parts), door, sessions, openings)
