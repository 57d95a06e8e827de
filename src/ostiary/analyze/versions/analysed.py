"""One audited version with what the comparison reads of it."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.project import Project
from ostiary.model.audit import AuditResult


@dataclass(frozen=True, slots=True)
class Analysed:
    """The result, the manifests, and the files where they are still at hand."""

    result: AuditResult
    manifests: tuple[Manifest, ...] = ()
    project: Project | None = None
    publishers: tuple[str, ...] | None = None
    """Who may publish the package by its index; ``None`` where that is not known."""
    unread: str = ""
    """Why nothing of it was read, in which case it says nothing of what it has or lacks."""
