"""Names for servers that a person can tell apart, whatever their entries are called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ostiary.inventory.hosts import host_of
from ostiary.model.server import RunsOn, Server


def distinct_names(servers: Iterable[Server]) -> list[Server]:
    """The servers, each under a name that no other has, whatever case it is written in.

    Of several with one name the most used keeps it; the others get what tells them apart, in
    brackets: where they run, the package, the host, else the first digits of the key.
    """
    by_name: dict[str, list[Server]] = defaultdict(list)
    for server in servers:
        by_name[server.name.casefold()].append(server)
    taken = set(by_name)
    found: list[Server] = []
    for name in sorted(by_name):
        first, *others = sorted(by_name[name], key=_most_used)
        found.append(first)
        found += _told_apart(first, others, taken)
    return found


def names_of(server: Server) -> frozenset[str]:
    """Everything a person may call a server: its own name, its key, the names of its entries."""
    return frozenset({server.name, server.key, *(entry.name for entry in server.entries)})


def _most_used(server: Server) -> tuple[bool, int, str]:
    on = [entry for entry in server.entries if entry.enabled]
    return (not on, -len(on or server.entries), server.key)


def _told_apart(first: Server, others: list[Server], taken: set[str]) -> list[Server]:
    """Each of ``others`` with the shortest word that neither the first nor another one has."""
    words = {one.key: _words(one) for one in (first, *others)}
    counts = Counter(word for mine in words.values() for word in dict.fromkeys(mine))
    found: list[Server] = []
    for server in others:
        told = [f"{server.name} ({word})" for word in words[server.key] if counts[word] == 1]
        free = [name for name in told if name.casefold() not in taken]
        digits = (f"{server.name} #{server.key[:size]}" for size in (4, 8, 12))
        name = next((one for one in (*free, *digits) if one.casefold() not in taken), server.key)
        taken.add(name.casefold())
        found.append(replace(server, name=name))
    return found


def _words(server: Server) -> list[str]:
    """What may tell a server apart, the plainest first."""
    launch = server.launch
    words: list[str] = []
    if server.runs_on is RunsOn.REMOTE:
        words.append("remote")
    elif launch.runner not in {"", "unknown"}:
        words.append(launch.runner)
    if launch.package is not None and launch.package.name:
        words.append(launch.package.name)
    words += [host_of(entry.url) for entry in server.entries[:1] if entry.url]
    return [word for word in words if word and word.isprintable() and len(word) <= 60]
