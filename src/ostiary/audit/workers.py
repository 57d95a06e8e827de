"""A process for each target, a few at a time: one that dies or hangs is an answer, too."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from ostiary.audit.cache import programme
from ostiary.audit.earlier import Past
from ostiary.audit.order import Reading
from ostiary.audit.stored import NotStored, from_bytes
from ostiary.audit.worker import (
    ADVICE,
    ASKING,
    DONE,
    PAST,
    READ,
    TARGET,
    TOLD,
    UNKEPT,
    Answer,
    Asked,
    Pair,
    failed,
    work,
)
from ostiary.model.advice import Advice
from ostiary.model.audit import Target

_FORK = multiprocessing.get_context("fork")
"""What is imported is there at once, and nothing is sent that a worker would have to unpickle."""
_GRACE = 2.0
"""Seconds that a worker gets to end the tools that it started."""
_TURN = 0.2
_FASTER = "give it more time with --timeout SECONDS, or audit a part of it"


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how it goes."""

    doing: Callable[[str, str], None]
    """Target and what is being done with it."""
    done: Callable[[str], None]
    """Target whose answer is there."""
    unkept: Callable[[str], None]
    """Why an answer could not be kept."""


def _answered(asked: Asked, line: Connection, heard: Connection) -> None:
    """The life of a worker. It lets go of the end that hears it: were it open here, an answer that
    nobody takes any more would be waited with for ever."""
    heard.close()
    with suppress(BrokenPipeError):
        work(asked, line)


class _Worker:
    """One process with its line and its end."""

    def __init__(self, number: int, asked: Asked) -> None:
        self.number, self.asked = number, asked
        self.line, other = _FORK.Pipe(duplex=False)
        given = (asked, other, self.line)
        self.process: ForkProcess = _FORK.Process(target=_answered, args=given, daemon=True)
        self.process.start()
        other.close()
        self.fetched = False
        self.deadline = time.monotonic() + asked.bounds.fetching
        self.target: Target | None = None
        self.answer: Answer | None = None
        self.advice: Advice | None = None
        self.past = Past()

    def hear(self, watch: Watch) -> bool:
        """Take one message in; whether the worker is done."""
        try:
            message = self.line.recv_bytes()
        except (EOFError, OSError):
            self._gone()
            return True
        kind, rest = message[:1], message[1:]
        if kind == TOLD:
            watch.doing(self.asked.given, rest.decode("utf-8", "replace"))
        elif kind == UNKEPT:
            watch.unkept(rest.decode("utf-8", "replace"))
        elif kind in (TARGET, READ):
            self._begin(rest)
        elif kind == PAST:
            with suppress(NotStored):
                self.past = from_bytes(Past, rest)
        elif kind in (ASKING, ADVICE):
            self._advised(rest)
        elif kind == DONE:
            self._read(rest)
            return True
        return False

    def _advised(self, data: bytes) -> None:
        """A model is asked, which has time of its own; or it answered."""
        adviser = self.asked.adviser
        assert adviser is not None
        self.deadline = time.monotonic() + adviser.seconds + 2 * _GRACE
        if data:
            with suppress(NotStored):
                self.advice = from_bytes(Advice, data)

    def _begin(self, target: bytes) -> None:
        """Everything is fetched, and the time for reading begins."""
        self.fetched = True
        self.deadline = time.monotonic() + self.asked.patience
        with suppress(NotStored):
            self.target = from_bytes(Target, target)

    def _read(self, data: bytes) -> None:
        try:
            if self.asked.against:
                self.answer = from_bytes(Pair, data)
            else:
                self.answer = self._named(from_bytes(Reading, data))
        except NotStored as error:
            self._fail(f"its answer cannot be read: {error}", "report this as a bug")

    def _gone(self) -> None:
        """It ended without an answer."""
        self.process.join(_GRACE)
        code = self.process.exitcode
        if code == -signal.SIGXCPU:
            self._fail(_slow(self.asked.bounds.seconds, " of processor time"), _FASTER)
            return
        how = f"with {_signal(-code)}" if code is not None and code < 0 else f"with code {code}"
        self._fail(
            f"the process that read it ended {how} and without an answer",
            "audit a part of it, or report this as a bug with the target that caused it",
        )

    def late(self) -> None:
        """Its time is over."""
        if self.fetched:
            self._fail(_slow(self.asked.patience), _FASTER)
        else:
            reason = f"fetching it took longer than {self.asked.bounds.fetching:g} s"
            self._fail(reason, "check the network, or fetch it yourself and name the file")

    def _fail(self, reason: str, remedy: str) -> None:
        self.answer = self._named(failed(self.asked, reason, remedy))

    def _named(self, answer: Answer) -> Answer:
        """With the target that was told, where the reading of it failed later."""
        if self.target is None or isinstance(answer, Pair) or answer.target.digest:
            return answer
        return replace(answer, target=self.target)

    def end(self) -> None:
        """Whatever it does, it ends now."""
        self.line.close()
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(_GRACE)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one thing that was asked."""

    number: int
    """Its place among those that were asked."""
    answer: Answer
    advice: Advice | None = None
    past: Past = field(default_factory=Past)


def run(asked: Sequence[Asked], jobs: int, watch: Watch) -> Iterator[Answered]:
    """Every answer, as they come. When the caller stops, so do all workers."""
    if any(one.cache is not None for one in asked):
        programme()  # told once here, and known to every worker
    waiting = deque(enumerate(asked))
    working: dict[Connection, _Worker] = {}
    try:
        while waiting or working:
            while waiting and len(working) < jobs:
                number, one = waiting.popleft()
                watch.doing(one.given, "reading")
                worker = _Worker(number, one)
                working[worker.line] = worker
            for worker in _ended(working, watch):
                del working[worker.line]
                worker.end()
                watch.done(worker.asked.given)
                assert worker.answer is not None
                yield Answered(worker.number, worker.answer, worker.advice, worker.past)
    finally:
        for worker in working.values():
            worker.end()


def _ended(working: dict[Connection, _Worker], watch: Watch) -> list[_Worker]:
    """Workers that have an answer by now, or none any more."""
    ready = wait(list(working), _TURN)
    ended = [one for line, one in working.items() if line in ready and one.hear(watch)]
    now = time.monotonic()
    for one in working.values():
        if one not in ended and now > one.deadline:
            one.late()
            ended.append(one)
    return ended


def _slow(seconds: float, kind: str = "") -> str:
    return f"reading its code took longer than {seconds:g} s{kind}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
