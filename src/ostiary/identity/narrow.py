"""What a narrowed token may use. Patterns that leave nothing to interpretation.

A pattern is ``SERVER``, ``SERVER/NAME`` or ``SERVER/KIND:NAME``; ``*`` in a server or a name stands
for any characters and is the only sign with a meaning. Without a kind, a name is that of a tool or
a prompt. Resources are named by URIs that a caller chooses, so they need ``SERVER/resource:URI``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ostiary.model.pattern import fits_pieces

_KINDS = {
    "tool": frozenset({"tool"}),
    "prompt": frozenset({"prompt"}),
    "resource": frozenset({"resource", "template"}),
}
_NAMED = frozenset({"tool", "prompt"})
_SERVER = re.compile(r"[a-z0-9*][a-z0-9_*-]{0,127}")
_SLIPPERY = re.compile(r"\.\.|\\|%2e|%2f|%5c|%25|[\x00-\x20\x7f]", re.IGNORECASE)
"""What makes a URI mean another place than it seems to name (CWE-22, CWE-177)."""


class UnclearPattern(ValueError):
    """A pattern that says nothing definite. The message says what would."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    server: tuple[str, ...]
    kinds: frozenset[str] | None
    """``None`` is the whole server."""
    name: tuple[str, ...] = ()


def within(only: tuple[str, ...] | None, server: str, kind: str, name: str) -> bool:
    """Whether ``only`` (as in :attr:`Principal.only`) covers one thing of one server.

    ``kind`` is ``server``, ``tool``, ``prompt``, ``resource`` or ``template``. A server itself is
    covered as soon as anything of it is. Comparison is exact: no folding of case, no normalisation.
    An empty ``only`` covers nothing.
    """
    if only is None:
        return True
    return any(_covers(pattern, server, kind, name) for pattern in _read(only))


def checked(pattern: str) -> str:
    """``pattern`` if it is one. Raises :class:`UnclearPattern`."""
    server, slash, rest = pattern.partition("/")
    if not _SERVER.fullmatch(server):
        raise UnclearPattern(
            f"{pattern!r} names no server: write SERVER, SERVER/NAME or SERVER/resource:URI, with "
            "the server's lower-case name and * for any characters"
        )
    if slash and (not rest.rpartition(":")[2] or not rest.isprintable()):
        raise UnclearPattern(f"{pattern!r} names nothing after the /")
    return pattern


@lru_cache(maxsize=1024)
def _read(only: tuple[str, ...]) -> tuple[_Pattern, ...]:
    return tuple(_pattern(text) for text in only)


def _pattern(text: str) -> _Pattern:
    server, slash, rest = text.partition("/")
    pieces = tuple(server.split("*"))
    if not slash:
        return _Pattern(pieces, None)
    word, colon, name = rest.partition(":")
    if colon and word in _KINDS:
        return _Pattern(pieces, _KINDS[word], tuple(name.split("*")))
    return _Pattern(pieces, _NAMED, tuple(rest.split("*")))


def _covers(pattern: _Pattern, server: str, kind: str, name: str) -> bool:
    if not fits_pieces(pattern.server, server):
        return False
    if pattern.kinds is None or kind == "server":
        return True
    if kind not in pattern.kinds:
        return False
    by_uri = kind in ("resource", "template")
    if by_uri and len(pattern.name) > 1 and _SLIPPERY.search(name):
        return False
    return fits_pieces(pattern.name, name)
