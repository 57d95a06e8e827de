"""Which servers are meant, and how each would be started once it is approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ostiary.approval.place import Place
from ostiary.approval.start import (
    BEHIND,
    CannotApprove,
    Needed,
    given_server,
    needed_of,
    server_of,
    start_of,
    with_token,
)
from ostiary.approval.wish import Wish
from ostiary.catalogue.naming import SERVER_NAME, clash_key, our_name
from ostiary.inventory.naming import names_of
from ostiary.model.approval import Approval, Start
from ostiary.model.client import Transport
from ostiary.model.server import Server
from ostiary.model.visible import NAME, visible
from ostiary.supply.withhold import is_secret

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One server that may be approved."""

    name: str
    """Our name for it."""
    server: Server
    """As it would be started: with values only where the settings say where they are."""
    start: Start
    origin: str
    """Where it was found, in words."""
    needed: tuple[Needed, ...] = ()
    """Variables and headers whose values the settings do not name yet."""
    lacking: tuple[str, ...] = ()
    """Why values that the settings name cannot be had now."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everywhere a server may come from."""

    place: Place
    approvals: tuple[Approval, ...]
    configured: tuple[Server, ...]
    environ: Mapping[str, str]
    pasted: bool = False
    """Whether ``configured`` was handed in and not found on this machine."""


def pick(name: str, sources: Sources, wish: Wish, called: str = "") -> Candidate:
    """The server that a person means by ``name``, under the name ``called`` if given.

    Raises :class:`CannotApprove`. Looked for in this order: what was handed in, the settings, the
    lock, the configuration of clients.
    """
    if not sources.pasted:
        told = sources.place.server(name)
        if told is not None:
            return candidate(told, called or name, "ostiary.toml", sources, wish)
        before = next((one for one in sources.approvals if one.server == name), None)
        if before is not None:
            return candidate(server_of(before), before.server, "ostiary.lock", sources, wish)
    found = [
        one for one in sources.configured if name in names_of(one) or our_name(one.name) == name
    ]
    exact = [one for one in found if one.name == name] or found
    if not exact:
        raise CannotApprove(
            f"no server is called {visible(name, NAME)!r}; list what waits with `ostiary approve`"
        )
    if len(exact) > 1:
        names = ", ".join(visible(one.name, NAME) for one in exact)
        raise CannotApprove(f"{visible(name, NAME)!r} means several servers; name one of: {names}")
    return configured(exact[0], sources, wish, called)


def configured(server: Server, sources: Sources, wish: Wish, called: str = "") -> Candidate:
    """A server of a configuration. Raises :class:`CannotApprove`."""
    return candidate(server, called or our_name(server.name), _origin(server), sources, wish)


def candidate(server: Server, name: str, origin: str, sources: Sources, wish: Wish) -> Candidate:
    """``server`` as it would be started under ``name``. Raises :class:`CannotApprove`."""
    if not SERVER_NAME.fullmatch(name):
        raise CannotApprove(
            f"{visible(name, NAME)!r} cannot be the name of a server: use lower-case letters, "
            "digits, - and single _"
        )
    _refuse_clash(name, sources.approvals)
    place = sources.place
    before = next((one for one in sources.approvals if one.server == name), None)
    start = _granted(start_of(server), wish, before.start if before else None, place, name)
    values, lacking = place.values(name, sources.environ)
    given = {**_plain(server), **values}
    named = {*place.names(name, "env"), *place.names(name, "headers")}
    needed = tuple(one for one in needed_of(server) if one.name not in named)
    return Candidate(
        name=name,
        server=with_token(
            given_server(name, start, server.key, given), place.token(name, start.url)
        ),
        start=start,
        origin=origin,
        needed=needed,
        lacking=lacking,
    )


def _granted(start: Start, wish: Wish, before: Start | None, place: Place, name: str) -> Start:
    """What a person grants now, else what the settings say, else what was granted before."""
    local = start.transport == "stdio"
    old = before or Start(start.transport)
    network = _first(wish.network, place.network(name), old.network)
    return replace(
        start,
        env=tuple(sorted({*start.env, *(place.names(name, "env") if local else ())})),
        headers=tuple(sorted({*start.headers, *(() if local else place.names(name, "headers"))})),
        network=network and local,
        readable=_first(wish.readable, place.paths(name, "read"), old.readable) if local else (),
        writable=_first(wish.writable, place.paths(name, "write"), old.writable) if local else (),
    )


def _first(now: Kind | None, settings: Kind | None, before: Kind) -> Kind:
    """What is said now, else what the settings say, else what was approved before."""
    if now is not None:
        return now
    return before if settings is None else settings


def _plain(server: Server) -> dict[str, str]:
    """Values of its configuration that are no secrets."""
    entry = server.entries[0]
    return {
        one.name: one.value.reveal()
        for one in entry.env
        if one.value is not None and not is_secret(one.value.reveal(), one.name)
    }


def _origin(server: Server) -> str:
    clients = ", ".join(server.clients)
    if server.clients == (BEHIND,):
        return "as given"
    return f"{clients}, {server.entries[0].file}"


def _refuse_clash(name: str, approvals: Iterable[Approval]) -> None:
    twin = next(
        (
            one.server
            for one in approvals
            if one.server != name and clash_key(one.server) == clash_key(name)
        ),
        None,
    )
    if twin is not None:
        raise CannotApprove(
            f"{name!r} is too like {twin!r}, which is approved already; give it another name "
            "with --as"
        )


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each candidate once. Raises :class:`CannotApprove` for two under one name, or nearly."""
    found: dict[str, Candidate] = {}
    for one in candidates:
        twin = found.setdefault(clash_key(one.name), one)
        if twin.server.key != one.server.key or twin.name != one.name:
            raise CannotApprove(
                f"{visible(twin.server.command, 120)} and {visible(one.server.command, 120)} would "
                f"both be called {one.name!r}, or nearly; approve them one by one with --as"
            )
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A configured server that is not approved."""

    name: str
    server: Server
    why: str


def waiting(configured: tuple[Server, ...], approvals: tuple[Approval, ...]) -> tuple[Waiting, ...]:
    """Every configured server that is switched on and is not in the lock."""
    keys = {one.key for one in approvals}
    by_name = {one.server: one for one in approvals}
    found = []
    for server in configured:
        if server.transport is Transport.BUILTIN or not server.enabled or server.key in keys:
            continue
        same = by_name.get(our_name(server.name))
        why = (
            "is started otherwise than the approved server of that name" if same else "not approved"
        )
        found.append(Waiting(our_name(server.name), server, why))
    return tuple(found)
