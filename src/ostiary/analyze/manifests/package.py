"""The nouns of a package's own description."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dependency:
    """One dependency as a manifest asks for it."""

    ecosystem: str
    """``npm``, ``pypi``, ``cargo``, ``go``, ``maven``, ``nuget``, ``deno`` or ``oci``."""
    name: str
    wanted: str
    """The range as written; empty for any version; a URL, path or git reference as written."""
    group: str
    """``runtime``, ``optional``, ``development``, ``peer`` or ``build``."""
    file: str
    line: int
    locked: str = ""
    """The exact version that a lock file or a pin fixes."""
    integrity: str = ""
    """The digest that a lock file demands."""
    resolved: str = ""
    """Where a lock file says it comes from; host names only are kept of index addresses."""


@dataclass(frozen=True, slots=True)
class Script:
    """A command a package manager or editor runs without being asked for it by name."""

    event: str
    """``postinstall``, ``prepare``, ``build-backend``, ``setup.py``, ``folder open`` …"""
    command: str
    file: str
    line: int
    automatic: bool
    """Whether installing or opening is enough."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest of a package, read without running anything."""

    ecosystem: str
    """As for :class:`Dependency`; ``mcpb``, ``mcp`` (registry records, hosting files) and
    ``editor`` (files that a tool obeys when a folder is opened) besides."""
    file: str
    name: str
    version: str
    description: str = ""
    licence: str = ""
    """SPDX expression or the text as written; empty if it says nothing."""
    repository: str = ""
    homepage: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    scripts: tuple[Script, ...] = ()
    programs: tuple[tuple[str, str], ...] = ()
    """Commands it installs, each with the file or ``module:function`` behind it."""
    mains: tuple[str, ...] = ()
    """Files that are loaded on import."""
    private: bool = False
    publishes_to: str = ""
    deprecated: str = ""
    unreadable: tuple[str, ...] = ()
    """Parts that could not be read, in words."""
    states: tuple[tuple[str, str], ...] = ()
    """Other things it says, by name: ``language``, ``transport``, ``tool``, ``base image``,
    ``environment``, ``operating system``, ``twice`` (a key that stands twice) …"""

    def says(self, name: str) -> tuple[str, ...]:
        """Every value it states under ``name``, in order."""
        return tuple(value for key, value in self.states if key == name)
