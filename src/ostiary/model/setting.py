"""Settings of ``ostiary.toml``: one table read value by value, and a mistake in it told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from ostiary.model.json import JsonObject, JsonValue

Word = TypeVar("Word", bound=StrEnum)


class BadSetting(ValueError):
    """One setting cannot be used. The message names it, says why and what would be accepted."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        """Dotted, as in the file: ``ledger.durability``."""


class Table:
    """One table: every value of the type it must have, nothing unknown.

    Every method takes the name of a setting, returns its default if it is not set, and raises
    :class:`BadSetting` with its dotted name if it is something else.
    """

    def __init__(self, table: Mapping[str, JsonValue], name: str) -> None:
        self._table = table
        self._name = name
        self._known: set[str] = set()

    def text(self, key: str, default: str = "") -> str:
        """A text on one line."""
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, str) or not value.isprintable():
            raise self.bad(key, "must be a text on one line")
        return value

    def texts(self, key: str, *, or_one: bool = False) -> tuple[str, ...]:
        """A list of texts, or also one text alone; the default is none."""
        value = self.value(key)
        if value is None:
            return ()
        listed = [value] if or_one and isinstance(value, str) else value
        if not isinstance(listed, list):
            raise self.bad(key, "must be a list of texts")
        found = tuple(one for one in listed if isinstance(one, str) and one and one.isprintable())
        if len(found) != len(listed):
            raise self.bad(key, "must be a list of texts that are not empty")
        return found

    def flag(self, key: str, *, default: bool = False) -> bool:
        """``true`` or ``false``."""
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.bad(key, "must be true or false")
        return value

    def whole(self, key: str, default: int, least: int, most: int | None = None) -> int:
        """A whole number within bounds."""
        value = self.value(key)
        if value is None:
            return default
        fits = (
            isinstance(value, int) and not isinstance(value, bool) and _within(value, least, most)
        )
        if not fits or not isinstance(value, int):
            raise self.bad(key, f"must be a whole number {_bounds(least, most)}")
        return value

    def number(self, key: str, default: float, least: float, most: float | None = None) -> float:
        """A number within bounds."""
        value = self.value(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.bad(key, f"must be a number {_bounds(least, most)}")
        if not math.isfinite(value) or not _within(value, least, most):
            raise self.bad(key, f"must be a number {_bounds(least, most)}")
        return float(value)

    def word(self, key: str, default: Word) -> Word:
        """One of the words that ``default`` is one of."""
        value = self.value(key)
        if value is None:
            return default
        words = type(default)
        if not isinstance(value, str) or value not in list(words):
            raise self.bad(key, "must be one of " + ", ".join(words))
        return words(value)

    def table(self, key: str) -> JsonObject:
        """A table inside this one; the default is an empty one."""
        value = self.value(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.bad(key, "must be a table")
        return value

    def tables(self, key: str) -> tuple[JsonObject, ...]:
        """A list of tables; the default is none."""
        value = self.value(key)
        listed = [] if value is None else value
        found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        if not isinstance(listed, list) or len(found) != len(listed):
            raise self.bad(key, f"must be tables, each headed [[{self._name}.{key}]]")
        return tuple(found)

    def value(self, key: str) -> JsonValue:
        """Whatever it is; ``None`` if it is not set."""
        self._known.add(key)
        return self._table.get(key)

    def nothing_else(self, *others: Iterable[str]) -> None:
        """Refuse what nobody asked for: a misspelt setting must not be taken for a set one.
        ``others`` are settings that somebody else reads."""
        known = self._known.union(*others)
        for key in self._table:
            if key not in known:
                raise self.bad(key, f"is no setting; there are {', '.join(sorted(known))}")

    def bad(self, key: str, why: str) -> BadSetting:
        """The error about one setting of this table."""
        return BadSetting(f"{self._name}.{key}", why)


def _within(value: float, least: float, most: float | None) -> bool:
    return least <= value and (most is None or value <= most)


def _bounds(least: float, most: float | None) -> str:
    return f"of at least {least}" if most is None else f"from {least} to {most}"
