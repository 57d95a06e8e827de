"""What a regular expression guarantees of a text that matched it, or did not.

A pattern is looked at as the set of texts it lets through; where that set is not understood,
nothing is guaranteed. Python's ``$`` also lets one line end through at the very end of a text:
that is not held against a pattern, since nothing of the sender's choosing can follow it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.patterns.regex_automaton import Automaton, automaton
from ostiary.analyze.dataflow.patterns.regex_hosts import host_guarantees
from ostiary.analyze.dataflow.patterns.regex_syntax import (
    DIGITS,
    DIGITS_BEYOND,
    EVERYTHING,
    WORD,
    WORDS_BEYOND,
    Chain,
    Chars,
    Choice,
    Edge,
    Repeat,
    Tree,
    chars,
    read,
)

PLAIN_CHARS: Final = WORD | WORDS_BEYOND | chars("-.+")
"""Characters of names and versions: none separates, quotes or means anything to a shell."""
_SQL_WORD: Final = PLAIN_CHARS & ~chars("-+") | chars("$@:")
"""Characters of names in queries: none separates, quotes, calculates or begins a comment."""
_SHELL: Final = chars(";&|`$()<>\n\r\0\"'\\*?[]{}!#~^%")
"""Characters with a meaning to a POSIX shell, ``cmd`` or PowerShell."""
_SEPARATORS: Final = chars("/\\\0")
_DOT: Final = chars(".")
_DASH: Final = chars("-")
_META: Final = chars("\\^$.|?*+()[{")
"""Characters with a meaning to a pattern, once none of them stands before another."""
_SIZE: Final = 100_000
"""Characters up to which a text counts as bounded."""

_SEARCHES: Final = frozenset({"search", "test", "exec", "findall", "finditer"})


def matched(pattern: str, flags: str, how: str) -> int:
    """Guarantees of a text that matched.

    ``flags`` are JavaScript's, or ``py`` for Python. ``how`` is ``search``, ``match`` (from the
    start) or ``fullmatch``; for anything else nothing is guaranteed.
    """
    if how not in _SEARCHES | {"match", "fullmatch"}:
        return 0
    tree = read(pattern, flags)
    if tree is None:
        return 0
    begins = how not in _SEARCHES or _anchored(tree, end=False)
    ends = how == "fullmatch" or _anchored(tree, end=True)
    held = host_guarantees(tree, begins, ends)
    states = automaton(tree)
    if states is None or not begins:
        return held
    if not states.nullable or ends:
        held |= 0 if states.first & _DASH else g.NO_DASH
    return held | _whole(states) if ends else held


def missed(pattern: str, flags: str, how: str) -> int:
    """Guarantees of a text in which nothing matched: what it cannot hold."""
    if how not in _SEARCHES:
        return 0
    tree = read(pattern, flags)
    if tree is None:
        return 0
    refused, no_dots, no_dash = 0, False, False
    for option in _options(tree):
        refused |= _refused(option)
        no_dots = no_dots or _refuses_parents(option)
        no_dash = no_dash or _begins_with_dash(option)
    left = EVERYTHING & ~refused
    no_dots = no_dots or not left & _DOT
    return _of_chars(left, no_dots) | (g.NO_DASH if no_dash or not left & _DASH else 0)


def replaced(pattern: str, flags: str, put: str) -> int:
    """Guarantees of a text in which every match was replaced by the literal text ``put``."""
    tree = read(pattern, flags)
    if tree is None or ("g" not in flags and flags != "py") or not put.isascii() or "\\" in put:
        return 0
    refused = 0
    for option in _options(tree):
        refused |= _refused(option)
    left = EVERYTHING & ~refused | chars(put)
    return _of_chars(left, no_dots=not left & _DOT)


def escapes(pattern: str, flags: str, put: str) -> bool:
    """Whether a script that replaces every match by ``put`` sets a backslash before each character
    that means something to a pattern, and leaves it in place."""
    whole = put == "\\$&" or (put == "\\$1" and pattern[:2] == "([" and pattern[-2:] == "])")
    tree = read(pattern, flags) if whole and "g" in flags else None
    if tree is None:
        return False
    single = [one for one in _options(tree) if isinstance(one, Chars)]
    found = 0
    for one in single:
        found |= one.must
    return len(single) == len(list(_options(tree))) and not _META & ~found


def _whole(states: Automaton) -> int:
    """Guarantees of a text that is matched from its beginning to its end."""
    no_dots = not states.follows(_DOT, _DOT)
    held = _of_chars(states.every, no_dots)
    if not states.every & _SEPARATORS and not states.is_only(_DOT, _DOT):
        held |= g.BASENAME
    if states.every and not states.every & ~(DIGITS | DIGITS_BEYOND) and not states.nullable:
        held |= g.NUMBER
    if states.longest is not None and states.longest <= _SIZE:
        held |= g.SIZE_LIMITED
        held |= g.CHOSEN if states.literal else 0
    return held


def _of_chars(left: int, no_dots: bool) -> int:
    """Guarantees of a text of these characters only."""
    held = g.NO_DOTS if no_dots else 0
    if no_dots and not left & ~PLAIN_CHARS:
        held |= g.PLAIN
    if not left & ~_SQL_WORD:
        held |= g.SQL_WORD
    if no_dots and not left & _SEPARATORS:
        held |= g.BASENAME
    if not left & _SHELL:
        held |= g.PLAIN_COMMAND
    return held


def _anchored(tree: Tree, *, end: bool) -> bool:
    """Whether every text of the pattern lies at this edge of the whole text."""
    match tree:
        case Edge():
            return tree.end is end
        case Choice():
            return all(_anchored(one, end=end) for one in tree.options)
        case Repeat():
            return tree.least > 0 and _anchored(tree.item, end=end)
        case Chain():
            for one in reversed(tree.items) if end else tree.items:
                if _anchored(one, end=end):
                    return True
                if one != Chain(()):
                    return False
    return False


def _options(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Choice):
        for one in tree.options:
            yield from _options(one)
    else:
        yield tree


def _refused(tree: Tree) -> int:
    """Characters each of which alone is a match, so that a text without a match has none."""
    while isinstance(tree, Repeat) and tree.least <= 1 and tree.most != 0:
        if tree.least == 0:
            return 0
        tree = tree.item
    if isinstance(tree, Choice):
        found = 0
        for one in tree.options:
            found |= _refused(one)
        return found
    return tree.must if isinstance(tree, Chars) else 0


def _refuses_parents(tree: Tree) -> bool:
    """Whether it matches wherever ``..`` stands, or wherever it is a whole part of a path."""
    items = tree.items if isinstance(tree, Chain) else (tree,)
    if len(items) == 4 and _is_boundary(items[0], end=False) and _is_boundary(items[3], end=True):
        items = items[1:3]
    if len(items) == 1 and isinstance(items[0], Repeat) and items[0].least in {1, 2}:
        items = (items[0].item,) * items[0].least
        items = items[0].items if len(items) == 1 and isinstance(items[0], Chain) else items
    return len(items) == 2 and all(isinstance(one, Chars) and one.must & _DOT for one in items)


def _is_boundary(tree: Tree, *, end: bool) -> bool:
    """``(^|/)`` or ``(/|$)``."""
    options = tree.options if isinstance(tree, Choice) else ()
    slash = any(isinstance(one, Chars) and one.must & chars("/") for one in options)
    return slash and Edge(end) in options


def _begins_with_dash(tree: Tree) -> bool:
    """``^-``: refuses a text that begins with a dash."""
    if not isinstance(tree, Chain) or len(tree.items) < 2:
        return False
    edge, first, *rest = tree.items
    if isinstance(first, Repeat) and first.least == 1:
        first = first.item
    dash = isinstance(first, Chars) and bool(first.must & _DASH)
    return isinstance(edge, Edge) and not edge.end and dash and not rest
