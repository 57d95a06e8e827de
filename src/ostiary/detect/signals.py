"""Which signals a sentence carries: one linear pass of one automaton over all languages."""

from __future__ import annotations

import re
from dataclasses import fields
from enum import IntFlag, auto
from functools import cache

import re2

from ostiary.detect.lexicon import LEXICONS
from ostiary.detect.objects import OBJECTS
from ostiary.detect.plain import folded

MAX_AUTOMATON = 96 * 1024 * 1024
"""Bytes the automaton may grow to; it starts at a few and forgets states beyond this."""


class Signal(IntFlag):
    """One kind of word or object. Names are those of the lexicon and of the objects."""

    MUST = auto()
    DEMAND = auto()
    ASK = auto()
    ORDER = auto()
    CALL = auto()
    RUN = auto()
    READ = auto()
    SEND = auto()
    ALTER = auto()
    SAY = auto()
    INCLUDE = auto()
    SECRECY = auto()
    HUSH = auto()
    PRETEXT = auto()
    PRIORITY = auto()
    IGNORE = auto()
    DISABLED = auto()
    OUTAGE = auto()
    INSTEAD = auto()
    REGARDLESS = auto()
    AUTO = auto()
    WHENASKED = auto()
    SECRETS = auto()
    CONTEXT = auto()
    CONSENT = auto()
    HARM = auto()
    UPGRADED = auto()
    PROMO = auto()
    TRIGGER = auto()
    BOAST = auto()
    PRAISE = auto()
    CHOOSEME = auto()
    DOCUMENTED = auto()
    DESCRIPTIVE = auto()
    CONFIRM = auto()
    SHELL = auto()
    SETUP = auto()
    SENSITIVE = auto()
    STARTUP = auto()
    PATH = auto()
    URL = auto()
    URI = auto()
    EMAIL = auto()
    PHONE = auto()
    LITERAL = auto()
    MESSAGE = auto()
    NAMELIKE = auto()


_NEGATABLE = Signal.SECRECY.value | Signal.CONSENT.value
"""Signals that "never … without" turns into their opposite."""


def patterns() -> dict[str, tuple[str, ...]]:
    """Every pattern of every language and object, by signal name in lower case."""
    found: dict[str, tuple[str, ...]] = dict(OBJECTS)
    for lexicon in LEXICONS:
        for one in fields(lexicon):
            if one.name != "language":
                words: tuple[str, ...] = getattr(lexicon, one.name)
                found[one.name] = found.get(one.name, ()) + words
    return found


@cache
def _automaton() -> tuple[re2.Set, tuple[int, ...]]:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_AUTOMATON
    options.never_capture = True
    automaton = re2.Set.SearchSet(options)
    bits: list[int] = []
    for name, alternatives in patterns().items():
        if alternatives:
            automaton.Add("|".join(alternatives))
            bits.append(Signal[name.upper()].value)
    automaton.Compile()
    return automaton, tuple(bits)


_DOUBLE_NEGATION = re.compile(
    r"\b(?:never|not|don't|cannot|no \w+ (?:is|are|will be))\b[^.,;]{0,80}\b(?:without|unless|until)\b"
)


def signals(sentence: str) -> int:
    """The signals of one sentence as a bit set of :class:`Signal` values."""
    automaton, bits = _automaton()
    found = 0
    low = folded(sentence)
    for index in automaton.Match(low.encode("utf-8", "replace")) or ():
        found |= bits[index]
    if found & _NEGATABLE and _DOUBLE_NEGATION.search(low):
        found &= ~_NEGATABLE
    return found
