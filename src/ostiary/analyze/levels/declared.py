"""The tool as it declares itself: what its words say, held against its code."""

from __future__ import annotations

from ostiary.analyze.declare.entry import Entry
from ostiary.analyze.declare.surface import tool as raw_tool
from ostiary.analyze.levels.work import Work
from ostiary.flow.facts import facts_of
from ostiary.flow.hints import NOT_DESTRUCTIVE, READ_ONLY
from ostiary.flow.levels import tool_access
from ostiary.model.access import Basis, Level, ToolAccess
from ostiary.model.grade import Confidence
from ostiary.model.surface import Tool
from ostiary.wire.surface import LISTINGS, item

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_CHANGES = (Level.WRITE, Level.DESTROY, Level.EXECUTE, Level.SEND, Level.SPEND, Level.ADMINISTER)


def declared(entry: Entry) -> Tool | None:
    """The tool as the server would list it; ``None`` if its name is none."""
    made = item(LISTINGS[0], raw_tool(entry))
    return made if isinstance(made, Tool) else None


def said(entry: Entry) -> ToolAccess:
    """What the words and the schema say; what is said of nothing is nothing."""
    tool = declared(entry)
    return ToolAccess(entry.name, ()) if tool is None else tool_access(tool)


def only_reads(entry: Entry) -> bool:
    """Whether the tool's own name leads with a verb of reading."""
    tool = declared(entry)
    return tool is not None and facts_of(tool).only_reads


def weigh_words(work: Work, words: ToolAccess) -> None:
    """Words and code that agree make a doubtful call likely; words alone stay little evidence."""
    for one in words.capabilities:
        told = [piece for piece in one.basis if piece.kind in ("words", "schema")]
        known = work.weighed.levels.get(one.level)
        if known is LOW and one.confidence > LOW and told:
            work.weighed.note(one.level, MEDIUM, told[0].kind, told[0].says)
        elif known is None and one.confidence is HIGH and told and one.level is not Level.READ:
            says = f"{told[0].says}; not seen in its code"
            work.weighed.note(one.level, LOW, told[0].kind, says)


def contradicted(claims: tuple[str, ...], work: Work) -> tuple[str, ...]:
    """Claims that the code speaks against, each with its place."""
    found = []
    if READ_ONLY in claims:
        strong = [level for level in _CHANGES if work.weighed.at_least(level, HIGH)]
        if strong:
            reasons = "; ".join(_why(work, level) for level in strong[:3])
            found.append(f"read-only is contradicted: {reasons}")
    elif NOT_DESTRUCTIVE in claims and work.weighed.at_least(Level.DESTROY, HIGH):
        found.append(f"not destructive is contradicted: {_why(work, Level.DESTROY)}")
    return tuple(found)


def _why(work: Work, level: Level) -> str:
    pieces: list[Basis] = work.weighed.basis[level]
    return f"{level.value} ({pieces[0].says})"
