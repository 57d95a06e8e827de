"""Takes a JSON object apart field by field and refuses what it does not know."""

from __future__ import annotations

import math

from ostiary.catalogue.failure import LockUnreadable
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.visible import visible

MEND = "restore it from version control, or move it away and approve its servers again"


class Fields:
    """One object of a lock. Every method raises :class:`LockUnreadable`."""

    def __init__(self, value: JsonValue, where: str) -> None:
        if not isinstance(value, dict):
            raise unreadable(where, "is not an object")
        self._left = dict(value)
        self.where = where

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self._take(name, "" if not needed else None)
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def texts(self, name: str, *, order: bool = True) -> tuple[str, ...]:
        """A list of texts; with ``order`` sorted and without repetition."""
        value = self._take(name, [])
        if not isinstance(value, list):
            raise self._wrong(name, "a list of texts")
        found = tuple(one for one in value if isinstance(one, str))
        if len(found) != len(value):
            raise self._wrong(name, "a list of texts")
        if order and list(found) != sorted(set(found)):
            raise self._wrong(name, "sorted, each text once")
        return found

    def count(self, name: str, least: int = 0) -> int:
        value = self._take(name, least)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**53:
            raise self._wrong(name, f"a whole number of at least {least}")
        return value

    def seconds(self, name: str) -> float:
        value = self._take(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, "a number of seconds")
        if not math.isfinite(value) or value < 0:
            raise self._wrong(name, "a number of seconds")
        return float(value)

    def flag(self, name: str) -> bool:
        value = self._take(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def object(self, name: str, *, needed: bool = False) -> JsonObject:
        value = self._take(name, None if needed else {})
        if not isinstance(value, dict):
            raise self._wrong(name, "an object")
        return value

    def objects(self, name: str) -> list[Fields]:
        value = self._take(name, [])
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return [Fields(one, f"{self.where}, {name}[{place}]") for place, one in enumerate(value)]

    def inside(self, name: str, *, needed: bool = False) -> Fields:
        return Fields(self.object(name, needed=needed), f"{self.where}, {name}")

    def done(self) -> None:
        """Refuse what was not asked for: it may mean something that would not be heeded."""
        if self._left:
            known = visible(sorted(self._left)[0], 80)
            raise LockUnreadable(
                f"{self.where}: the field {known!r} is not known to this version; update Ostiary, "
                f"or {MEND}"
            )

    def _take(self, name: str, default: JsonValue) -> JsonValue:
        if name not in self._left and default is None:
            raise unreadable(self.where, f"has no {name}")
        return self._left.pop(name, default)

    def _wrong(self, name: str, what: str) -> LockUnreadable:
        return unreadable(self.where, f"{name} must be {what}")


def unreadable(where: str, why: str) -> LockUnreadable:
    """A refusal with its place and next step."""
    return LockUnreadable(f"{where}: {why}; {MEND}")
