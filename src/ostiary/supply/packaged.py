"""Servers that a runner fetches from an index: ``npx``, ``uvx``, ``pipx run`` and their like."""

from __future__ import annotations

import re

from ostiary.model.outcome import NotChecked
from ostiary.model.server import Package
from ostiary.supply.draft import Draft, Question, Unready
from ostiary.supply.fetch import Wanted, fetch

_NAMES_PACKAGE = ("--from", "--spec", "-p", "--package")
_WITH = ("--with", "-w")
_OTHER_INDEX = (
    "--registry",
    "--index-url",
    "--index",
    "--default-index",
    "--extra-index-url",
    "--find-links",
    "-i",
    "-f",
    "--with-editable",
    "--with-requirements",
    "--userconfig",
)


def prepare(question: Question) -> Draft:
    """Fetch the package, or take it from the cache. Raises :class:`Unready`."""
    package = question.launch.package
    if question.launch.shell and {"-c", "--call"} & set(question.argv[1:]):
        raise Unready("a shell runs its launch line", "name the package and its arguments")
    if package is None:
        raise Unready("its launch line names no package")
    _check_index(question)
    found = fetch(
        package,
        question.cache,
        progress=question.progress,
        wanted=_wanted(question, package),
        may_fetch=question.may_fetch,
    )
    if isinstance(found, NotChecked):
        raise Unready(found.reason, found.remedy)
    notes = list(found.notes)
    if question.launch.runner == "bunx":
        notes.append("started with node instead of bun")
    return Draft(
        start=found.argv,
        arguments=question.launch.arguments,
        readable=found.readable,
        env=found.env,
        version=found.version,
        digest=found.digest,
        notes=tuple(notes),
    )


def _check_index(question: Question) -> None:
    """From another index the same name may be another package."""
    for word in question.options:
        if word.partition("=")[0] in _OTHER_INDEX:
            raise Unready(
                f"its launch line takes packages from elsewhere ({word.partition('=')[0]})",
                "fetch it yourself, and point the configuration at what was installed",
            )


def _wanted(question: Question, package: Package) -> Wanted:
    at = question.target
    words = question.argv[: at + 1]
    target = words[-1] if words else ""
    if target == "--" and len(words) > 1:
        target = words[-2]
    names_package = any(_option(word) in _NAMES_PACKAGE for word in words[1:-1])
    command = target if names_package else None
    if package.ecosystem != "pypi":
        return Wanted(command)
    return Wanted(command, _extras(words, package.name), _also(words))


def _option(word: str) -> str:
    return word.partition("=")[0]


def _extras(words: tuple[str, ...], name: str) -> tuple[str, ...]:
    for word in words:
        match = re.search(re.escape(name) + r"\s*\[([^\]]{0,200})\]", word)
        if match:
            return tuple(sorted({one.strip() for one in match[1].split(",") if one.strip()}))
    return ()


def _also(words: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in _WITH:
            following = words[index + 1] if index + 1 < len(words) else ""
            found += (value if equals else following).split(",")
    return tuple(one.strip() for one in found if one.strip())
