"""Command lines as words, and back: splitting, quoting, program names, options."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_SUFFIXES = (".exe", ".cmd", ".bat", ".ps1", ".com")
_LONGEST = 64 * 1024


def program(word: str) -> str:
    """The bare name of a program: no folder, no Windows suffix, lower case."""
    base = word.replace("\\", "/").rpartition("/")[2].lower()
    for suffix in _SUFFIXES:
        if base.endswith(suffix) and base != suffix:
            return base[: -len(suffix)]
    return base


def split(text: str) -> tuple[str, ...]:
    """The words of a command line as a POSIX shell would split it; by spaces if it cannot."""
    if len(text) > _LONGEST:
        return tuple(text.split())
    try:
        return tuple(shlex.split(text, posix="\\" not in text or "'" in text))
    except ValueError:
        return tuple(text.split())


def quote(word: str) -> str:
    """One word as a POSIX shell would need it written."""
    return shlex.quote(word)


def is_path(word: str) -> bool:
    """Whether the word names a file by its place rather than by its name alone."""
    return "/" in word or "\\" in word or word in {".", ".."}


def is_relative(word: str) -> bool:
    """Whether the word is a path that depends on the working directory."""
    return word in {".", ".."} or word.startswith(("./", "../", ".\\", "..\\"))


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command line; ``value`` is ``None`` for a flag."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Options:
    """The options before the first operand, and everything from that operand on."""

    options: tuple[Option, ...]
    rest: tuple[str, ...]

    def values(self, *names: str) -> tuple[str, ...]:
        """The values given to any of these options, in order."""
        return tuple(
            one.value for one in self.options if one.name in names and one.value is not None
        )

    def has(self, *names: str) -> bool:
        return any(one.name in names for one in self.options)


def leading_options(argv: tuple[str, ...], with_value: frozenset[str]) -> Options:
    """Splits options from operands. Options in ``with_value`` take the next word."""
    found: list[Option] = []
    index = 0
    while index < len(argv):
        word = argv[index]
        if word == "--":
            return Options(tuple(found), argv[index + 1 :])
        if not word.startswith("-") or word == "-":
            break
        name, equals, value = word.partition("=")
        if equals:
            found.append(Option(name, value))
        elif word in with_value:
            index += 1
            found.append(Option(word, argv[index] if index < len(argv) else ""))
        else:
            found.extend(_short(word, with_value))
        index += 1
    return Options(tuple(found), argv[index:])


def _short(word: str, with_value: frozenset[str]) -> Iterator[Option]:
    """``-xVALUE`` where ``-x`` takes a value; anything else is a flag."""
    if not word.startswith("--") and len(word) > 2 and word[:2] in with_value:
        yield Option(word[:2], word[2:])
    else:
        yield Option(word, None)
