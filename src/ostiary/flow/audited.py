"""Evidence of the code in the place of guesses from words, tool by tool."""

from __future__ import annotations

from dataclasses import replace

from ostiary.model.access import ToolAccess
from ostiary.model.audited import Audited


def with_code(tools: tuple[ToolAccess, ...], found: Audited) -> tuple[ToolAccess, ...]:
    """``tools`` as a server shows them, with what an audit found each to do. A tool whose code it
    did not find stays as its words say."""
    known = found.by_name
    return tuple(_told(one, known[one.tool]) if one.tool in known else one for one in tools)


def _told(shown: ToolAccess, code: ToolAccess) -> ToolAccess:
    """What the code does; what the server claims is what it shows now."""
    same = shown.claims == code.claims
    return replace(
        code,
        data=code.data or shown.data,
        claims=shown.claims,
        contradicted=code.contradicted if same else shown.contradicted,
    )


def told_by(tools: tuple[ToolAccess, ...], found: Audited) -> str:
    """How many of a server's tools an audit tells of, in words."""
    known = found.by_name
    number = sum(1 for one in tools if one.tool in known)
    of = f"{number} of {len(tools)} tools" if number < len(tools) else "all its tools"
    return f"levels of {of} from the code of {found.label}, audited on {found.day.isoformat()}"
