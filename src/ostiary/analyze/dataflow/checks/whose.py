"""Whose choosing a value is: the operator's, or anybody's."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Param, SourceKind, Value

_OPERATORS: Final = frozenset((SourceKind.ENVIRONMENT, SourceKind.SECRET))
_ELEMENTS: Final = frozenset("0123456789*")
"""What names of elements begin with, other than keys."""


def is_given(value: Value) -> bool:
    """Whether anybody but the operator has a part in it, or may have."""
    return not value.literal and any(
        isinstance(one, Param) or one.kind not in _OPERATORS for one in value.flows
    )


def holds_given(where: Value) -> bool:
    """Whether an element of a list, as far as they are known, is of anybody's but the operator's
    choosing: what is in it may be there because it was put there."""
    return any(
        name[:1] in _ELEMENTS and is_given(part) and not _is_safe(part)
        for name, part in where.fields.items()
    )


def _is_safe(value: Value) -> bool:
    return all(flow.guarantees & g.SAFE for flow in value.flows.values())
