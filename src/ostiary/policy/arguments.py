"""The arguments of one request as facts by dotted name. What cannot be a fact is said so."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeAlias

from ostiary.model.json import JsonObject, JsonValue
from ostiary.policy import hosts, paths

MOST_ARGUMENTS = 256
"""Values, counted over all depths."""
MOST_DEPTH = 16
MOST_CHARACTERS = 8_192
"""Of one text that a rule looks at, and of one name."""
LONGEST_SET = 256
MOST_TOGETHER = 65_536
"""Characters of all texts that are looked through for hosts, and of all paths."""

Scalar: TypeAlias = "str | int | float | bool"
Leaf: TypeAlias = "Scalar | list[JsonValue]"


class Unclear(ValueError):
    """A rule depends on an argument that cannot be judged. The message says which and why."""


class Missing:
    """Stands for an argument that was not sent."""

    def __repr__(self) -> str:
        return "missing"


MISSING = Missing()


class Arguments:
    """The arguments of one request, taken apart once."""

    __slots__ = ("_spellings", "clashing", "complete", "leaves", "names", "objects")

    def __init__(self, arguments: JsonObject) -> None:
        self.leaves: dict[str, Leaf] = {}
        """Scalars and arrays by dotted name; ``null`` counts as not sent."""
        self.names: set[str] = set()
        """Every dotted name, of containers too."""
        self.objects: set[str] = set()
        """Names of objects, empty ones too."""
        self.clashing: set[str] = set()
        """Names that two values have: ``{"a.b": 1, "a": {"b": 2}}``."""
        self.complete = True
        """Whether nothing was left out for its number or depth."""
        self._spellings: dict[str, int] | None = None
        for key, value in arguments.items():
            self._take(key, value, 1)

    def _take(self, name: str, value: JsonValue, depth: int) -> None:
        if len(self.names) >= MOST_ARGUMENTS or depth > MOST_DEPTH or len(name) > MOST_CHARACTERS:
            self.complete = False
            return
        if name in self.names:
            self.clashing.add(name)
        self.names.add(name)
        if isinstance(value, dict):
            self.objects.add(name)
            for key, inner in value.items():
                self._take(f"{name}.{key}", inner, depth + 1)
        elif isinstance(value, list):
            self.leaves[name] = value
            if any(isinstance(one, dict | list) for one in value):
                for at, inner in enumerate(value):
                    self._take(f"{name}.{at}", inner, depth + 1)
        elif value is not None:
            self.leaves[name] = value

    def leaf(self, name: str, kinds: frozenset[str]) -> Leaf | Missing:
        """The value of ``name``. Raises :class:`Unclear` where it is of none of the ``kinds`` that
        rules look at under this name, or where another argument might be taken for it."""
        if not self.complete:
            raise Unclear("there are more arguments than can be judged")
        if name in self.clashing:
            raise Unclear(f"two arguments go by the name {name[:80]!r}")
        if self._spelt(fold(name)) > (name in self.names):
            raise Unclear(f"another argument's name is spelt like {name[:80]!r}")
        if name not in self.leaves:
            if name in self.objects:
                raise Unclear(f"the argument {name[:80]!r} is an object")
            return MISSING
        value = self.leaves[name]
        if kind_of(value) not in kinds:
            raise Unclear(f"the argument {name[:80]!r} is {_A[kind_of(value)]}")
        return value

    def _spelt(self, folded: str) -> int:
        """How many names are this one when case and form are left aside."""
        if self._spellings is None:
            self._spellings = {}
            for name in self.names:
                spelt = fold(name)
                self._spellings[spelt] = self._spellings.get(spelt, 0) + 1
        return self._spellings.get(folded, 0)

    def texts(self) -> list[tuple[str, str]]:
        """Every text with its name, those inside arrays too. Raises :class:`Unclear` if some are
        left out."""
        if not self.complete:
            raise Unclear("there are more arguments than can be judged")
        found = []
        for name, value in self.leaves.items():
            if isinstance(value, str):
                found.append((name, value))
            elif isinstance(value, list):
                if len(value) > LONGEST_SET:
                    raise Unclear(f"the list {name[:80]!r} is too long to be judged")
                found += [(name, one) for one in value if isinstance(one, str)]
        return found


_A = {"text": "text", "number": "a number", "flag": "true or false", "list": "a list"}


def kind_of(value: Leaf) -> str:
    """``text``, ``number``, ``flag`` or ``list``."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "flag"
    return "list" if isinstance(value, list) else "number"


@lru_cache(maxsize=4096)
def _fold_name(text: str) -> str:
    return _folded(text)


def fold(text: str) -> str:
    """``text`` in one case and one Unicode form, without invisible characters (UTR 36, UTS 39)."""
    if text.isascii():
        return text.lower()
    return _fold_name(text) if len(text) < 100 else _folded(text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = unicodedata.normalize("NFKC", plain)
    return "".join(char for char in plain if unicodedata.category(char) != "Cf")


def text_fact(name: str, value: str) -> str:
    """A text as rules see it: a path resolved, all else as it is. Raises :class:`Unclear`."""
    if len(value) > MOST_CHARACTERS:
        raise Unclear(f"the argument {name[:80]!r} is too long to be judged")
    if not _encodes(value):
        raise Unclear(f"the argument {name[:80]!r} holds half a character")
    if not paths.is_path(name, value):
        if paths.is_address(value.strip()) and paths.climbs(value):
            raise Unclear(f"the argument {name[:80]!r} is an address that leads upwards (`..`)")
        return value
    try:
        return paths.one_reading(value)
    except paths.NoPath as error:
        raise Unclear(f"the argument {name[:80]!r} is {error}") from None


def _encodes(value: str) -> bool:
    """Whether there is no lone surrogate in it, which JSON escapes can make."""
    return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)


def folded_fact(name: str, value: str) -> str:
    return fold(text_fact(name, value))


LARGEST = 2**63 - 1
_MOST_DECIMAL = Decimal("922337203685477.5807")


def whole_fact(name: str, value: int | float) -> int:
    """A number as a Cedar ``Long``. Raises :class:`Unclear` if it is none."""
    if isinstance(value, float):
        if not value.is_integer():
            raise Unclear(f"the argument {name[:80]!r} is no whole number")
        value = int(value)
    if not -LARGEST - 1 <= value <= LARGEST:
        raise Unclear(f"the number {name[:80]!r} is too large to be judged")
    return value


def decimal_fact(name: str, value: int | float) -> str:
    """A number as a Cedar ``decimal``: up to four digits after the point. Raises
    :class:`Unclear`."""
    try:
        exact = Decimal(repr(value))
        inexact = exact != round(exact, 4) or abs(exact) > _MOST_DECIMAL
    except InvalidOperation:
        inexact = True
    if inexact:
        raise Unclear(f"the number {name[:80]!r} is too large or too fine to be judged")
    return f"{exact:.4f}"


def list_fact(name: str, value: list[JsonValue]) -> frozenset[str]:
    """A list of texts as a set. Raises :class:`Unclear`."""
    if len(value) > LONGEST_SET:
        raise Unclear(f"the list {name[:80]!r} is too long to be judged")
    found = set()
    for one in value:
        if not isinstance(one, str):
            raise Unclear(f"the list {name[:80]!r} holds something that is no text")
        found.add(text_fact(name, one))
    return frozenset(found)


def all_paths(arguments: Arguments) -> list[tuple[str, ...]]:
    """Every path in the arguments, each with all its readings. Raises :class:`Unclear`."""
    found = []
    room = MOST_TOGETHER
    for name, value in arguments.texts():
        if len(value) > paths.MOST_PATH and (paths.names_path(name) or value[:1] in "/~."):
            raise Unclear(f"the argument {name[:80]!r} is too long for a path")
        if _encodes(value) and not paths.is_path(name, value):
            continue
        room -= len(value)
        if room < 0:
            raise Unclear("there are more paths than can be judged")
        try:
            if not _encodes(value):
                raise paths.NoPath("text with half a character")
            found.append(paths.readings(value))
        except paths.NoPath as error:
            raise Unclear(f"the argument {name[:80]!r} is {error}") from None
    return found


def all_hosts(arguments: Arguments) -> frozenset[str]:
    """Every host that the arguments name. Raises :class:`Unclear`."""
    found: set[str] = set()
    for name, value in _readable(arguments):
        try:
            found.update(hosts.hosts(name, value))
        except hosts.NoHost as error:
            raise Unclear(f"the argument {name[:80]!r} holds {error}") from None
    return frozenset(found)


def all_urls(arguments: Arguments) -> frozenset[str]:
    """Every URL in the arguments. Raises :class:`Unclear`."""
    found: set[str] = set()
    for _, value in _readable(arguments):
        found.update(hosts.urls(value))
    return frozenset(found)


def _readable(arguments: Arguments) -> list[tuple[str, str]]:
    """Every text, if all can be looked through. Raises :class:`Unclear`."""
    texts = arguments.texts()
    if sum(len(value) for _, value in texts) > MOST_TOGETHER:
        raise Unclear("there is more text than can be looked through")
    for name, value in texts:
        if not _encodes(value):
            raise Unclear(f"the argument {name[:80]!r} holds half a character")
    return texts
