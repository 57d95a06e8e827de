"""Reads one table of the settings file: every value of the type it must have, nothing unknown."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.model.json import JsonObject
from ostiary.model.setting import BadSetting


class Table:
    """One table. Every method raises :class:`BadSetting` with the setting's dotted name."""

    def __init__(self, table: JsonObject, name: str) -> None:
        self._table = table
        self._name = name
        self._known: set[str] = set()

    def text(self, key: str) -> str:
        """A string; empty if it is not set."""
        value = self._get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.isprintable():
            raise self._bad(key, "must be a string on one line")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of strings, or one string; empty if it is not set."""
        value = self._get(key)
        if value is None:
            return ()
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list):
            raise self._bad(key, "must be a list of strings")
        found = tuple(one for one in listed if isinstance(one, str) and one and one.isprintable())
        if len(found) != len(listed):
            raise self._bad(key, "must be a list of strings that are not empty")
        return found

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; ``false`` if it is not set."""
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            raise self._bad(key, "must be true or false")
        return bool(value)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._bad(key, f"must be a whole number from {least:,} to {most:,}")
        return value

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of ``choices``."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, str) or value not in choices:
            raise self._bad(key, f"must be one of {', '.join(choices)}")
        return value

    def tables(self, key: str) -> tuple[JsonObject, ...]:
        """A list of tables; empty if it is not set."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._bad(key, f"must be tables, each headed [[{self._name}.{key}]]")
        found = tuple(one for one in value if isinstance(one, dict))
        if len(found) != len(value):
            raise self._bad(key, f"must be tables, each headed [[{self._name}.{key}]]")
        return found

    def nothing_else(self) -> None:
        """Refuse what nobody asked for: a misspelt setting must not be taken for a set one."""
        for key in self._table:
            if key not in self._known:
                known = ", ".join(sorted(self._known))
                raise self._bad(key, f"is no setting; there are {known}")

    def _get(self, key: str) -> object:
        self._known.add(key)
        return self._table.get(key)

    def _bad(self, key: str, why: str) -> BadSetting:
        return BadSetting(f"{self._name}.{key}", why)
