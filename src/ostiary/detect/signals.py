"""Which signals a sentence carries: one linear pass per language that it is written in."""

from __future__ import annotations

import re
from dataclasses import fields
from enum import IntFlag, auto
from functools import cache

from ostiary.detect.automata import PatternSet
from ostiary.detect.lexicon import LEXICONS
from ostiary.detect.lexicon.english import ENGLISH
from ostiary.detect.lexicon.table import Lexicon
from ostiary.detect.objects import OBJECTS
from ostiary.detect.plain import folded, unaccented

MAX_AUTOMATON = 16 * 1024 * 1024
"""Bytes one automaton may grow to; beyond, it forgets states and goes on."""


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


_DOUBLE_NEGATION = re.compile(
    r"\b(?:never|not|don't|cannot|no \w+ (?:is|are|will be))\b[^.,;]{0,80}\b(?:without|unless|"
    r"until)\b"
    r"|\b(?:never|not|don't|avoid) (?:present|treat|report|describe|return|quote|cite|state|pass)"
    r"\w*\b(?:(?! and )[^.,;]){0,60}\bas (?:if|though)\b"
    r"|\b(?:no|nunca|jamas)\b[^.,;]{0,60}\bsin\b|\b(?:ne|jamais)\b[^.,;]{0,60}\bsans\b"
    r"|\b(?:nicht|nie|niemals|kein\w*)\b[^.;]{0,60}\bohne\b|\b(?:nao|nunca)\b[^.,;]{0,60}\bsem\b"
    r"|\b(?:non|mai)\b[^.,;]{0,60}\bsenza\b|\b(?:не|нельзя|никогда)\b[^.,;]{0,60}\bбез\b"
)


_PHRASES = frozenset(
    [
        "secrecy",
        "hush",
        "consent",
        "harm",
        "ignore",
        "chooseme",
        "boast",
        "praise",
        "regardless",
        "trigger",
        "documented",
        "confirm",
        "upgraded",
        "whenasked",
        "context",
    ]
)


def _patterns(lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """Pattern alternatives by signal; objects ride with English, which is always read."""
    found = {
        one.name: tuple(getattr(lexicon, one.name))
        for one in fields(lexicon)
        if one.name != "language"
    }
    if lexicon is ENGLISH:
        found |= OBJECTS
    return {name: alternatives for name, alternatives in found.items() if alternatives}


def _group(name: str) -> int:
    """Which automaton holds a signal.

    Phrases with gaps multiply each other's states: kept apart, four small automata are thirty
    times as fast as one.
    """
    if name == "demand":
        return 0
    if name in _PHRASES:
        return 1
    return 2 if name in OBJECTS else 3


@cache
def _automata(language: str) -> tuple[tuple[PatternSet, tuple[int, ...]], ...]:
    """Each with the bit of every pattern it holds."""
    lexicon = next(one for one in LEXICONS if one.language == language)
    groups: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
    for name, alternatives in _patterns(lexicon).items():
        groups.setdefault(_group(name), []).append((name, alternatives))
    return tuple(_automaton(group) for _, group in sorted(groups.items()))


def _automaton(group: list[tuple[str, tuple[str, ...]]]) -> tuple[PatternSet, tuple[int, ...]]:
    patterns = (unaccented("|".join(alternatives)) for _, alternatives in group)
    bits = tuple(Signal[name.upper()].value for name, _ in group)
    return PatternSet(patterns, MAX_AUTOMATON), bits


def _read(language: str, data: bytes) -> int:
    found = 0
    for automaton, bits in _automata(language):
        for index in automaton.match(data):
            found |= bits[index]
    return found


def signals(sentence: str, languages: tuple[str, ...] = ()) -> int:
    """The signals of one sentence as a bit set of :class:`Signal` values.

    ``languages`` are read besides English.
    """
    low = folded(sentence)
    data = low.encode("utf-8", "replace")
    found = _read("en", data)
    for language in languages:
        found |= _read(language, data)
    if found & _NEGATABLE and _DOUBLE_NEGATION.search(low):
        found &= ~_NEGATABLE
    return found
