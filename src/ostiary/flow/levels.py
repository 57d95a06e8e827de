"""What one tool can do, at what level, and the evidence for it."""

from __future__ import annotations

from ostiary.model.access import ToolAccess
from ostiary.model.surface import Tool


def tool_access(tool: Tool) -> ToolAccess:
    """The levels, data and labels of ``tool``, from its schema, words and hints."""
    return ToolAccess(tool=tool.name, capabilities=())
