"""Tools that are asked to run what they are given: a power the tool names, and no flaw of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Hole, Source, SourceKind, Value
from ostiary.analyze.rules.flows import Arrival
from ostiary.flow.words import tokens


@dataclass(frozen=True, slots=True)
class Design:
    """How a tool says that it runs something."""

    words: frozenset[str]
    """One of these in the name of the parameter."""
    before: re.Pattern[str]
    """Text that may stand before the parameter and leaves it the whole of what is run."""


_NOTHING: Final = re.compile(r"^\s*$")
COMMANDS: Final = Design(
    frozenset("command commands cmd cmds shell bash script commandline powershell".split()),
    _NOTHING,
)
CODE: Final = Design(
    frozenset("code script javascript js python expression expr program snippet fn func".split())
    | {"function", "source", "formula"},
    re.compile(r"^[\s(]*(?:return\b|async\b|await\b|=>|[\s(){};])*$"),
)
QUERIES: Final = Design(
    frozenset("sql query queries statement statements cypher ddl dml sparql gql soql cql".split())
    | {"hql", "kql", "aql", "gremlin", "graphql"},
    re.compile(r"(?:^|\bexplain\b[^'\"]*|\bprofile|\bdescribe|\(|;|\bas)\s*$", re.IGNORECASE),
)


def asked_to(arrival: Arrival, design: Design) -> bool:
    """Whether the caller was asked for just what is run here, the whole of it."""
    source = arrival.source
    if source.kind is not SourceKind.MODEL or not design.words & _words(source):
        return False
    value = arrival.effect.operand(arrival.role)
    return bool(arrival.flow.guarantees & g.EXACT) or (
        value is not None and _whole(value, source, design.before)
    )


def _words(source: Source) -> frozenset[str]:
    return frozenset(word for part in source.name.split(".") for word in tokens(part))


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
