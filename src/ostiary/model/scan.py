"""The whole answer of one scan."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.model.access import ClientAccess, Credential, ServerAccess
from ostiary.model.change import Change
from ostiary.model.client import Client
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.outcome import Completeness, NotChecked
from ostiary.model.server import Server
from ostiary.model.surface import Surface


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that somebody accepted."""

    finding: Finding
    reason: str
    until: str | None
    """ISO date on which the acceptance ends."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked for. Completeness is measured against it."""

    root: str | None
    homes: tuple[str, ...]
    projects: tuple[str, ...]
    connected: bool
    """Whether servers were started or called."""
    captured: tuple[str, ...]
    persona: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything one scan learned, in a fixed order: the same input gives the same value."""

    scope: Scope
    clients: tuple[Client, ...]
    servers: tuple[Server, ...]
    surfaces: tuple[Surface, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    not_checked: tuple[NotChecked, ...]
    changes: tuple[Change, ...]
    access: tuple[ClientAccess, ...]
    server_access: tuple[ServerAccess, ...]
    credentials: tuple[Credential, ...]

    @property
    def completeness(self) -> Completeness:
        return Completeness.INCOMPLETE if self.not_checked else Completeness.COMPLETE

    @property
    def worst(self) -> Severity | None:
        return max((finding.severity for finding in self.findings), default=None)
