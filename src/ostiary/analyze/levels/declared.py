"""The tool as it declares itself: what its words say, held against its code."""

from __future__ import annotations

from ostiary.analyze.declare.entry import Entry
from ostiary.analyze.declare.surface import tool as raw_tool
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.levels.work import Work
from ostiary.flow.facts import reads_by_name
from ostiary.flow.hints import NOT_DESTRUCTIVE, READ_ONLY
from ostiary.flow.levels import tool_access
from ostiary.model.access import DataClass, Level, ToolAccess
from ostiary.model.grade import Confidence
from ostiary.model.surface import Tool
from ostiary.wire.surface import LISTINGS, item

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_CHANGES = (Level.WRITE, Level.DESTROY, Level.EXECUTE, Level.SEND, Level.SPEND, Level.ADMINISTER)


def declared(entry: Entry) -> Tool | None:
    """The tool as the server would list it; ``None`` if its name is none."""
    made = item(LISTINGS[0], raw_tool(entry))
    return made if isinstance(made, Tool) else None


def said(facts: Facts, reached: Reached) -> ToolAccess:
    """What the words and the schema say; what is said of nothing is nothing."""
    known = facts.once(_heard)
    if reached not in known:
        tool, name = declared(reached.entry), reached.entry.name
        known[reached] = ToolAccess(name, ()) if tool is None else tool_access(tool)
    return known[reached]


def _heard(_facts: Facts) -> dict[Reached, ToolAccess]:
    """Filled as somebody asks."""
    return {}


def only_reads(entry: Entry) -> bool:
    """Whether the tool's own name leads with a verb of reading."""
    return reads_by_name(entry.name)


def weigh_words(work: Work, words: ToolAccess) -> None:
    """Words and code that agree make a doubtful call likely. Words alone stay little evidence
    where the code tells something; where it tells nothing, they are likely at most."""
    told_nothing = all(sure is LOW for sure in work.weighed.levels.values())
    for one in words.capabilities:
        told = [piece for piece in one.basis if piece.kind in ("words", "schema")]
        known = work.weighed.levels.get(one.level)
        if known is LOW and one.confidence > LOW and told:
            work.weighed.note(one.level, MEDIUM, told[0].kind, told[0].says)
        elif known is None and one.confidence is HIGH and told and one.level is not Level.READ:
            says = f"{told[0].says}; not seen in its code"
            pays = one.level is Level.SPEND and DataClass.FINANCIAL in work.data
            sure = MEDIUM if told_nothing or pays else LOW
            work.weighed.note(one.level, sure, told[0].kind, says)


def contradicted(claims: tuple[str, ...], work: Work) -> tuple[str, ...]:
    """Claims that the tool's own code speaks against, each with its place."""
    strong = work.strong
    if READ_ONLY in claims:
        found = [f"{level.value} ({strong[level]})" for level in _CHANGES if level in strong]
        return (f"read-only is contradicted: {'; '.join(found[:3])}",) if found else ()
    if NOT_DESTRUCTIVE in claims and Level.DESTROY in strong:
        return (f"not destructive is contradicted: destroy ({strong[Level.DESTROY]})",)
    return ()
