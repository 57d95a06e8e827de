"""Finds credentials in text: by their form, by the name beside them, never by guessing alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from ostiary.detect.linear import Words, compiled, readable
from ostiary.detect.secret_formats import FORMATS
from ostiary.detect.secret_formats.form import UNKNOWN_BREADTH, Judged, SecretFormat
from ostiary.detect.secrets_named import (
    is_made_up,
    is_placeholder,
    looks_like_place,
    looks_random,
    names_anything,
    names_secret,
)
from ostiary.model.grade import Confidence

_ASSIGNED = (
    r"(?i)([a-z0-9_.\-]{0,60}(?:key|token|secret|password|passwd|pwd|auth|authorization|"
    r"credential|cookie|signature|sig|pat|jwt))['\"]?\s{0,2}[=:]\s{0,2}['\"]?"
    r"([^\s'\"&;,<>{}()\[\]|]{6,500})"
)
_SCHEME = r"(?i)^\s*((?:bearer|basic|token|apikey|api-key|bot|digest|ssws|negotiate)\s+)\S"
_GIVEN = re.compile(
    r"(?:key|token|secret|password|passwd|pwd|auth|authorization|credential|cookie|signature|sig|pat|"
    r"jwt)['\"]?[ \t\n\f\r]{0,2}[=:][ \t\n\f\r]{0,2}['\"]?"
    r"(?=[^ \t\n\f\r'\"&;,<>{}()\[\]|]{12})[^ \t\n\f\r'\"&;,<>{}()\[\]|0-9]{0,500}[0-9]",
    re.IGNORECASE,
)
"""In ASCII, where :data:`_ASSIGNED` matches and what is given may be random: costs less to ask."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a credential stands in a text, and what it is. The value is not kept."""

    kind: str
    start: int
    end: int
    confidence: Confidence
    coarse: bool
    breadth: str


def find(text: str, name: str = "") -> Iterator[Secret]:
    """The credentials in ``text``, in order and without overlap.

    ``name`` is what the text is the value of, if anything: a variable, a header, a flag. A name
    that usually holds a credential makes one of any value that is neither a placeholder nor a
    path. Confidence is HIGH where the form alone proves it.
    """
    if len(text) < 3:
        return
    clean = readable(text)
    yield from apart(_candidates(clean, name))


def apart(candidates: Iterable[Secret]) -> list[Secret]:
    """Those that overlap no earlier candidate, in the order of the text."""
    taken: list[Secret] = []
    for one in candidates:
        at = bisect_left(taken, one.start, key=lambda other: other.start)
        before = taken[at - 1].end if at else 0
        after = taken[at].start if at < len(taken) else one.end
        if before <= one.start and one.end <= after:
            taken.insert(at, one)
    return taken


def _candidates(text: str, name: str) -> Iterator[Secret]:
    promising = [FORMATS[index] for index in _promising(text)]
    longest = max(map(len, text.split()), default=0) if promising else 0
    for one in promising:
        if one.unbroken <= longest:
            yield from _of_format(text, one)
    if not text.isascii() or _GIVEN.search(text):
        yield from _assigned(text)
    if name and names_secret(name):
        yield from _named(text, names_anything(name))


def _of_format(text: str, one: SecretFormat) -> Iterator[Secret]:
    pattern = compiled(one.pattern)
    group = pattern.groupindex.get("secret", 0)
    for match in pattern.finditer(text):
        start, end = match.span(group)
        if start == end or is_placeholder(text[start:end]):
            continue
        judged = _judge(one, match.group() or "")
        if judged is not None:
            sure = judged.confidence
            if is_made_up(text[start:end]):
                sure = min(sure, Confidence.MEDIUM)
            kind = judged.kind or one.kind
            yield Secret(kind, start, end, sure, judged.coarse, judged.breadth)


def _judge(one: SecretFormat, matched: str) -> Judged | None:
    if one.judge is None:
        return Judged(one.confidence, one.breadth, one.coarse)
    return one.judge(matched)


def _assigned(text: str) -> Iterator[Secret]:
    for match in compiled(_ASSIGNED).finditer(text):
        start, end = match.span(2)
        value = text[start:end]
        if not names_secret(match.group(1) or "") or is_placeholder(value):
            continue
        if looks_random(value) and not looks_like_place(value):
            yield Secret("credential", start, end, Confidence.MEDIUM, False, UNKNOWN_BREADTH)


def _named(text: str, random_only: bool) -> Iterator[Secret]:
    match = compiled(_SCHEME).search(text)
    start = match.span(1)[1] if match is not None else 0
    value = text[start:].strip()
    if len(value) < 4 or is_placeholder(value) or looks_like_place(value):
        return
    if (value.isdigit() and len(value) < 8) or (random_only and not looks_random(value)):
        return
    start = text.index(value, start)
    sure = Confidence.HIGH if looks_random(value) and not is_made_up(value) else Confidence.MEDIUM
    yield Secret("credential", start, start + len(value), sure, False, UNKNOWN_BREADTH)


@cache
def _keywords() -> tuple[Words, tuple[tuple[int, ...], ...]]:
    """All keywords, and for each the formats that it may announce."""
    owners: dict[str, list[int]] = {}
    for index, one in enumerate(FORMATS):
        for word in one.keywords:
            owners.setdefault(word, []).append(index)
    return Words(owners), tuple(tuple(indices) for indices in owners.values())


def _promising(text: str) -> list[int]:
    words, owners = _keywords()
    return sorted({index for hit in words.held(text) for index in owners[hit]})
