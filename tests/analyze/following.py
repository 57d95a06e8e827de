"""Small Python targets, evaluated, and what their effects look like."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Param
from ostiary.analyze.knowledge import python
from ostiary.analyze.knowledge.lookup import Knowledge
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.python.lower import lower
from ostiary.analyze.python.resolve import PythonPaths
from ostiary.analyze.typescript.resolve import ScriptPaths

KNOWLEDGE = Knowledge(python.LIBRARIES)


def evaluated(files: Mapping[str, str] | str) -> Engine:
    """The engine after it ran these files; a lone text is ``main.py``."""
    texts = {"main.py": files} if isinstance(files, str) else files
    project = Project(
        {
            path: SourceFile(path, textwrap.dedent(text).encode())
            for path, text in sorted(texts.items())
        }
    )
    modules = {path: lower(file) for path, file in project.files.items()}
    engine = Engine(
        modules,
        {"python": PythonPaths(tuple(project.files)), "javascript": ScriptPaths(project)},
        {"python": KNOWLEDGE, "javascript": Knowledge(())},
    )
    engine.run()
    return engine


def effects(engine: Engine, function: str, kind: EffectKind) -> list[Effect]:
    """What a function does of this kind, calls followed, in order of place."""
    closure = next(one for one in engine.closures() if one.name == function)
    found = [one for one in engine.summary(closure).effects if one.kind is kind]
    return sorted(found, key=lambda one: (one.place.file, one.place.line))


def guarantees(effect: Effect, role: str, index: int = 0) -> int | None:
    """What is known of a parameter in an operand; ``None`` if it does not flow in."""
    value = effect.operands[role]
    for origin, flow in value.flows.items():
        if isinstance(origin, Param) and origin.position == index:
            return flow.guarantees
    return None
