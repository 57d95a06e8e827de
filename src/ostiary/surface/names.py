"""Names of tools as a model may confuse them."""

from __future__ import annotations

import re
from functools import lru_cache

from ostiary.detect.plain import plain

_SEPARATORS = re.compile(r"[^a-z0-9]+")
_DIGITS = str.maketrans("015", "ols")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """Equal for names that differ in case and separators only. Not ASCII is kept as it is."""
    lower = name.lower()
    return _SEPARATORS.sub("", lower) if name.isascii() else re.sub(r"[\s_.\-/]+", "", lower)


@lru_cache(maxsize=65_536)
def looks(name: str) -> str:
    """Equal for names that look the same: twins of other scripts, hidden characters, digits."""
    seen = name if name.isascii() else plain(name)
    seen = seen.replace("rn", "m").replace("vv", "w").translate(_DIGITS).replace("I", "l")
    return _SEPARATORS.sub("", seen.lower()).replace("i", "l")


@lru_cache(maxsize=65_536)
def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a name."""
    spaced = _CAMEL.sub(" ", name[:200])
    return tuple(word for word in re.split(r"[^0-9A-Za-z]+", spaced.lower()) if word)


def deletions(name: str) -> tuple[str, ...]:
    """The name with each one character left out: two names share one if they are one edit apart
    (insertion, deletion, replacement) or two neighbours are swapped."""
    return (name, *(name[:at] + name[at + 1 :] for at in range(len(name))))


def one_edit(one: str, other: str) -> bool:
    """Whether two different names are one insertion, deletion, replacement or swap apart."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if left[1:] == right or left == right[1:] or left[1:] == right[1:]:
        return True
    return left[:2] == right[:2][::-1] and left[2:] == right[2:]
