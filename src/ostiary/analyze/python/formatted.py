"""f-strings of Python 3.12 and template strings of 3.14, written as Python 3.11 reads them.

Inside braces, 3.11 takes no quote that the string itself uses, no backslash, no comment, and no
line end but in a string of three quotes. Such strings get other quotes. An escape inside a string
inside braces becomes blanks, since there is no way to write it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_START: Final = re.compile(
    r"""#[^\n]*|(?<![\w])(?P<prefix>[A-Za-z]{1,2})?(?P<quote>\"{3}|'{3}|"|')"""
)
_PLAIN_END: Final = {
    quote: re.compile(rf"(?:[^\\{quote[0]}]|\\[\s\S]|{quote[0]}(?!{quote[1:]}))*?{quote}")
    if len(quote) == 3
    else re.compile(rf"(?:[^\\{quote}\n]|\\[\s\S])*+{quote}")
    for quote in ('"""', "'''", '"', "'")
}
_ESCAPE: Final = re.compile(r"\\[\s\S]")
_QUOTES: Final = ('"""', "'''", '"')
"""Quotes of a string, of one inside its braces, and of one inside that."""
_MISSED: Final = 100
"""Strings that are not understood before the rest of a file is left alone."""
_OPENING, _CLOSING = "([{", ")]}"


class _NotRead(Exception):
    pass


@dataclass(slots=True)
class _String:
    """One string: its literal pieces and what stands in braces between them."""

    prefix: str
    quote: str
    parts: list[str | list[str | _String]] = field(default_factory=list)
    newer: bool = False
    """Whether Python 3.11 would not read it."""

    @property
    def is_formatted(self) -> bool:
        return bool(set(self.prefix.lower()) & {"f", "t"})


def rewritten_strings(text: str) -> str:
    """``text`` with such strings rewritten; what is not understood stays."""
    kept: list[str] = []
    done = at = missed = 0
    while missed < _MISSED and (hit := _START.search(text, at)):
        at = hit.end()
        if not hit["quote"]:
            continue
        try:
            string, at = _Reader(text).string(hit)
        except _NotRead:
            missed += 1
            continue
        if string.newer:
            kept.append(text[done : hit.start()] + _written(string, 0))
            done = at
    return "".join(kept) + text[done:] if kept else text


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def string(self, hit: re.Match[str], depth: int = 0) -> tuple[_String, int]:
        """The string that begins at ``hit``, and the offset after it."""
        found = _String(hit["prefix"] or "", hit["quote"])
        at = hit.end()
        if not found.is_formatted:
            end = _PLAIN_END[found.quote].match(self._text, at)
            if end is None:
                raise _NotRead
            found.parts.append(self._text[at : end.end() - len(found.quote)])
            return found, end.end()
        if depth >= len(_QUOTES):
            raise _NotRead
        found.newer = "t" in found.prefix.lower()
        return found, self._formatted(found, at, depth)

    def _formatted(self, found: _String, at: int, depth: int) -> int:
        start = at
        while not self._text.startswith(found.quote, at):
            char = self._text[at : at + 1]
            if not char or (char == "\n" and len(found.quote) == 1):
                raise _NotRead
            if char == "\\" or self._text[at : at + 2] in {"{{", "}}"}:
                at += 2
            elif char == "{":
                found.parts.append(self._text[start:at])
                at = self._braces(found, at + 1, depth)
                start = at
            else:
                at += 1
        found.parts.append(self._text[start:at])
        return at + len(found.quote)

    def _braces(self, found: _String, at: int, depth: int) -> int:
        """What stands between braces, format included; the offset after the closing one."""
        inside: list[str | _String] = ["{"]
        found.parts.append(inside)
        open_brackets = 0
        while char := self._text[at : at + 1]:
            hit = _START.match(self._text, at)
            if hit and hit["quote"]:
                inner, at = self.string(hit, depth + 1)
                inside.append(inner)
                found.newer |= inner.newer or self._clashes(found, inner)
                continue
            if char == "}" and not open_brackets:
                inside.append(char)
                return at + 1
            if char == ":" and not open_brackets:
                return self._format(found, inside, at, depth)
            open_brackets += (char in _OPENING) - (char in _CLOSING)
            at = self._one(found, inside, at, hit)
        raise _NotRead

    def _one(
        self, found: _String, inside: list[str | _String], at: int, hit: re.Match[str] | None
    ) -> int:
        """One character or word of an expression, or a comment in it."""
        char = self._text[at]
        if hit or char == "\\":
            found.newer = True
            return hit.end() if hit else at + 1
        found.newer |= char == "\n" and len(found.quote) == 1
        word = re.compile(r"\w+").match(self._text, at)
        inside.append(word[0] if word else char)
        return word.end() if word else at + 1

    def _format(self, found: _String, inside: list[str | _String], at: int, depth: int) -> int:
        """``:>{width}`` up to the closing brace."""
        while char := self._text[at : at + 1]:
            if char == "{":
                held = _String(found.prefix, found.quote)
                at = self._braces(held, at + 1, depth)
                found.newer |= held.newer
                inside.extend(part for one in held.parts if isinstance(one, list) for part in one)
                continue
            if char == "\n" or self._text.startswith(found.quote, at):
                raise _NotRead
            inside.append(char)
            at += 1
            if char == "}":
                return at
        raise _NotRead

    @staticmethod
    def _clashes(outer: _String, inner: _String) -> bool:
        whole = inner.quote + "".join(one for one in inner.parts if isinstance(one, str))
        return outer.quote in whole or "\\" in whole or ("\n" in whole and len(outer.quote) == 1)


def _written(string: _String, depth: int) -> str:
    """The string with the quotes of its depth."""
    if not string.is_formatted:
        return _plain(string, depth)
    quote = _QUOTES[depth]
    parts: list[str] = []
    for one in string.parts:
        if isinstance(one, str):
            parts.append(_piece(one, string, depth))
        else:
            inner = [part if isinstance(part, str) else _written(part, depth + 1) for part in one]
            parts.append("".join(inner))
    prefix = re.sub("[tT]", "f", string.prefix)
    return f"{prefix}{quote}{''.join(parts)}{quote}"


def _piece(text: str, string: _String, depth: int) -> str:
    """Literal text between braces."""
    if depth:
        return _harmless(text)
    if "r" in string.prefix.lower():
        return text.replace('"', "'")
    return re.sub(r'(\\[\s\S])|"', lambda hit: hit[1] or '\\"', text)


def _plain(string: _String, depth: int) -> str:
    """A string inside braces: in quotes that no string around it has."""
    text = "".join(one for one in string.parts if isinstance(one, str))
    quote = '"' if "'" in text and '"' not in text and depth < len(_QUOTES) else "'"
    if quote == '"' and "\n" not in text and "\\" not in text:
        return f'{string.prefix}"{text}"'
    return f"{string.prefix}'{_harmless(text)}'"


def _harmless(text: str) -> str:
    """Text without what cannot be written there: escapes, quotes and line ends become blanks."""
    return re.sub("[\"'\n]", " ", _ESCAPE.sub("  ", text))
