"""What policies must hold whatever a caller, an identity provider or a server makes of names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attacks.scripted import approval
from ostiary.gateway.shown import Shown
from ostiary.model.approval import LeftOut
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.principal import Principal, Proof
from ostiary.policy.entities import groups_of
from ostiary.policy.settings import PolicySettings, judge

PROCESS = Principal("process:alice", Proof.PROCESS)


@pytest.mark.parametrize("ident", ["local:alice", "process:alice", "https://idp|alice"])
def test_a_group_of_the_provider_that_is_named_like_a_person_is_not_the_person(ident: str) -> None:
    members = {"operators": (ident,)}
    stranger = Principal("https://idp|mallory", Proof.OAUTH, groups=(ident,))
    assert "operators" not in groups_of(stranger, members)
    assert "operators" in groups_of(Principal(ident, Proof.TOKEN), members)


SETTINGS = PolicySettings.from_table(
    {"preset": "regulated", "groups": {}, "servers": {"one": ["staff"]}}
)
REGULATED = judge(SETTINGS, ())
MEMBER = Principal("local:me", Proof.TOKEN, groups=("staff",))
AT = 1_795_000_000.0


def things(owner: str = "o", review_by: str = "2030-01-01") -> list[Target]:
    names = (("server", "one"), ("tool", "t"), ("prompt", "p"), ("resource", "r://1"))
    return [Target("one", kind, name, "d", ("read",), (), owner, review_by) for kind, name in names]


@pytest.mark.parametrize("who", [PROCESS, Principal("local:x", Proof.TOKEN, groups=("others",))])
@pytest.mark.parametrize("verb", list(Verb))
def test_regulated_lets_nobody_do_anything_but_members(who: Principal, verb: Verb) -> None:
    for thing in things():
        assert not REGULATED.decide(Asked(who, verb, thing, "m", at=AT)).allowed


@pytest.mark.parametrize("verb", [Verb.CALL, Verb.GET, Verb.READ, Verb.COMPLETE])
def test_regulated_holds_members_to_owner_review_and_date(verb: Verb) -> None:
    for lacking in (things(owner=""), things(review_by=""), things(review_by="2020-01-01")):
        for thing in lacking:
            assert not REGULATED.decide(Asked(MEMBER, verb, thing, "m", at=AT)).allowed


@pytest.mark.parametrize("verb", [Verb.SAMPLE, Verb.ROOTS, Verb.ELICIT, Verb.OTHER])
def test_regulated_lets_servers_ask_members_nothing_unseen(verb: Verb) -> None:
    for thing in things():
        assert not REGULATED.decide(Asked(MEMBER, verb, thing, "m", at=AT)).allowed


def test_regulated_lets_nobody_read_what_a_result_only_linked_to() -> None:
    shown = Shown(replace(approval(), review_by="2030-01-01"), lambda _server, _problem: None)
    linked = shown.offered("note://linked")
    assert linked.digest
    assert not REGULATED.decide(Asked(MEMBER, Verb.READ, linked, "resources/read", at=AT)).allowed


def test_a_link_brings_back_nothing_that_a_person_left_out() -> None:
    left = LeftOut("resource", "note://secret", "d", "private")
    shown = Shown(replace(approval(), left_out=(left,)), lambda _server, _problem: None)
    assert not shown.offered("note://secret").digest
