"""What each shipped policy lets through, and what not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.model.asked import Target, Verb
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.presets import PRESETS, preset
from policy.policy_parts import ANNA, BERT, by, call, rules, thing

ALLOW, DENY, ASK = "allow", "deny", "ask"
LEVELS = (
    (),
    ("read",),
    ("write",),
    ("read", "send"),
    ("read", "write"),
    ("destroy",),
    ("execute", "read"),
    ("spend",),
    ("administer",),
)
WRITERS = {"writers": ("eng",)}
OPERATORS = {"operators": ("local:anna",)}


def effects(judge: PolicyJudge, owner: str = "", review_by: str = "") -> list[str]:
    found = []
    for levels in LEVELS:
        target = thing("t", levels, owner=owner, review_by=review_by)
        found.append(judge.decide(call(target)).effect.value)
    return found


def reviewed(server: str = "files") -> Target:
    return thing("t", server=server, owner="ops", review_by="2027-01-01")


def test_open_allows_everything() -> None:
    judge = by("", "open")
    assert set(effects(judge)) == {ALLOW}
    for verb in Verb:
        assert judge.decide(call(thing(), verb=verb)).allowed


@pytest.mark.proves("GW-11")
def test_read_only_lets_through_what_is_confirmed_to_read_and_nothing_else() -> None:
    judge = by("", "read-only")
    assert effects(judge) == [DENY, ALLOW, DENY, DENY, DENY, DENY, DENY, DENY, DENY]
    assert rules(judge, call(thing("t", ()))) == ["policy:read-only/unknown"]
    assert rules(judge, call(thing("t", ("write",)))) == ["policy:read-only/more-than-reading"]
    assert not judge.decide(call(thing("t", ("write",)), verb=Verb.SEE)).allowed
    for verb in (Verb.SAMPLE, Verb.ELICIT, Verb.ROOTS, Verb.OTHER):
        server = Target("files", "server", "files")
        assert not judge.decide(call(server, verb=verb)).allowed


def test_read_only_gives_prompts_and_resources_that_are_not_known_to_do_more() -> None:
    judge = by("", "read-only")
    for kind, verb in (("prompt", Verb.GET), ("resource", Verb.READ)):
        assert judge.decide(call(thing("x", (), kind=kind), verb=verb)).allowed
        assert judge.decide(call(thing("x", ("read",), kind=kind), verb=verb)).allowed
        assert not judge.decide(call(thing("x", ("send",), kind=kind), verb=verb)).allowed


@pytest.mark.proves("GW-11")
def test_read_only_for_one_server_beside_a_team() -> None:
    """A rule of one's own narrows one server to reading."""
    own = """
    @id("ledger-is-read-only")
    forbid (principal, action in Action::"use", resource in Server::"ledger")
    when { resource.levels != ["read"] };
    """
    judge = by(own, "team", groups=WRITERS)
    assert judge.decide(call(thing("t", ("write",), "files"))).allowed
    assert judge.decide(call(thing("t", ("read",), "ledger"))).allowed
    refused = judge.decide(call(thing("t", ("write",), "ledger")))
    assert refused.reasons[0].rule == "policy:ledger-is-read-only"
    assert refused.hidden


def test_team_lets_everybody_read_and_writers_write() -> None:
    assert effects(by("", "team")) == [DENY, ALLOW] + [DENY] * 7
    written = [DENY, ALLOW, ALLOW, ALLOW, ALLOW, DENY, DENY, DENY, DENY]
    assert effects(by("", "team", groups=WRITERS)) == written


def test_team_asks_operators_before_the_worst_and_the_unknown() -> None:
    assert effects(by("", "team", groups=OPERATORS)) == [ASK, ALLOW] + [ASK] * 7
    server = Target("files", "server", "files")
    judge = by("", "team")
    asked = [judge.decide(call(server, verb=one)).effect.value for one in Verb]
    assert dict(zip(Verb, asked, strict=True)) == {
        Verb.SEE: ALLOW,
        Verb.CALL: DENY,
        Verb.GET: ALLOW,
        Verb.READ: ALLOW,
        Verb.COMPLETE: ALLOW,
        Verb.CONNECT: ALLOW,
        Verb.SAMPLE: ASK,
        Verb.ELICIT: ALLOW,
        Verb.ROOTS: ALLOW,
        Verb.OTHER: DENY,
    }


@pytest.mark.proves("GW-12")
def test_regulated_lets_in_by_group_and_server_only() -> None:
    judge = by("", "regulated", servers={"files": ("eng",)})
    assert effects(judge, "ops", "2027-01-01") == [
        DENY,
        ALLOW,
        ALLOW,
        ALLOW,
        ALLOW,
        ASK,
        ASK,
        ASK,
        ASK,
    ]
    assert judge.decide(call(reviewed(), who=ANNA)).allowed
    assert not judge.decide(call(reviewed(), who=BERT)).allowed
    assert not judge.decide(call(reviewed("mail"))).allowed
    other = Target("mail", "server", "mail")
    refused = judge.decide(call(other, verb=Verb.CONNECT))
    assert not refused.allowed
    assert refused.hidden


def test_regulated_holds_to_the_review() -> None:
    judge = by("", "regulated", servers={"files": ("eng",)})
    assert rules(judge, call(thing("t"))) == ["policy:regulated/unreviewed"]
    on_the_day = thing("t", owner="ops", review_by="2026-09-21")
    assert judge.decide(call(on_the_day)).allowed
    passed = thing("t", owner="ops", review_by="2026-09-20")
    assert rules(judge, call(passed)) == ["policy:regulated/review-passed"]
    unreadable = thing("t", owner="ops", review_by="next year")
    assert not judge.decide(call(unreadable)).allowed


def test_other_presets_warn_of_a_review_that_passed() -> None:
    for name in ("open", "read-only", "team"):
        judge = by("", name)
        decision = judge.decide(call(thing("t", review_by="2026-09-20")))
        assert decision.allowed
        assert [one.name for one in decision.obligations] == ["warn"]
        assert not judge.decide(call(thing("t", review_by="2026-09-21"))).obligations


def test_annotations_of_a_server_are_nothing_a_policy_can_ask_for() -> None:
    for one in PRESETS:
        assert "annotations" not in one.text
        assert "Hint ==" not in one.text


def test_the_joined_endpoint_is_open_to_known_callers_unless_they_are_shut_out() -> None:
    joined = Target("", "server", "")
    judge = by("", "regulated")
    assert judge.decide(call(joined, verb=Verb.CONNECT)).allowed
    assert judge.decide(call(joined, verb=Verb.SEE)).allowed
    shut = by('@id("out") forbid (principal == User::"local:anna", action, resource);', "open")
    assert rules(shut, call(joined, verb=Verb.CONNECT)) == ["policy:out"]
    assert shut.decide(replace(call(joined, verb=Verb.CONNECT), principal=BERT)).allowed


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
def test_presets_read_like_sentences(one: object) -> None:
    text = preset(one.name).text  # type: ignore[attr-defined]
    assert text.startswith("// ")
    assert text.count("@text(") == text.count("@id(")
    assert max(map(len, text.splitlines())) <= 100
