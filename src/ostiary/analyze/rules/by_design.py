"""Tools that are asked to run what they are given: a power the tool names, and no flaw of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Hole, Source, SourceKind, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.rules.flows import Arrival
from ostiary.flow.lexicon import wordset
from ostiary.flow.words import tokens
from ostiary.model.grade import Severity


@dataclass(frozen=True, slots=True)
class Design:
    """How a tool says that it runs something."""

    words: frozenset[str]
    """One of these in the name of the parameter."""
    before: re.Pattern[str]
    """Text that may stand before the parameter and leaves it the whole of what is run."""
    certain: frozenset[str] = frozenset()
    """Words that say so also where the text around the parameter is not known."""


_NOTHING: Final = re.compile(r"^\s*$")
COMMANDS: Final = Design(
    wordset("command commands cmd cmds shell bash script commandline powershell"), _NOTHING
)
CODE: Final = Design(
    wordset(
        "code script javascript js python expression expr program snippet fn func function source "
        "formula"
    ),
    re.compile(r"^[\s(]*(?:return\b|async\b|await\b|=>|[\s(){};])*$"),
)
_LANGUAGES: Final = "sql cypher ddl dml sparql gql soql cql hql kql aql gremlin graphql"
QUERIES: Final = Design(
    wordset(f"query queries statement statements {_LANGUAGES}"),
    re.compile(r"(?:^|\bexplain\b[^'\"]*|\bprofile|\bdescribe|\(|;|\bas)\s*$", re.IGNORECASE),
    wordset(_LANGUAGES),
)


def mild(arrival: Arrival) -> Severity:
    """How grave it is that a tool does what it is asked to; what a library does for its callers,
    and a container for a caller, is less."""
    inside = "container" in arrival.effect.tags
    return Severity.LOW if inside or arrival.entry.kind is EntryKind.EXPORT else Severity.MEDIUM


def asked_to(arrival: Arrival, design: Design) -> bool:
    """Whether the caller was asked for just what is run here, the whole of it."""
    source = arrival.source
    if source.kind is not SourceKind.MODEL:
        return False
    words = frozenset(word for part in source.name.split(".") for word in tokens(part))
    if not words & design.words:
        return False
    value = arrival.effect.operand(arrival.role)
    if value is None or arrival.flow.guarantees & g.EXACT:
        return bool(arrival.flow.guarantees & g.EXACT)
    if value.text:
        return _whole(value, source, design.before)
    return bool((words | set(tokens(source.owner))) & design.certain)


def _whole(value: Value, source: Source, before: re.Pattern[str]) -> bool:
    """Whether each hole that the source fills stands where a whole one is asked for."""
    written = ""
    places = []
    for piece in value.text:
        if isinstance(piece, str):
            written += piece
        else:
            if _of(piece, source):
                places.append(bool(before.search(written)))
            written += "\0"
    return bool(places) and all(places)


def _of(piece: Hole, source: Source) -> bool:
    return not piece.of or source in piece.of
