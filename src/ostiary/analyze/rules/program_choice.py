"""A caller chooses which program is started."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Source, SourceKind, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.argv import words_of
from ostiary.analyze.rules.by_design import COMMANDS
from ostiary.analyze.rules.flows import CALLERS, Arrival, arriving, once, told
from ostiary.flow.words import tokens
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

PROGRAM_CHOICE = Rule(
    id="program-choice",
    title="Caller chooses the program that is run",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into the name of a program that "
        "is started, also where a whole command line is split into words. A name from a fixed set, "
        "and one that only comes after a fixed folder without a way out of it, is left alone."
    ),
    attack=(
        "Whoever can put text before the model starts any program that lies on the machine, a "
        "shell or an interpreter among them, as the user that runs the server."
    ),
    remedy=(
        "Take the name from a fixed list and start it by its full path. A tool that runs commands "
        "by design belongs in a box without keys and network. Until then keep the tool off."
    ),
    references=("CWE-78", "CWE-73", "MCP05:2025", "SAFE-T1101", "CoSAI-MCP-T3", "ASI05:2026"),
)

_HARMLESS = g.CONTAINED | g.FIXED_HOST | g.PROGRAM_CHOSEN
"""``FIXED_HOST`` stands for "comes after a fixed beginning"."""
_ONE_PART = g.PLAIN | g.BASENAME | g.NO_DOTS | g.URL_ENCODED
"""Behind a folder, it stays in it."""


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that chooses there."""
    for one in once(_choosing(facts)):
        yield told(
            PROGRAM_CHOICE, one, "chooses the program that is started", severity=_severity(one)
        )


def _severity(one: Arrival) -> Severity | None:
    """Milder inside a container, where a caller was asked for a command, and where a function of a
    library takes what it is given."""
    if one.entry.kind is EntryKind.EXPORT:
        return Severity.LOW
    asked = "container" in one.effect.tags or _is_asked(one.source)
    return Severity.MEDIUM if asked else None


def _is_asked(source: Source) -> bool:
    words = {word for part in source.name.split(".") for word in tokens(part)}
    return source.kind is SourceKind.MODEL and bool(words & COMMANDS.words)


def _choosing(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.PROCESS):
        words = words_of(effect)
        first = words.known[0] if words.known else words.rest
        if first is None or _is_settled(first.prefix):
            continue
        for one in arriving(reached.entry, effect, "program", first, _HARMLESS):
            if not (one.flow.guarantees & _ONE_PART and _comes_later(first, one.source)):
                yield one


def _is_settled(prefix: str) -> bool:
    """``git-`` and ``git `` settle the program; a folder does not, one can lead out of it."""
    return bool(prefix.strip("./\\ ")) and not prefix.rstrip().endswith(("/", "\\"))


def _comes_later(value: Value, source: Source) -> bool:
    """Whether something that is no caller's stands before it, as a folder before a name."""
    for piece in value.text:
        if isinstance(piece, str):
            if piece.strip("./\\ "):
                return True
        elif source in piece.of:
            return False
        elif not any(isinstance(one, Source) and one.kind in CALLERS for one in piece.of):
            return True
    return False


CHECK: Check[Facts] = Check((PROGRAM_CHOICE,), look)
