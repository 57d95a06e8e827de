"""A text read once for all detectors: its sentences and their signals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ostiary.detect.lexicon.spoken import spoken
from ostiary.detect.plain import folded, plain, spelled_hosts
from ostiary.detect.sentences import sentences
from ostiary.detect.signals import Signal, signals

MIN_TELLING = 12
"""Shorter texts hold no instruction."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its own signals and those of its surroundings."""

    text: str
    own: int
    beside: int
    """Signals of the sentence before and the one after."""
    whole: int
    """Signals of the whole text."""

    @property
    def near(self) -> int:
        """Signals of this sentence and its neighbours."""
        return self.own | self.beside

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
    whole: int
    """Signals of the whole text."""


NOTHING = Reading((), 0)
_PARAMETER_LINE = re.compile(
    r"(?:^|\n|[.;,]\s|Args:\s*|Parameters:\s*|- )\s*[`*'\"]{0,3}([A-Za-z_]\w{0,60})[`*'\"]{0,3}"
    r"\s*(?:\([^)\n]{0,80}\))?\s*(?::| -)\s"
)


def documented(text: str) -> frozenset[str]:
    """Names that a text documents as parameters (``name: meaning``)."""
    return frozenset(_PARAMETER_LINE.findall(text[:20_000]))


_SHORT_QUOTE = re.compile(r"(?<!\w)(['\"“‘«「『`])[^'\"”’»」』`\n]{1,60}['\"”’»」』`](?!\w)")
_AMOUNT = re.compile(
    r"(?i)\b(?:sav(?:e|es|ing)|spar(?:e|es|ing)|reduc(?:e|es|ing)|fewer|less|minimi[sz](?:e|es|ing)|"
    r"conserv(?:e|es|ing)|wast(?:e|es|ing)|consum(?:e|es|ing)|costs?|number of|amount of) "
    r"(?:(?:some|many|the|llm|model|context|input|output|prompt|response) ){0,2}tokens\b"
    r"(?! (?:to|in|into|under|as|with|from|of|here|there)\b)"
)
"""Tokens that a model is paid by, which are no credentials."""
_SECRETS = Signal.SECRETS.value
_QUOTING = Signal.DESCRIPTIVE.value
_QUOTED = Signal.LITERAL.value
_TELLING = (
    Signal.SECRECY.value
    | Signal.IGNORE.value
    | Signal.CONSENT.value
    | Signal.PRIORITY.value
    | Signal.REGARDLESS.value
)


def _signals(piece: str, languages: tuple[str, ...]) -> int:
    """Signals of a sentence; in one that describes attacks, without its short quotations."""
    piece = spelled_hosts(piece)
    found = signals(piece, languages)
    if found & _QUOTING and found & _QUOTED and found & _TELLING:
        return signals(_SHORT_QUOTE.sub("''", piece), languages) | _QUOTED | _QUOTING
    if found & _SECRETS and _AMOUNT.search(piece):
        return found & ~(_SECRETS & ~signals(_AMOUNT.sub(" ", piece), languages))
    return found


@lru_cache(maxsize=256)
def reading(text: str) -> Reading:
    """The sentences of ``text`` with their signals. Linear in its length."""
    if len(text) < MIN_TELLING:
        return NOTHING
    text = plain(text)
    languages = spoken(folded(text))
    pieces = sentences(text)
    own = [_signals(piece, languages) for piece in pieces]
    whole = 0
    for bits in own:
        whole |= bits
    if not whole:
        return NOTHING
    around = [0, *own, 0]
    return Reading(
        tuple(
            Sentence(piece, own[index], around[index] | around[index + 2], whole)
            for index, piece in enumerate(pieces)
        ),
        whole,
    )
