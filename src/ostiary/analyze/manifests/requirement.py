"""One requirement of Python packaging (PEP 508), as ``packaging`` reads it."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.analyze.manifests.address import without_user


@dataclass(frozen=True, slots=True)
class Wanted:
    """Name, range and what a single ``==`` fixes."""

    name: str
    wanted: str
    pinned: str
    optional: bool
    """Whether it belongs to an extra."""


def requirement(text: str) -> Wanted | None:
    """The requirement, or ``None`` if ``text`` is none."""
    from packaging.requirements import (  # noqa: PLC0415 - slow to import, and only Python's
        InvalidRequirement,
        Requirement,
    )

    if len(text) > 4000:
        return None
    try:
        one = Requirement(text)
    except (InvalidRequirement, RecursionError):
        return None
    optional = one.marker is not None and "extra" in str(one.marker)
    if one.url:
        return Wanted(one.name, without_user(one.url), "", optional)
    specifiers = list(one.specifier)
    pinned = ""
    if len(specifiers) == 1 and specifiers[0].operator in {"==", "==="}:
        version = specifiers[0].version
        pinned = "" if version.endswith(".*") else version
    return Wanted(one.name, str(one.specifier), pinned, optional)
