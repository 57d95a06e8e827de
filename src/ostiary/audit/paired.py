"""Two versions of one target, read by one worker and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection

from ostiary.analyze.versions.analysed import Analysed
from ostiary.analyze.versions.compare import compare
from ostiary.audit.ask import ask
from ostiary.audit.asked import Asked
from ostiary.audit.bounded import bound, unbound
from ostiary.audit.conclude import conclude
from ostiary.audit.messages import ADVICE, ASKING, READ, Teller
from ostiary.audit.perform import fetch, judge, unread
from ostiary.audit.reading import Fetched, Pair, Reading
from ostiary.audit.stored import to_bytes
from ostiary.model.outcome import NotChecked


def pair(asked: Asked, line: Connection) -> Pair:
    """Both versions, fetched before any of their code is read."""
    tell = Teller(line)
    first, later = (fetch(one, asked.order, tell) for one in (asked.against, asked.given))
    line.send_bytes(READ)
    before, of_before = _analysed(asked.against, first, asked)
    after, of_after = _analysed(asked.given, later, asked)
    found = compare(before, after, asked.context.concern)
    of_after = replace(of_after, not_checked=(*of_after.not_checked, *_uncompared(before, asked)))
    if asked.adviser is not None and after.project is not None:
        line.send_bytes(ASKING)
        unbound()
        advice = ask(asked.adviser, after.result, after.project, found)
        line.send_bytes(ADVICE + to_bytes(advice))
    return Pair(of_before, of_after, found)


def _analysed(given: str, fetched: Fetched | NotChecked, asked: Asked) -> tuple[Analysed, Reading]:
    if isinstance(fetched, NotChecked):
        found, project = unread(given, fetched), None
    else:
        bound(asked.bounds)
        found, project = judge(fetched, asked.order), fetched.acquired.project
    result = conclude(found, asked.context).result
    why = fetched.reason if isinstance(fetched, NotChecked) else ""
    return Analysed(result, found.manifests, project, found.publishers, why), found


def _uncompared(before: Analysed, asked: Asked) -> Iterator[NotChecked]:
    """A comparison that was asked for and could not be made leaves the audit incomplete."""
    if before.unread:
        yield NotChecked(
            f"comparison with {asked.against}", before.unread, "name a version that can be had"
        )
