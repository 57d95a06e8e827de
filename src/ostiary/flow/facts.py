"""Everything that is read from one tool before it is weighed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ostiary.flow.lexicon.objects import THINGS, Thing
from ostiary.flow.schema import Parameters, parameters
from ostiary.flow.words import (
    READABLE,
    Said,
    Sentence,
    foreign_verbs,
    name_things,
    name_verbs,
    sentences,
    tokens,
)
from ostiary.model.access import Level
from ostiary.model.surface import Tool

_READ_ONLY = (
    "read-only",
    "readonly",
    "read only",
    "not modify",
    "n't modify",
    "not change",
    "n't change",
    "without modifying",
    "without changing",
    "never modifies",
    "never writes",
    "no side effect",
    "non-destructive",
    "only select",
)
_FOR_GOOD = ("destructive operation", "permanently", "irreversibl", "not be undone", "t be undone")


@dataclass(slots=True)
class Facts:
    """What the name, the first sentences and the schema of a tool give."""

    name: str
    words: tuple[str, ...]
    said: tuple[Said, ...]
    nouns: tuple[tuple[str, Thing], ...]
    text: str
    sentences: tuple[Sentence, ...]
    opening: frozenset[str]
    """Words of the first dozen of the description."""
    foreign: tuple[tuple[str, Level], ...]
    takes: Parameters
    read_only: bool
    for_good: bool

    @property
    def told(self) -> tuple[Said, ...]:
        """Verbs of the description."""
        return tuple(said for sentence in self.sentences for said in sentence.verbs)

    @property
    def things(self) -> tuple[Thing, ...]:
        """Objects named in the name, then in the first sentence; each once."""
        found: dict[str, Thing] = {}
        for _, named in self.nouns:
            _keep(found, named)
        if len(found) < 3 and self.sentences:
            words = self.sentences[0].words[:24]
            for word in (*words, *map("_".join, pairwise(words))):
                thing = THINGS.get(word)
                if thing is not None and (thing.name != "secret" or self.only_reads):
                    _keep(found, thing)
        return tuple(found.values())

    def says(self, words: frozenset[str]) -> bool:
        """Whether the name or the opening of the description has one of ``words``."""
        return not words.isdisjoint(self.words) or not words.isdisjoint(self.opening)

    def named(self, words: frozenset[str]) -> bool:
        """Whether the name has one of ``words``."""
        return not words.isdisjoint(self.words)

    @property
    def only_reads(self) -> bool:
        """Whether the name leads with a plain verb of reading."""
        return _leads_with_reading(self.said)


def reads_by_name(name: str) -> bool:
    """The same of a name alone."""
    return _leads_with_reading(name_verbs(name))


def _leads_with_reading(said: tuple[Said, ...]) -> bool:
    return bool(said) and said[0].verb.level is Level.READ and said[0].verb.sure


def _keep(found: dict[str, Thing], thing: Thing) -> None:
    """Of two words for one thing, the one that says more of who owns it stays."""
    known = found.get(thing.name)
    if known is None or (known.private or 0) < (thing.private or 0):
        found[thing.name] = thing


def facts_of(tool: Tool) -> Facts:
    """Read ``tool`` once."""
    text = tool.description or tool.title
    start = text[:READABLE]
    read = sentences(start)
    opening: tuple[str, ...] = read[0].words[:14] if read else ()
    lower = start.lower()
    return Facts(
        name=tool.name,
        words=tokens(tool.name),
        said=name_verbs(tool.name),
        nouns=name_things(tool.name),
        text=start,
        sentences=read,
        opening=frozenset(opening),
        foreign=() if start.isascii() else foreign_verbs(start),
        takes=parameters(tool.input_schema),
        read_only=any(words in lower for words in _READ_ONLY),
        for_good=any(words in lower for words in _FOR_GOOD),
    )
