"""A caller's path that leads out of the folder it is meant for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Hole, Origin, Place, Source, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.call_sites import call_sites, handed_over
from ostiary.analyze.rules.file_paths import READ, by_place, paths
from ostiary.analyze.rules.flows import CALLERS, Arrival, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

PATH_ESCAPE = Rule(
    id="path-escape",
    title="Caller's path leads out of its folder",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into paths of files. High where "
        "a path is put below a folder, or compared with one, in a way that can be got round: no "
        "check at all, a prefix without a separator, dots or absolute paths left. A path that was "
        "made absolute and checked to lie below a folder is left alone; where links were not "
        "followed it is a smaller matter. A tool whose purpose is to take any path has a power and "
        "no flaw: it is told in a smaller voice."
    ),
    attack=(
        "Whoever can put text before the model reads, writes or deletes files outside the folder: "
        "keys, start-up files, the configuration of other programs."
    ),
    remedy=(
        "Resolve the path with links followed, then check by path parts that it lies below the "
        "folder, and use the resolved path. Until then mount only the folder the server needs."
    ),
    references=("CWE-22", "CWE-73", "SAFE-T1105", "MCP05:2025", "CoSAI-MCP-T3"),
)
_WRITING: Final = frozenset("wax+")
_STAYS: Final = g.NO_DOTS | g.NOT_ABSOLUTE
"""Below the folder the server runs in."""


class _Below(Enum):
    """How a value stands in a path."""

    FOLDER = "behind something of ours"
    CALLER = "behind something of a caller"
    FIRST = "at the beginning"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that leads somewhere there."""
    yield from by_place(_escapes(facts, _Sites(facts)), by_message=True)


def _escapes(facts: Facts, sites: _Sites) -> Iterator[Finding]:
    checks, shared = _Checks(facts), set[Place | None]()
    for one in paths(facts):
        held = one.flow.guarantees
        if held & g.CONTAINED and not held & g.PREFIX_ONLY:
            continue
        if held & g.PREFIX_ONLY:
            at = checks.of(one)
            if at is None or at not in shared:
                yield told(PATH_ESCAPE, one, "is a path whose check can be got round", at=at)
            shared.add(at)
        else:
            yield from _unchecked(one, sites)


class _Checks:
    """Comparisons with a prefix, by whose path they are made of."""

    def __init__(self, facts: Facts) -> None:
        self._made: dict[tuple[Place, Source], list[Effect]] = {}
        for reached, effect in facts.of_kind(EffectKind.CALL):
            value = effect.operand("path") if "prefix only" in effect.tags else None
            for source, _ in () if value is None else value.sources(*CALLERS):
                self._made.setdefault((reached.entry.place, source), []).append(effect)

    def of(self, one: Arrival) -> Place | None:
        """Where the path was compared, if that is a function of its own: the fault is there, and
        not at each use. ``None`` if it is checked on the way to where it is used."""
        way = {step.says.removeprefix("calls ") for step in one.effect.chain}
        way.add(_own_name(one.effect.function))
        for check in self._made.get((one.entry.place, one.source), ()):
            name = _own_name(check.function)
            if name and name not in way:
                return check.place
        return None


def _own_name(function: str) -> str:
    """The name of a function, or of the one that it stands in without one."""
    names = [part for part in function.split(".") if not part.startswith("<")]
    return names[-1] if names else ""


class _Sites:
    """Call sites of a target, counted when they are asked for."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def counted(self) -> Counter[str]:
        return call_sites(self._facts.modules.values())


def _unchecked(one: Arrival, sites: _Sites) -> Iterator[Finding]:
    value = one.effect.operand(one.role)
    below = _Below.FIRST if value is None else _stands(value, one.source)
    if below is _Below.FOLDER:
        if not one.flow.guarantees & g.NO_DOTS:
            yield told(PATH_ESCAPE, one, "is put below a folder and can lead out of it")
        elif _absolute_wins(one):
            says = "is put below a folder, and an absolute path replaces the folder"
            yield told(PATH_ESCAPE, one, says, severity=Severity.MEDIUM)
    elif below is _Below.FIRST and one.flow.guarantees & _STAYS != _STAYS:
        reads = one.effect.kind in READ or _is_opened_to_read(one.effect)
        yield told(
            PATH_ESCAPE,
            one,
            f"is a path that is {'read' if reads else 'changed'} wherever it leads",
            severity=Severity.LOW if reads else Severity.MEDIUM,
            persona=Persona.STRICT if reads else None,
            at=None if reads else handed_over(one.effect, sites.counted),
        )


def _is_opened_to_read(effect: Effect) -> bool:
    """Whether a mode that was not known where the file is opened turned out to be one to read."""
    mode = effect.operand("mode") if "mode unknown" in effect.tags else None
    return mode is not None and bool(mode.known_text) and not _WRITING & set(mode.known_text or "")


def _stands(value: Value, source: Source) -> _Below:
    """What stands before the value. What follows something of a caller's leads nowhere that the
    other does not lead to, unless that was checked to lie below a folder."""
    stands = _Below.FIRST
    for piece in value.text:
        if isinstance(piece, str):
            ours = bool(piece.strip("./\\"))
        elif source in piece.of:
            break
        elif _is_callers(piece, value):
            return _Below.CALLER
        else:
            ours = True
        stands = _Below.FOLDER if ours else stands
    else:
        return _Below.FIRST
    return stands


def _is_callers(piece: Hole, value: Value) -> bool:
    return any(_of_caller(origin) and not _is_checked(origin, value) for origin in piece.of)


def _of_caller(origin: Origin) -> bool:
    return isinstance(origin, Source) and origin.kind in CALLERS


def _is_checked(origin: Origin, value: Value) -> bool:
    flow = value.flows.get(origin)
    return flow is not None and bool(flow.guarantees & _LEADS_NOWHERE)


_LEADS_NOWHERE: Final = g.CONTAINED | g.SAFE | g.BASENAME | g.PLAIN


def _absolute_wins(one: Arrival) -> bool:
    """Python's joins let an absolute part replace what stands before it."""
    if one.flow.guarantees & g.NOT_ABSOLUTE:
        return False
    written = any(step.says.endswith("a string") for step in one.flow.steps)
    return not written and one.effect.place.file.endswith(".py")


CHECK: Check[Facts] = Check((PATH_ESCAPE,), look)
