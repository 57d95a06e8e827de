"""What a server is: from what the code of its tools does, from their words where that is mute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.kept_state import keeps_state
from ostiary.analyze.levels.declared import said
from ostiary.flow.kinds import (
    API_WRAPPER,
    BROWSER,
    CODE_RUNNER,
    DATABASE,
    DEBUGGER,
    FILE_SYSTEM,
    STATEFUL,
    UNKNOWN,
    kind_of,
)
from ostiary.model.access import ToolAccess
from ostiary.model.audit import ToolReach
from ostiary.model.counted import counted

MESSAGING: Final = "messaging"
_FILES: Final = frozenset(
    {
        EffectKind.READ_FILE,
        EffectKind.WRITE_FILE,
        EffectKind.DELETE_FILE,
        EffectKind.LIST_FILES,
        EffectKind.EXTRACT_ARCHIVE,
        EffectKind.CHANGE_MODE,
    }
)
_RUNS: Final = {
    EffectKind.SHELL: "command",
    EffectKind.EVALUATE: "code",
    EffectKind.PROCESS: "program",
}
"""What runs the caller's text: the operand that must hold it."""
_BY_KIND: Final = {
    EffectKind.SQL: DATABASE,
    EffectKind.NOSQL: DATABASE,
    EffectKind.DATABASE: DATABASE,
    EffectKind.MAIL: MESSAGING,
    EffectKind.MESSAGE: MESSAGING,
    EffectKind.DEBUG: DEBUGGER,
    EffectKind.REQUEST: API_WRAPPER,
    EffectKind.SPEND: API_WRAPPER,
}
_ORDER: Final = (
    DEBUGGER,
    BROWSER,
    CODE_RUNNER,
    MESSAGING,
    DATABASE,
    FILE_SYSTEM,
    STATEFUL,
    API_WRAPPER,
)
"""What a tool with several effects is counted as, and what wins where votes are equal."""
_MAIN: Final = 2 / 5
"""The share of tools from which on a kind is what the server is."""
_ALSO: Final = 1 / 5
"""The share from which on it is that besides; a debugger or a browser is one from there on."""


@dataclass(frozen=True, slots=True)
class ServerClass:
    """What a server is."""

    kind: str
    """As :class:`~ostiary.model.access.ServerAccess` says it, or ``messaging``."""
    also: str = ""
    """What it is besides; empty if nothing else."""
    says: str = ""
    """How many tools speak for it."""


def server_class(facts: Facts, tools: Iterable[ToolReach]) -> ServerClass:
    """The class that most tools speak for. One tool that runs what a caller gives it makes a code
    runner: everything else can be done through it."""
    accesses = {one.access.tool: one.access for one in tools}
    code = {one.entry.name: one for one in facts.tools if not one.entry.internal}
    names = list(dict.fromkeys((*accesses, *code)))
    if not names:
        return ServerClass(UNKNOWN)
    votes = Counter(_vote(facts, code.get(name), accesses.get(name)) for name in names)
    ranked = sorted(votes, key=lambda one: (-votes[one], _rank(one)))
    kind = _main(votes, ranked, len(names))
    also = next(
        (one for one in ranked if one not in (kind, UNKNOWN) and votes[one] >= _ALSO * len(names)),
        "",
    )
    return ServerClass(kind, also, f"{votes[kind]:,} of {counted(len(names), 'tool')}")


def _main(votes: Counter[str], ranked: list[str], total: int) -> str:
    if votes[DEBUGGER] >= _ALSO * total:
        return DEBUGGER
    if votes[BROWSER] >= _ALSO * total:
        return BROWSER
    if votes[CODE_RUNNER]:
        return CODE_RUNNER
    first = next((one for one in ranked if one != UNKNOWN), UNKNOWN)
    return first if first == UNKNOWN or votes[first] >= _MAIN * total else API_WRAPPER


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _vote(facts: Facts, reached: Reached | None, access: ToolAccess | None) -> str:
    """What one tool speaks for: by its code, else by its words."""
    by_code = set() if reached is None else {_does(one) for one in reached.effects} - {""}
    told = access if reached is None else said(facts, reached)
    words = UNKNOWN if told is None else kind_of((told,))
    if words == DEBUGGER or (words == BROWSER and CODE_RUNNER not in by_code):
        return words
    if by_code:
        return min(by_code, key=_rank)
    if reached is not None and (_remembers(reached) or keeps_state(facts, reached)):
        return STATEFUL
    computes = words == API_WRAPPER and reached is not None and not _reaches(reached)
    return UNKNOWN if computes else words


def _reaches(reached: Reached) -> bool:
    """Whether its code does anything but compute, as far as it was found and followed."""
    return bool(reached.effects) or reached.entry.handler is None


def _does(effect: Effect) -> str:
    if "browser" in effect.tags:
        return BROWSER
    role = _RUNS.get(effect.kind)
    if role is not None:
        return CODE_RUNNER if _whole(effect.operand(role)) else ""
    if effect.kind in _FILES:
        return FILE_SYSTEM if _from_caller(effect.operand("path")) else ""
    return _BY_KIND.get(effect.kind, "")


def _from_caller(value: Value | None) -> bool:
    return value is not None and any(True for _ in value.deep_sources(SourceKind.MODEL))


def _whole(value: Value | None) -> bool:
    """Whether it is what the caller gave, and not a text of the tool's own with that in it."""
    return value is not None and any(
        flow.guarantees & g.EXACT and not flow.guarantees & g.SAFE
        for _, flow in value.deep_sources(SourceKind.MODEL)
    )


def _remembers(reached: Reached) -> bool:
    """Whether it keeps what it is told in a file of its own, or answers from one."""
    writes = any(
        one.kind is EffectKind.WRITE_FILE and _from_caller(one.operand("content"))
        for one in reached.effects
    )
    reads = any(one.kind is EffectKind.READ_FILE for one in reached.effects)
    answers = any(True for _ in reached.returns.deep_sources(SourceKind.FILE))
    return writes or (reads and answers)
