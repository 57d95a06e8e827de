"""What acquiring a target gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.analyze.project import Project
from ostiary.analyze.supplied import Difference, Trait, Upkeep
from ostiary.model.audit import Proof, Target
from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.gather import Stated


@dataclass(frozen=True, slots=True)
class PackageMetadata:
    """What an index says of a package. All of it is the index's or the author's word."""

    upkeep: Upkeep = field(default_factory=Upkeep)
    licence: str = ""
    repository: str = ""
    """Address of the source repository, as a ``git`` client reads it."""
    description: str = ""
    install_script: bool = False
    signatures: int = 0
    """How many signatures of the index itself it states."""


@dataclass(frozen=True, slots=True)
class Acquired:
    """One target in memory."""

    target: Target
    """``lines`` and ``languages`` are left to whoever reads the code."""
    project: Project
    metadata: PackageMetadata | None
    """``None`` where no index was asked."""
    traits: tuple[Trait, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    proofs: tuple[Proof, ...] = ()
    """The same as the target's."""
    settings: tuple[tuple[str, str], ...] = ()
    """Of a container image, by name: ``entrypoint``, ``environment`` (names only), ``ports``,
    ``user``, ``working folder``."""
    notes: tuple[str, ...] = ()
    """What was left out because it is not the target's own, in words."""
    stated: dict[str, Stated] = field(default_factory=dict)
    """Size and digest of every file, also of those that are not held whole."""
    differences: tuple[Difference, ...] | None = None
    """Between wheel and source archive, where both are there."""


class Unobtainable(Exception):
    """The target cannot be had: the reason, and what to do about it."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy
