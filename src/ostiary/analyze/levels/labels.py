"""What the answers of a tool bring in, and where a caller can make it send data."""

from __future__ import annotations

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.levels.hosts import CHOSEN
from ostiary.analyze.levels.vendors import vendor_of
from ostiary.analyze.levels.work import Work
from ostiary.flow.evidence import stronger
from ostiary.model.access import DataClass, Level, ToolAccess
from ostiary.model.grade import Confidence

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_OPEN = frozenset({DataClass.WEB, DataClass.MESSAGES, DataClass.BROWSER})
_KEPT = frozenset({DataClass.DATABASE, DataClass.PERSONAL, DataClass.FINANCIAL, DataClass.HEALTH})
_KEPT |= {DataClass.CALENDAR, DataClass.CREDENTIALS, DataClass.SOURCE_CODE, DataClass.CLOUD}


def label(work: Work, words: ToolAccess) -> None:
    """Set the three labels of the tool from what flows into its answer and out of it. ``words``
    tell what a service that is not known holds."""
    kinds = {source.kind for source, _ in work.reached.returns.deep_sources()}
    asks = any(one.kind in _ASKED for one in work.reached.effects)
    if SourceKind.REMOTE in kinds or (asks and Level.READ in work.weighed.levels):
        _brought(work, work.data or set(words.data))
    if SourceKind.FILE in kinds or (
        Level.READ in work.weighed.levels and DataClass.FILES in work.data
    ):
        work.weighed.private = HIGH
        work.weighed.untrusted = stronger(work.weighed.untrusted, LOW)
    if SourceKind.SECRET in kinds or DataClass.CREDENTIALS in work.data:
        work.weighed.private = HIGH
    if SourceKind.MACHINE in kinds:
        work.weighed.private = stronger(work.weighed.private, MEDIUM)
    _outward(work)


_ASKED = frozenset(
    {EffectKind.REQUEST, EffectKind.SQL, EffectKind.NOSQL, EffectKind.CALL, EffectKind.MESSAGE}
)


def _brought(work: Work, data: set[DataClass]) -> None:
    free = any(one.how == CHOSEN for one in work.destinations)
    if free or data & _OPEN:
        work.weighed.untrusted = HIGH if free or DataClass.MESSAGES in data else MEDIUM
    else:
        work.weighed.untrusted = stronger(work.weighed.untrusted, LOW)
    if data & _KEPT or DataClass.MESSAGES in data:
        work.weighed.private = stronger(work.weighed.private, HIGH if _private(work) else MEDIUM)


def _private(work: Work) -> bool:
    vendors = [vendor_of(one.callee, one.tags) for one in work.reached.effects]
    known = [one for one in vendors if one is not None]
    return not known or any(one.private for one in known)


def _outward(work: Work) -> None:
    """Whether data can be carried to a place of the caller's choosing."""
    weighed = work.weighed
    if any(one.how == CHOSEN for one in work.destinations):
        weighed.outward = HIGH
    send = weighed.levels.get(Level.SEND)
    if send is not None:
        weighed.outward = stronger(weighed.outward, min(send, MEDIUM))
    run = weighed.levels.get(Level.EXECUTE)
    if run is not None and run > LOW:
        reach = MEDIUM if run is HIGH else LOW
        weighed.outward = stronger(weighed.outward, reach)
        weighed.private = stronger(weighed.private, reach)
