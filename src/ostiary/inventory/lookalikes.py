"""How a package name resembles a well-known one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ostiary.inventory.known_packages import KNOWN, SCOPES

_SEPARATORS = re.compile(r"[-_.]+")
_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "4": "a", "7": "t"})
_REFERENCE = "@modelcontextprotocol"
_FILLERS = frozenset({"mcp", "server", "mcpserver", "servers"})
_SWAPPED = "two letters are swapped"
_REPLACED = "one letter differs"
_DIGIT = "a digit stands for a letter"
_SHORTEST = 7
"""Names shorter than this have too many honest neighbours."""
_END = 3
"""Letters of an end of a name: two ends of the shortest leave a letter between them."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which well-known package a name resembles, how, and whether default readers are told."""

    known: str
    says: str
    sure: bool


def canonical(ecosystem: str, name: str) -> str:
    """The name as the package index compares it (PEP 503 for Python; npm takes it as it is)."""
    return _SEPARATORS.sub("-", name).lower() if ecosystem == "pypi" else name


def likeness(ecosystem: str, name: str) -> Likeness | None:
    """The closest resemblance to a well-known package, or ``None``."""
    if ecosystem not in {"npm", "pypi"} or not name or len(name) > 214:
        return None
    own = canonical(ecosystem, name)
    if own in KNOWN[ecosystem]:
        return None
    for test in (_characters, _scope, _separators, _edited, _permuted):
        found = test(ecosystem, own)
        if found is not None:
            return found
    return None


def _characters(ecosystem: str, name: str) -> Likeness | None:
    if name.isascii():
        return None
    plain = _skeleton(name)
    for known in sorted(KNOWN[ecosystem]):
        if plain == _skeleton(known):
            return Likeness(known, "some of its letters only look the same", True)
    return None


def _skeleton(name: str) -> str:
    from confusable_homoglyphs import confusables  # type: ignore[import-untyped] # noqa: PLC0415 - slow to load, rarely needed

    letters: list[str] = []
    for char in unicodedata.normalize("NFKC", name):
        letters.append(
            char if char.isascii() else _latin(confusables.is_confusable(char, greedy=True))
        )
    return "".join(letters).lower()


def _latin(found: object) -> str:
    if isinstance(found, list):
        for one in found:
            for twin in one.get("homoglyphs", ()):
                if len(twin["c"]) == 1 and twin["c"].isascii():
                    return str(twin["c"])
    return "?"


def _scope(ecosystem: str, name: str) -> Likeness | None:
    """A scope that is nearly a well-known one, or a well-known scope dropped or made a prefix."""
    if ecosystem != "npm":
        return None
    if not name.startswith("@"):
        known = _flattened().get(_SEPARATORS.sub("-", name.lower()))
        return _unscoped(known) if known else None
    scope, _, _ = name.partition("/")
    if scope in SCOPES:
        return None
    bare = _joined(scope)
    for joined, one in _joined_scopes():
        if bare == joined or (len(one) >= 8 and _one_edit(bare, joined)):
            return Likeness(f"a package of {one}", f"its scope is nearly {one}", True)
    return None


@cache
def _joined_scopes() -> tuple[tuple[str, str], ...]:
    return tuple((_joined(one), one) for one in sorted(SCOPES))


def _unscoped(known: str) -> Likeness:
    """``vendor-mcp`` is what honest people call a wrapper; a longer name is an imitation."""
    says = "the scope of that package was dropped or became part of the name"
    return Likeness(known, says, sure=bool(_core(known.rpartition("/")[2])))


@cache
def _flattened() -> dict[str, str]:
    """Well-known scoped names as they look without the sign and the slash."""
    pairs = {}
    for name in sorted(KNOWN["npm"]):
        if name.startswith("@"):
            pairs[_SEPARATORS.sub("-", name[1:].replace("/", "-").lower())] = name
            if name.startswith(_REFERENCE + "/server-"):
                pairs[name.partition("/")[2]] = name
    return {flat: name for flat, name in pairs.items() if flat not in KNOWN["npm"]}


def _joined(name: str) -> str:
    return _SEPARATORS.sub("", name.lower()).lstrip("@")


def _separators(ecosystem: str, name: str) -> Likeness | None:
    known = _by_joined(ecosystem).get(_joined(name))
    if known is None or len(known) < _SHORTEST:
        return None
    return Likeness(known, "only the separators differ", len(_core(known)) >= 6)


@cache
def _by_joined(ecosystem: str) -> dict[str, str]:
    return {_joined(name): name for name in sorted(KNOWN[ecosystem], reverse=True)}


def _edited(ecosystem: str, name: str) -> Likeness | None:
    if len(name) < _SHORTEST:
        return None
    near = {known for known in _alike(ecosystem, name) if _one_edit(name, known)}
    if not near:
        return None
    known = min(near, key=lambda one: (_left_out(name, one), one))
    says = _difference(name, known)
    return Likeness(known, says, _telling(name, known, says))


def _alike(ecosystem: str, name: str) -> Iterator[str]:
    """Well-known names of about its length that begin or end as it does: one edit leaves a name of
    some length one of its ends."""
    index = _by_ends(ecosystem)
    for length in (len(name) - 1, len(name), len(name) + 1):
        yield from index.get((length, name[:_END], ""), ())
        yield from index.get((length, "", name[-_END:]), ())


@cache
def _by_ends(ecosystem: str) -> dict[tuple[int, str, str], list[str]]:
    found: dict[tuple[int, str, str], list[str]] = {}
    for name in KNOWN[ecosystem]:
        if len(name) >= _SHORTEST:
            found.setdefault((len(name), name[:_END], ""), []).append(name)
            found.setdefault((len(name), "", name[-_END:]), []).append(name)
    return found


def _left_out(name: str, known: str) -> int:
    """Where a letter of ``name`` can be left out so that ``known``, with at most one letter left
    out, is the same; 0 if none needs to be."""
    shorter = {known, *_shortened(known)}
    return next(at for at, one in enumerate((name, *_shortened(name))) if one in shorter)


def _shortened(name: str) -> Iterator[str]:
    for at in range(len(name)):
        yield name[:at] + name[at + 1 :]


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter added, left out, replaced or swapped with the next makes them equal."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    swapped = one[start + 1 : start + 2] + one[start : start + 1]
    return other[start : start + 2] == swapped and one[start + 2 :] == other[start + 2 :]


def _telling(name: str, known: str, says: str) -> bool:
    """Whether one letter is too little to be another word: not ``mssql`` for ``mysql``."""
    if says in {_SWAPPED, _DIGIT}:
        return True
    if _parts(known) - _parts(name) <= _FILLERS:
        return True
    if says == _REPLACED:
        # The vendor's word before it does not make it longer: awslabs has both of the above.
        words = (_parts(name) ^ _parts(known)) - _FILLERS
        return max((len(word) for word in words), default=0) >= 6
    return max(len(_core(name)), len(_core(known))) >= 6


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[-_./@]+", name.lower()))


def _core(name: str) -> str:
    """The name without the words that every server's name has."""
    words = re.split(r"[-_./@]+", name.lower())
    return "".join(word for word in words if word not in _FILLERS)


def _difference(name: str, known: str) -> str:
    if name.translate(_DIGITS) == known.translate(_DIGITS):
        return _DIGIT
    if len(name) == len(known):
        return _SWAPPED if sorted(name) == sorted(known) else _REPLACED
    return "one letter more" if len(name) > len(known) else "one letter less"


def _permuted(ecosystem: str, name: str) -> Likeness | None:
    words = _words(name)
    if len(words) < 2:
        return None
    known = _by_words(ecosystem).get(words)
    if known is None:
        return None
    moved = name.startswith("@") and name.rpartition("/")[2] == known.rpartition("/")[2]
    says = "the same name from another publisher" if moved else "the same words in another order"
    return Likeness(known, says, False)


@cache
def _by_words(ecosystem: str) -> dict[tuple[str, ...], str]:
    return {_words(name): name for name in sorted(KNOWN[ecosystem], reverse=True)}


def _words(name: str) -> tuple[str, ...]:
    base = name.rpartition("/")[2] if name.startswith("@") else name
    return tuple(sorted(_SEPARATORS.split(base.lower())))
