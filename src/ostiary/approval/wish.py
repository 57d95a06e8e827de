"""What a person asks of one approval. What they leave out is carried over from the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase

from ostiary.model.access import Level
from ostiary.model.approval import Bounds

_BOUNDS = {
    "calls": "calls_per_minute",
    "concurrent": "concurrent_calls",
    "bytes": "answer_bytes",
    "seconds": "answer_seconds",
}
MOST = 2**40
"""Of what one bound can be set to."""


class UnclearWish(ValueError):
    """Something a person wrote cannot be understood. The message shows the form."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything a person said about one approval; ``None`` and empty is: nothing."""

    owner: str = ""
    reason: str = ""
    review_by: str | None = None
    """``YYYY-MM-DD``; the empty string is never."""
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By name of a tool or a pattern of names."""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    """Exact names that limits leave out, whether they are shown or not."""
    despite: Mapping[str, str] = field(default_factory=dict)
    """Reasons by rule."""
    network: bool | None = None
    readable: tuple[str, ...] | None = None
    writable: tuple[str, ...] | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)
    groups: tuple[str, ...] | None = None
    artifact_only: bool = False

    def patterns(self) -> tuple[str, ...]:
        """Every name or pattern that has to be found among what the server shows."""
        return (*self.levels, *self.labels, *self.only, *self.without)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and by whom an approval is given, and after how long it is due by itself."""

    now: datetime
    """In UTC."""
    who: str
    review_days: int = 90

    @property
    def text(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def due(self) -> str:
        if not self.review_days:
            return ""
        return (self.now.date() + timedelta(days=self.review_days)).isoformat()


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether ``name`` is one of the patterns, or fits one (``*``, ``?``, ``[…]``)."""
    return any(name == one or fnmatchcase(name, one) for one in patterns)


def chosen(name: str, table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """What was said for ``name``: by name first, else by the last pattern that fits."""
    if name in table:
        return table[name]
    found = [value for pattern, value in table.items() if fnmatchcase(name, pattern)]
    return found[-1] if found else None


def levels_of(texts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """``TOOL=read,write`` as a table. ``TOOL=unknown`` takes every level away. Raises
    :class:`UnclearWish`."""
    known = {level.value for level in Level}
    table = {}
    for text in texts:
        name, words = _assigned(text, "--level", "TOOL=read,write")
        levels = set() if words == {"unknown"} else words
        if not levels <= known:
            raise UnclearWish(
                f"--level {text!r}: levels are {', '.join(sorted(known))}, or unknown alone"
            )
        table[name] = tuple(sorted(levels))
    return table


def labels_of(texts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """``TOOL=private,untrusted`` as a table; ``TOOL=none`` takes every label away. Raises
    :class:`UnclearWish`."""
    table = {}
    for text in texts:
        name, words = _assigned(text, "--label", "TOOL=private")
        if not all(word.replace("-", "").isalnum() and word.islower() for word in words):
            raise UnclearWish(f"--label {text!r}: a label is lower-case letters, digits and -")
        table[name] = () if words == {"none"} else tuple(sorted(words))
    return table


def despite_of(texts: tuple[str, ...]) -> dict[str, str]:
    """``RULE=REASON`` as a table. Raises :class:`UnclearWish`."""
    table = {}
    for text in texts:
        rule, equals, reason = text.partition("=")
        if not (rule and equals and reason.strip()):
            raise UnclearWish(f"--despite {text!r}: write RULE=REASON, with a reason")
        table[rule] = reason.strip()
    return table


def bounds_of(texts: tuple[str, ...]) -> dict[str, float]:
    """``calls=60`` and the like as fields of :class:`Bounds`. Raises :class:`UnclearWish`."""
    table: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        whole = value.is_integer() or name == "seconds"
        if name not in _BOUNDS or not whole or not 0 <= value <= MOST:
            raise UnclearWish(
                f"--limit {text!r}: write {' or '.join(f'{one}=N' for one in _BOUNDS)}; only "
                "seconds can be parts of one"
            )
        table[_BOUNDS[name]] = value
    return table


def bounds_with(bounds: Bounds, table: Mapping[str, float]) -> Bounds:
    """``bounds`` with what ``table`` says."""
    return Bounds(
        calls_per_minute=int(table.get("calls_per_minute", bounds.calls_per_minute)),
        concurrent_calls=int(table.get("concurrent_calls", bounds.concurrent_calls)),
        answer_bytes=int(table.get("answer_bytes", bounds.answer_bytes)),
        answer_seconds=float(table.get("answer_seconds", bounds.answer_seconds)),
    )


def day_of(text: str, today: date) -> str:
    """``YYYY-MM-DD``, ``+90d`` or ``never`` as a day. Raises :class:`UnclearWish`."""
    if text == "never":
        return ""
    try:
        if text.startswith("+") and text.endswith("d") and text[1:-1].isdecimal():
            day = today + timedelta(days=int(text[1:-1]))
        else:
            day = date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise UnclearWish(f"{text!r} is no day; write YYYY-MM-DD, +90d or never") from None
    if day < today:
        raise UnclearWish(f"{day.isoformat()} has passed; name a day that is still to come")
    return day.isoformat()


def _assigned(text: str, option: str, form: str) -> tuple[str, set[str]]:
    name, equals, words = text.rpartition("=")
    found = {word.strip() for word in words.split(",")} - {""}
    if not (name and equals and found):
        raise UnclearWish(f"{option} {text!r}: write {form}")
    return name, found
