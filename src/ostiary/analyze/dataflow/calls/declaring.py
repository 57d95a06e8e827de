"""Calls that declare a tool by their form, by a name no table has: ``scope.teamTool(…)``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ostiary.analyze.dataflow.value import Arguments, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

TOOL: Final = "tool"
"""The method that such a call is like."""
_NAMED: Final = re.compile(r"(?:.*\.)?([a-z][A-Za-z0-9]*Tool)\Z")
_SCHEMAS: Final = frozenset({"inputSchema", "parameters", "paramsSchema", "schema"})
_LEAST: Final = 3


def declares_tool(frame: Frame, name: str, args: Arguments) -> bool:
    """A name, a description with a schema, and the function that answers, given to a method that
    the target does not define itself."""
    given = args.positional
    if frame.python or len(given) < _LEAST or not name.endswith("Tool"):
        return False
    method = _NAMED.match(name)
    called, *between, works = given
    return (
        method is not None
        and method[1] not in frame.engine.methods
        and bool(called.known_text)
        and any(True for _ in works.closures())
        and any(map(_describes, between))
    )


def _describes(value: Value) -> bool:
    return "description" in value.fields and not _SCHEMAS.isdisjoint(value.fields)
