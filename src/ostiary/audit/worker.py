"""What happens in the process that is started for one target, and how its answer comes back."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from ostiary.audit.asked import Asked
from ostiary.audit.bounded import MEBIBYTE, bound, unbound
from ostiary.audit.cache import Cache, key_of
from ostiary.audit.messages import DONE, PAST, TARGET, UNKEPT, Teller
from ostiary.audit.perform import fetch, judge, unread
from ostiary.audit.reading import Answer, Fetched, Pair, Reading
from ostiary.audit.stored import to_bytes
from ostiary.model.fault import place_of
from ostiary.model.outcome import NotChecked
from ostiary.model.version_change import Comparison

if TYPE_CHECKING:
    from ostiary.audit.earlier import Earlier


def work(asked: Asked, line: Connection) -> None:
    """The whole life of a worker. Its answer is the last thing that it sends."""
    try:
        answer = _two(asked, line) if asked.against else _one(asked, line)
    except MemoryError:
        need = f"its analysis needs more than {asked.bounds.memory // MEBIBYTE:,} MiB of memory"
        answer = failed(asked, need, "audit the part of it that matters")
    except Exception as error:  # noqa: BLE001 - the top of a worker: its failure is an answer
        reason = f"the analysis failed: {type(error).__name__} in {place_of(error)}"
        answer = failed(asked, reason, "report this as a bug, with the target that caused it")
    unbound()
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
    fetched = fetch(asked.given, asked.order, Teller(line))
    if isinstance(fetched, NotChecked):
        return unread(asked.given, fetched, asked.order.recorded)
    before = _before(asked, line) if asked.earlier else None
    line.send_bytes(TARGET + to_bytes(fetched.acquired.target))
    cache = asked.cache
    found = _judged(fetched, asked) if cache is None else _kept(fetched, asked, cache, line)
    if before is not None:
        bound(asked.bounds, len(asked.earlier) + 1)
        line.send_bytes(PAST + to_bytes(before.past(fetched.acquired)))
    if asked.adviser is not None:
        from ostiary.audit.advising import advise  # noqa: PLC0415 - few audits ask a model

        advise(asked.adviser, found, fetched.acquired.project, asked, line)
    return found


def _before(asked: Asked, line: Connection) -> Earlier:
    from ostiary.audit.earlier import Earlier  # noqa: PLC0415 - few audits ask for history

    return Earlier(asked.earlier, asked.order, Teller(line))


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


def _two(asked: Asked, line: Connection) -> Pair:
    from ostiary.audit.paired import pair  # noqa: PLC0415 - few audits compare

    return pair(asked, line)


def _judged(fetched: Fetched, asked: Asked) -> Reading:
    bound(asked.bounds)
    return judge(fetched, asked.order)
