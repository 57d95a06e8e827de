"""The file of goals: what an organisation wants of every server, in the words of an audit.

TOML, one table a goal; docs/audit.md tells every field.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from ostiary.analyze.server_class import MESSAGING
from ostiary.audit.rules import audit_rules
from ostiary.flow import kinds
from ostiary.model.access import DataClass, Level
from ostiary.model.goal import Goal, Term, Topic
from ostiary.model.grade import Severity
from ostiary.model.standards import TITLES

CLASSES = (
    kinds.API_WRAPPER,
    kinds.FILE_SYSTEM,
    kinds.CODE_RUNNER,
    kinds.DATABASE,
    kinds.BROWSER,
    kinds.STATEFUL,
    kinds.DEBUGGER,
    MESSAGING,
)
PROOFS = (
    "index digest",
    "npm attestation",
    "PyPI attestation",
    "Sigstore bundle",
    "source repository",
)
_FIELDS = (
    "id", "title", "why", "severity", "refuse", "unknown", "question", "forbids", "only", "demands"
)  # fmt: skip
_MOST = 200
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ONLY_FORBIDDEN = (Topic.RULES, Topic.STANDARDS)
_GRADES = ("low", "medium", "high", "critical")
_UNKNOWN = ("not checked", "missed")


class UnreadableGoals(ValueError):
    """The file does not say what it must. The message names the goal and the cure."""


def read_goals(text: str, name: str) -> tuple[Goal, ...]:
    """The goals of a file. Raises :class:`UnreadableGoals`."""
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableGoals(f"{name} is not TOML: {error}") from None
    except (ValueError, RecursionError):
        raise UnreadableGoals(
            f"{name} holds a number or a nesting that is too large to be read"
        ) from None
    unknown = sorted(set(parsed) - {"goal"})
    tables = parsed.get("goal")
    if unknown or not isinstance(tables, list) or not tables:
        said = ", ".join(unknown) or "none"
        raise UnreadableGoals(f"{name}: only [[goal]] tables are understood, found {said}")
    if len(tables) > _MOST:
        raise UnreadableGoals(f"{name} has more than {_MOST} goals; split it")
    goals = tuple(_Reader(f"{name}, goal {n}", one).goal() for n, one in enumerate(tables, 1))
    ids = [one.id for one in goals]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise UnreadableGoals(f"{name}: two goals have the id {twice!r}")
    return goals


class _Reader:
    """Reads one table, and says of what is wrong in it where it stands."""

    def __init__(self, where: str, table: object) -> None:
        self._where = where
        self._table = self._known(table, "", _FIELDS)
        if isinstance(self._table.get("id"), str):
            self._where = f"{where} ({self._table['id']})"

    def goal(self) -> Goal:
        terms = (*self._terms("forbids", only=False), *self._terms("only", only=True))
        demands = self._known(self._table.get("demands", {}), "demands", ("proofs", "complete"))
        proofs = self._words(demands, "demands.proofs", "proofs", _one_of(PROOFS))
        goal = Goal(
            id=self._id(),
            title=self._text("title", 200),
            why=self._text("why", 1_000),
            terms=terms,
            proofs=proofs,
            complete=self._flag(demands, "complete"),
            unknown_misses=self._choice("unknown", _UNKNOWN, _UNKNOWN[0]) == _UNKNOWN[1],
            severity=Severity[self._choice("severity", _GRADES, "high").upper()],
            refuse=self._flag(self._table, "refuse"),
            question=self._text("question", 4_000) if "question" in self._table else "",
        )
        if not (goal.terms or goal.proofs or goal.complete or goal.question):
            raise self._wrong("say what it forbids, the only things it takes, demands or asks")
        return goal

    def _terms(self, table: str, *, only: bool) -> Iterator[Term]:
        known = [one for one in Topic if not (only and one in _ONLY_FORBIDDEN)]
        given = self._known(self._table.get(table, {}), table, [one.value for one in known])
        for topic in known:
            words = self._words(given, f"{table}.{topic.value}", topic.value, _WORDS[topic])
            if words:
                yield Term(topic, words, only)

    def _known(self, table: object, name: str, fields: Any) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self._wrong(f"`{name}` must be a table" if name else "expected a table")
        unknown = sorted(set(table) - set(fields))
        if unknown:
            inside = f" in `{name}`" if name else ""
            raise self._wrong(
                f"unknown field {unknown[0]!r}{inside}; there are {', '.join(fields)}"
            )
        return table

    def _words(
        self, table: dict[str, Any], shown: str, name: str, check: Callable[[str], str]
    ) -> tuple[str, ...]:
        """A list of texts, each of which ``check`` finds nothing wrong with."""
        if name not in table:
            return ()
        given = table[name]
        if not isinstance(given, list) or not given:
            raise self._wrong(f"`{shown}` must be a list of texts that is not empty")
        for one in given:
            if not isinstance(one, str) or not one.strip():
                raise self._wrong(f"`{shown}` must be a list of texts")
            problem = check(one)
            if problem:
                raise self._wrong(f"`{shown}`: {one!r} {problem}")
        return tuple(dict.fromkeys(given))

    def _id(self) -> str:
        found = self._text("id", 80)
        if not _ID.fullmatch(found):
            raise self._wrong("`id` is made of small letters, digits and single hyphens")
        return found

    def _text(self, name: str, most: int) -> str:
        found = self._table.get(name)
        if not isinstance(found, str) or not found.strip() or len(found) > most:
            raise self._wrong(f"`{name}` must be a text of at most {most:,} characters")
        return found.strip()

    def _choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        found = self._table.get(name, default)
        if found not in choices:
            raise self._wrong(f"`{name}` must be one of {', '.join(choices)}")
        return str(found)

    def _flag(self, table: dict[str, Any], name: str) -> bool:
        found = table.get(name, False)
        if not isinstance(found, bool):
            raise self._wrong(f"`{name}` must be true or false")
        return found

    def _wrong(self, what: str) -> UnreadableGoals:
        return UnreadableGoals(f"{self._where}: {what}")


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    return lambda one: "" if one in words else f"is none of {', '.join(words)}"


def _rule(one: str) -> str:
    known = {rule.id for rule in audit_rules()}
    return "" if one in known else "is no rule of an audit (docs/rules.md)"


def _standard(one: str) -> str:
    return "" if one in TITLES else "is no id of a standard that rules name (docs/rules.md)"


def _country(one: str) -> str:
    fine = len(one) == 2 and one.isascii() and one.isalpha() and one.isupper()
    return "" if fine else "is no two-letter code of a country, such as DE, or EU"


def _pattern(one: str) -> str:
    return "" if len(one) <= 200 else "is longer than 200 characters"


_WORDS: dict[Topic, Callable[[str], str]] = {
    Topic.LEVELS: _one_of(tuple(one.value for one in Level)),
    Topic.DATA: _one_of(tuple(one.value for one in DataClass)),
    Topic.HOSTS: _pattern,
    Topic.COUNTRIES: _country,
    Topic.CREDENTIALS: _pattern,
    Topic.CLASSES: _one_of(CLASSES),
    Topic.LICENCES: _pattern,
    Topic.RULES: _rule,
    Topic.STANDARDS: _standard,
}
