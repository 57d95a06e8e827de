"""One requirement of Python packaging (PEP 508), as ``packaging`` reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ostiary.analyze.manifests.address import without_user

_RANGE = r"(?:[<>]=?|~=(?=[ \t]*+\d+\.\d)|[!=]=)[ \t]*+\d+(?:\.\d+)*+(?:(?:a|b|rc)\d+)?"
_PLAIN = re.compile(
    r"([A-Za-z0-9]++(?:[-._]++[A-Za-z0-9]++)*+)(?:\[[a-z]++(?:,[a-z]++)*+\])?"
    rf"[ \t]*+((?:{_RANGE}(?:[ \t]*+,[ \t]*+(?!\Z)|\Z))*+)",
    re.ASCII,
)
"""Name, extras and ranges as most write them. Equal operators, of which the wider may go, are for
``packaging``, and so is all that this does not match."""


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
    return None if len(text) > 4000 else _plain(text) or _any(text)


def _plain(text: str) -> Wanted | None:
    """One without markers and addresses: ``packaging`` takes longer to import than most servers
    to be read."""
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    ranges = sorted("".join(one.split()) for one in match[2].split(",") if one)
    operators = [one.rstrip("0123456789.abrc") for one in ranges]
    if len(set(operators)) < len(operators):
        return None
    pinned = ranges[0][2:] if operators == ["=="] else ""
    return Wanted(match[1], ",".join(ranges), pinned, False)


def _any(text: str) -> Wanted | None:
    from packaging.requirements import (  # noqa: PLC0415 - slow to import, and only Python's
        InvalidRequirement,
        Requirement,
    )

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
