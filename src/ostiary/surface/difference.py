"""What is different between two surfaces of one server, in words and with what it means."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.surface import Surface


def differences(before: Surface, after: Surface) -> tuple[Change, ...]:
    """Every difference from ``before`` to ``after``, worst first; none for equal surfaces."""
    raise NotImplementedError


def severity_of(changes: Iterable[Change]) -> Severity | None:
    """The worst severity among ``changes``; ``None`` when nothing changed."""
    return max((change.severity for change in changes), default=None)
