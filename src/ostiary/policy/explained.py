"""Which rules apply to one request, which do not and why not, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import Enum

import cedarpy

from ostiary.model.asked import Asked
from ostiary.model.decision import Decision
from ostiary.model.json import JsonObject, JsonValue
from ostiary.policy.arguments import Unclear
from ostiary.policy.entities import (
    action,
    action_entities,
    principal_entities,
    target_entities,
    thing,
    user,
)
from ostiary.policy.facts import as_cedar, collect, wanted
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.program import Program, policy_set
from ostiary.policy.rules import Rule
from ostiary.policy.words import act, can_apply


class Match(Enum):
    """What a rule has to do with a request."""

    APPLIES = "applies"
    FAULTY = "cannot be evaluated for this request"
    UNCLEAR = "depends on an argument that cannot be judged"
    REQUEST = "does not apply: its condition on the request does not hold"
    WHAT = "does not apply: its condition on the caller or the thing does not hold"
    SCOPE = "is about other callers, actions or things"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision with everything that led to it."""

    asked: str
    """In words."""
    decision: Decision
    matches: tuple[tuple[Rule, Match], ...]
    """Every rule, in the order of the files."""

    def lines(self, *, every: bool = False) -> list[str]:
        """For people. Rules about other things are left out unless ``every`` is wanted."""
        found = [f"To {self.asked}: {self.decision.effect.value.upper()}"]
        if self.decision.hidden:
            found[0] += ", and hidden: the caller is told that there is no such thing"
        found.append("")
        for one in self.decision.reasons:
            found.append(f"because  {one.text}  [{one.rule}]")
            if one.remedy:
                found.append(f"instead  {one.remedy}")
        found += [f"also     {one.name}: {one.value}" for one in self.decision.obligations]
        shown = [pair for pair in self.matches if every or pair[1] is not Match.SCOPE]
        found += ["", f"Rules looked at: {len(self.matches)}"]
        for rule, match in shown:
            strength = f" and {can_apply(rule)}" if match is Match.APPLIES else ""
            found.append(f"  {rule.id} ({rule.place}) {match.value}{strength}")
        hidden = len(self.matches) - len(shown)
        if hidden:
            found.append(f"  {hidden} more are about other callers, actions or things")
        return found


def explain(program: Program, asked: Asked) -> Explanation:
    """Decide ``asked`` and tell what every rule has to do with it."""
    decision = PolicyJudge(program).decide(asked)
    matches = dict.fromkeys(program.by_id, Match.SCOPE)
    ask = _Question(program, asked)
    bare = [replace(one.applies, clauses=()) for one in program.rules]
    for name in ask.met(policy_set(bare))[0]:
        matches[name] = Match.WHAT
    met, faulty = ask.met(program.settled)
    rest = []
    for name in met:
        matches[name] = Match.REQUEST if program.by_id[name].open else Match.APPLIES
        rest += [program.by_id[name]] if program.by_id[name].open else []
    matches.update(dict.fromkeys(faulty, Match.FAULTY))
    matches.update(_open(ask, rest))
    return Explanation(
        act(asked.verb, asked.target),
        decision,
        tuple((rule, matches[rule.id]) for rule in program.rules),
    )


def _open(ask: _Question, rest: list[Rule]) -> dict[str, Match]:
    found: dict[str, Match] = {}
    for rule in rest:
        # One by one: what makes one rule unclear must not make another look so.
        try:
            met, faulty = ask.met(policy_set([rule.applies]), rule)
        except Unclear:
            found[rule.id] = Match.UNCLEAR
            continue
        found.update(dict.fromkeys(met, Match.APPLIES))
        found.update(dict.fromkeys(faulty, Match.FAULTY))
    return found


class _Question:
    """One request as Cedar is asked about it."""

    def __init__(self, program: Program, asked: Asked) -> None:
        self._asked = asked
        self._entities: list[JsonValue] = [
            *principal_entities(asked.principal, program),
            *target_entities(asked.target, program),
            *action_entities(asked.verb),
        ]

    def met(
        self, policies: cedarpy.PolicySet, rule: Rule | None = None
    ) -> tuple[list[str], list[str]]:
        """Ids of the policies whose conditions hold, and of those that fail. The facts are those
        that ``rule`` looks at. Raises :class:`Unclear`."""
        asked = self._asked
        context: JsonObject = {}
        carriers: list[JsonValue] = []
        if rule is not None:
            want = wanted(rule.reads)
            context, carriers = as_cedar(want, collect(want, asked))
        answer = cedarpy.is_authorized(
            {
                "principal": user(asked.principal),
                "action": action(asked.verb),
                "resource": thing(asked.target),
                "context": context,
            },
            policies,
            json.dumps([*self._entities, *carriers]),
        )
        faulty = [error.split("`", 2)[1] for error in answer.diagnostics.errors if "`" in error]
        return answer.diagnostics.reasons, faulty
