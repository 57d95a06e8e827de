"""What happens in the process that is started for one target, and how its answer comes back."""

from __future__ import annotations

import contextlib
import gc
import math
import resource
import signal
import sys
import time
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection

from ostiary.analyze.versions.analysed import Analysed
from ostiary.analyze.versions.compare import compare
from ostiary.audit import earlier
from ostiary.audit.ask import Adviser, ask
from ostiary.audit.cache import Cache, key_of
from ostiary.audit.conclude import conclude
from ostiary.audit.order import Order, Reading
from ostiary.audit.perform import Fetched, fetch, judge, unread
from ostiary.audit.stored import from_bytes, to_bytes
from ostiary.model.advice import Advice
from ostiary.model.audit import Context
from ostiary.model.fault import place_of
from ostiary.model.outcome import NotChecked
from ostiary.model.version_change import Comparison

TOLD, TARGET, READ, UNKEPT, PAST, ASKING, ADVICE, DONE = (bytes([one]) for one in b"tnrfpqad")
"""First byte of a message: progress, who the target is (reading begins), reading begins, why the
answer was not kept, its history, a model is being asked, what it adds, the answer."""
_STACK = 112 * 1024 * 1024
"""Bytes of native stack: deep code takes some where Python calls back into itself."""
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one target may take."""

    seconds: float = 45.0
    """Of processor time, for reading its code: what a busy machine does beside counts less."""
    patience: float = 6.0
    """Times longer, by the clock, after which a worker that reads is given up."""
    fetching: float = 600.0
    """Seconds for everything that is fetched."""
    memory: int = 3 * 1024 * _MEBIBYTE
    """Bytes of address space while its code is read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a worker does: a target, or two that are compared."""

    given: str
    order: Order
    bounds: Bounds = field(default_factory=Bounds)
    cache: Cache | None = None
    fresh: bool = False
    """Whether what the cache has is made again."""
    against: str = ""
    """The earlier version, to compare with; empty for none."""
    earlier: tuple[str, ...] = ()
    """Revisions of it, oldest first, whose declarations are recovered."""
    context: Context = field(default_factory=Context)
    """The reader of a comparison, or the one whom a model advises."""
    adviser: Adviser | None = None
    """Who is asked about the result."""

    @property
    def patience(self) -> float:
        """Seconds of the clock after which a worker that reads is given up."""
        bodies = 1 + bool(self.against) + len(self.earlier)
        return self.bounds.patience * bodies * self.bounds.seconds


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions, read and compared."""

    before: Reading
    after: Reading
    comparison: Comparison


Answer = Reading | Pair


def work(asked: Asked, line: Connection) -> None:
    """The whole life of a worker. Its answer is the last thing that it sends."""
    _settle()
    try:
        answer = _pair(asked, line) if asked.against else _one(asked, line)
    except MemoryError:
        need = f"its analysis needs more than {asked.bounds.memory // _MEBIBYTE:,} MiB of memory"
        answer = failed(asked, need, "audit the part of it that matters")
    except Exception as error:  # noqa: BLE001 - the top of a worker: its failure is an answer
        reason = f"the analysis failed: {type(error).__name__} in {place_of(error)}"
        answer = failed(asked, reason, "report this as a bug, with the target that caused it")
    _unbound()
    line.send_bytes(DONE + (answer if isinstance(answer, bytes) else to_bytes(answer)))
    line.close()


def failed(asked: Asked, reason: str, remedy: str) -> Answer:
    """The answer where a worker had none of its own."""
    found = unread(asked.given, NotChecked(asked.given, reason, remedy), asked.order.recorded)
    if not asked.against:
        return found
    before = unread(asked.against, NotChecked(asked.against, reason, remedy))
    nothing = Comparison(asked.against, asked.given, (), (), not_compared=(reason,))
    return Pair(before, found, nothing)


def _one(asked: Asked, line: Connection) -> bytes | Reading:
    fetched = fetch(asked.given, asked.order, _Teller(line))
    if isinstance(fetched, NotChecked):
        return unread(asked.given, fetched, asked.order.recorded)
    revisions, missing = earlier.fetched(asked.earlier, asked.order, _Teller(line))
    line.send_bytes(TARGET + to_bytes(fetched.acquired.target))
    cache = asked.cache
    found = _judged(fetched, asked) if cache is None else _kept(fetched, asked, cache, line)
    if asked.earlier:
        _bound(asked.bounds, len(asked.earlier) + 1)
        told = earlier.past(revisions, fetched.acquired)
        told = replace(told, not_checked=(*missing, *told.not_checked))
        line.send_bytes(PAST + to_bytes(told))
    if asked.adviser is not None:
        line.send_bytes(ASKING)
        advice = _advise(asked.adviser, found, fetched, asked)
        line.send_bytes(ADVICE + to_bytes(advice))
    return found


def _kept(fetched: Fetched, asked: Asked, cache: Cache, line: Connection) -> bytes:
    """From the cache, or made and put there."""
    key = key_of(fetched, asked.order)
    kept = None if asked.fresh else cache.read(key)
    if kept is not None:
        return kept
    data = to_bytes(_judged(fetched, asked))
    try:
        cache.write(key, data)
    except OSError as error:
        line.send_bytes(UNKEPT + (error.strerror or type(error).__name__).encode())
    return data


def _advise(adviser: Adviser, found: bytes | Reading, fetched: Fetched, asked: Asked) -> Advice:
    """What a model says of the result for this reader. The limits on reading are not for it."""
    _unbound()
    reading = from_bytes(Reading, found) if isinstance(found, bytes) else found
    return ask(adviser, conclude(reading, asked.context).result, fetched.acquired.project)


def _judged(fetched: Fetched, asked: Asked) -> Reading:
    _bound(asked.bounds)
    return judge(fetched, asked.order)


def _pair(asked: Asked, line: Connection) -> Pair:
    """Both versions, fetched before any of their code is read."""
    tell = _Teller(line)
    first, later = (fetch(one, asked.order, tell) for one in (asked.against, asked.given))
    line.send_bytes(READ)
    before, of_before = _analysed(asked.against, first, asked)
    after, of_after = _analysed(asked.given, later, asked)
    found = compare(before, after, asked.context.concern)
    if asked.adviser is not None and after.project is not None:
        line.send_bytes(ASKING)
        _unbound()
        advice = ask(asked.adviser, after.result, after.project, found)
        line.send_bytes(ADVICE + to_bytes(advice))
    return Pair(of_before, of_after, found)


def _analysed(given: str, fetched: Fetched | NotChecked, asked: Asked) -> tuple[Analysed, Reading]:
    if isinstance(fetched, NotChecked):
        found, project = unread(given, fetched), None
    else:
        found, project = _judged(fetched, asked), fetched.acquired.project
    result = conclude(found, asked.context).result
    return Analysed(result, found.manifests, project, found.publishers), found


class _Teller:
    """Sends what is being done now to whoever watches."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def __call__(self, text: str) -> None:
        self._line.send_bytes(TOLD + text.encode("utf-8", "replace"))


def _settle() -> None:
    """Make a process of its own: it ends when it is told to, with the tools that it started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    _limit(resource.RLIMIT_STACK, _STACK)
    _limit(resource.RLIMIT_CORE, 0)
    gc.freeze()


def _bound(bounds: Bounds, times: int = 1) -> None:
    """Bound what reading takes from now on. Tools and advisers are not read, and not bound so."""
    _limit(resource.RLIMIT_AS, bounds.memory)
    _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + times * bounds.seconds))


def _unbound() -> None:
    _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)


def _limit(what: int, value: int) -> None:
    """Set a limit as far as this machine lets."""
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            value = hard if value == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, hard))
