"""Programs that read one of their words as a command or as code: ``sh -c``, ``python -c``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.rules.argv import Words, program_name

_POSIX: Final = g.PLAIN | g.PLAIN_COMMAND | g.SHELL_QUOTED
_WINDOWS: Final = g.PLAIN | g.PLAIN_COMMAND
_CODE: Final = g.PLAIN


@dataclass(frozen=True, slots=True)
class Interpreter:
    """One family of programs that run a word."""

    names: frozenset[str]
    flags: frozenset[str]
    """The words after which the command or the code stands; lower case. Short flags of a shell may
    be written together: ``-lc``."""
    code: bool
    """Whether the word is code of a language and not a command line."""
    harmless: int
    everything: bool = False
    """Whether every word after the flag is read, not the next one only."""


def _family(names: str, flags: str, *, code: bool, harmless: int, everything: bool) -> Interpreter:
    return Interpreter(
        frozenset(names.split()), frozenset(flags.split()), code, harmless, everything
    )


_FAMILIES: Final = (
    _family(
        "sh bash zsh dash ash ksh fish su", "-c", code=False, harmless=_POSIX, everything=False
    ),
    _family("cmd", "/c /k /s", code=False, harmless=_WINDOWS, everything=True),
    _family(
        "powershell pwsh",
        "-command -c -encodedcommand -enc -e",
        code=False,
        harmless=_WINDOWS,
        everything=True,
    ),
    _family("osascript", "-e", code=True, harmless=_CODE, everything=False),
    _family(
        "python python3 python2 py pypy pypy3", "-c", code=True, harmless=_CODE, everything=False
    ),
    _family(
        "node nodejs deno bun tsx ts-node",
        "-e --eval -p --print -pe eval",
        code=True,
        harmless=_CODE,
        everything=False,
    ),
    _family("perl ruby lua Rscript", "-e", code=True, harmless=_CODE, everything=False),
    _family("php", "-r", code=True, harmless=_CODE, everything=False),
)
_BY_NAME: Final = {name.lower(): one for one in _FAMILIES for name in one.names}
_SHELLS: Final = _FAMILIES[0]
_REMOTE_SHELLS: Final = frozenset({"ssh", "plink"})


@dataclass(frozen=True, slots=True)
class Interpreted:
    """A word that some program runs."""

    program: str
    value: Value
    code: bool
    harmless: int
    """Guarantees that make it harmless there."""


def interpreted(words: Words) -> Iterator[Interpreted]:
    """The words that are run as commands or code, also behind a program that starts another
    (``sudo``, ``docker exec``)."""
    for at, word in enumerate(words.known):
        name = program_name(word)
        if name in _BY_NAME:
            yield from _by(_BY_NAME[name], name, words, at + 1)
        elif name in _REMOTE_SHELLS and not at:
            yield from _remote(name, words)


def _by(family: Interpreter, name: str, words: Words, start: int) -> Iterator[Interpreted]:
    for at in range(start, len(words.known)):
        if not _is_flag(family, words.known[at].known_text or ""):
            continue
        end = None if family.everything else at + 2
        run = words.known[at + 1 : end]
        unknown = words.rest if words.rest is not None and (family.everything or not run) else None
        for value in (*run, *(() if unknown is None else (unknown,))):
            yield Interpreted(name, value, family.code, family.harmless)
        return


def _is_flag(family: Interpreter, text: str) -> bool:
    word = text.lower()
    if word in family.flags:
        return True
    together = family is _SHELLS and word.startswith("-") and not word.startswith("--")
    return together and word.endswith("c") and len(word) <= 5


def _remote(name: str, words: Words) -> Iterator[Interpreted]:
    """What follows the host is a command line for the other machine's shell."""
    seen_host = False
    for at, word in enumerate(words.known[1:], 1):
        before = words.known[at - 1].known_text or ""
        if (word.known_text or word.prefix).startswith("-") or (
            before in ("-p", "-i", "-o", "-l", "-F", "-J") and at > 1
        ):
            continue
        if seen_host:
            yield Interpreted(name, word, False, _POSIX)
        seen_host = True
    if seen_host and words.rest is not None:
        yield Interpreted(name, words.rest, False, _POSIX)
