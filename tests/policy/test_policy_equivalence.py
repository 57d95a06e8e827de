"""Deciding with caches and slices is the same as asking Cedar about everything each time."""

from __future__ import annotations

import json
from dataclasses import replace

import cedarpy
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.decision import Decision
from ostiary.model.json import JsonObject
from ostiary.policy.entities import (
    action,
    action_entities,
    principal_entities,
    target_entities,
    thing,
    user,
)
from ostiary.policy.expressions import Read
from ostiary.policy.facts import as_cedar, collect, wanted
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.program import Program, compile_policy, policy_set
from ostiary.policy.rules import Kind, Rule
from ostiary.policy.schema import schema
from ostiary.policy.statements import Source
from policy.policy_parts import ANNA, BERT, WORKDAY

PRINCIPALS = (
    ANNA,
    BERT,
    replace(ANNA, groups=("eng", "staff")),
    replace(ANNA, agent=""),
    replace(BERT, scopes=("x.read",)),
)
TARGETS = (
    Target("files", "tool", "read", "d1", ("read",)),
    Target("files", "tool", "write", "d2", ("write",), ("outward",), "ops", "2026-09-01"),
    Target("files", "tool", "other", "d3", ("write",), ("outward",), "ops", "2027-09-01"),
    Target("mail", "tool", "read", "d1", ()),
    Target("files", "prompt", "read", "d1", ()),
    Target("files", "server", "files"),
)
ARGUMENTS: tuple[JsonObject, ...] = (
    {},
    {"path": "/srv/a"},
    {"path": "/srv/../etc"},
    {"path": "/srv/a", "n": 7},
    {"path": "/etc/x", "n": 2**40, "go": True},
    {"path": "plain", "to": ["a@x.example", "b@y.example"]},
)
PRINCIPAL_SCOPES = (
    "principal",
    'principal in Group::"eng"',
    'principal == User::"local:anna"',
    'principal in Agent::"bot"',
)
ACTION_SCOPES = (
    "action",
    'action in Action::"use"',
    'action == Action::"call"',
    'action in [Action::"see", Action::"call"]',
)
RESOURCE_SCOPES = (
    "resource",
    'resource in Server::"files"',
    'resource == Tool::"files/write"',
    "resource is Tool",
)
SETTLED = (
    'resource.levels.contains("write")',
    "resource.levels.isEmpty()",
    'principal.groups.contains("staff")',
    'principal.scopes.contains("x.read")',
    'resource.name == "read"',
    "resource has review_by && resource.review_by < 20261001",
    "resource has review_by && resource.review_by * 9223372036854775807 > 0",
    "true",
    "false",
)
OPEN = (
    'context.arguments.hasTag("path") && context.arguments.getTag("path") like "/srv/*"',
    'context.folded.hasTag("path") && context.folded.getTag("path") == "plain"',
    'context.numbers.hasTag("n") && context.numbers.getTag("n") > 5',
    'context.numbers.hasTag("n") && context.numbers.getTag("n") * 9223372 * 9223372 > 5',
    'context.decimals.hasTag("n") && context.decimals.getTag("n").lessThan(decimal("10.0"))',
    'context.flags.hasTag("go") && context.flags.getTag("go")',
    'context.lists.hasTag("to") && context.lists.getTag("to").contains("a@x.example")',
    'context.all_paths_in.contains("/srv")',
    'context.any_path_in.contains("/etc")',
    'context.any_host_in.contains("x.example")',
    'context.argument_names.contains("n")',
    "context.now.hour < 12",
    "context.now.date > 20261001",
    "context.now.hour * 9223372036854775807 > 0",
    "context.arguments_complete",
    "context has grant",
    'context.session.labels.contains("private")',
)
FACTS = wanted(
    [
        Read("arguments", "path"),
        Read("folded", "path"),
        Read("numbers", "n"),
        Read("decimals", "n"),
        Read("flags", "go"),
        Read("lists", "to"),
        Read("now"),
        Read("session", "labels"),
        Read("all_paths_in"),
        Read("any_path_in"),
        Read("all_hosts_in"),
        Read("any_host_in"),
        Read("argument_names"),
        Read("paths"),
        Read("urls"),
        Read("hosts"),
        Read("arguments_complete"),
    ]
)


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """One condition, settled, open or mixed in any order."""
    parts = draw(st.lists(st.sampled_from(SETTLED + OPEN), min_size=1, max_size=3))
    joined = f"({parts[0]})"
    for part in parts[1:]:
        word = draw(st.sampled_from(["&&", "||"]))
        negated = draw(st.sampled_from(["", "!"]))
        joined = f"({joined} {word} {negated}({part}))"
    return joined


@st.composite
def policies(draw: st.DrawFn) -> str:
    """One policy."""
    effect = draw(st.sampled_from(["permit", "permit", "permit", "forbid"]))
    marks = ["", "", "@ask "] if effect == "permit" else ["", "@ask ", "@warn "]
    clauses = draw(
        st.lists(st.tuples(st.sampled_from(["when", "unless"]), conditions()), max_size=2)
    )
    scopes = ", ".join(
        draw(st.sampled_from(one)) for one in (PRINCIPAL_SCOPES, ACTION_SCOPES, RESOURCE_SCOPES)
    )
    text = " ".join(f"{word} {{ {body} }}" for word, body in clauses)
    return f"{draw(st.sampled_from(marks))}{effect} ({scopes}) {text};"


requests = st.builds(
    Asked,
    st.sampled_from(PRINCIPALS),
    st.sampled_from([Verb.CALL, Verb.CALL, Verb.SEE, Verb.GET]),
    st.sampled_from(TARGETS),
    st.just("m"),
    st.sampled_from(ARGUMENTS),
    st.just("s"),
    st.sampled_from([WORKDAY, WORKDAY + 36_000, WORKDAY + 86_400 * 40]),
)


def program_of(texts: list[str]) -> Program | None:
    """The policies that fit the schema; conditions are drawn without regard to it."""
    fit = [one for one in texts if cedarpy.validate_policies(one, schema()).validation_passed]
    return compile_policy([Source("own", "\n".join(fit))]) if fit else None


def plainly(program: Program, asked: Asked) -> tuple[str, bool]:
    """What Cedar says to all rules and all facts at once, and whether a rule failed."""
    context, carriers = as_cedar(FACTS, collect(FACTS, asked))
    entities = json.dumps(
        [
            *principal_entities(asked.principal, program),
            *target_entities(asked.target, program),
            *action_entities(asked.verb),
            *carriers,
        ]
    )
    request = {
        "principal": user(asked.principal),
        "action": action(asked.verb),
        "resource": thing(asked.target),
        "context": context,
    }

    def says(kinds: set[Kind], effect: str | None = None) -> cedarpy.AuthzResult:
        nodes = [one.node for one in program.rules if one.kind in kinds]
        if effect:
            nodes = [replace(one, effect=effect) for one in nodes]  # type: ignore[arg-type]
        return cedarpy.is_authorized(request, policy_set(nodes), entities)

    every = says({Kind.FORBID, Kind.PERMIT, Kind.OFFER})
    others = says({Kind.QUESTION, Kind.WARNING})
    failed = bool(every.diagnostics.errors or others.diagnostics.errors)
    if failed or not every.allowed:
        return "deny", failed
    if says({Kind.QUESTION}, "permit").allowed:
        return "ask", False
    return ("allow" if says({Kind.PERMIT}).allowed else "ask"), False


@settings(max_examples=250, deadline=None)
@given(st.lists(policies(), min_size=1, max_size=6), st.lists(requests, min_size=1, max_size=8))
def test_every_way_to_decide_says_the_same(texts: list[str], asked: list[Asked]) -> None:
    program = program_of(texts)
    if program is None:
        return
    shared = PolicyJudge(program)
    for one in [*asked, *reversed(asked)]:
        decision = shared.decide(one)
        assert decision == PolicyJudge(program).decide(one)
        if one.verb is Verb.SEE:
            continue
        unclear = decision.reasons[0].rule == "policy:unclear-arguments"
        expected, failed = plainly(program, one)
        if unclear:
            assert decision.effect.value == "deny"
            continue
        assert decision.effect.value == expected
        if failed and decision.reasons[0].rule != "policy:fault":
            # A forbid that does not look at the request comes before a fault: refused either way.
            kinds = {program.by_id[r.rule.removeprefix("policy:")].kind for r in decision.reasons}
            assert kinds == {Kind.FORBID}


@settings(max_examples=120, deadline=None)
@given(st.lists(policies(), min_size=1, max_size=5))
def test_what_some_request_may_use_is_listed(texts: list[str]) -> None:
    program = program_of(texts)
    if program is None:
        return
    judge = PolicyJudge(program)
    for who in PRINCIPALS[:3]:
        for target in TARGETS[:4]:
            see = Asked(who, Verb.SEE, target, "list")
            listed = judge.decide(see)
            decisions = [
                judge.decide(Asked(who, Verb.CALL, target, "m", arguments, "s", WORKDAY))
                for arguments in ARGUMENTS
            ]
            assert all(one.hidden is not listed.allowed for one in decisions if not usable(one))
            shut = any(rule.kind is Kind.FORBID and not rule.open for rule in seen_by(judge, see))
            if any(usable(one) for one in decisions) and not shut:
                assert listed.allowed or faulty(judge, see)


def usable(decision: Decision) -> bool:
    return decision.effect.value != "deny"


def seen_by(judge: PolicyJudge, asked: Asked) -> tuple[Rule, ...]:
    return judge._ground(asked.principal, asked.verb, asked.target).applying


def faulty(judge: PolicyJudge, asked: Asked) -> bool:
    return bool(judge._ground(asked.principal, asked.verb, asked.target).faulty)
