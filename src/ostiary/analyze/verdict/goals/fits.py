"""Whether something that was seen is what a goal's term forbids."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from ostiary.analyze.verdict.countries import allowed
from ostiary.model.goal import Term, Topic

_OR = re.compile(r"\s+OR\s+|\s*/\s*", re.IGNORECASE)
_AND = re.compile(r"\s+AND\s+|\s+WITH\s+", re.IGNORECASE)


def forbidden(term: Term, name: str) -> bool:
    """Whether ``term`` speaks against ``name``."""
    if term.topic is Topic.LICENCES:
        return all(_licence(term, one) for one in _choices(name))
    if term.topic is Topic.COUNTRIES:
        return allowed(name, term.words) is not term.only
    if term.topic in (Topic.HOSTS, Topic.CREDENTIALS):
        return _any(name, term.words) is not term.only
    return (name in term.words) is not term.only


def _any(name: str, patterns: tuple[str, ...]) -> bool:
    """Names as people write them: ``*`` stands for anything, and case does not count."""
    return any(fnmatchcase(name.casefold(), one.casefold()) for one in patterns)


def _choices(licence: str) -> list[list[str]]:
    """Licences among which the user may choose, each with everything that it asks at once."""
    plain = licence.replace("(", " ").replace(")", " ")
    return [_AND.split(one.strip()) for one in _OR.split(plain)]


def _licence(term: Term, asks: list[str]) -> bool:
    fitting = [_any(one.strip(), term.words) for one in asks]
    return not all(fitting) if term.only else any(fitting)
