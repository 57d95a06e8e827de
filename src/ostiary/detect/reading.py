"""A text read once for all detectors: its sentences and their signals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ostiary.detect.plain import plain
from ostiary.detect.sentences import sentences
from ostiary.detect.signals import signals

MIN_TELLING = 12
"""Shorter texts hold no instruction."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its own signals and those of its surroundings."""

    text: str
    own: int
    near: int
    """Signals of this sentence, the one before and the one after."""
    whole: int
    """Signals of the whole text."""

    def has(self, *wanted: int) -> bool:
        """Whether the sentence itself carries every one (each an alternative of signals)."""
        return all(self.own & one for one in wanted)

    def around(self, *wanted: int) -> bool:
        """Whether it or a neighbour carries every one."""
        return all(self.near & one for one in wanted)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as a model would take it in."""

    sentences: tuple[Sentence, ...]
    documented: frozenset[str]
    """Names that the text documents as parameters (``name: meaning``)."""


_PARAMETER_LINE = re.compile(
    r"(?:^|\n|[.;,]\s|Args:\s*|Parameters:\s*|- )\s*[`*'\"]{0,3}([A-Za-z_]\w{0,60})[`*'\"]{0,3}"
    r"\s*(?:\([^)\n]{0,80}\))?\s*(?::| -)\s"
)


@lru_cache(maxsize=256)
def reading(text: str) -> Reading:
    """The sentences of ``text`` with their signals. Linear in its length."""
    if len(text) < MIN_TELLING:
        return Reading((), frozenset())
    pieces = sentences(plain(text))
    own = [signals(piece) for piece in pieces]
    whole = 0
    for bits in own:
        whole |= bits
    found: list[Sentence] = []
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        near = own[index]
        if index:
            near |= own[index - 1]
        if index < last:
            near |= own[index + 1]
        found.append(Sentence(piece, own[index], near, whole))
    return Reading(tuple(found), frozenset(_PARAMETER_LINE.findall(text[:20_000])))
