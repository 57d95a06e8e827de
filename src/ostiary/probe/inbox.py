"""Sorts what arrives: the answer that is awaited, requests to refuse, and what is irregular."""

from __future__ import annotations

from ostiary.model.json import JsonObject
from ostiary.model.visible import one_line
from ostiary.probe.failure import ErrorAnswer, Garbage, TooMuch
from ostiary.wire import jsonrpc
from ostiary.wire.strict_json import Limits, RefusedJson, decode

MOST_IRREGULAR = 20
MOST_REQUESTS = 200
"""Requests of the server that get an answer; a recorder has nothing to offer anyway."""


class Inbox:
    """Messages of one server. One request is open at a time."""

    def __init__(self, message_bytes: int) -> None:
        self._limits = Limits(size=message_bytes)
        self._open: int | None = None
        self._asked: set[int] = set()
        self._answered: set[int] = set()
        self._answer: jsonrpc.Result | jsonrpc.Failure | jsonrpc.Malformed | None = None
        self._replies: list[JsonObject] = []
        self._requests = 0
        self.irregular: list[str] = []

    def expect(self, number: int) -> None:
        """From now on the answer to request ``number`` is awaited."""
        self._open = number
        self._asked.add(number)
        self._answer = None

    def put(self, data: bytes) -> str | None:
        """Take the bytes of one JSON text in; why it is refused, or ``None``."""
        try:
            value = decode(data, self._limits)
        except RefusedJson as refusal:
            return str(refusal)
        if not isinstance(value, dict | list):
            return "a JSON value that is no message"
        for message in jsonrpc.messages(value):
            self._sort(message)
        return None

    def answer(self) -> JsonObject | None:
        """The awaited result, or ``None`` so far.

        Raises :class:`~ostiary.probe.failure.ErrorAnswer` or ``Garbage`` for other answers.
        """
        found = self._answer
        if found is None:
            return None
        self._answer, self._open = None, None
        if isinstance(found, jsonrpc.Result):
            return found.value
        if isinstance(found, jsonrpc.Failure):
            raise ErrorAnswer(found.code, found.message, found.data)
        raise Garbage(f"it sent {found.why}")

    def take_replies(self) -> list[JsonObject]:
        """Answers to requests of the server that are still to be sent."""
        replies, self._replies = self._replies, []
        return replies

    def note(self, what: str) -> None:
        """Remember something irregular, once."""
        if what not in self.irregular and len(self.irregular) < MOST_IRREGULAR:
            self.irregular.append(what)

    def _sort(self, message: jsonrpc.Message) -> None:
        if isinstance(message, jsonrpc.Call):
            self._requests += 1
            if self._requests > MOST_REQUESTS:
                raise TooMuch(f"it sent more than {MOST_REQUESTS} requests of its own")
            self._replies.append(jsonrpc.reply_to(message))
        elif isinstance(message, jsonrpc.Malformed):
            self.note(message.why)
            # With one request open, something answer-like and broken is the answer to it.
            if message.is_answer and self._answer is None and self._open is not None:
                self._answer = message
        elif isinstance(message, jsonrpc.Result | jsonrpc.Failure):
            self._match(message)

    def _match(self, message: jsonrpc.Result | jsonrpc.Failure) -> None:
        number = message.id
        if number is None and self._open is not None and self._answer is None:
            self._answer = message
        elif isinstance(number, int) and number == self._open and number not in self._answered:
            self._answer = message
            self._answered.add(number)
        elif isinstance(number, int) and number in self._answered:
            self.note(f"request {number} was answered more than once")
        elif not (isinstance(number, int) and number in self._asked):
            self.note(f"an answer with the id {one_line(repr(number), 60)}, which was not asked")
