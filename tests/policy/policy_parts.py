"""Callers, things and policies that the tests of this room share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.json import JsonValue
from ostiary.model.principal import Principal, Proof
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.program import compile_policy
from ostiary.policy.settings import PolicySettings, judge
from ostiary.policy.statements import Source

ANNA = Principal("local:anna", Proof.TOKEN, "Anna", groups=("eng",), client="desk", agent="bot")
BERT = replace(ANNA, id="https://idp.example|bert", name="Bert", groups=("sales",), agent="")

WORKDAY = 1_790_000_000.0
"""2026-09-21, a Monday, 14:13:20 UTC."""


def thing(
    name: str = "read",
    levels: tuple[str, ...] = ("read",),
    server: str = "files",
    kind: str = "tool",
    *,
    owner: str = "",
    review_by: str = "",
    labels: tuple[str, ...] = (),
) -> Target:
    """A target; its digest follows its name."""
    return Target(server, kind, name, f"d-{name}", levels, labels, owner, review_by)


def call(
    target: Target,
    arguments: Mapping[str, JsonValue] | None = None,
    who: Principal = ANNA,
    verb: Verb = Verb.CALL,
    at: float = WORKDAY,
) -> Asked:
    """One request."""
    return Asked(who, verb, target, "tools/call", dict(arguments or {}), "s", at)


def by(
    text: str,
    preset: str = "none",
    *,
    groups: Mapping[str, tuple[str, ...]] | None = None,
    servers: Mapping[str, tuple[str, ...]] | None = None,
) -> PolicyJudge:
    """A judge by a preset and one file."""
    chosen = PolicySettings(preset, groups=groups or {}, servers=servers or {})
    return judge(chosen, [Source("own.cedar", text)] if text else [])


def bare(text: str) -> PolicyJudge:
    """A judge by one file alone."""
    return PolicyJudge(compile_policy([Source("own.cedar", text)]))


def rules(judge: PolicyJudge, asked: Asked) -> list[str]:
    """The rules that decide about a request."""
    return [one.rule for one in judge.decide(asked).reasons]
