"""What decides, in which order, and that nothing fails open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cedarpy
import pytest

from ostiary.gateway.ports import Judge
from ostiary.model.asked import Target, Verb
from ostiary.model.decision import Effect
from ostiary.policy import judge as judge_module
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.program import compile_policy
from ostiary.policy.slices import Recent
from ostiary.policy.statements import Source
from policy.policy_parts import ANNA, BERT, bare, by, call, rules, thing

EVERYTHING = '@id("all") permit (principal, action, resource);\n'


def test_it_is_what_the_gateway_asks() -> None:
    judge: Judge = bare(EVERYTHING)
    assert judge.decide(call(thing())).allowed


@pytest.mark.proves("IF-42", "IF-43")
def test_a_forbid_beats_every_permit() -> None:
    judge = bare(
        EVERYTHING
        + """
        @id("stop") @text("Nothing destroys.") @remedy("Ask a person.")
        forbid (principal, action in Action::"use", resource)
        when { resource.levels.contains("destroy") };
        """
    )
    decision = judge.decide(call(thing("drop", ("destroy",))))
    assert decision.effect is Effect.DENY
    assert [(one.rule, one.text, one.remedy) for one in decision.reasons] == [
        ("policy:stop", "Nothing destroys.", "Ask a person.")
    ]
    assert judge.decide(call(thing("look", ("read",)))).allowed


def test_without_a_rule_it_is_refused_in_its_own_words() -> None:
    decision = bare("").decide(call(thing("drop")))
    assert decision.effect is Effect.DENY
    assert decision.hidden
    assert decision.reasons[0].rule == "policy:default"
    assert "call the tool `drop` of `files`" in decision.reasons[0].text
    assert decision.reasons[0].remedy


@pytest.mark.proves("IF-42")
def test_a_forbid_that_fails_refuses() -> None:
    """Cedar skips a policy that cannot be evaluated: the permit beside it would let through."""
    overflow = "context.now.hour * 9223372036854775807 > 0"
    judge = bare(
        EVERYTHING + f'@id("bad") forbid (principal, action, resource) when {{{overflow}}};'
    )
    assert rules(judge, call(thing())) == ["policy:fault"]
    settled = "resource has review_by && resource.review_by * 9223372036854775807 > 0"
    judge = bare(
        EVERYTHING + f'@id("bad") forbid (principal, action, resource) when {{{settled}}};'
    )
    assert rules(judge, call(thing(review_by="2027-01-01"))) == ["policy:fault"]
    assert judge.decide(call(thing())).allowed


def test_a_permit_that_fails_refuses_even_beside_one_that_holds() -> None:
    judge = bare(
        EVERYTHING
        + "permit (principal, action, resource) when { context.now.epoch * 9999999999999 > 0 };"
    )
    assert rules(judge, call(thing())) == ["policy:fault"]


def test_questions_offers_and_warnings() -> None:
    permit = '@id("p") permit (principal, action == Action::"call", resource);'
    offer = '@id("o") @ask permit (principal, action == Action::"call", resource);'
    question = '@id("q") @ask forbid (principal, action == Action::"call", resource);'
    warning = '@id("w") @warn @text("Careful.") forbid (principal, action, resource);'
    cases = {
        permit: ("allow", ["policy:p"]),
        offer: ("ask", ["policy:o"]),
        question: ("deny", ["policy:default"]),
        permit + offer: ("allow", ["policy:p"]),
        permit + question: ("ask", ["policy:q"]),
        offer + question: ("ask", ["policy:q"]),
        warning: ("deny", ["policy:default"]),
    }
    for text, (effect, names) in cases.items():
        decision = bare(text).decide(call(thing()))
        assert (decision.effect.value, [one.rule for one in decision.reasons]) == (effect, names)
    warned = bare(permit + warning).decide(call(thing()))
    assert warned.allowed
    assert [(one.name, one.value) for one in warned.obligations] == [("warn", "Careful.")]


def test_the_fullest_record_that_is_asked_for_is_kept() -> None:
    judge = bare(
        '@record("digest") permit (principal, action, resource);'
        '@record("full") permit (principal, action, resource);'
        '@record("redacted") permit (principal, action, resource);'
    )
    obligations = judge.decide(call(thing())).obligations
    assert [(one.name, one.value) for one in obligations] == [("record", "full")]


@pytest.mark.proves("GW-12", "GW-31")
def test_action_by_thing_for_one_person() -> None:
    judge = bare(
        """
        permit (principal == User::"local:anna", action == Action::"call",
          resource == Tool::"tables/read_rows");
        permit (principal in Group::"sales", action in Action::"use",
          resource in Server::"tables");
        forbid (principal, action, resource == Tool::"tables/drop");
        """
    )
    read, write = thing("read_rows", server="tables"), thing("write_rows", server="tables")
    drop = thing("drop", server="tables")
    assert [judge.decide(call(one)).allowed for one in (read, write, drop)] == [True, False, False]
    for_bert = [judge.decide(call(one, who=BERT)).allowed for one in (read, write, drop)]
    assert for_bert == [True, True, False]
    seen = [judge.decide(call(one, verb=Verb.SEE)).allowed for one in (read, write, drop)]
    assert seen == [True, False, False]


@pytest.mark.proves("GW-32", "GW-13")
def test_finer_scopes_than_the_server_has() -> None:
    """One coarse tool, cut by its arguments and by the scopes of the caller's token."""
    judge = bare(
        """
        permit (principal, action == Action::"call", resource == Tool::"crm/request")
        when { principal.scopes.contains("crm.read") }
        when { context.arguments.hasTag("method") && context.arguments.getTag("method") == "GET" }
        when { context.arguments.hasTag("path")
          && context.arguments.getTag("path") like "/customers/*" };
        """
    )
    tool = thing("request", server="crm")
    scoped = replace(ANNA, scopes=("crm.read",))
    fine = {"method": "GET", "path": "/customers/7"}
    assert judge.decide(call(tool, fine, scoped)).allowed
    assert not judge.decide(call(tool, fine, ANNA)).allowed
    for bad in (
        {"method": "POST", "path": "/customers/7"},
        {"method": "GET", "path": "/customers/../staff/7"},
        {"method": "GET", "path": "/customers/%2e%2e/staff/7"},
        {"method": "GET"},
        {"path": "/customers/7"},
        {"method": ["GET"], "path": "/customers/7"},
        {"method": "GET", "path": "/customers/7", "Path": "/staff"},
    ):
        assert not judge.decide(call(tool, bad, scoped)).allowed, bad  # type: ignore[arg-type]


def test_what_may_be_used_for_some_arguments_is_listed() -> None:
    judge = bare(
        """
        permit (principal, action == Action::"call", resource == Tool::"files/write")
        when { context.arguments.hasTag("path") && context.arguments.getTag("path") like "/srv/*" };
        permit (principal, action == Action::"call", resource == Tool::"files/night")
        when { context.now.hour < 6 };
        permit (principal, action == Action::"call", resource == Tool::"files/never")
        when { resource.levels.contains("send") && context.now.hour < 6 };
        """
    )
    for name, seen in (("write", True), ("night", True), ("never", False)):
        assert judge.decide(call(thing(name), verb=Verb.SEE)).allowed is seen
        refused = judge.decide(call(thing(name), {"path": "/etc"}))
        assert refused.effect is Effect.DENY
        assert refused.hidden is not seen


def test_what_is_to_be_seen_can_be_said_apart() -> None:
    judge = bare(
        EVERYTHING
        + 'forbid (principal in Group::"eng", action == Action::"see", resource is Tool);'
        + '@id("no") forbid (principal in Group::"sales", action == Action::"call", resource);'
        + 'permit (principal in Group::"sales", action == Action::"see", resource);'
    )
    assert not judge.decide(call(thing(), verb=Verb.SEE)).allowed
    assert judge.decide(call(thing(), verb=Verb.SEE, who=BERT)).allowed
    refused = judge.decide(call(thing(), who=BERT))
    assert refused.effect is Effect.DENY
    assert not refused.hidden


def test_agents_clients_and_groups_can_be_named() -> None:
    judge = by(
        """
        permit (principal in Agent::"bot", action == Action::"call", resource);
        permit (principal in Client::"web", action == Action::"get", resource);
        permit (principal in Group::"staff", action == Action::"read", resource);
        permit (principal, action == Action::"elicit", resource) when { principal.agent == "" };
        """,
        groups={"staff": ("sales", "eng-leads"), "eng-leads": ("local:anna",)},
    )
    assert judge.decide(call(thing())).allowed
    assert not judge.decide(call(thing(), who=BERT)).allowed
    web = replace(BERT, client="web")
    prompt = thing("p", (), kind="prompt")
    assert judge.decide(call(prompt, who=web, verb=Verb.GET)).allowed
    assert not judge.decide(call(prompt, who=BERT, verb=Verb.GET)).allowed
    page = thing("https://example.org/", (), kind="resource")
    assert judge.decide(call(page, who=BERT, verb=Verb.READ)).allowed
    assert judge.decide(call(page, verb=Verb.READ)).allowed
    assert not judge.decide(call(page, who=replace(BERT, groups=()), verb=Verb.READ)).allowed
    assert judge.decide(call(thing(), who=BERT, verb=Verb.ELICIT)).allowed
    assert not judge.decide(call(thing(), verb=Verb.ELICIT)).allowed


def test_a_group_that_is_named_like_a_principal_makes_nobody_that_principal() -> None:
    judge = by(
        'permit (principal in Group::"staff", action, resource);',
        groups={"staff": ("local:anna",)},
    )
    impostor = replace(BERT, groups=("local:anna",))
    assert not judge.decide(call(thing(), who=impostor)).allowed
    assert judge.decide(call(thing())).allowed


def test_names_cannot_be_written_so_that_they_mean_others() -> None:
    judge = bare('permit (principal == User::"local:anna", action, resource == Tool::"a/b");')
    assert judge.decide(call(thing("b", server="a"))).allowed
    for target in (
        thing('b" || true', server="a"),
        thing("b\n", server="a"),
        thing("b\0", server="a"),
        thing("b", server="a", kind="prompt"),
        Target("a/b", "server", "a/b"),
        thing("b\ud800", server="a"),
        thing("x", kind="mystery"),
    ):
        assert not judge.decide(call(target)).allowed
    for name in ('local:anna"', "local:anna\n", "LOCAL:ANNA", "", "local:anna\udfff"):
        assert not judge.decide(call(thing("b", server="a"), who=replace(ANNA, id=name))).allowed


def test_an_address_that_leads_upwards_is_refused() -> None:
    judge = bare(EVERYTHING)
    form = thing("file:///srv/{+path}", (), kind="template")
    for uri in ("file:///srv/../etc", "repo://a/%2e%2e/b", "x://a/b/..%2fc", "x://a\\..\\b"):
        direct = thing(uri, (), kind="resource")
        assert rules(judge, call(direct, verb=Verb.READ)) == ["policy:address"]
        assert rules(judge, call(form, {"uri": uri}, verb=Verb.READ)) == ["policy:address"]
    assert judge.decide(call(form, {"uri": "file:///srv/a..b"}, verb=Verb.READ)).allowed


def test_the_address_that_is_read_is_a_fact() -> None:
    judge = bare(
        'permit (principal, action == Action::"read", resource)'
        ' when { context.all_paths_in.contains("/srv") };'
    )
    form = thing("file:///{+path}", (), kind="template")
    assert judge.decide(call(form, {"uri": "file:///srv/a"}, verb=Verb.READ)).allowed
    assert not judge.decide(call(form, {"uri": "file:///etc/a"}, verb=Verb.READ)).allowed
    assert rules(judge, call(form, verb=Verb.READ)) == ["policy:unclear-arguments"]
    assert judge.decide(call(thing("file:///srv/x", (), kind="resource"), verb=Verb.READ)).allowed


@pytest.mark.proves("EN-06")
def test_most_decisions_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_of_cedar = []
    ask = cedarpy.is_authorized

    def counted(*args: Any) -> cedarpy.AuthzResult:
        asked_of_cedar.append(args)
        return ask(*args)

    monkeypatch.setattr(cedarpy, "is_authorized", counted)
    judge = bare(
        EVERYTHING
        + 'forbid (principal, action, resource == Tool::"files/write")'
        + ' when { context.arguments.hasTag("to") && context.arguments.getTag("to") == "x" };'
    )
    for _ in range(50):
        assert judge.decide(call(thing("read"), {"anything": "at all"})).allowed
        assert judge.decide(call(thing("write"), {"to": "y"})).allowed
        assert not judge.decide(call(thing("write"), {"to": "x"})).allowed
    few = len(asked_of_cedar)
    assert few <= 10
    for number in range(200):
        assert judge.decide(call(thing(f"read-{number}"))).allowed
    assert len(asked_of_cedar) <= few + 4


def test_caches_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_module, "MEMORIES", 4)
    program = compile_policy(
        [
            Source(
                "own",
                "permit (principal, action, resource)"
                ' when { context.arguments.hasTag("n") && context.arguments.getTag("n") != "3" };',
            )
        ]
    )
    judge = PolicyJudge(program)
    judge._places = Recent(8)
    judge._decided = Recent(8)
    judge._grounds = Recent(8)
    for number in range(64):
        who = replace(ANNA, id=f"local:{number}")
        for text in range(8):
            asked = call(thing(), {"n": str(text)}, who)
            assert judge.decide(asked).allowed is (text != 3)
    assert len(judge._places) <= 8
    assert len(judge._grounds) <= 8
    assert len(judge._decided) <= 8
    place = judge._place(ANNA, Verb.CALL, thing())
    assert not isinstance(place, type(judge.decide(call(thing()))))


def test_a_version_names_everything_that_decides() -> None:
    text = EVERYTHING
    versions = {
        by(text).version,
        by(text + "\n").version,
        by(text, "open").version,
        by(text, groups={"a": ("b",)}).version,
        by(text, servers={"a": ("b",)}).version,
        by(text, groups={"a": ("b", "c")}).version,
    }
    assert len(versions) == 6
    assert by(text).version == by(text).version
