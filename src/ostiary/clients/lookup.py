"""Follows the key paths of a record through a parsed document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.clients.formats.document import Step
from ostiary.clients.record import KeyPath
from ostiary.model.json import JsonValue

PROJECT = "{project}"
ANY = "{any}"


@dataclass(frozen=True, slots=True)
class Hit:
    """One value that a key path leads to."""

    path: tuple[Step, ...]
    value: JsonValue
    project: str | None = None


def find(value: JsonValue, key: KeyPath, base: tuple[Step, ...] = ()) -> tuple[Hit, ...]:
    """Every value at ``key`` below ``value``, which itself stands at ``base``."""
    hits = [Hit(base, value)]
    for step in key:
        hits = [below for hit in hits for below in _below(hit, step)]
    return tuple(hits)


def _below(hit: Hit, step: str) -> Iterator[Hit]:
    value = hit.value
    if step in (PROJECT, ANY):
        for name, inner in _members(value):
            project = str(name) if step == PROJECT else hit.project
            yield Hit((*hit.path, name), inner, project)
    elif isinstance(value, dict) and step in value:
        yield Hit((*hit.path, step), value[step], hit.project)


def _members(value: JsonValue) -> Iterator[tuple[Step, JsonValue]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def texts_in(value: JsonValue, base: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Every string below ``value`` with its path, in document order."""
    pending: list[tuple[tuple[Step, ...], JsonValue]] = [(base, value)]
    while pending:
        path, one = pending.pop()
        if isinstance(one, str):
            yield path, one
        else:
            inner = [((*path, name), below) for name, below in _members(one)]
            pending.extend(reversed(inner))
