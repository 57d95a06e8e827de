"""The credentials in one value of a configuration: a word, a header, a variable, an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from ostiary.detect.linear import compiled, readable
from ostiary.detect.secret_formats.form import UNKNOWN_BREADTH
from ostiary.detect.secrets import Secret, apart, find
from ostiary.detect.secrets_named import is_placeholder, looks_random, names_secret
from ostiary.model.grade import Confidence

_ASSIGNMENT = (
    r"^(?:--?)?([A-Za-z0-9_.\-]{1,80})(?:=|:\s{0,3})['\"]?"
    r"([^\s'\"]+|(?i:bearer|basic|token)\s+[^\s'\"]+)['\"]?$"
)
_INNER = (
    r"(?i)\b((?:[a-z0-9]+[_.\-])*(?:password|passwd|pwd|passphrase|api[_-]?key|client[_-]?secret|"
    r"secret[_-]?key|access[_-]?token|auth[_-]?token|api[_-]?token))['\"]?\s{0,2}[=:]\s{0,2}['\"]?"
    r"([^\s'\"&;,|{}<>()]{4,})"
)
_CACHED = 4096
"""Longest text, in characters, whose reading is kept for the next check."""
_QUERY = r"[?&;#]([A-Za-z0-9_.\-\[\]%]{1,80})=([^&;#\s'\"]+)"
_USER = r"(?i)\b[a-z][a-z0-9+.\-]{1,24}://([^\s/:@?#'\"]{12,})@"
_SEGMENT = r"/([A-Za-z0-9_\-=.~]{32,})"
_UUID = r"(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def secrets(text: str, name: str = "") -> tuple[Secret, ...]:
    """The credentials in ``text``, in order and without overlap.

    Beyond what any text may hold this reads ``NAME=value`` words, ``Name: value`` headers, query
    parameters, user parts and long random path segments of addresses (LOW confidence).
    """
    if len(text) < 4:
        return ()
    return _short(text, name) if len(text) <= _CACHED else _read(text, name)


@lru_cache(maxsize=4096)
def _short(text: str, name: str) -> tuple[Secret, ...]:
    return _read(text, name)


def _read(text: str, name: str) -> tuple[Secret, ...]:
    clean = readable(text)
    found = find(clean, name)
    return tuple(apart((*found, *_assignment(clean), *_inner(clean), *_address(clean))))


def _inner(text: str) -> Iterator[Secret]:
    """Assignments inside a script or a JSON text, under names that leave no doubt."""
    for match in compiled(_INNER).finditer(text):
        yield from _shifted(match.group(2) or "", match.group(1) or "", match.span(2)[0])


def _assignment(text: str) -> Iterator[Secret]:
    match = compiled(_ASSIGNMENT).search(text)
    if match is not None and names_secret(match.group(1) or ""):
        yield from _shifted(match.group(2) or "", match.group(1) or "", match.span(2)[0])


def _address(text: str) -> Iterator[Secret]:
    if "://" not in text:
        return
    for match in compiled(_QUERY).finditer(text):
        name = (match.group(1) or "").strip("[]")
        if names_secret(name):
            yield from _shifted(match.group(2) or "", name, match.span(2)[0])
    for match in compiled(_USER).finditer(text):
        if looks_random(match.group(1) or ""):
            yield _plain(match.span(1), Confidence.MEDIUM)
    query = text.find("?")
    for match in compiled(_SEGMENT).finditer(text if query < 0 else text[:query]):
        value = match.group(1) or ""
        if looks_random(value) and not compiled(_UUID).search(value) and not is_placeholder(value):
            yield _plain(match.span(1), Confidence.LOW)


def _plain(span: tuple[int, int], sure: Confidence) -> Secret:
    return Secret("credential in an address", *span, sure, False, UNKNOWN_BREADTH)


def _shifted(value: str, name: str, by: int) -> Iterator[Secret]:
    for one in find(value, name):
        yield replace(one, start=one.start + by, end=one.end + by)
