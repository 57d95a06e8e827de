"""What a pattern guarantees of the host in a URL: a whole host of ours, or a piece of text only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.patterns.regex_automaton import automaton
from ostiary.analyze.dataflow.patterns.regex_syntax import (
    Chain,
    Chars,
    Choice,
    Edge,
    Repeat,
    Tree,
    chars,
)

_VARIANTS: Final = 32
"""Ways to write out choices that are looked at."""
_ENDS_HOST: Final = chars("/?#")
_LEAVES_HOST: Final = chars("/\\@?#")
"""Characters that end a host or make what was before them a user name."""
_NEARLY_ALL: Final = 125
_PORT: Final = chars("0123456789:")
_DOMAIN: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}|localhost", re.IGNORECASE)
_SUFFIX: Final = re.compile(r"(?:\.[a-z0-9-]+)+\.[a-z]{2,}", re.IGNORECASE)
_SCHEME: Final = re.compile(r"(?:http|https|wss?)://", re.IGNORECASE)

Items = tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class _Split:
    """A pattern parted at its scheme."""

    scheme: bool
    """Whether a scheme of the web is certain to be there."""
    rest: Items


def host_guarantees(tree: Tree, begins: bool, ends: bool) -> int:
    """``HOST_CHOSEN``, ``HOST_SUBSTRING`` and ``SCHEME_CHECKED`` of a text that matched, with the
    pattern at the beginning and at the end of the text or not."""
    variants = list(_variants(tree))
    if not variants:
        return 0
    if not begins:
        named = any(_DOMAIN.search(_named(items)) for items in variants)
        return g.HOST_SUBSTRING if named else 0
    found = [_of_one(items, ends) for items in variants]
    held = found[0]
    for one in found[1:]:
        held &= one
    substring = any(one & g.HOST_SUBSTRING for one in found)
    return held | (g.HOST_SUBSTRING if substring else 0)


def _of_one(items: Items, ends: bool) -> int:
    split = _parted(items)
    held = g.SCHEME_CHECKED if split.scheme else 0
    host, closed = _host(split.rest, ends)
    if not _DOMAIN.search(_named(host)):
        return held
    return held | (g.HOST_CHOSEN if closed and _is_ours(host) else g.HOST_SUBSTRING)


def _variants(tree: Tree) -> Iterator[Items]:
    """The pattern with its choices written out; nothing if there are too many."""
    found = _written_out(tree)
    if found is not None:
        yield from found


def _written_out(tree: Tree) -> list[Items] | None:
    if isinstance(tree, Edge):
        return [()]
    if isinstance(tree, Choice):
        options: list[Items] = []
        for one in tree.options:
            inner = _written_out(one)
            if inner is None or len(options) + len(inner) > _VARIANTS:
                return None
            options.extend(inner)
        return options
    if not isinstance(tree, Chain):
        return [(tree,)]
    whole: list[Items] = [()]
    for item in tree.items:
        inner = _written_out(item)
        if inner is None or len(whole) * len(inner) > _VARIANTS:
            return None
        whole = [left + right for left in whole for right in inner]
    return whole


def _parted(items: Items) -> _Split:
    """Takes ``https?://`` off the front."""
    text, at = "", 0
    if items and isinstance(items[0], Repeat) and items[0].most == 1:
        inner = _written_out(items[0].item) or []
        if inner and all(_parted(one) == _Split(True, ()) for one in inner):
            return _Split(False, items[1:])
    while at < len(items) and at < 8 and not text.endswith("://"):
        one = items[at]
        if isinstance(one, Repeat) and (one.least, one.most) == (0, 1):
            one = one.item
        text += _letter(one) or "\0"
        at += 1
    return _Split(True, items[at:]) if _SCHEME.fullmatch(text) else _Split(False, items)


def _host(items: Items, ends: bool) -> tuple[Items, bool]:
    """The part that stands for the host, and whether something is certain to end it."""
    for at, one in enumerate(items):
        states = automaton(one)
        first = states.first if states else 0
        if first and not first & ~_ENDS_HOST:
            optional = states is not None and states.nullable
            return items[:at], not optional or (ends and at == len(items) - 1)
    return items, ends


def _is_ours(host: Items) -> bool:
    """Whether every text of the part is one domain that is written out, or lies below one."""
    states = automaton(Chain(host))
    if states is None or states.every & _LEAVES_HOST:
        return False
    named = list(host)
    while named and _is_port(named[-1]):
        named.pop()
    at = len(named)
    while at and _letter(named[at - 1]):
        at -= 1
    text = _literals(tuple(named[at:]))
    if _SUFFIX.fullmatch(text):
        return True
    before = automaton(named[at - 1]) if at else None
    dotted = before is not None and _last(named[at - 1]) == chars(".")
    return bool(_DOMAIN.fullmatch(text)) and (at == 0 or (at == 1 and dotted))


def _is_port(tree: Tree) -> bool:
    states = automaton(tree)
    if states is None or states.every & ~_PORT:
        return False
    return bool(states.every & chars(":")) or isinstance(tree, Repeat)


def _last(tree: Tree) -> int:
    """Characters that texts may end with."""
    states = automaton(tree)
    if states is None:
        return 0
    found = 0
    for index, one in enumerate(states.sets):
        if states.last_positions >> index & 1:
            found |= one
    return found


def _letter(tree: Tree) -> str:
    """The one character it stands for, in lower case; empty if it is another form."""
    if not isinstance(tree, Chars) or not tree.must:
        return ""
    low = tree.must & -tree.must
    code = low.bit_length() - 1
    if tree.may not in {low, low | low << 32} or code > 127:
        return ""
    return chr(code).lower()


def _literals(items: Items) -> str:
    """The characters that are written out, with U+0000 for everything else."""
    return "".join(_letter(one) or "\0" for one in items)


def _named(items: Items) -> str:
    """The characters that are written out; a dot that was not escaped is meant as one."""
    wide = [isinstance(one, Chars) and one.may.bit_count() > _NEARLY_ALL for one in items]
    letters = [_letter(one) or "\0" for one in items]
    return "".join("." if any_ else char for any_, char in zip(wide, letters, strict=True))
