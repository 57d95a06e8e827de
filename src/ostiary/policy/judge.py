"""Decides requests by policy, in microseconds where the answer does not depend on arguments.

What a caller may do with a thing mostly depends on who and what alone. So for each caller, verb
and thing it is worked out once which rules can apply at all, and the decision is kept if none of
them looks at the request. Otherwise only the facts that they look at are collected, and only they
are evaluated, once for each combination of facts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import cedarpy
import orjson

from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.decision import Decision, Effect, Reason, deny
from ostiary.model.json import JsonValue
from ostiary.model.principal import Principal
from ostiary.policy.arguments import Unclear
from ostiary.policy.entities import (
    action,
    action_entities,
    principal_entities,
    target_entities,
    thing,
    thing_id,
    user,
)
from ostiary.policy.facts import Fact, as_cedar, collect, wanted
from ostiary.policy.paths import climbs
from ostiary.policy.program import Program, policy_set
from ostiary.policy.rules import Kind, Rule
from ostiary.policy.schema import USED_BY
from ostiary.policy.slices import (
    COMBINATIONS,
    UNKNOWN,
    Met,
    Recent,
    Slice,
    parts_of,
    small,
    tests_of,
)
from ostiary.policy.verdict import Verdict, is_settled, verdict
from ostiary.policy.words import ADDRESS, FAULT, UNCLEAR, act, decision

DECIDED = 16_384
"""Combinations of caller, verb and thing whose decision is kept."""
PLACES = 2_048
"""Combinations of caller, verb and thing that are kept where the request decides."""
GROUNDS = 16_384
SLICES = 1_024
MEMORIES = 32
"""Combinations of facts that are kept for each of :data:`PLACES`."""
VERDICTS = 64


@dataclass(frozen=True, slots=True)
class Ground:
    """What can be said of a caller, a verb and a kind of thing before the request is seen."""

    applying: tuple[Rule, ...]
    """Rules that apply, whatever the request holds."""
    faulty: tuple[str, ...]
    """Rules that cannot be evaluated, whatever the request holds."""
    rest: Slice | None
    """Rules that depend on the request; ``None`` if they change nothing."""

    @property
    def may_be_permitted(self) -> bool:
        """Whether some request could be allowed, or asked about."""
        if self.faulty or any(rule.kind is Kind.FORBID for rule in self.applying):
            return False
        rules = (*self.applying, *(self.rest.rules if self.rest else ()))
        return any(rule.kind in (Kind.PERMIT, Kind.OFFER) for rule in rules)


class Place:
    """One caller, one verb, one thing, where the decision depends on the request. It is light
    until Cedar has to be asked: there may be thousands."""

    __slots__ = ("entities", "ground", "hidden", "known", "memory", "rest", "verdicts")

    def __init__(self, ground: Ground, rest: Slice, hidden: bool) -> None:
        self.ground = ground
        self.rest = rest
        self.hidden = hidden
        self.entities: cedarpy.Entities | None = None
        self.memory: Recent[tuple[Fact, ...], Decision] = Recent(MEMORIES)
        self.known: dict[int, Recent[tuple[Fact, ...], Met]] = {}
        """What each part came to that Cedar has to be asked about, by its own facts: one argument
        that is new with every request asks only the rules about it again."""
        self.verdicts: dict[Met, Decision] = {}


class PolicyJudge:
    """Decides by one policy. Immutable but for its caches: to change the policy, make another."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._decided: Recent[tuple[Principal, Verb, Target], Decision] = Recent(DECIDED)
        self._places: Recent[tuple[Principal, Verb, Target], Place] = Recent(PLACES)
        self._grounds: Recent[Hashable, Ground] = Recent(GROUNDS)
        self._slices: Recent[frozenset[str], Slice] = Recent(SLICES)

    @property
    def version(self) -> str:
        """Names the policy; changes whenever a decision could."""
        return self._program.version

    def decide(self, asked: Asked) -> Decision:
        """Decide one request. Never raises: a fault is a refusal with its reason."""
        try:
            if asked.verb is Verb.READ and _leads_upwards(asked):
                return _address(asked.verb, asked.target)
            key = (asked.principal, asked.verb, asked.target)
            known = self._places.get(key)
            if known is not None:
                return self._weigh(known, asked)
            decided = self._decided.get(key)
            if decided is not None:
                return decided
            place = self._place(*key)
            if isinstance(place, Decision):
                self._decided.put(key, place)
                return place
            self._places.put(key, place)
            return self._weigh(place, asked)
        except Exception as error:  # noqa: BLE001 - whatever fails here must not let through
            return _fault(error)

    def needs_arguments(self, asked: Asked) -> bool:
        """Whether the decision about ``asked`` depends on its arguments."""
        try:
            place = self._place(asked.principal, asked.verb, asked.target)
        except Exception:  # noqa: BLE001 - then it is refused, whatever they are
            return False
        return isinstance(place, Place) and place.rest.want.arguments

    def _weigh(self, place: Place, asked: Asked) -> Decision:
        """A decision that depends on the request."""
        try:
            facts = collect(place.rest.want, asked)
        except Unclear as error:
            return _unclear(str(error), place)
        found = place.memory.get(facts)
        if found is None:
            found = self._evaluate(place, asked, facts)
            if small(facts):
                place.memory.put(facts, found)
        return found

    def _evaluate(self, place: Place, asked: Asked, facts: tuple[Fact, ...]) -> Decision:
        met = self._meet(place, asked, facts)
        found = place.verdicts.get(met)
        if found is None:
            ground = place.ground
            reached = verdict((*ground.applying, *met.applying), (*ground.faulty, *met.faulty))
            found = decision(reached, asked.verb, asked.target, hidden=place.hidden)
            if len(place.verdicts) < VERDICTS:
                place.verdicts[met] = found
        return found

    def _meet(self, place: Place, asked: Asked, facts: tuple[Fact, ...]) -> Met:
        """What the rules come to. Cedar is only asked about those that need it, and of these only
        those that look at something new."""
        plain = place.rest.plainly(facts)
        if plain is not None:
            return plain
        applying: list[Rule] = []
        faulty: list[str] = []
        unknown: list[tuple[int, tuple[Fact, ...]]] = []
        for nth, part in enumerate(place.rest.parts):
            own = tuple([facts[at] for at in part.at])
            met = part.plainly(own) or _known(place, nth, own)
            if met is None:
                unknown.append((nth, own))
            else:
                applying.extend(met.applying)
                faulty.extend(met.faulty)
        if unknown:
            fresh = self._ask(place, asked, facts, tuple([nth for nth, _ in unknown]))
            for nth, own in unknown:
                if small(own):
                    memory = place.known.setdefault(nth, Recent(MEMORIES))
                    memory.put(own, place.rest.parts[nth].of(fresh))
            applying.extend(fresh.applying)
            faulty.extend(fresh.faulty)
        return Met(tuple(applying), tuple(faulty))

    def _ask(
        self, place: Place, asked: Asked, facts: tuple[Fact, ...], parts: tuple[int, ...]
    ) -> Met:
        """Have Cedar evaluate some parts of the slice, all at once."""
        whole = place.rest
        chosen, given = whole, facts
        if len(parts) < len(whole.parts):
            chosen = self._combination(whole, parts)
            by_read = dict(zip(whole.want.reads, facts, strict=True))
            given = tuple([by_read[read] for read in chosen.want.reads])
        context, carriers = as_cedar(chosen.want, given)
        who = (asked.principal, asked.verb, asked.target)
        if place.entities is None:
            place.entities = self._entities(*who)
        entities = place.entities
        if carriers:
            entities = entities.with_added_json_str(orjson.dumps(carriers).decode())
        request = {**_request(*who), "context": orjson.dumps(context).decode()}
        return self._applying(request, chosen.policies, entities)

    def _combination(self, whole: Slice, parts: tuple[int, ...]) -> Slice:
        found = whole.combinations.get(parts)
        if found is None:
            found = self._slice(tuple(rule for nth in parts for rule in whole.parts[nth].rules))
            whole.combinations.put(parts, found)
        return found

    def _place(self, principal: Principal, verb: Verb, target: Target) -> Decision | Place:
        """The decision, if it does not depend on the request, or what is needed to make it."""
        if verb is Verb.SEE:
            return self._sight(principal, target)
        ground = self._ground(principal, verb, target)
        hidden = not self.sees(principal, target)
        if ground.rest is not None:
            return Place(ground, ground.rest, hidden)
        found = verdict(ground.applying, ground.faulty)
        if _is_joined(verb, target) and not found.rules and not found.faulty:
            return _joined(verb, target)
        return decision(found, verb, target, hidden=hidden)

    def _sight(self, principal: Principal, target: Target) -> Decision:
        if self.sees(principal, target):
            return Decision(
                Effect.ALLOW,
                (Reason("policy:visible", f"this caller may {act(Verb.SEE, target)}"),),
            )
        return decision(Verdict(Effect.DENY), Verb.SEE, target, hidden=True)

    def sees(self, principal: Principal, target: Target) -> bool:
        """Whether a thing is listed for a caller. It is if no rule forbids to see it, and either a
        rule permits to see it or its use could be allowed or asked about, for some arguments, at
        some time. What a request holds, and when it comes, plays no part, so the answer holds as
        long as the policy and the approval do."""
        seen = self._ground(principal, Verb.SEE, target)
        if seen.faulty or any(rule.kind is Kind.FORBID for rule in seen.applying):
            return False
        if seen.may_be_permitted or _is_joined(Verb.SEE, target):
            return True
        return self._ground(principal, USED_BY[target.kind], target).may_be_permitted

    def _ground(self, principal: Principal, verb: Verb, target: Target) -> Ground:
        key = self._alike(principal, verb, target)
        found = self._grounds.get(key)
        if found is None:
            found = self._survey(principal, verb, target)
            self._grounds.put(key, found)
        return found

    def _alike(self, principal: Principal, verb: Verb, target: Target) -> Hashable:
        """What the rules can tell requests apart by. Things of one server that are alike in all
        that rules look at share one ground, so that a server with thousands of tools is listed
        quickly; a thing that a rule names has its own."""
        who = (
            principal.id,
            principal.name,
            principal.proof,
            principal.agent,
            principal.client,
            principal.groups,
            principal.scopes,
        )
        kind, name = thing_id(target)
        by_name = self._program.names_things or (kind, name) in self._program.named
        what = (
            target.server,
            target.kind,
            target.levels,
            target.labels,
            target.owner,
            target.review_by,
            (target.name, target.digest) if by_name else None,
        )
        return who, verb, what

    def _survey(self, principal: Principal, verb: Verb, target: Target) -> Ground:
        """Which rules apply, may apply, or cannot be evaluated, before the request is seen."""
        entities = self._entities(principal, verb, target)
        request = {**_request(principal, verb, target), "context": "{}"}
        met = self._applying(request, self._program.settled, entities)
        applying = tuple(rule for rule in met.applying if not rule.open)
        rest = tuple(sorted((rule for rule in met.applying if rule.open), key=lambda one: one.id))
        if is_settled(applying, rest):
            return Ground(applying, met.faulty, None)
        return Ground(applying, met.faulty, self._slice(rest))

    def _slice(self, rules: tuple[Rule, ...]) -> Slice:
        key = frozenset(rule.id for rule in rules)
        found = self._slices.get(key)
        if found is None:
            want = wanted(read for rule in rules for read in rule.reads)
            policies = policy_set(rule.applies for rule in rules)
            found = Slice(
                rules=rules,
                policies=policies,
                want=want,
                parts=parts_of(rules, want),
                combinations=Recent(COMBINATIONS),
                tests=tests_of(rules, want.reads),
            )
            self._slices.put(key, found)
        return found

    def _entities(self, principal: Principal, verb: Verb, target: Target) -> cedarpy.Entities:
        every = [
            *principal_entities(principal, self._program),
            *target_entities(target, self._program),
            *action_entities(verb),
        ]
        return cedarpy.Entities.from_json_str(orjson.dumps(every).decode())

    def _applying(
        self,
        request: dict[str, JsonValue],
        policies: cedarpy.PolicySet,
        entities: cedarpy.Entities,
    ) -> Met:
        """The rules whose conditions hold, and the ids of those that cannot be evaluated."""
        answer = cedarpy.is_authorized(request, policies, entities)
        if answer.decision is cedarpy.Decision.NoDecision:
            raise ValueError("; ".join(answer.diagnostics.errors) or "Cedar gave no decision")
        rules = tuple(self._program.by_id[one] for one in answer.diagnostics.reasons)
        return Met(rules, tuple(_faulty(answer.diagnostics.errors)))


def _known(place: Place, nth: int, own: tuple[Fact, ...]) -> Met | None:
    memory = place.known.get(nth)
    return None if memory is None else memory.get(own)


def _faulty(errors: Iterable[str]) -> Iterable[str]:
    """Ids of the rules that Cedar could not evaluate: ``… policy `ID`: …``."""
    for error in errors:
        parts = error.split("`", 2)
        yield parts[1] if len(parts) == 3 else UNKNOWN


def _request(principal: Principal, verb: Verb, target: Target) -> dict[str, JsonValue]:
    return {"principal": user(principal), "action": action(verb), "resource": thing(target)}


def _is_joined(verb: Verb, target: Target) -> bool:
    """Whether this is about the endpoint that joins all servers, and not about any of them."""
    return target.kind == "server" and not target.server and verb in (Verb.CONNECT, Verb.SEE)


def _joined(verb: Verb, target: Target) -> Decision:
    return Decision(
        Effect.ALLOW,
        (
            Reason(
                "policy:joined",
                f"any known caller may {act(verb, target)}; each thing behind it is decided apart",
            ),
        ),
    )


def _leads_upwards(asked: Asked) -> bool:
    """Whether a resource's address holds ``..``: such an address passes every rule about the
    folder it begins with."""
    address = asked.arguments.get("uri", asked.target.name)
    return not isinstance(address, str) or climbs(address)


def _address(verb: Verb, target: Target) -> Decision:
    return deny(
        ADDRESS,
        f"the address leads upwards (`..`), so rules about addresses cannot hold it: {verb.value} "
        f"{target.kind} of `{target.server}`",
        "name the resource by its address without `..`",
    )


def _unclear(why: str, place: Place) -> Decision:
    """Refused: what a rule would have said is not known."""
    rules = ", ".join(rule.id for rule in place.rest.rules[:3])
    return deny(
        UNCLEAR,
        f"a rule ({rules}) depends on an argument that cannot be judged: {why}",
        "send the argument plainly, in the form the rule expects",
        hidden=place.hidden,
    )


def _fault(error: Exception) -> Decision:
    return deny(
        FAULT,
        f"the policy could not be evaluated ({type(error).__name__}), so nothing is let through",
        "tell the operator",
    )
