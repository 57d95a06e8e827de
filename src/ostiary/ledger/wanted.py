"""Which records somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ostiary.ledger.chain import CHECKPOINT, SEGMENT
from ostiary.ledger.reading import Record
from ostiary.model.pattern import fits
from ostiary.model.span import span


class UnclearTime(ValueError):
    """A text is no time. The message says what would be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a record must be. Empty asks for nothing; ``*`` stands for any characters."""

    who: str = ""
    agent: str = ""
    client: str = ""
    server: str = ""
    tool: str = ""
    """Name of a tool, prompt or resource, or ``KIND:NAME``."""
    effect: str = ""
    kind: str = ""
    session: str = ""
    call: str = ""
    text: str = ""
    """Somewhere in the record, whatever its case."""
    since: float | None = None
    until: float | None = None
    events_only: bool = False
    """Leave out the ledger's own headers and checkpoints, unless ``kind`` asks for them."""

    def matches(self, record: Record) -> bool:
        """Whether a record is asked for."""
        if self.since is not None and record.at < self.since:
            return False
        if self.until is not None and record.at > self.until:
            return False
        if self.events_only and not self.kind and record.kind in (SEGMENT, CHECKPOINT):
            return False
        return all(fits(pattern, record.text(name)) for name, pattern in self.exact()) and (
            self._fits_tool(record) and self._holds(record)
        )

    def exact(self) -> list[tuple[str, str]]:
        """Member of a record, and the pattern asked of it."""
        asked = (
            ("principal", self.who),
            ("agent", self.agent),
            ("client", self.client),
            ("server", self.server),
            ("effect", self.effect),
            ("kind", self.kind),
            ("session", self.session),
            ("call", self.call),
        )
        return [(name, pattern) for name, pattern in asked if pattern]

    def _fits_tool(self, record: Record) -> bool:
        if not self.tool:
            return True
        return fits(self.tool, record.tool) or fits(self.tool, record.text("thing"))

    def _holds(self, record: Record) -> bool:
        if not self.text:
            return True
        return self.text.casefold() in _words(record.fields).casefold()


def _words(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}\n{_words(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "\n".join(_words(inner) for inner in value)
    return str(value)


def when(text: str, now: float) -> float:
    """Seconds since the epoch for ``2026-11-21``, ``2026-11-21T10:00`` (UTC unless it says
    otherwise) or a span back from now, for example ``90m`` or ``7d``. Raises
    :class:`UnclearTime`."""
    back = span(text.strip())
    try:
        if back is not None:
            return now - back.total_seconds()
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise UnclearTime(
            f"{text!r} is no time; write 2026-11-21, 2026-11-21T10:00 or a span such as 90m or 7d"
        ) from None
