"""How this room asks an identity provider something. The gateway brings the client that does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """One request to a provider: a GET, or the POST of a form."""

    url: str
    private: bool = False
    """Whether private addresses may be called."""
    loopback: bool = False
    """Whether loopback addresses may be called, and there without TLS too."""
    form: bytes | None = field(default=None, repr=False)
    """An encoded form; ``None`` for a GET."""
    authorization: str = field(default="", repr=False)


class CannotFetch(Exception):
    """A provider gave no usable answer. The message says why; it holds no secret and no text of
    the provider."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status
        """The HTTP status if there was one, else 0."""


class Fetch(Protocol):
    """Asks one question. An implementation bounds time and size, follows no redirect, resolves
    the name once, refuses addresses that the question does not allow (CWE-918) and connects to
    those it checked (CWE-350)."""

    async def __call__(self, question: Question) -> bytes:
        """The body of an answer with status 200. Raises :class:`CannotFetch`."""
