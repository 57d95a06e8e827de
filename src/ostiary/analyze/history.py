"""What earlier versions of a server declared, recovered from the files of their revisions.

A server that was never connected to left no recorded surface; its repository still holds the code
that declared one. Two recovered surfaces are compared like two recorded ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from ostiary.analyze.declare.read import read_entries
from ostiary.analyze.declare.servers import servers, spokesman
from ostiary.analyze.declare.surface import declared_surface
from ostiary.analyze.modules import read_modules
from ostiary.analyze.project import Project
from ostiary.analyze.read import evaluate
from ostiary.model.change import Change
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.surface.difference import differences

KEY = "history"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What one revision declared."""

    revision: str
    """As it was asked for: a tag, a commit, a version."""
    surface: Surface
    """Its ``missing`` names what could not be read."""
    not_checked: tuple[NotChecked, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """From one revision to the next."""

    before: Recovered
    after: Recovered
    changes: tuple[Change, ...]
    """Worst first; none where both declare the same."""


def recover(project: Project, revision: str, server: str) -> Recovered:
    """The surface that the files of one revision declare; ``server`` is how people call it. The
    caller gives room for deep code, as for :func:`~ostiary.analyze.read.read_facts`."""
    sources = read_modules(project)
    engine = evaluate(project, sources)
    entries, unread = read_entries(engine)
    says = spokesman(tuple(servers(engine.outermost())))
    surface = declared_surface(entries, unread, server, KEY, says=says)
    return Recovered(revision, replace(surface, artifact=f"source {revision}"), sources.not_checked)


def passage(before: Recovered, after: Recovered) -> Passage:
    """What a model would have seen differently. That the files differ is no change by itself."""
    old = replace(before.surface, artifact="", server=after.surface.server)
    return Passage(before, after, differences(old, replace(after.surface, artifact="")))


def history(revisions: Iterable[Recovered]) -> tuple[Passage, ...]:
    """Each step of several revisions, oldest first."""
    return tuple(passage(before, after) for before, after in pairwise(revisions))
