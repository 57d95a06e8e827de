"""What a conversation needs of a transport."""

from __future__ import annotations

from typing import Protocol

from ostiary.model.json import JsonObject


class Channel(Protocol):
    """One open line to one server, used by one thread; one question at a time."""

    @property
    def irregular(self) -> list[str]:
        """What the server did against the protocol so far, in words."""

    def ask(self, method: str, params: JsonObject, seconds: float) -> JsonObject:
        """The result of one request.

        Raises :class:`~ostiary.probe.failure.ErrorAnswer` for a JSON-RPC error, and another
        :class:`~ostiary.probe.failure.ProbeFailure` when there is no answer.
        """

    def tell(self, method: str) -> None:
        """Send a notification."""

    def speak(self, revision: str | None) -> None:
        """The revision that later messages follow; ``None`` before it is known."""

    def close(self) -> None:
        """End the session and free what it holds. Never raises; may be called twice."""
