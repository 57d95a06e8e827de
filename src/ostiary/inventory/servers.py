"""Entries of many files made into servers: equal launches are one server with many users."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from ostiary.inventory.launch import peeled_line, understand
from ostiary.inventory.naming import distinct_names
from ostiary.inventory.redact import masked, masked_words, shown_command
from ostiary.inventory.words import is_path, is_relative, program
from ostiary.inventory.wrappers import THROUGH_CMD
from ostiary.model.client import ServerEntry, Transport
from ostiary.model.server import Server

_QUIET = frozenset({"-y", "--yes", "-q", "--quiet"})
_HERE = (
    "${workspaceFolder",
    "${workspaceRoot",
    "${__dirname",
    "${CLAUDE_PLUGIN_ROOT",
    "${extensionPath",
)


def merge(entries: Iterable[ServerEntry]) -> tuple[Server, ...]:
    """One server for each distinct launch, in a fixed order whatever the order of ``entries``.

    Two entries are one server when they start or call the same thing: the same words or address
    (wrappers that change nothing peeled, secrets masked, variables unexpanded), the same names
    of environment variables and, where words depend on it, the same place. Every server has a
    name of its own: see :func:`ostiary.inventory.naming.distinct_names`.
    """
    groups: dict[str, list[ServerEntry]] = {}
    for entry in entries:
        groups.setdefault(key_of(entry), []).append(entry)
    servers = distinct_names(_server(key, group) for key, group in groups.items())
    return tuple(sorted(servers, key=lambda one: (one.name.casefold(), one.name, one.key)))


def key_of(entry: ServerEntry) -> str:
    """Twelve hex digits over what would be started or called."""
    text = "\x1e".join(_identity(entry))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _identity(entry: ServerEntry) -> tuple[str, ...]:
    if entry.transport is Transport.BUILTIN:
        return ("builtin", entry.client, entry.name)
    if entry.argv:
        words = _canonical(entry.argv)
        place = (entry.cwd or entry.project or entry.file) if _depends_on_place(entry) else ""
        names = sorted({setting.name for setting in entry.env})
        return ("local", "\x1f".join(map(_exact, masked_words(words))), place, "\x1f".join(names))
    if entry.url:
        return ("remote", masked(entry.url.strip()))
    return ("unfinished", entry.client, entry.file, entry.name)


def _exact(word: str) -> str:
    """The word, different from every other and without control characters."""
    return word if word.isprintable() else repr(word)


def _canonical(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The words without what does not change the server: ``cmd /c``, ``.cmd``, ``npx -y``."""
    peeled = peeled_line(argv)
    if not peeled.argv or peeled.shell or peeled.variables:
        return argv
    if not set(peeled.notes) <= {THROUGH_CMD}:
        return argv
    words = peeled.argv
    name = program(words[0])
    if is_path(words[0]) or name not in {"npx", "bunx", "pnpx"}:
        return (words[0] if is_path(words[0]) else name, *words[1:])
    start = 1
    while start < len(words) and words[start] in _QUIET:
        start += 1
    return (name, *words[start:])


def _depends_on_place(entry: ServerEntry) -> bool:
    words = entry.argv
    if any(is_relative(word) or any(sign in word for sign in _HERE) for word in words):
        return True
    if program(words[0]) in {"npx", "uvx", "docker", "podman", "bunx", "pnpx"}:
        return False
    return any(_relative_file(word) for word in words)


def _relative_file(word: str) -> bool:
    if word.startswith(("/", "~", "-", "$", "%", "\\", "@")) or word[1:3] in {":\\", ":/"}:
        return False
    return word.endswith((".js", ".mjs", ".cjs", ".ts", ".py", ".sh", ".jar", ".dll", ".go", ".rb"))


def _server(key: str, group: list[ServerEntry]) -> Server:
    entries = tuple(sorted(group, key=_order))
    first = entries[0]
    names = {setting.name for entry in entries for setting in entry.env}
    transport = _transport(entries)
    return Server(
        key=key,
        name=_most_used(entry.name for entry in entries),
        transport=transport,
        launch=understand(first.argv, first.url, transport, sorted(names)),
        entries=entries,
        command=shown_command(first),
    )


def _transport(entries: tuple[ServerEntry, ...]) -> Transport:
    """What most entries say; an entry that does not say counts only where none does."""
    said = [entry.transport for entry in entries if entry.transport is not Transport.UNKNOWN]
    counts = Counter(said)
    return min(counts, key=lambda one: (-counts[one], one.value), default=Transport.UNKNOWN)


def _most_used(names: Iterable[str]) -> str:
    counts = Counter(names)
    return min(counts, key=lambda one: (-counts[one], one))


def _order(entry: ServerEntry) -> tuple[str, ...]:
    """Total over everything that differs between two entries, so that merging has one result."""
    return (
        entry.client,
        entry.file,
        entry.project or "",
        entry.pointer,
        entry.name,
        f"{entry.line or 0:09}",
        "\x1f".join(entry.argv),
        entry.url or "",
        entry.scope.value,
        entry.transport.value,
        "\x1f".join(setting.name for setting in entry.env),
        repr(entry.tools),
        repr((entry.enabled, entry.sandbox, entry.cwd, entry.problems, entry.executes)),
    )
