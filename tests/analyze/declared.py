"""Small targets in both languages, evaluated as the audit does, and the entries they declare."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.declare.entry import Unread
from ostiary.analyze.declare.read import read_entries
from ostiary.analyze.facts import Reached
from ostiary.analyze.modules import read_modules
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.reaching import reach
from ostiary.analyze.read import evaluate


def engine_of(files: Mapping[str, str]) -> Engine:
    """The engine after it ran these files."""
    project = Project(
        {
            path: SourceFile(path, textwrap.dedent(text).encode())
            for path, text in sorted(files.items())
        }
    )
    return evaluate(project, read_modules(project))


def reached(files: Mapping[str, str]) -> dict[str, Reached]:
    """Every entry with its reach, by name."""
    engine = engine_of(files)
    return {one.entry.name: one for one in reach(engine, read_entries(engine)[0])}


def python(text: str) -> dict[str, Reached]:
    """The entries of one Python file."""
    return reached({"server.py": text})


def typescript(text: str) -> dict[str, Reached]:
    """The entries of one TypeScript file."""
    return reached({"src/index.ts": text})


def unread(files: Mapping[str, str]) -> tuple[Unread, ...]:
    """Declarations that could not be read."""
    return read_entries(engine_of(files))[1]


def given(one: Reached, kind: EffectKind, role: str) -> dict[str, int]:
    """Names of what callers control in one operand of the effects of a kind, with guarantees."""
    return {
        origin.name: flow.guarantees
        for effect in one.effects
        if effect.kind is kind and role in effect.operands
        for origin, flow in effect.operands[role].deep_sources()
    }


def does(one: Reached) -> set[EffectKind]:
    """Kinds of everything an entry's code does."""
    return {effect.kind for effect in one.effects}
