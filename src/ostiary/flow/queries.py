"""What a tool that takes a database statement may do with it."""

from __future__ import annotations

import re

from ostiary.flow.evidence import Weighed
from ostiary.flow.facts import Facts
from ostiary.flow.lexicon import wordset
from ostiary.model.access import Level
from ostiary.model.grade import Confidence

_LANGUAGES = wordset("sql cypher gremlin opencypher statement statements mysql postgres")
_READS = re.compile(r"(?i)\bselect\b|\bread\b|natural language")
_CHANGES = re.compile(
    r"(?i)\binsert\b|\bupdate\b|\bdelete\b|\bwrite\b|\bmodif|\bDDL\b|\bDML\b|\btransaction"
)
_WRITES = wordset("write transact insert update delete")


def weigh_query(facts: Facts, weighed: Weighed, says: str) -> None:
    """Add what an arbitrary statement allows, unless the words say that it only reads."""
    weighed.note(Level.READ, Confidence.HIGH, "words", says, "database")
    free = facts.takes.has("sql") or facts.says(_LANGUAGES)
    if not free:
        return
    opening = facts.text[:400]
    if facts.named(_WRITES):
        _both(weighed, Confidence.HIGH, "words: the name says that the statement may write")
    elif facts.read_only or "read" in facts.words:
        _both(weighed, Confidence.LOW, "words: takes a statement, said to be read-only")
    elif _CHANGES.search(opening):
        _both(weighed, Confidence.MEDIUM, "words: takes a statement that may change data")
    elif _READS.search(opening):
        _both(weighed, Confidence.LOW, "words: takes a statement, said to select only")
    else:
        _both(weighed, Confidence.MEDIUM, "words: takes any statement of the database language")


def _both(weighed: Weighed, confidence: Confidence, says: str) -> None:
    weighed.note(Level.WRITE, confidence, "words", says, "database")
    weighed.note(Level.DESTROY, confidence, "words", says, "database")
