"""What one tool can do, at what level, and the evidence for it."""

from __future__ import annotations

from ostiary.flow.acts import weigh_words
from ostiary.flow.evidence import Weighed
from ostiary.flow.facts import facts_of
from ostiary.flow.hints import claims, contradictions, weigh_claims
from ostiary.flow.labels import label
from ostiary.flow.takes import weigh_schema
from ostiary.model.access import DataClass, Level, ToolAccess
from ostiary.model.grade import Confidence
from ostiary.model.surface import Tool

DANGER = (
    Level.EXECUTE,
    Level.ADMINISTER,
    Level.SPEND,
    Level.DESTROY,
    Level.SEND,
    Level.WRITE,
    Level.READ,
)
"""Levels from the most to the least dangerous."""


def tool_access(tool: Tool) -> ToolAccess:
    """The levels, data and labels of ``tool``, from its schema, words and hints.

    Never raises. A tool that says nothing usable is READ at LOW confidence, with that reason.
    """
    facts = facts_of(tool)
    weighed = Weighed()
    weigh_words(facts, weighed)
    weigh_schema(facts, weighed)
    claimed = claims(tool.annotations)
    weigh_claims(claimed, weighed)
    if not weighed.levels:
        says = "words: nothing found that says it does more than read"
        weighed.note(Level.READ, Confidence.LOW, "words", says)
    things, data = label(facts, weighed)
    web = DataClass.WEB in data or weighed.untrusted is Confidence.HIGH
    return ToolAccess(
        tool=tool.name,
        capabilities=weighed.capabilities(tuple(thing.name for thing in things[:3])),
        data=data,
        untrusted=weighed.untrusted,
        private=weighed.private,
        outward=weighed.outward,
        places_files=weighed.places_files,
        claims=claimed,
        contradicted=contradictions(claimed, weighed, web=web),
    )
