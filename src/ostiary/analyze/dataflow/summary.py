"""What one function does, in terms of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Param, Place, Value

Settled: TypeAlias = "tuple[tuple[int, tuple[str, ...], str], ...]"
"""Parameters, or fields of them, whose text is settled: position, path, text. They tell a function
that serves many tools which one it is asked for."""


@dataclass(slots=True, eq=False)
class Pending:
    """A call whose callee is a parameter: it is made where the parameter is known."""

    callee: Final[Value]
    args: Final[Arguments]
    place: Final[Place]
    method: Final[str] = ""
    """The method that is called on ``callee``; empty where ``callee`` itself is called."""

    @property
    def key(self) -> tuple[Place, str]:
        """What makes two of them the same call."""
        return self.place, self.method


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """One function once and for all: a call of it substitutes the arguments."""

    returns: Value = NOTHING
    effects: tuple[Effect, ...] = ()
    pending: tuple[Pending, ...] = ()
    reads: frozenset[Param] = frozenset()
    """Parameters, or parts of them, whose value is used."""
    chooses: frozenset[Param] = frozenset()
    """Parameters, or parts of them, whose text decides which code of a table runs."""
    ensures: Mapping[Param, int] = field(default_factory=dict)
    """What is guaranteed of a parameter once it returned."""
    ensures_true: Mapping[Param, int] = field(default_factory=dict)
    """What is guaranteed of a parameter where it returned something true."""
    ensures_false: Mapping[Param, int] = field(default_factory=dict)
    receiver: Value | None = None
    """``this`` or ``self`` at the end."""
    left: Mapping[int, Value] = field(default_factory=dict)
    """By the position of a parameter: what it puts into the object that it was given."""
    defaults: Mapping[int, Value] = field(default_factory=dict)
    never_returns: bool = False
    unwritten: bool = False
    """Whether it is a method that others are to write."""


EMPTY = Summary()
"""What is known of a function whose summary is being made (recursion) or could not be made."""
