"""How alike two descriptions are."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"\w{3,}")
_STOP = frozenset(
    (
        "the",
        "and",
        "for",
        "this",
        "that",
        "with",
        "from",
        "are",
        "you",
        "can",
        "its",
        "returns",
        "return",
        "args",
        "tool",
        "use",
    )
)


def similarity(one: str, other: str) -> float:
    """The share of common words, from 0 to 1; 0 where either says nothing."""
    left, right = _words(one), _words(other)
    if not left or not right:
        return 0.0
    return len(left & right) / len(left | right)


def copies(text: str, model: str) -> bool:
    """Whether ``text`` holds the whole of ``model`` and a good deal more."""
    core = " ".join(model.split()).rstrip(".")
    whole = " ".join(text.split())
    return len(core) >= 20 and len(whole) >= len(core) + 20 and core in whole


@lru_cache(maxsize=16_384)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text[:4000].lower())) - _STOP
