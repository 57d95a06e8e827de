"""Tokens, verbs and nouns of a name or a sentence. Everything is cached or bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ostiary.flow.lexicon import wordset
from ostiary.flow.lexicon.foreign import CJK
from ostiary.flow.lexicon.objects import THINGS, Thing
from ostiary.flow.lexicon.verbs import HEADS, VERBS, Verb
from ostiary.model.access import Level

READABLE = 900
"""Characters of a description that are read for verbs: what a tool does is said first."""

_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[,/;&]")
_SENTENCE = re.compile(r"[.!?:。！？\n](?=\s|$|[^\x00-\x7f])")
_MARKUP = re.compile(r"[`*#>\[\]{}\"()]|\s-\s")

_FILLER = wordset(
    """a an the this these tool tools function operation endpoint action method command api
        server that which to is are it its you we can will may lets let allow allows allowed
        allowing enables enable enabling used use using useful provides provide offers offer
        helps help user users agent agents model llm your our for with deprecated important
        mandatory required note beta experimental new simple unified comprehensive powerful
        advanced efficiently quickly safely automatically securely directly optionally also
        then first only programmatically supports support performs perform ability capability
        easily intelligently please and"""
)
_JOINS = frozenset({"and", "or", ",", "/", ";", "&", "then", "and-or"})
_ADVERBS = wordset("optionally also then automatically immediately permanently safely")
_STOPS = wordset(
    """to for that which who when if before after how where whether so because used using can
        may as by such like including not never without cannot no avoid instead don't doesn't
        won't isn't what why than unless until via through must should would could while
        during e.g"""
)
_SUBJECTS = wordset("it this tool operation function also will")


@lru_cache(maxsize=16384)
def tokens(name: str) -> tuple[str, ...]:
    """Lower-case words of a snake, kebab, dotted or camel-case name."""
    return tuple(word.lower() for word in _CAMEL.findall(name[:160]))


@lru_cache(maxsize=16384)
def snake(name: str) -> str:
    """The words of a name joined by underscores."""
    return "_".join(tokens(name))


@dataclass(frozen=True, slots=True)
class Said:
    """A verb that was found, and where."""

    verb: Verb
    written: str
    head: bool
    """True where it stands first in a name or a sentence, False where it is joined with ``and``."""


@lru_cache(maxsize=16384)
def name_verbs(name: str) -> tuple[Said, ...]:
    """The verbs a name is made of: its own first, then those joined to it."""
    words = tokens(name)
    found = [
        (place, VERBS[word])
        for place, word in enumerate(words)
        if word in VERBS and not (word in _ENDS_AS_NOUN and 0 < place == len(words) - 1)
    ]
    if not found:
        return ()
    place, verb = _lead(found)
    said = [Said(verb, verb.word, True)]
    for after in range(place + 1, len(words)):
        extra = VERBS.get(words[after])
        if extra is not None and _joined(words, after, said[-1].verb, extra):
            said.append(Said(extra, extra.word, False))
    return tuple(said)


_ENDS_AS_NOUN = frozenset({"log", "trace"})
"""Words that at the end of a longer name are what is shown, as in ``build_log``."""
_KEPT = frozenset({"monitor", "sample", "poll", "snapshot", "audit", "schedule", "import"})
_DONE_TO_THEM = frozenset({"create", "update", "delete", "remove", "edit", "add", "cancel", "list"})
"""``monitor_delete``: an object that is named like an act, then what is done to it."""


def _lead(found: list[tuple[int, Verb]]) -> tuple[int, Verb]:
    """The verb that says what a name does: a plain one before one that may be a noun."""
    first = found[0]
    if first[1].level is None and first[1].word != "process":
        return first
    plain = [one for one in found if one[1].sure and one[1].level is not None]
    if len(plain) > 1 and plain[0][1].word in _KEPT and plain[-1][1].word in _DONE_TO_THEM:
        return plain[-1]
    return plain[0] if plain else first


def _joined(words: tuple[str, ...], place: int, last: Verb, verb: Verb) -> bool:
    """Whether the verb at ``place`` is an act of its own and not the object of the one before."""
    before = words[place - 1]
    if last.level is None:
        return True
    if before in ("and", "or", "then"):
        return verb.sure or verb.level not in (Level.READ, Level.WRITE)
    if last.level is Level.READ:
        return verb.word == "replace" and before == last.word
    grave = verb.level not in (Level.READ, Level.WRITE)
    return verb.sure and before == last.word and grave and last.level is Level.WRITE


_ACTS_FIRST = frozenset({"review", "trace", "log", "record", "study"})
"""Words that are verbs at the start of a name and nouns elsewhere."""


@lru_cache(maxsize=16384)
def name_things(name: str) -> tuple[tuple[str, Thing], ...]:
    """The nouns of a name that stand for something, with the word that named them."""
    words = tokens(name)
    found: list[tuple[str, Thing]] = []
    place = 0
    while place < len(words):
        pair = f"{words[place]}_{words[place + 1]}" if place + 1 < len(words) else ""
        if pair in THINGS:
            found.append((pair.replace("_", " "), THINGS[pair]))
            place += 2
            continue
        if words[place] in THINGS and not (place == 0 and words[place] in _ACTS_FIRST):
            found.append((words[place], THINGS[words[place]]))
        place += 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a description: its words in lower case and the verbs it is led by."""

    words: tuple[str, ...]
    verbs: tuple[Said, ...]


def sentences(text: str) -> tuple[Sentence, ...]:
    """The first sentences of a description that say what the tool does.

    The first one may start with its verb; a later one counts only if it speaks of the tool
    (``This tool deletes``), because an imperative there is advice to the reader.
    """
    plain = _MARKUP.sub(" ", text[:READABLE])
    found: list[Sentence] = []
    for number, part in enumerate(_parts(plain)):
        words = tuple(_WORD.findall(part.lower()))[:60]
        if not words:
            continue
        verbs = _led_by(words, first=not any(one.verbs for one in found), speaks=number > 0)
        found.append(Sentence(words, verbs))
    return tuple(found)


def _parts(plain: str) -> list[str]:
    parts = [part for part in _SENTENCE.split(plain, 8) if part.strip()]
    return parts[:7]


def _led_by(words: tuple[str, ...], *, first: bool, speaks: bool) -> tuple[Said, ...]:
    if speaks and not first and words[0] not in _SUBJECTS:
        return ()
    place = 0
    while place < len(words) and place < 9:
        word = words[place]
        if word in HEADS and not (word in _FILLER and word not in ("use", "enable")):
            if word in ("use", "enable", "enables"):
                place += 1
                continue
            break
        if word not in _FILLER and word not in _JOINS:
            return _adjacent_noun(words) if first and not speaks else ()
        place += 1
    if place >= len(words) or words[place] not in HEADS:
        return ()
    return _coordinated(words, place)


def _adjacent_noun(words: tuple[str, ...]) -> tuple[Said, ...]:
    """``File deletion tool``, ``Unified text management tool for adding``: a noun, then an act."""
    for place in range(1, min(len(words), 10)):
        verb, form = HEADS.get(words[place], (None, ""))
        if verb is not None and form == "ing" and verb.sure and words[place] not in _FILLER:
            return _coordinated(words, place)
    return ()


def _coordinated(words: tuple[str, ...], place: int) -> tuple[Said, ...]:
    head, form = HEADS[words[place]]
    said = [Said(head, words[place], True)]
    joined = False
    for word in words[place + 1 : place + 28]:
        if word in _STOPS:
            if head.level is None and word == "to":
                continue
            break
        if word in _JOINS:
            joined = True
            continue
        if word in _ADVERBS:
            continue
        known = HEADS.get(word)
        if (known and (joined or head.level is None) and known[0].sure and known[1] == form) or (
            known and joined and form != "base" and known[1] == "third" and known[0].sure
        ):
            said.append(Said(known[0], word, False))
        joined = False
    return tuple(said)


def foreign_verbs(text: str) -> tuple[tuple[str, Level], ...]:
    """Chinese and Japanese verbs near the start of a text, the first of each level."""
    start = text[:80]
    found: dict[Level, tuple[int, str]] = {}
    for word, level in CJK:
        at = start.find(word)
        if at >= 0 and (level not in found or at < found[level][0]):
            found[level] = (at, word)
    return tuple((word, level) for level, (_, word) in sorted(found.items(), key=_by_place))


def _by_place(item: tuple[Level, tuple[int, str]]) -> tuple[int, str]:
    return item[1]
