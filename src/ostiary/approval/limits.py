"""The limits that an audit sets, taken over by an approval of exactly what was audited."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ostiary.approval.start import CannotApprove
from ostiary.approval.wish import Wish, matches
from ostiary.model.audit import Limits, TargetKind, VerdictKind
from ostiary.model.audited import PACKAGES, plain_name
from ostiary.model.json import JsonObject, as_list, as_object, as_text, strings
from ostiary.model.server import Pin, Server
from ostiary.model.visible import NAME, visible
from ostiary.report.audit.as_json import SCHEMA
from ostiary.scan.audited import folders_of
from ostiary.wire.strict_json import RefusedJson, decode

Digests = Callable[[str], str]
"""The digest of a folder as it is now; empty if it cannot be told."""


_NEEDED = "the network, which its box does not limit: its code does not fix to which hosts"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one audit sets."""

    label: str
    """The artifact, as the audit names it."""
    limits: Limits

    def words(self) -> Iterator[str]:
        """What holds, and what no option enforces, for a person."""
        limits = self.limits
        if limits.read_only:
            yield "it only reads: nothing of yours is given to it to write"
        if limits.tools_off:
            yield f"left out: {', '.join(visible(one, NAME) for one in limits.tools_off)}"
        if limits.paths:
            yield f"only these folders: {', '.join(visible(one, 200) for one in limits.paths)}"
        if limits.hosts:
            every = "all it needs" if limits.hosts_known else "what is known of what it needs"
            hosts = ", ".join(visible(one, 120) for one in limits.hosts)
            yield f"hosts, which its box does not tell apart: {hosts} ({every})"
        elif limits.network is not None:
            yield _NEEDED if limits.network else "no network: it needs no host"
        for note in limits.notes:
            yield f"for you to see to: {visible(note, 300)}"


def terms_for(server: Server, data: bytes, digests: Digests, folder: Path) -> Terms:
    """The limits that an audit's report sets for exactly what ``server`` starts. ``folder`` is
    where relative names of the report begin. Raises :class:`CannotApprove`."""
    audits = _audits(data)
    reasons = []
    for one in audits:
        target = as_object(one.get("target"))
        label = _label(target)
        why = _differs(server, target, digests, folder)
        if why:
            reasons.append(f"the audit of {label} is about something else: {why}")
        else:
            return Terms(label, _limits(one, label, folder))
    raise CannotApprove("; ".join(reasons[:3]))


def _audits(data: bytes) -> list[JsonObject]:
    try:
        whole = as_object(decode(data))
    except RefusedJson as error:
        raise CannotApprove(f"--limits: this is no JSON report of an audit: {error}") from None
    audits = [as_object(one) for one in as_list(whole.get("audits"))]
    if whole.get("schema") != SCHEMA or not audits:
        raise CannotApprove(
            "--limits: this is no JSON report of an audit; write one with "
            "`ostiary audit TARGET --json --output FILE`"
        )
    return audits


def _label(target: JsonObject) -> str:
    name, version = as_text(target.get("name")), as_text(target.get("version"))
    return visible(f"{name}@{version}" if version else name or "nothing", NAME)


def _differs(server: Server, target: JsonObject, digests: Digests, folder: Path) -> str:
    """Why the audited artifact is not what the server starts; empty if it is."""
    kind = as_text(target.get("kind"))
    if kind in PACKAGES:
        return _other_package(server, kind, target)
    if kind == TargetKind.FOLDER:
        return _other_folder(server, target, digests, folder)
    return f"a launch line cannot name {visible(kind, 20) or 'it'} exactly"


def _other_package(server: Server, kind: str, target: JsonObject) -> str:
    package = server.launch.package
    name, version = as_text(target.get("name")), as_text(target.get("version"))
    if package is None or package.ecosystem != kind:
        return f"{server.name} starts no {kind} package"
    if plain_name(kind, package.name) != plain_name(kind, name):
        return f"{server.name} starts {visible(package.name, NAME)}"
    if package.pin is not Pin.EXACT or not package.version:
        return f"{server.name} starts whatever version there is; name {visible(version, 40)} in it"
    if package.version != version:
        return f"{server.name} starts version {visible(package.version, 40)}"
    return ""


def _other_folder(server: Server, target: JsonObject, digests: Digests, base: Path) -> str:
    given = as_text(target.get("given"))
    audited = _absolute(base, given)
    if audited not in folders_of(server):
        return f"{server.name} starts nothing in {visible(audited, 200)}"
    if digests(audited) != as_text(target.get("digest")):
        return f"{visible(audited, 200)} changed since; audit it again"
    return ""


def _limits(audit: JsonObject, label: str, base: Path) -> Limits:
    verdict = as_object(audit.get("verdict"))
    answer = as_text(verdict.get("answer"))
    usable = (VerdictKind.USE, VerdictKind.USE_WITH_LIMITS)
    if answer not in usable:
        first = as_object(next(iter(as_list(verdict.get("reasons"))), None))
        why = visible(as_text(first.get("says")), 300)
        raise CannotApprove(
            f"the audit of {label} sets no limits; it says: {visible(answer, 40)}. {why}"
        )
    told = as_object(verdict.get("limits"))
    return Limits(
        read_only=told.get("read_only") is True,
        tools_off=strings(told.get("tools_off")),
        hosts=strings(told.get("hosts")),
        hosts_known=told.get("hosts_known") is True,
        paths=tuple(_absolute(base, one) for one in strings(told.get("paths"))),
        notes=strings(told.get("notes")),
        reaches_out=told.get("network") is True,
    )


def _absolute(base: Path, path: str) -> str:
    return os.path.normpath((base / Path(path).expanduser()).absolute())


def limited(wish: Wish, limits: Limits) -> Wish:
    """``wish`` within ``limits``. Raises :class:`CannotApprove` for a wish that goes beyond."""
    _refuse_beyond(wish, limits)
    paths = limits.paths or None
    writable = () if limits.read_only else paths
    return replace(
        wish,
        off=tuple(sorted({*wish.off, *limits.tools_off})),
        network=limits.network if wish.network is None else wish.network,
        readable=paths if wish.readable is None else wish.readable,
        writable=writable if wish.writable is None else wish.writable,
    )


def _refuse_beyond(wish: Wish, limits: Limits) -> None:
    if wish.network and limits.network is False:
        raise CannotApprove("--allow-network goes beyond --limits: by its audit it needs no host")
    if wish.writable and limits.read_only:
        raise CannotApprove("--write goes beyond --limits: by its audit it only reads")
    back = [one for one in limits.tools_off if matches(one, wish.only)]
    if back:
        names = ", ".join(visible(one, NAME) for one in back)
        raise CannotApprove(f"--only goes beyond --limits, which leaves out {names}")
    outside = [
        one
        for one in (*(wish.readable or ()), *(wish.writable or ()))
        if limits.paths and not any(_below(one, path) for path in limits.paths)
    ]
    if outside:
        raise CannotApprove(
            f"{visible(outside[0], 200)} goes beyond --limits: by its audit it needs "
            f"{', '.join(visible(one, 200) for one in limits.paths)}"
        )


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
