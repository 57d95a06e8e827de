"""A table of requests and what should become of them: tests of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.decision import Decision, Effect
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.principal import Principal, Proof
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.schema import TYPES, USED_BY
from ostiary.policy.words import act

NOON = 43_200


class BadCase(ValueError):
    """A case cannot be read. The message names it and says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request and what is expected."""

    says: str
    """What the case shows, in words."""
    asked: Asked
    expect: Effect
    rule: str = ""
    """Id of a rule that has to be among the reasons; empty for any."""
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, and what came of it."""

    case: Case
    decision: Decision
    faults: tuple[str, ...] = field(default=())
    """What is not as expected; none if all is."""


def run(cases: tuple[Case, ...], judge: PolicyJudge) -> tuple[Outcome, ...]:
    """Every case held against a policy."""
    return tuple(_run(case, judge.decide(case.asked)) for case in cases)


def _run(case: Case, decision: Decision) -> Outcome:
    faults = []
    if decision.effect is not case.expect:
        faults.append(f"expected {case.expect.value}, got {decision.effect.value}")
    rules = [one.rule.removeprefix("policy:") for one in decision.reasons]
    if case.rule and case.rule.removeprefix("policy:") not in rules:
        faults.append(f"expected the rule {case.rule}, got {', '.join(rules)}")
    if case.hidden is not None and case.hidden != decision.hidden:
        faults.append("expected it hidden" if case.hidden else "expected it not to be hidden")
    return Outcome(case, decision, tuple(faults))


_KNOWN = frozenset(
    {
        *("says", "who", "name", "groups", "scopes", "agent", "client", "proof", "does"),
        *("server", "tool", "prompt", "resource", "template", "levels", "labels", "owner"),
        *("review_by", "digest", "arguments", "at", "expect", "rule", "hidden"),
    }
)


def read_cases(
    document: Mapping[str, object],
    approved: Mapping[tuple[str, str, str], Target],
    now: float,
) -> tuple[Case, ...]:
    """The cases of a document with a list ``case``. ``approved`` gives what is known of things by
    server, kind and name; ``now`` is the time of cases that name none, seconds since the epoch.
    Raises :class:`BadCase`."""
    rows = document.get("case")
    if not isinstance(rows, list) or not rows or set(document) != {"case"}:
        raise BadCase("the file needs a list of cases, each under [[case]], and nothing else")
    return tuple(_case(at, row, approved, now) for at, row in enumerate(rows, 1))


def _case(
    number: int, row: object, approved: Mapping[tuple[str, str, str], Target], now: float
) -> Case:
    if not isinstance(row, dict):
        raise BadCase(f"case {number}: a table is needed")
    reader = _Row(number, row)
    strange = sorted(set(row) - _KNOWN)
    if strange:
        raise reader.bad(f"{strange[0]} is not known; known are {', '.join(sorted(_KNOWN))}")
    asked = reader.asked(approved, now)
    hidden = row.get("hidden")
    if hidden is not None and not isinstance(hidden, bool):
        raise reader.bad("hidden is true or false")
    return Case(
        says=reader.text("says") or f"{asked.principal.id}: {act(asked.verb, asked.target)}",
        asked=asked,
        expect=Effect(reader.word("expect", [one.value for one in Effect])),
        rule=reader.text("rule"),
        hidden=hidden,
    )


class _Row:
    """One table, read key by key."""

    def __init__(self, number: int, row: dict[str, object]) -> None:
        self._number = number
        self._row = row

    def bad(self, why: str) -> BadCase:
        return BadCase(f"case {self._number}: {why}")

    def text(self, name: str, default: str = "") -> str:
        value = self._row.get(name, default)
        if isinstance(value, date) and name == "review_by":
            return value.isoformat()
        if not isinstance(value, str):
            raise self.bad(f"{name} must be text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.bad(f"{name} must be a list of texts")
        return tuple(sorted(value))

    def word(self, name: str, words: list[str], default: str = "") -> str:
        value = self.text(name, default)
        if value not in words:
            raise self.bad(f"{name} must be one of {', '.join(words)}")
        return value

    def asked(self, approved: Mapping[tuple[str, str, str], Target], now: float) -> Asked:
        target = self._target(approved)
        usual = USED_BY[target.kind].value
        verb = Verb(self.word("does", [one.value for one in Verb], usual))
        arguments = self._row.get("arguments", {})
        if not isinstance(arguments, dict):
            raise self.bad("arguments must be a table")
        return Asked(
            principal=Principal(
                id=self.text("who", "local:somebody"),
                proof=Proof(self.word("proof", [one.value for one in Proof], "token")),
                name=self.text("name"),
                groups=self.texts("groups"),
                scopes=self.texts("scopes"),
                agent=self.text("agent"),
                client=self.text("client"),
            ),
            verb=verb,
            target=target,
            method="",
            arguments=_json(arguments),
            at=self._time(now),
        )

    def _target(self, approved: Mapping[tuple[str, str, str], Target]) -> Target:
        kinds = [kind for kind in TYPES if kind in self._row]
        if len(kinds) != 1:
            raise self.bad(f"one of {', '.join(TYPES)} is needed, as SERVER/NAME")
        target = target_of(kinds[0], self.text(kinds[0]))
        if target is None:
            raise self.bad(f"{kinds[0]} is written SERVER/NAME")
        known = approved.get((target.server, target.kind, target.name), target)
        return Target(
            server=target.server,
            kind=target.kind,
            name=target.name,
            digest=self.text("digest", known.digest),
            levels=self.texts("levels") if "levels" in self._row else known.levels,
            labels=self.texts("labels") if "labels" in self._row else known.labels,
            owner=self.text("owner", known.owner),
            review_by=self.text("review_by", known.review_by),
        )

    def _time(self, now: float) -> float:
        value = self._row.get("at")
        if value is None:
            return now
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() + NOON
        found = time_of(value) if isinstance(value, str) else None
        if found is None:
            raise self.bad("at is a date or a time, for example 2026-11-21T09:30:00Z")
        return found


def time_of(text: str) -> float | None:
    """Seconds since the epoch of a time in ISO 8601; of noon for a date alone. UTC if it says
    nothing else. ``None`` if it is no time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.timestamp() + (NOON if len(text) == 10 else 0)


def target_of(kind: str, text: str) -> Target | None:
    """The thing that ``SERVER/NAME`` names; a server is named alone."""
    if kind == "server":
        return Target(text, kind, text)
    server, slash, name = text.partition("/")
    return Target(server, kind, name) if server and slash and name else None


def _json(value: dict[str, object]) -> JsonObject:
    """What TOML holds as JSON: dates and times become text."""
    return {key: _plain(inner) for key, inner in value.items()}


def _plain(value: object) -> JsonValue:
    if isinstance(value, dict):
        return _json(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)
