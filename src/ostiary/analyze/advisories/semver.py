"""Semantic versions and npm's ranges of them (semver.org 2.0.0; node-semver's grammar)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

_VERSION = re.compile(
    r"\s*[=v]*\s*(\d{1,16})\.(\d{1,16})\.(\d{1,16})"
    r"(?:-?(?<=[-\d])([0-9A-Za-z.-]{1,200}))?(?:\+[0-9A-Za-z.-]{1,200})?\s*\Z"
)
_PARTIAL = re.compile(
    r"[=v]*(?P<major>\d{1,16}|[xX*])?(?:\.(?P<minor>\d{1,16}|[xX*]))?(?:\.(?P<patch>\d{1,16}|[xX*]))?"
    r"(?:-(?P<pre>[0-9A-Za-z.-]{1,200}))?(?:\+[0-9A-Za-z.-]{1,200})?\Z"
)
_HYPHEN = re.compile(r"\s*(\S+)\s+-\s+(\S+)\s*\Z")
_OPERATOR = re.compile(r"(>=|<=|>|<|=|\^|~>?)\s+")
_PART = re.compile(r"(>=|<=|>|<|=|\^|~>?)?(.*)\Z")


@total_ordering
@dataclass(frozen=True, slots=True)
class Semver:
    """One version; build metadata has no rank and is not kept."""

    release: tuple[int, int, int]
    pre: tuple[str, ...] = ()

    def __lt__(self, other: Semver) -> bool:
        if self.release != other.release:
            return self.release < other.release
        if not self.pre or not other.pre:
            return bool(self.pre) and not other.pre
        return [_rank(one) for one in self.pre] < [_rank(one) for one in other.pre]


def _rank(identifier: str) -> tuple[int, int, str]:
    """Numbers rank below words (semver.org, item 11)."""
    return (0, int(identifier), "") if identifier.isdigit() else (1, 0, identifier)


def parse(text: str) -> Semver | None:
    """The version, or ``None`` for a text that is none."""
    match = _VERSION.match(text)
    if match is None:
        return None
    pre = tuple(one for one in (match[4] or "").split(".") if one)
    return Semver((int(match[1]), int(match[2]), int(match[3])), pre)


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison: ``op`` is ``>=``, ``<``, ``>``, ``<=`` or ``=``."""

    op: str
    version: Semver

    def admits(self, one: Semver) -> bool:
        if self.op == "=":
            return one == self.version
        if self.op == ">=":
            return one >= self.version
        if self.op == ">":
            return one > self.version
        return one < self.version if self.op == "<" else one <= self.version


def bounds(text: str) -> tuple[tuple[Bound, ...], ...] | None:
    """The alternatives of a range, each a list of bounds that all hold; ``None`` if unreadable."""
    if len(text) > 1000:
        return None
    found = []
    for alternative in text.split("||"):
        one = _alternative(alternative.strip())
        if one is None:
            return None
        found.append(one)
    return tuple(found)


def admits(text: str, version: Semver) -> bool | None:
    """Whether npm's range admits the version; ``None`` for a range that cannot be read.

    A prerelease is admitted only beside a bound with a prerelease of the same release.
    """
    alternatives = bounds(text)
    if alternatives is None:
        return None
    return any(_all(one, version) for one in alternatives)


def _all(bounded: tuple[Bound, ...], version: Semver) -> bool:
    if not all(one.admits(version) for one in bounded):
        return False
    return not version.pre or any(
        one.version.pre and one.version.release == version.release for one in bounded
    )


def _alternative(text: str) -> tuple[Bound, ...] | None:
    hyphen = _HYPHEN.match(text)
    if hyphen:
        low, high = _part(">=" + hyphen[1]), _part("<=" + hyphen[2])
        return None if low is None or high is None else (*low, *high)
    found: list[Bound] = []
    for word in _OPERATOR.sub(r"\1", text).split() or ["*"]:
        one = _part(word)
        if one is None:
            return None
        found += one
    return tuple(found)


def _part(word: str) -> tuple[Bound, ...] | None:
    split = _PART.match(word)
    partial = _PARTIAL.match(split[2]) if split else None
    if split is None or partial is None:
        return None
    numbers = [_number(partial[key]) for key in ("major", "minor", "patch")]
    pre = tuple((partial["pre"] or "").split(".")) if partial["pre"] else ()
    known = numbers.index(None) if None in numbers else 3
    low = Semver(_filled(numbers[:known]), pre)
    return _bounds_of(split[1] or "", low, known)


def _number(text: str | None) -> int | None:
    return None if text is None or text in {"x", "X", "*"} else int(text)


def _filled(numbers: list[int | None]) -> tuple[int, int, int]:
    whole = [*(one or 0 for one in numbers), 0, 0, 0]
    return whole[0], whole[1], whole[2]


def _bounds_of(op: str, low: Semver, known: int) -> tuple[Bound, ...]:
    """What an operator before a version with ``known`` numbers means."""
    if known == 0:
        return (Bound("<", Semver((0, 0, 0), ("0",))),) if op in {"<", ">"} else _ANY
    if op == "^":
        return _between(low, _caret(low, known))
    if op in {"~", "~>"}:
        return _between(low, _next(low, min(known, 2)))
    if op in {"", "="}:
        return (Bound("=", low),) if known == 3 else _between(low, _next(low, known))
    if known == 3 or op in {">=", "<"}:
        return (Bound(op, low),)
    upper = Semver(_next(low, known), ("0",) if op == "<=" else ())
    return (Bound("<" if op == "<=" else ">=", upper),)


_ANY = (Bound(">=", Semver((0, 0, 0))),)


def _between(low: Semver, high: tuple[int, int, int]) -> tuple[Bound, ...]:
    return Bound(">=", low), Bound("<", Semver(high, ("0",)))


def _next(low: Semver, known: int) -> tuple[int, int, int]:
    major, minor, patch = low.release
    return ((major + 1, 0, 0), (major, minor + 1, 0), (major, minor, patch + 1))[known - 1]


def _caret(low: Semver, known: int) -> tuple[int, int, int]:
    """The next version that changes the first number that is not zero."""
    major, minor, _ = low.release
    if major or known == 1:
        return _next(low, 1)
    return _next(low, 2) if minor or known == 2 else _next(low, 3)
