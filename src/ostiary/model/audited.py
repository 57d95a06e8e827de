"""What an audit told of the tools of one exact artifact, kept for the access map and approvals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ostiary.model.access import ToolAccess
from ostiary.model.audit import AuditResult, TargetKind

PACKAGES = (TargetKind.NPM, TargetKind.PYPI)
"""Kinds of which a launch line names one exact artifact."""


@dataclass(frozen=True, slots=True)
class Audited:
    """The tools of one artifact by their code."""

    kind: TargetKind
    name: str
    """Of the package; empty for a folder."""
    version: str
    folder: str
    """Absolute path; empty for a package."""
    digest: str
    day: date
    server: str
    """What kind of server it is: as :class:`~ostiary.model.access.ServerAccess` says it."""
    tools: tuple[ToolAccess, ...]
    """Those whose code was found."""

    @property
    def by_name(self) -> Mapping[str, ToolAccess]:
        return {one.tool: one for one in self.tools}

    @property
    def label(self) -> str:
        """The artifact as a person names it."""
        return self.folder or (f"{self.name}@{self.version}" if self.version else self.name)


def plain_name(kind: str, name: str) -> str:
    """A package's name as it is compared: an index of Python takes several spellings for one."""
    if kind != TargetKind.PYPI.value:
        return name
    return re.sub(r"[-_.]+", "-", name.partition("[")[0].strip().lower())


def audited(result: AuditResult, day: date, folder: str = "") -> Audited | None:
    """What of an audit tells of a launch line; ``None`` if no launch line names its target so
    exactly, or no code was found."""
    target = result.target
    tools = tuple(one.access for one in result.tools if one.handler is not None)
    exact = target.kind in PACKAGES and target.name and target.version
    local = target.kind is TargetKind.FOLDER and folder
    if not tools or not (exact or local):
        return None
    return Audited(
        kind=target.kind,
        name="" if local else plain_name(target.kind.value, target.name),
        version="" if local else target.version,
        folder=folder if local else "",
        digest=target.digest,
        day=day,
        server=result.kind,
        tools=tools,
    )
