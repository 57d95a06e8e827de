"""What a worker said, taken in as nouns."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ostiary.audit.asked import Asked
from ostiary.audit.reading import Answer, Pair, Reading
from ostiary.audit.stored import NotStored, from_bytes
from ostiary.model.advice import Advice
from ostiary.model.audit import Target

if TYPE_CHECKING:
    from ostiary.audit.past import Past


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one thing that was asked."""

    number: int
    """Its place among those that were asked."""
    answer: Answer
    advice: Advice | None = None
    past: Past | None = None
    """Where earlier revisions were asked for."""


class Heard:
    """Everything that one worker told so far."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._target: Target | None = None
        self._answer: Answer | None = None
        self._advice: Advice | None = None
        self._past: Past | None = None

    def target(self, data: bytes) -> None:
        """Who it is: it was fetched, and is read from now on."""
        with suppress(NotStored):
            self._target = from_bytes(Target, data)

    def past(self, data: bytes) -> None:
        from ostiary.audit.past import Past  # noqa: PLC0415 - few audits ask for earlier ones

        with suppress(NotStored):
            self._past = from_bytes(Past, data)

    def advice(self, data: bytes) -> None:
        with suppress(NotStored):
            self._advice = from_bytes(Advice, data)

    def answer(self, data: bytes) -> None:
        """The last thing that a worker says."""
        try:
            if self.asked.against:
                self._answer = from_bytes(Pair, data)
            else:
                self._answer = self._named(from_bytes(Reading, data))
        except NotStored as error:
            self.failed(f"its answer cannot be read: {error}", "report this as a bug")

    def failed(self, reason: str, remedy: str) -> None:
        """It has no answer of its own."""
        from ostiary.audit.worker import failed  # noqa: PLC0415 - imports what reads

        self._answer = self._named(failed(self.asked, reason, remedy))

    def whole(self, number: int) -> Answered:
        """All of it, once the worker is done."""
        assert self._answer is not None
        return Answered(number, self._answer, self._advice, self._past)

    def _named(self, answer: Answer) -> Answer:
        """With the target that was told, where the reading of it failed later."""
        if self._target is None or isinstance(answer, Pair) or answer.target.digest:
            return answer
        return replace(answer, target=self._target)
