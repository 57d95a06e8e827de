"""What was not checked, told once where many things share the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ostiary.model.outcome import NotChecked
from ostiary.model.visible import NAME, visible

_SEVERAL = 3
"""Subjects of one reason from which on they are told together."""


def together(missed: Iterable[NotChecked]) -> tuple[NotChecked, ...]:
    """The same, with those of one reason and one remedy told as one, at the place of the first."""
    alike: dict[tuple[str, str], list[NotChecked]] = {}
    for one in missed:
        alike.setdefault((one.reason, one.remedy), []).append(one)
    told: list[NotChecked] = []
    for group in alike.values():
        told += group if len(group) < _SEVERAL else [_as_one(group)]
    return tuple(told)


def _as_one(group: list[NotChecked]) -> NotChecked:
    subjects = list(dict.fromkeys(visible(one.subject, NAME) for one in group))
    more = len(subjects) - _SEVERAL
    named = ", ".join(subjects[:_SEVERAL]) + (f" and {more:,} more" if more > 0 else "")
    return replace(group[0], subject=named, file=None)
