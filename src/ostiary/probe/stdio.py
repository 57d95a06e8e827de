"""The stdio transport: one JSON-RPC message a line, over the pipes of a started server."""

from __future__ import annotations

import contextlib
import os
import re
import select
from collections.abc import Callable

from ostiary.model.json import JsonObject
from ostiary.model.visible import one_line
from ostiary.probe.failure import Ended, Garbage, NoAnswer, ProbeFailure, TooMuch
from ostiary.probe.inbox import Inbox
from ostiary.probe.launcher import RunningServer
from ostiary.probe.limits import Budget
from ostiary.wire import jsonrpc, stateless

CHUNK = 256 * 1024
Mask = Callable[[str], str]
"""Takes the granted values out of a text."""


class StdioChannel:
    """One started server. Writes and reads never block longer than the budget allows."""

    def __init__(
        self, server: RunningServer, budget: Budget, client: JsonObject, mask: Mask
    ) -> None:
        self._server = server
        self._budget = budget
        self._client = client
        self._mask = mask
        self._stateless = False
        self._numbers = 0
        self._buffer = bytearray()
        self._searched = 0
        self._noise = 0
        self._closed = False
        self._inbox = Inbox(budget.limits.message_bytes)
        self._in = server.stdin.fileno()
        self._out = server.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    @property
    def irregular(self) -> list[str]:
        noise = []
        if self._noise:
            noise = [f"standard output: {self._noise:,} lines that are no JSON-RPC message"]
        return noise + self._inbox.irregular

    def speak(self, revision: str | None) -> None:
        self._stateless = revision == stateless.REVISION

    def tell(self, method: str) -> None:
        self._budget.wait(self._budget.limits.answer_seconds)
        self._write(jsonrpc.notice(method))

    def ask(self, method: str, params: JsonObject, seconds: float) -> JsonObject:
        self._budget.wait(seconds)
        self._numbers += 1
        number = self._numbers
        if self._stateless:
            params = stateless.enveloped(params, self._client)
        self._inbox.expect(number)
        try:
            self._write(jsonrpc.call(number, method, params))
            while True:
                for reply in self._inbox.take_replies():
                    self._write(reply)
                result = self._inbox.answer()
                if result is not None:
                    return result
                self._take_line(self._line())
        except NoAnswer as failure:
            raise self._explained(failure) from None

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            with contextlib.suppress(Exception):
                self._server.stop()

    def _explained(self, failure: NoAnswer) -> ProbeFailure:
        """A time-out, told with what came instead of an answer."""
        heard = self.irregular
        if not heard:
            return failure
        return NoAnswer(f"{failure}; instead: {'; '.join(heard[-2:])}", over=failure.fatal)

    def _take_line(self, line: bytes) -> None:
        if not line.strip():
            return
        refusal = self._inbox.put(line)
        if refusal is None:
            return
        if b'"jsonrpc"' in line:
            raise Garbage(f"its answer is refused: {one_line(refusal)}")
        self._noise += 1
        if self._noise > self._budget.limits.noise:
            raise TooMuch(
                f"it wrote more than {self._budget.limits.noise} lines to standard output that "
                "are no JSON-RPC message",
                "make the server write its log to standard error",
            )

    def _line(self) -> bytes:
        """The next complete line, without its end."""
        while True:
            end = self._buffer.find(b"\n", self._searched)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                self._searched = 0
                return line
            self._searched = len(self._buffer)
            if len(self._buffer) > self._budget.limits.message_bytes:
                raise TooMuch(
                    f"it wrote a line longer than {self._budget.limits.message_bytes:,} bytes"
                )
            self._read()

    def _read(self) -> None:
        self._wait(self._out, select.POLLIN)
        try:
            chunk = os.read(self._out, CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            raise Ended(f"its standard output cannot be read: {error.strerror}") from None
        if not chunk:
            raise self._ended("it closed its standard output")
        self._budget.take(len(chunk))
        self._buffer += chunk

    def _write(self, message: JsonObject) -> None:
        data = memoryview(jsonrpc.encode(message) + b"\n")
        while data:
            self._wait(self._in, select.POLLOUT)
            try:
                data = data[os.write(self._in, data) :]
            except BlockingIOError:
                continue
            except OSError:
                raise self._ended("it closed its standard input") from None

    def _wait(self, fd: int, event: int) -> None:
        poller = select.poll()
        poller.register(fd, event)
        while not poller.poll(self._budget.left() * 1000):
            pass

    def _ended(self, otherwise: str) -> Ended:
        # The pipe closes a moment before the process is reaped: give the reason that moment.
        reason = self._server.ended()
        if reason is None:
            with contextlib.suppress(OSError):
                select.select([], [], [], 0.1)
            reason = self._server.ended()
        last = one_line(_telling(self._mask(self._server.stderr_tail().strip())), 300)
        told = f"; its last words: {last}" if last else ""
        why = f"it {reason}" if reason else otherwise
        return Ended(f"{why} before it answered{told}")


_ERROR_LINE = re.compile(
    r"(?im)^[^\n]{0,200}?\b(?:[\w.]{0,80}(?:error|exception)|fatal|panic)\b"
    r"(?: \[\w+\])?(?: [\w ()]{1,40})?: .*$"
)


def _telling(text: str) -> str:
    """The last line that names an error, with what follows it; else the end of the text."""
    named = [one.start() for one in _ERROR_LINE.finditer(text[-8000:])]
    return text[-8000:][named[-1] :][:400] if named else text[-400:]
