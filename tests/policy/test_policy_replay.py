"""Recorded requests are judged again as they were, or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from ostiary.ledger.content import content_of
from ostiary.ledger.settings import Form
from ostiary.model.asked import Asked
from ostiary.model.decision import Decision
from ostiary.model.event import Event, EventKind
from ostiary.model.json import JsonObject, JsonValue
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.replay import KEY, NotChecked, Recorded, facts_of, recorded, replay
from policy.policy_parts import ANNA, BERT, bare, by, call, thing

EVERYTHING = "permit (principal, action, resource);"
ON_PATH = (
    "permit (principal, action, resource) when"
    ' { context.arguments.hasTag("path") && context.arguments.getTag("path") like "/srv/*" };'
)


def event(asked: Asked, judge: PolicyJudge, form: Form = Form.REDACTED) -> JsonObject:
    """A request as the gateway records it."""
    decision = judge.decide(asked)
    who, what = asked.principal, asked.target
    made = Event(
        EventKind.REQUEST if decision.allowed else EventKind.REFUSED,
        asked.at,
        principal=who.id,
        agent=who.agent,
        client=who.client,
        session=asked.session,
        server=what.server,
        method=asked.method,
        thing=f"{what.kind}:{what.name}",
        levels=what.levels,
        effect=decision.effect.value,
        rules=tuple(one.rule for one in decision.reasons),
        content=content_of(asked.arguments, form) if asked.arguments else {},
        detail={KEY: facts_of(asked)},
    )
    found: JsonObject = json.loads(json.dumps(asdict(made)))
    return found


def test_a_request_comes_back_as_it_was() -> None:
    target = thing("write:x", ("write",), owner="ops", review_by="2027-01-01", labels=("private",))
    asked = call(target, {"path": "/srv/a"}, replace(ANNA, scopes=("s",)))
    assert recorded(event(asked, bare(EVERYTHING))) == Recorded(asked)


@given(st.sampled_from([ANNA, BERT]), st.text(max_size=10), st.lists(st.text(max_size=5)))
def test_whoever_asks_for_whatever(who: object, name: str, labels: list[str]) -> None:
    target = replace(thing(name), labels=tuple(labels))
    asked = call(target, {"n": 1}, who)  # type: ignore[arg-type]
    found = recorded(event(asked, bare(EVERYTHING)))
    assert found == Recorded(asked)


def test_a_changed_policy_is_told_apart() -> None:
    judge = bare(EVERYTHING)
    same = replay(event(call(thing()), judge), judge)
    assert same is not None
    assert not same.differs
    other = replay(event(call(thing()), judge), bare(""))
    assert other is not None
    assert other.differs
    assert isinstance(other.now, Decision)
    assert other.was == "allow"


def test_what_was_not_kept_is_not_guessed() -> None:
    judge, strict = bare(EVERYTHING), bare(ON_PATH)
    asked = call(thing(), {"path": "/srv/a"})
    kept = replay(event(asked, judge), strict)
    assert kept is not None
    assert isinstance(kept.now, Decision)
    assert not kept.differs
    digest = replay(event(asked, judge, Form.DIGEST), strict)
    assert digest is not None
    assert digest.now == NotChecked("arguments were not kept")
    content: JsonObject = {"arguments": {"form": "full", "bytes": 9}}
    sealed: JsonObject = {**event(asked, judge, Form.DIGEST), "content": content}
    full = replay(sealed, strict)
    assert full is not None
    assert full.now == NotChecked("arguments were encrypted for the auditor")
    masked = call(thing(), {"path": "/srv/a", "token": "ghp_" + "a1B2" * 9})
    found = replay(event(masked, judge), strict)
    assert found is not None
    assert isinstance(found.now, NotChecked)
    long = call(thing(), {"path": "/srv/a", "text": "x " * 9_000})
    found = replay(event(long, judge), strict)
    assert found is not None
    assert isinstance(found.now, NotChecked)


def test_what_needs_no_arguments_is_judged_without_them() -> None:
    judge = bare(EVERYTHING)
    asked = call(thing(), {"path": "/srv/a"})
    found = replay(event(asked, judge, Form.DIGEST), by("", "team"))
    assert found is not None
    assert isinstance(found.now, Decision)


def test_what_policy_never_saw_is_left_out() -> None:
    row = event(call(thing()), bare(EVERYTHING)) | {"effect": "deny", "rules": ["pin"]}
    assert replay(row, bare("")) is None


def test_unreadable_records_are_not_checked() -> None:
    good = event(call(thing()), bare(EVERYTHING))
    bad: list[JsonObject] = [
        {},
        {**good, "detail": {}},
        {**good, "thing": "tool"},
        {**good, "detail": {KEY: {"verb": "fly", "proof": "token"}}},
        {**good, "detail": {KEY: {"verb": "call", "proof": "word"}}},
    ]
    for row in bad:
        assert isinstance(recorded(row), NotChecked)
    odd: dict[str, JsonValue] = {"at": "x", "levels": 3, "content": [], "principal": None}
    for name, value in odd.items():
        assert isinstance(recorded({**good, name: value}), Recorded | NotChecked)
