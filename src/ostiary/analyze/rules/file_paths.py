"""Paths of a caller's choosing where files are touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arrivals, once
from ostiary.model.finding import Finding

HARMLESS: Final = g.PLAIN | g.BASENAME | g.URL_ENCODED
"""One part of a path: it leads nowhere."""
CHANGED: Final = {
    EffectKind.WRITE_FILE: ("path", "from"),
    EffectKind.DELETE_FILE: ("path",),
    EffectKind.CHANGE_MODE: ("path",),
    EffectKind.EXTRACT_ARCHIVE: ("path",),
}
READ: Final = {EffectKind.READ_FILE: ("path",), EffectKind.LIST_FILES: ("path",)}


def paths(facts: Facts) -> Iterator[Arrival]:
    """Each path of a caller's at its place once; what is changed there before what is read."""
    changed = arrivals(facts, CHANGED, HARMLESS)
    return once(chain(changed, arrivals(facts, READ, HARMLESS)))


def by_place(findings: Iterable[Finding], *, by_message: bool = False) -> Iterator[Finding]:
    """One finding a place; or one for each thing that is said there."""
    seen = set()
    for one in findings:
        key = (one.location.file, one.location.line, one.message if by_message else "")
        if key not in seen:
            seen.add(key)
            yield one
