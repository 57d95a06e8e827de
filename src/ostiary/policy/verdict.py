"""From the rules that apply to what becomes of the request. Nothing else decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ostiary.model.decision import Effect
from ostiary.policy.rules import Kind, Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules come to."""

    effect: Effect
    rules: tuple[Rule, ...] = ()
    """What decided; none if no rule applies, or a rule could not be evaluated."""
    warnings: tuple[Rule, ...] = ()
    """``@warn`` rules that apply."""
    faulty: tuple[str, ...] = ()
    """Ids of rules that could not be evaluated."""


def verdict(applying: Iterable[Rule], faulty: Iterable[str]) -> Verdict:
    """What ``applying`` rules come to, when the ``faulty`` ones could not be evaluated.

    In this order: a forbid refuses; a rule that cannot be evaluated refuses; without a permit it
    is refused; a question asks; a plain permit allows; an offer asks.

    Of several rules of one kind, those decide that do not look at the request, if there are any:
    the answer is then the same whatever is sent, and need not be worked out again.
    """
    by_kind: dict[Kind, list[Rule]] = {kind: [] for kind in Kind}
    for rule in applying:
        by_kind[rule.kind].append(rule)
    if any(not rule.open for rule in by_kind[Kind.FORBID]):
        return Verdict(Effect.DENY, _strongest(by_kind[Kind.FORBID]))
    failed = tuple(sorted(faulty))
    if failed:
        return Verdict(Effect.DENY, faulty=failed)
    effect, kind = _decided(by_kind)
    warnings = by_kind[Kind.WARNING] if effect is not Effect.DENY else []
    return Verdict(effect, _strongest(by_kind[kind]) if kind else (), _sorted(warnings))


def _decided(by_kind: dict[Kind, list[Rule]]) -> tuple[Effect, Kind | None]:
    if by_kind[Kind.FORBID]:
        return Effect.DENY, Kind.FORBID
    if not (by_kind[Kind.PERMIT] or by_kind[Kind.OFFER]):
        return Effect.DENY, None
    if by_kind[Kind.QUESTION]:
        return Effect.ASK, Kind.QUESTION
    if by_kind[Kind.PERMIT]:
        return Effect.ALLOW, Kind.PERMIT
    return Effect.ASK, Kind.OFFER


def _strongest(rules: list[Rule]) -> tuple[Rule, ...]:
    fixed = [rule for rule in rules if not rule.open]
    return _sorted(fixed or rules)


def _sorted(rules: list[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: rule.id))


def is_settled(applying: Iterable[Rule], still_open: Iterable[Rule]) -> bool:
    """Whether rules that still depend on the request cannot change what the ``applying`` ones
    come to, reasons and obligations included."""
    fixed = {rule.kind for rule in applying}
    rest = list(still_open)
    if Kind.FORBID in fixed or not rest:
        return True
    if any(rule.can_fail for rule in rest) or not {rule.kind for rule in rest} <= {
        Kind.PERMIT,
        Kind.OFFER,
    }:
        return False
    # Only permits are open. They add nothing to a plain permit, or to a question about one.
    return Kind.PERMIT in fixed or (Kind.QUESTION in fixed and Kind.OFFER in fixed)
