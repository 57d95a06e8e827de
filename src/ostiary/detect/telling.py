"""From structures to one hit: the worst leads, the others are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ostiary.detect.passage import Hit, Passage
from ostiary.detect.reading import reading
from ostiary.detect.structures import NEEDED, Structure, shapes
from ostiary.model.rule import Rule
from ostiary.model.visible import one_line

MAX_NAMED = 3


def told(rule: Rule, passage: Passage, mine: Callable[[Structure], bool]) -> Iterator[Hit]:
    """One hit for all of a rule's structures in a passage, or none."""
    if not reading(passage.text).whole & NEEDED:
        return
    found = [one for one in shapes(passage) if mine(one)]
    if not found:
        return
    lead = max(found, key=lambda one: one.severity)
    reasons = tuple(dict.fromkeys((lead.says, *(one.says for one in found))))
    yield Hit(
        rule,
        "; ".join(reasons[:MAX_NAMED]),
        excerpt=one_line(lead.text),
        says=lead.says,
        mark=",".join(sorted({one.kind for one in found})),
        severity=lead.severity,
    )
