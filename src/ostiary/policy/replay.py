"""Requests back from the record, so that a changed policy can be tried on what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.decision import Decision
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text, strings
from ostiary.model.principal import Principal, Proof
from ostiary.policy.judge import PolicyJudge

KEY = "asked"
"""The member of an event's ``detail`` that holds :func:`facts_of`."""

_CUT = ("[cut: ", "left out]")
"""What the record writes where it keeps less than there was."""


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A recorded request that cannot be judged again."""

    why: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request of the record."""

    asked: Asked
    why_no_arguments: str = ""
    """Why the arguments are not what was sent; empty if they are."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a recorded request, and what would under another policy."""

    event: JsonObject = field(hash=False)
    was: str
    """``allow``, ``deny`` or ``ask``."""
    now: Decision | NotChecked

    @property
    def differs(self) -> bool:
        return isinstance(self.now, Decision) and self.now.effect.value != self.was


def facts_of(asked: Asked) -> JsonObject:
    """What policy decides by and an event has no member of its own for. Goes into the event's
    ``detail`` under :data:`KEY`."""
    who, what = asked.principal, asked.target
    found: JsonObject = {"verb": asked.verb.value, "proof": who.proof.value}
    texts = {"name": who.name, "digest": what.digest, "owner": what.owner}
    for name, text in {**texts, "review_by": what.review_by}.items():
        if text:
            found[name] = text
    lists = {"groups": who.groups, "scopes": who.scopes, "labels": what.labels}
    for name, several in lists.items():
        if several:
            found[name] = list(several)
    return found


def recorded(event: JsonObject) -> Recorded | NotChecked:
    """The request that an event tells of. ``event`` is an event's JSON as the ledger keeps it."""
    facts = as_object(as_object(event.get("detail")).get(KEY))
    if not facts:
        return NotChecked("the record does not hold what policy decides by")
    kind, colon, name = as_text(event.get("thing")).partition(":")
    try:
        verb, proof = Verb(as_text(facts.get("verb"))), Proof(as_text(facts.get("proof")))
    except ValueError:
        return NotChecked("the record holds a verb or a proof that is not known")
    if not colon:
        return NotChecked("the record does not say what the request was about")
    arguments, why = _arguments(as_object(event.get("content")))
    at = event.get("at")
    asked = Asked(
        principal=_principal(event, facts, proof),
        verb=verb,
        target=Target(
            server=as_text(event.get("server")),
            kind=kind,
            name=name,
            digest=as_text(facts.get("digest")),
            levels=strings(event.get("levels")),
            labels=strings(facts.get("labels")),
            owner=as_text(facts.get("owner")),
            review_by=as_text(facts.get("review_by")),
        ),
        method=as_text(event.get("method")),
        arguments=arguments,
        session=as_text(event.get("session")),
        at=float(at) if isinstance(at, int | float) else 0.0,
    )
    return Recorded(asked, why)


def _principal(event: JsonObject, facts: JsonObject, proof: Proof) -> Principal:
    return Principal(
        id=as_text(event.get("principal")),
        proof=proof,
        name=as_text(facts.get("name")),
        groups=strings(facts.get("groups")),
        scopes=strings(facts.get("scopes")),
        agent=as_text(event.get("agent")),
        client=as_text(event.get("client")),
    )


def _arguments(content: JsonObject) -> tuple[JsonObject, str]:
    """The arguments as sent, or why they are not known."""
    if not content:
        return {}, ""
    kept = as_object(content.get("arguments")) if "arguments" in content else content
    value = kept.get("value")
    if not isinstance(value, dict):
        sealed = kept.get("form") == "full"
        return {}, f"arguments were {'encrypted for the auditor' if sealed else 'not kept'}"
    if kept.get("form") != "full" and "sha256" not in kept:
        return {}, "arguments were kept with parts masked"
    if any(mark in text for text in _texts(value) for mark in _CUT):
        return {}, "arguments were kept in part only"
    return value, ""


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)


_BY_POLICY = "policy:"


def replay(event: JsonObject, judge: PolicyJudge) -> Change | None:
    """What ``judge`` would say to a recorded request; ``None`` if it was not policy that decided:
    what an earlier guard refused never came to policy."""
    was = as_text(event.get("effect"))
    if was != "allow" and not as_text((strings(event.get("rules")) or ("",))[0]).startswith(
        _BY_POLICY
    ):
        return None
    found = recorded(event)
    if isinstance(found, NotChecked):
        return Change(event, was, found)
    if found.why_no_arguments and judge.needs_arguments(found.asked):
        return Change(event, was, NotChecked(found.why_no_arguments))
    return Change(event, was, judge.decide(found.asked))
