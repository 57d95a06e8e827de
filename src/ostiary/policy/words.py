"""Decisions in words: what was asked, and what each rule says to it."""

from __future__ import annotations

from ostiary.model.asked import Target, Verb
from ostiary.model.decision import Decision, Effect, Obligation, Reason
from ostiary.model.visible import NAME, visible
from ostiary.policy.rules import RECORDED, Kind, Rule
from ostiary.policy.verdict import Verdict

_DONE = {
    Verb.SEE: "see",
    Verb.CALL: "call",
    Verb.GET: "get",
    Verb.READ: "read",
    Verb.COMPLETE: "complete arguments of",
    Verb.CONNECT: "use",
    Verb.SAMPLE: "have the client's model write text for",
    Verb.ELICIT: "have the person asked by",
    Verb.ROOTS: "have the client's folders told to",
    Verb.OTHER: "send an unknown method to",
}

DEFAULT = "policy:default"
"""What decides where no rule applies."""
FAULT = "policy:fault"
"""What decides where a rule cannot be evaluated."""
UNCLEAR = "policy:unclear-arguments"
"""What decides where a rule depends on an argument that cannot be judged."""
ADDRESS = "policy:address"
"""What decides about a resource whose address holds ``..``."""


def act(verb: Verb, target: Target) -> str:
    """What was asked, for example ``call the tool `delete` of `files```."""
    server = visible(target.server, NAME) or "the joined endpoint"
    if target.kind == "server":
        return f"{_DONE[verb]} the server `{server}`"
    return f"{_DONE[verb]} the {target.kind} `{visible(target.name, NAME)}` of `{server}`"


def decision(verdict: Verdict, verb: Verb, target: Target, *, hidden: bool) -> Decision:
    """The decision that a verdict is."""
    refused = verdict.effect is Effect.DENY
    return Decision(
        effect=verdict.effect,
        reasons=_reasons(verdict, act(verb, target)),
        obligations=_obligations(verdict),
        hidden=hidden and refused,
    )


def _reasons(verdict: Verdict, asked: str) -> tuple[Reason, ...]:
    if verdict.rules:
        return tuple(reason(rule, asked) for rule in verdict.rules)
    if verdict.faulty:
        names = ", ".join(verdict.faulty[:3])
        return (
            Reason(
                FAULT,
                f"the rule {names} cannot be evaluated for this request, so it counts as a no to "
                f"{asked}",
                "ask the operator to look at the rule with `ostiary policy explain`",
            ),
        )
    return (no_rule(asked),)


def no_rule(asked: str) -> Reason:
    """The reason of a refusal because nothing permits."""
    return Reason(
        DEFAULT,
        f"no rule permits this caller to {asked}",
        "use something else that is listed, or ask the operator for a rule that permits this",
    )


def reason(rule: Rule, asked: str) -> Reason:
    """What one rule says."""
    text = rule.text or f"the rule {rule.id} says: {rule.kind.value} this ({asked})"
    return Reason(rule.name, text, rule.remedy)


def _obligations(verdict: Verdict) -> tuple[Obligation, ...]:
    found = [
        Obligation("warn", rule.text or f"the rule {rule.id} warns of this")
        for rule in verdict.warnings
    ]
    kept = [rule.record for rule in (*verdict.rules, *verdict.warnings) if rule.record]
    if kept:
        found.append(Obligation("record", max(kept, key=RECORDED.index)))
    return tuple(found)


def can_apply(rule: Rule) -> str:
    """How strong a rule is, for people."""
    return {
        Kind.FORBID: "forbids it",
        Kind.QUESTION: "wants a person asked first",
        Kind.WARNING: "warns of it",
        Kind.PERMIT: "permits it",
        Kind.OFFER: "permits it after a person was asked",
    }[rule.kind]
