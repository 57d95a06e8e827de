"""A process for each target, a few at a time: one that dies or hangs is an answer, too.

The first workers start before anything is imported that only answers are told with: with one
target, this process and its worker import their halves of Ostiary side by side.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import TYPE_CHECKING

from ostiary.audit.asked import Asked
from ostiary.audit.bounded import settle
from ostiary.audit.cache import programme
from ostiary.audit.messages import ADVICE, ASKING, DONE, PAST, READ, TARGET, TOLD, UNKEPT

if TYPE_CHECKING:
    from ostiary.audit.heard import Answered, Heard

_FORK = multiprocessing.get_context("fork")
"""What is imported is there at once, and nothing is sent that a worker would have to unpickle."""
_WORK = "ostiary.audit.worker"
"""What a worker does, with everything that it needs."""
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
    settle()
    _load()
    from ostiary.audit.worker import work  # noqa: PLC0415 - imported in the worker, for one target

    with suppress(BrokenPipeError):
        work(asked, line)


def _load() -> None:
    """Import what a worker needs. It stays: it is not looked through for garbage."""
    gc.disable()
    import_module(_WORK)
    gc.freeze()
    gc.enable()


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
        self._heard: Heard | None = None

    @property
    def heard(self) -> Heard:
        """What it said so far."""
        if self._heard is None:
            from ostiary.audit.heard import Heard  # noqa: PLC0415 - imported while workers read

            self._heard = Heard(self.asked)
        return self._heard

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
            self.heard.past(rest)
        elif kind in (ASKING, ADVICE):
            self._advised(rest)
        elif kind == DONE:
            self.heard.answer(rest)
            return True
        return False

    def _advised(self, data: bytes) -> None:
        """A model is asked, which has time of its own; or it answered."""
        adviser = self.asked.adviser
        assert adviser is not None
        self.deadline = time.monotonic() + adviser.seconds + 2 * _GRACE
        if data:
            self.heard.advice(data)

    def _begin(self, target: bytes) -> None:
        """Everything is fetched, and the time for reading begins."""
        self.fetched = True
        self.deadline = time.monotonic() + self.asked.patience
        self.heard.target(target)

    def _gone(self) -> None:
        """It ended without an answer."""
        self.process.join(_GRACE)
        code = self.process.exitcode
        if code == -signal.SIGXCPU:
            self.heard.failed(_slow(self.asked.bounds.seconds, " of processor time"), _FASTER)
            return
        how = f"with {_signal(-code)}" if code is not None and code < 0 else f"with code {code}"
        self.heard.failed(
            f"the process that read it ended {how} and without an answer",
            "audit a part of it, or report this as a bug with the target that caused it",
        )

    def late(self) -> None:
        """Its time is over."""
        if self.fetched:
            self.heard.failed(_slow(self.asked.patience), _FASTER)
        else:
            reason = f"fetching it took longer than {self.asked.bounds.fetching:g} s"
            remedy = "check the network, or fetch it yourself and name the file"
            self.heard.failed(reason, remedy)

    def end(self) -> None:
        """Whatever it does, it ends now."""
        self.line.close()
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(_GRACE)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


class Workers:
    """Everything that was asked, a few at a time. The first ones read as soon as this is made; all
    end with the ``with`` block, whatever they do."""

    def __init__(self, asked: Sequence[Asked], jobs: int, watch: Watch) -> None:
        self._waiting = deque(enumerate(asked))
        self._working: dict[Connection, _Worker] = {}
        self._jobs, self._watch = jobs, watch
        if any(one.cache is not None for one in asked):
            programme()  # told once here, and known to every worker
        if len(asked) > 1:
            _load()  # once, for every worker
        self._fill()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Whatever they do, they end now."""
        for worker in self._working.values():
            worker.end()

    def answers(self) -> Iterator[Answered]:
        """Every answer, as they come."""
        while self._working:
            for worker in self._ended():
                del self._working[worker.line]
                worker.end()
                self._watch.done(worker.asked.given)
                yield worker.heard.whole(worker.number)
            self._fill()

    def _fill(self) -> None:
        while self._waiting and len(self._working) < self._jobs:
            number, one = self._waiting.popleft()
            self._watch.doing(one.given, "reading")
            worker = _Worker(number, one)
            self._working[worker.line] = worker

    def _ended(self) -> list[_Worker]:
        """Workers that have an answer by now, or none any more."""
        ready = wait(list(self._working), _TURN)
        heard = [one for line, one in self._working.items() if line in ready]
        ended = [one for one in heard if one.hear(self._watch)]
        now = time.monotonic()
        for one in self._working.values():
            if one not in ended and now > one.deadline:
                one.late()
                ended.append(one)
        return ended


def run(asked: Sequence[Asked], jobs: int, watch: Watch) -> Iterator[Answered]:
    """Every answer, as they come. When the caller stops, so do all workers."""
    with Workers(asked, jobs, watch) as workers:
        yield from workers.answers()


def _slow(seconds: float, kind: str = "") -> str:
    return f"reading its code took longer than {seconds:g} s{kind}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
