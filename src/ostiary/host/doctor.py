"""Which layers of isolation work here: measured from inside a box, never assumed."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ostiary.host import cgroup
from ostiary.host.box import BoxSpec, BoxUnavailable, Limits
from ostiary.host.bubblewrap import Bubblewrap
from ostiary.host.identity import choose

_LOOK = r"""
field() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }
put() { printf '%s=%s\n' "$1" "$2"; }
for kind in user net pid mnt ipc uts; do put ns_$kind "$(readlink /proc/self/ns/$kind)"; done
put uid "$(id -u)"
put capabilities "$(field CapEff)$(field CapBnd)"
put seccomp "$(field Seccomp)"
put privileges "$(field NoNewPrivs)"
put links "$(sed -n 's/^ *\([^:]*\):.*/\1/p' /proc/net/dev | tr '\n' ' ')"
put processes "$(ls /proc | grep -c '^[0-9][0-9]*$')"
put nproc "$(sed -n 's/^Max processes *\([^ ]*\).*/\1/p' /proc/self/limits)"
put data "$(sed -n 's/^Max data size *\([^ ]*\).*/\1/p' /proc/self/limits)"
put nested "$(unshare --user true 2>/dev/null && echo yes || echo no)"
put root "$( (: > /ostiary-probe) 2>/dev/null && echo written || echo read-only)"
put homes "$(ls /home | tr '\n' ' ')"
put shadow "$(test -e /etc/shadow && echo seen || echo absent)"
"""


@dataclass(frozen=True, slots=True)
class Layer:
    """One wall of the box and whether it stands on this machine."""

    name: str
    works: bool
    says: str


@dataclass(frozen=True, slots=True)
class _Inside:
    """What a box saw of itself."""

    facts: dict[str, str]
    group: frozenset[str]
    milliseconds: float

    def own(self, namespace: str) -> bool:
        seen = self.facts.get(f"ns_{namespace}", "")
        return bool(seen) and seen != _outside(namespace)


def _outside(namespace: str) -> str:
    try:
        return str(Path(f"/proc/self/ns/{namespace}").readlink())
    except OSError:
        return ""


def measure(boxes: Bubblewrap | None = None) -> tuple[Layer, ...]:
    """Every layer, in a fixed order. Starts one box that runs a shell script of ours."""
    maker = boxes or Bubblewrap()
    reason = maker.available()
    if reason is not None:
        return (Layer("box", False, reason),)
    limits = Limits()
    groups = frozenset[str]().union(*(one.controls for one in _usable(limits)))
    began = time.monotonic()
    try:
        box = maker.start(BoxSpec(argv=("/bin/sh", "-c", _LOOK), limits=limits))
    except BoxUnavailable as error:
        return (Layer("box", False, f"{error}; {error.remedy}"),)
    told = box.stdout.read().decode("utf-8", "replace")
    took = (time.monotonic() - began) * 1000
    box.stop()
    facts = dict(line.partition("=")[::2] for line in told.splitlines())
    inside = _Inside(facts, groups, took)
    return tuple(layer for look in _LAYERS for layer in look(inside))


def _usable(limits: Limits) -> Iterator[cgroup.Group]:
    """The groups a box would get, made and removed again."""
    group = cgroup.make(cgroup.places(), 0, limits)
    if group is not None:
        group.remove()
        yield group


def _box(inside: _Inside) -> Iterator[Layer]:
    says = f"starts and ends in {inside.milliseconds:.0f} ms, this report's script included"
    yield Layer("box", bool(inside.facts.get("uid")), says)


def _user(inside: _Inside) -> Iterator[Layer]:
    uid = inside.facts.get("uid", "")
    who = choose(BoxSpec(argv=("/bin/true",)), 0).says
    apart = uid not in ("", "0") and (inside.own("user") or uid != str(os.geteuid()))
    yield Layer("user", apart, f"runs as {who} (id {uid or 'unknown'} inside)")
    closed = inside.facts.get("nested") == "no"
    says = "cannot be made inside" if closed else "can be made inside the box"
    yield Layer("user namespaces", closed, says)


def _namespaces(inside: _Inside) -> Iterator[Layer]:
    links = inside.facts.get("links", "").split()
    apart = inside.own("net") and set(links) <= {"lo"}
    yield Layer("network", apart, f"own network with {', '.join(links) or 'nothing'} in it")
    count = inside.facts.get("processes", "")
    seen = inside.own("pid") and count.isdigit() and int(count) < 20
    yield Layer("processes apart", seen, f"sees {count or 'unknown'} processes, its own")
    hidden = inside.facts.get("shadow") == "absent" and inside.facts.get("homes") == "box "
    shut = inside.own("mnt") and inside.facts.get("root") == "read-only" and hidden
    says = "read-only system, private home" if shut else "the host's files can be reached"
    yield Layer("files", shut, says)
    others = inside.own("ipc") and inside.own("uts")
    yield Layer("shared memory and host name", others, "own" if others else "shared with the host")


def _filters(inside: _Inside) -> Iterator[Layer]:
    on = inside.facts.get("seccomp") == "2"
    says = f"table for {platform.machine()}" if on else "no filter is in force"
    yield Layer("system-call filter", on, says)
    empty = set(inside.facts.get("capabilities", "x")) == {"0"}
    kept = inside.facts.get("privileges") == "1"
    says = "none, and none can be gained" if empty and kept else "some are held or can be gained"
    yield Layer("capabilities", empty and kept, says)


def _limits(inside: _Inside) -> Iterator[Layer]:
    if "memory" in inside.group:
        yield Layer("memory limit", True, "enforced by a control group")
    else:
        bound = inside.facts.get("data", "unlimited").isdigit()
        says = "each process bounded by the kernel, the sum watched every 50 ms"
        yield Layer("memory limit", bound, f"{says} (no writable control group)")
    if "pids" in inside.group:
        yield Layer("process limit", True, "enforced by a control group")
    elif choose(BoxSpec(argv=("/bin/true",)), 0).counted:
        bound = inside.facts.get("nproc", "unlimited").isdigit()
        yield Layer("process limit", bound, "enforced by the kernel for the box's own user")
    else:
        yield Layer("process limit", False, "only watched every 50 ms: no writable control group")


_LAYERS: tuple[Callable[[_Inside], Iterator[Layer]], ...] = (
    _box,
    _user,
    _namespaces,
    _filters,
    _limits,
)
