"""How bad, how sure, and for which reader."""

from __future__ import annotations

from enum import IntEnum


class _Named(IntEnum):
    """An ordered scale whose steps print as lower-case words."""

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def words(cls) -> tuple[str, ...]:
        return tuple(step.word for step in cls)

    def __str__(self) -> str:
        return self.word


class Severity(_Named):
    """What it costs if the finding is true."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Confidence(_Named):
    """How far the evidence carries the finding."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class Persona(_Named):
    """Who reads: a finding is shown to its persona and to every stricter one.

    ``DEFAULT`` is quiet and precise; ``STRICT`` adds what a security reviewer wants to look
    at; ``PEDANTIC`` adds hygiene.
    """

    DEFAULT = 0
    STRICT = 1
    PEDANTIC = 2
