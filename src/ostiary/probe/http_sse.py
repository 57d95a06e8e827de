"""HTTP+SSE, revision 2024-11-05: answers come on one long GET, requests go to its endpoint."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import urljoin

from ostiary.model.json import JsonObject
from ostiary.model.visible import one_line
from ostiary.probe.failure import (
    Ended,
    Garbage,
    NoAnswer,
    ProbeFailure,
    RefusedPlace,
    TooMuch,
    WrongEndpoint,
)
from ostiary.probe.guarded_http import Place, place
from ostiary.probe.http_client import Answer, HttpClient
from ostiary.probe.inbox import Inbox
from ostiary.probe.limits import Budget
from ostiary.probe.streamable import events, refuse_without_credentials
from ostiary.wire import jsonrpc
from ostiary.wire.sse import Event

MOST_EVENTS = 10_000
"""Events that may come while one answer is awaited."""


class SseChannel:
    """One event stream and the endpoint it named."""

    def __init__(self, client: HttpClient, budget: Budget) -> None:
        self._client = client
        self._budget = budget
        self._inbox = Inbox(budget.limits.message_bytes)
        self._numbers = 0
        self._open = contextlib.ExitStack()
        try:
            self._events, self._endpoint = self._connect()
        except BaseException:
            self.close()
            raise

    @property
    def irregular(self) -> list[str]:
        return self._inbox.irregular

    def speak(self, revision: str | None) -> None:
        """This transport has one revision and no header for it."""

    def tell(self, method: str) -> None:
        self._budget.wait(self._budget.limits.answer_seconds)
        self._post(jsonrpc.notice(method))

    def ask(self, method: str, params: JsonObject, seconds: float) -> JsonObject:
        self._budget.wait(seconds)
        self._numbers += 1
        self._inbox.expect(self._numbers)
        self._post(jsonrpc.call(self._numbers, method, params))
        for _ in range(MOST_EVENTS):
            self._take(self._next())
            result = self._inbox.answer()
            if result is not None:
                return result
        raise TooMuch(f"it sent {MOST_EVENTS:,} events and not the answer")

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._open.close()
        self._client.close()

    def _connect(self) -> tuple[Iterator[Event], Place]:
        self._budget.wait(self._budget.limits.answer_seconds)
        answer = self._open.enter_context(self._client.send("GET", {"Accept": "text/event-stream"}))
        refuse_without_credentials(answer, self._client)
        if answer.status != 200 or answer.kind != "text/event-stream":
            what = f"HTTP {answer.status}, {one_line(answer.kind, 60) or 'no type'}"
            raise WrongEndpoint(f"it answered {what} and no event stream", answer.status)
        stream = events(answer, self._budget.limits.message_bytes)
        self._budget.wait(self._budget.limits.era_seconds)
        try:
            with self._client.translated():
                first = next(stream, None)
        except NoAnswer:
            first = None
        if first is None or first.name != "endpoint":
            # The listening stream of Streamable HTTP looks like this too.
            raise WrongEndpoint("its event stream names no endpoint", 200, other_transport=True)
        return stream, _endpoint(answer, first)

    def _next(self) -> Event:
        with self._client.translated():
            event = next(self._events, None)
        if event is None:
            raise Ended(
                "it closed its event stream before it answered", "ask the operator of the server"
            )
        return event

    def _take(self, event: Event) -> None:
        if event.name != "message":
            return
        refusal = self._inbox.put(event.data)
        if refusal is not None:
            raise Garbage(f"its answer is refused: {one_line(refusal)}")
        for reply in self._inbox.take_replies():
            self._post(reply)

    def _post(self, message: JsonObject) -> None:
        headers = {"Content-Type": "application/json"}
        data = jsonrpc.encode(message)
        with self._client.send("POST", headers, data, self._endpoint) as answer:
            refuse_without_credentials(answer, self._client)
            if not 200 <= answer.status < 300:
                raise WrongEndpoint(
                    f"its endpoint answered HTTP {answer.status}", answer.status
                ) from None


def _endpoint(answer: Answer, event: Event) -> Place:
    """The place that the first event names; it must be on the stream's own origin."""
    named = event.data.decode("utf-8", "replace").strip()
    base = answer.where.origin + answer.where.target
    try:
        where = place(urljoin(base, named))
    except (ProbeFailure, ValueError):
        raise Garbage("the endpoint that it names is no URL to call") from None
    if where.origin != answer.where.origin:
        raise RefusedPlace(
            f"its endpoint lies at another origin, {one_line(where.origin, 120)}",
            "treat a server that sends its clients elsewhere as hostile until it is explained",
        )
    return where
