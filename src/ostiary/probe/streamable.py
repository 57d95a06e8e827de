"""Streamable HTTP, both eras: one POST a message, answered with JSON or with an event stream."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from ostiary.model.json import JsonObject
from ostiary.model.visible import one_line
from ostiary.probe.failure import (
    ASKS,
    AsksForCredentials,
    Garbage,
    ProbeFailure,
    TooMuch,
    WrongEndpoint,
)
from ostiary.probe.http_client import Answer, HttpClient
from ostiary.probe.inbox import Inbox
from ostiary.probe.limits import Budget
from ostiary.wire import handshake, jsonrpc, stateless
from ostiary.wire.sse import Event, EventReader, TooLargeEvent

ERROR_BODY = 256 * 1024
CLOSE_SECONDS = 2.0
_SESSION = re.compile(r"[\x21-\x7e]{1,1024}")
_POST = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
}


class StreamableChannel:
    """One endpoint. The session of the handshake era is ended with DELETE."""

    def __init__(self, client: HttpClient, budget: Budget, me: JsonObject) -> None:
        self._client = client
        self._budget = budget
        self._me = me
        self._inbox = Inbox(budget.limits.message_bytes)
        self._revision: str | None = None
        self._session: str | None = None
        self._numbers = 0
        self._closed = False

    @property
    def irregular(self) -> list[str]:
        return self._inbox.irregular

    def speak(self, revision: str | None) -> None:
        self._revision = revision

    def tell(self, method: str) -> None:
        self._budget.wait(self._budget.limits.answer_seconds)
        self._post(jsonrpc.notice(method))

    def ask(self, method: str, params: JsonObject, seconds: float) -> JsonObject:
        self._budget.wait(seconds)
        self._numbers += 1
        headers = self._headers()
        if self._revision == stateless.REVISION:
            params = stateless.enveloped(params, self._me)
            headers.update(stateless.headers(method))
        self._inbox.expect(self._numbers)
        message = jsonrpc.call(self._numbers, method, params)
        with self._client.send("POST", headers, jsonrpc.encode(message)) as answer:
            result = self._result(answer)
            if method == handshake.INITIALIZE:
                self._keep_session(answer)
            return result

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._session is not None:
            self._budget.wait(CLOSE_SECONDS)
            with contextlib.suppress(ProbeFailure), self._client.send("DELETE", self._headers()):
                pass
        self._client.close()

    def _headers(self) -> dict[str, str]:
        headers = dict(_POST)
        if self._revision is not None:
            headers["MCP-Protocol-Version"] = self._revision
        if self._session is not None:
            headers["Mcp-Session-Id"] = self._session
        return headers

    def _keep_session(self, answer: Answer) -> None:
        session = answer.headers.get("mcp-session-id")
        if session is None:
            return
        if not _SESSION.fullmatch(session):
            raise Garbage("its session id holds characters that no header may hold")
        self._session = session

    def _post(self, message: JsonObject) -> None:
        """Send a message that has no answer; a refusal of it is noted."""
        with self._client.send("POST", self._headers(), jsonrpc.encode(message)) as answer:
            if answer.status >= 300:
                self._inbox.note(f"a notification or answer was refused with HTTP {answer.status}")

    def _result(self, answer: Answer) -> JsonObject:
        refuse_without_credentials(answer, self._client)
        if not 200 <= answer.status < 300:
            raise self._refusal(answer)
        if answer.kind == "application/json":
            return self._json(answer)
        if answer.kind == "text/event-stream":
            return self._stream(answer)
        if answer.status == 202:
            raise Garbage("it accepted a request and gave no answer to it")
        raise WrongEndpoint(
            f"it answered with {one_line(answer.kind, 60) or 'no type'!r} and not with MCP",
            answer.status,
        )

    def _json(self, answer: Answer) -> JsonObject:
        refusal = self._inbox.put(answer.body(self._budget.limits.message_bytes))
        if refusal is not None:
            raise Garbage(f"its answer is refused: {one_line(refusal)}")
        result = self._inbox.answer()
        if result is None:
            raise Garbage("its answer does not answer the request that was sent")
        return result

    def _stream(self, answer: Answer) -> JsonObject:
        for event in events(answer, self._budget.limits.message_bytes):
            refusal = self._inbox.put(event.data)
            if refusal is not None:
                raise Garbage(f"its answer is refused: {one_line(refusal)}")
            for reply in self._inbox.take_replies():
                self._post(reply)
            result = self._inbox.answer()
            if result is not None:
                return result
        raise Garbage("its event stream ended without the answer")

    def _refusal(self, answer: Answer) -> ProbeFailure:
        """An HTTP error, told by the JSON-RPC error in its body if there is one."""
        plain = WrongEndpoint(f"it answered HTTP {answer.status}", answer.status)
        if answer.kind != "application/json":
            return plain
        try:
            if self._inbox.put(answer.body(ERROR_BODY)) is None:
                self._inbox.answer()
        except (TooMuch, Garbage):
            return plain
        except ProbeFailure as failure:
            return failure
        return plain


def refuse_without_credentials(answer: Answer, client: HttpClient) -> None:
    """Raise :class:`~ostiary.probe.failure.AsksForCredentials` for HTTP 401 and 403."""
    if answer.status not in (401, 403):
        return
    challenge = answer.headers.get("www-authenticate", "")
    scheme = challenge.partition(" ")[0]
    by = f", {one_line(scheme, 20)}" if scheme else ""
    if client.sends_headers:
        raise AsksForCredentials(
            f"{ASKS} (HTTP {answer.status}{by}) and does not accept the configured ones",
            "renew the credentials in the configuration, or capture its surface",
            status=answer.status,
            challenge=challenge,
        )
    raise AsksForCredentials(
        f"{ASKS} (HTTP {answer.status}{by})",
        status=answer.status,
        challenge=challenge,
    )


def events(answer: Answer, size: int) -> Iterator[Event]:
    """The events of an answer, as they come; those without data are left out."""
    reader = EventReader(size)
    try:
        for chunk in answer.chunks:
            yield from (event for event in reader.feed(chunk) if event.data.strip())
    except TooLargeEvent as error:
        raise TooMuch(f"in its event stream {error}") from None
