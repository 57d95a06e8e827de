"""Short ways to write the long tuples of names that the tables consist of."""

from __future__ import annotations

from ostiary.analyze.knowledge.known import Where


def each(prefix: str, words: str) -> tuple[str, ...]:
    """``each("os.", "popen system")`` is ``("os.popen", "os.system")``."""
    return tuple(prefix + word for word in words.split())


def across(prefixes: tuple[str, ...], words: str) -> tuple[str, ...]:
    """Every word after every prefix."""
    return tuple(prefix + word for prefix in prefixes for word in words.split())


def operands(positions: int, keywords: str = "") -> dict[str, tuple[Where, ...]]:
    """Roles for calls that others read whole: each position and each keyword by its own name."""
    by_place: dict[str, tuple[Where, ...]] = {str(at): (at,) for at in range(positions)}
    return by_place | {word: (word,) for word in keywords.split()}
