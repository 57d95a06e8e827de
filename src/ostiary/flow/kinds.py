"""What kind of server a set of tools makes."""

from __future__ import annotations

from collections import Counter

from ostiary.flow.lexicon import wordset
from ostiary.flow.words import tokens
from ostiary.model.access import DataClass, Level, ToolAccess
from ostiary.model.grade import Confidence

API_WRAPPER, FILE_SYSTEM, CODE_RUNNER = "API wrapper", "file system", "code runner"
DATABASE, BROWSER, STATEFUL, DEBUGGER = "database", "browser", "stateful", "debugger"
UNKNOWN = "unknown"

_DEBUGS = wordset("breakpoint breakpoints debug debugger stacktrace stepover devtools lldb")
_REMOTE_FILES = frozenset({DataClass.SOURCE_CODE, DataClass.CLOUD, DataClass.MESSAGES})


def kind_of(tools: tuple[ToolAccess, ...]) -> str:
    """The kind that most tools speak for; ``unknown`` where there are none."""
    if not tools:
        return UNKNOWN
    if any(not _DEBUGS.isdisjoint(tokens(tool.tool)) for tool in tools):
        return DEBUGGER
    votes: Counter[str] = Counter(_vote(tool) for tool in tools)
    if votes[BROWSER] * 2 >= len(tools):
        return BROWSER
    if votes[CODE_RUNNER]:
        return CODE_RUNNER
    kind = max(votes, key=lambda one: (votes[one], one))
    return kind if votes[kind] * 5 >= len(tools) * 2 else API_WRAPPER


def _vote(tool: ToolAccess) -> str:
    if DataClass.BROWSER in tool.data:
        return BROWSER
    execute = tool.has(Level.EXECUTE)
    if execute is not None and execute.confidence is Confidence.HIGH:
        return CODE_RUNNER
    if DataClass.MEMORY in tool.data:
        return STATEFUL
    if DataClass.DATABASE in tool.data and DataClass.FILES not in tool.data:
        return DATABASE
    if DataClass.FILES in tool.data and not _REMOTE_FILES.intersection(tool.data):
        return FILE_SYSTEM
    return API_WRAPPER
