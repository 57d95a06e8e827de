"""Conditions that are evaluated here come to what Cedar says of them."""

from __future__ import annotations

import json

import cedarpy
import pytest
from cedarpy import pst
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.policy.arguments import MISSING
from ostiary.policy.expressions import Read
from ostiary.policy.facts import Fact, as_cedar, wanted
from ostiary.policy.plain import NotPlain, pattern, plain
from ostiary.policy.schema import schema

WANT = wanted(
    [
        Read("arguments", "a"),
        Read("arguments", "b"),
        Read("folded", "a"),
        Read("numbers", "n"),
        Read("flags", "f"),
        Read("lists", "l"),
        Read("now", "hour"),
        Read("now", "date"),
        Read("hosts"),
        Read("argument_names"),
        Read("arguments_complete"),
        Read("session"),
    ]
)
TEXTS = ("", "a", "b", "/srv/a", "/srv/", "a*b", "\n", "ä")
texts = st.sampled_from(TEXTS)
sets = st.frozensets(texts, max_size=3)
VALUES: dict[str, st.SearchStrategy[Fact]] = {
    "arguments": texts | st.just(MISSING),
    "folded": texts | st.just(MISSING),
    "numbers": st.integers(-2, 2) | st.sampled_from([2**63 - 1, -(2**63)]) | st.just(MISSING),
    "flags": st.booleans() | st.just(MISSING),
    "lists": sets | st.just(MISSING),
    "now": st.integers(0, 23),
    "hosts": sets,
    "argument_names": sets,
    "arguments_complete": st.booleans(),
    "session": sets,
}
facts = st.tuples(*(VALUES[read.fact] for read in WANT.reads))


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


literals = texts.map(quoted)
literal_sets = st.lists(literals, min_size=1, max_size=3).map(lambda of: f"[{', '.join(of)}]")
patterns = st.text("ab/*ä\n", max_size=6).map(
    lambda text: '"' + text.replace("\n", "\\n") + '"'
) | st.sampled_from(['"/srv/*"', '"*"', '""', '"a\\*b"', '"*a*b*"', '"**"', '"a*a"'])
number_literals = st.sampled_from(["-1", "0", "1", "20261001", "9223372036854775807"])
orders = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def tag(fact: str, name: str, body: str) -> str:
    place = f"context.{fact}"
    return f'({place}.hasTag("{name}") && {body.replace("IT", f"""{place}.getTag("{name}")""")})'


text_tags = st.sampled_from([("arguments", "a"), ("arguments", "b"), ("folded", "a")])
set_facts = st.sampled_from(
    ["context.hosts", "context.argument_names", "context.session.labels", '["a", "b"]']
)
leaves = st.one_of(
    st.builds(lambda of, lit: tag(of[0], of[1], f"IT == {lit}"), text_tags, literals),
    st.builds(lambda of, lit: tag(of[0], of[1], f"IT like {lit}"), text_tags, patterns),
    st.builds(
        lambda of, among: tag(of[0], of[1], f"{among}.contains(IT)"), text_tags, literal_sets
    ),
    st.builds(lambda op, lit: tag("numbers", "n", f"IT {op} {lit}"), orders, number_literals),
    st.just(tag("flags", "f", "IT")),
    st.builds(
        lambda word, among: tag("lists", "l", f"IT.{word}({among})"),
        st.sampled_from(["containsAll", "containsAny"]),
        literal_sets,
    ),
    st.just(tag("lists", "l", "IT.isEmpty()")),
    st.just('context.arguments.hasTag("b")'),
    st.builds(lambda op, lit: f"context.now.hour {op} {lit}", orders, number_literals),
    st.builds(lambda of, lit: f"{of}.contains({lit})", set_facts, literals),
    st.builds(
        lambda of, word, other: f"{of}.{word}({other})",
        set_facts,
        st.sampled_from(["containsAll", "containsAny"]),
        set_facts,
    ),
    st.builds(
        lambda of, op, among: f"{of} {op} {among}",
        set_facts,
        st.sampled_from(["==", "!="]),
        literal_sets,
    ),
    st.just("context.arguments_complete"),
    st.just("true"),
    st.just("false"),
)  # fmt: skip
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: f"({a} && {b})", inner, inner),
        st.builds(lambda a, b: f"({a} || {b})", inner, inner),
        inner.map(lambda a: f"!({a})"),
        st.builds(lambda a, b, c: f"(if {a} then {b} else {c})", inner, inner, inner),
    ),
    max_leaves=6,
)
REQUEST = {
    "principal": 'User::"u"',
    "action": 'Action::"call"',
    "resource": 'Tool::"s/t"',
}


def cedar(policy: str, given: tuple[Fact, ...]) -> bool:
    context, entities = as_cedar(WANT, given)
    answer = cedarpy.is_authorized({**REQUEST, "context": context}, policy, json.dumps(entities))
    assert not answer.diagnostics.errors
    return answer.allowed


@settings(max_examples=600)
@given(conditions, facts, st.sampled_from(["when", "unless"]))
def test_it_says_what_cedar_says(condition: str, given: tuple[Fact, ...], word: str) -> None:
    policy = f"permit (principal, action, resource) {word} {{ {condition} }};"
    if not cedarpy.validate_policies(policy, schema()).validation_passed:
        return
    node = next(iter(cedarpy.policies_to_pst(policy).static_policies.values()))
    test = plain(node.clauses, WANT.reads)
    assert test is not None, condition
    assert test(given) == cedar(policy, given), condition


@settings(max_examples=300)
@given(patterns, st.text("ab/*ä\n", max_size=8) | texts)
def test_like_is_cedars_like(like: str, text: str) -> None:
    policy = f"permit (principal, action, resource) when {{ context.t like {like} }};"
    node = next(iter(cedarpy.policies_to_pst(policy).static_policies.values()))
    clause = node.clauses[0].expr
    assert isinstance(clause, pst.Like)
    answer = cedarpy.is_authorized({**REQUEST, "context": {"t": text}}, policy, [])
    assert pattern(clause.pattern)(text) == answer.allowed


@pytest.mark.parametrize(
    "condition",
    [
        "context.now.hour + 1 > 2",
        "resource.levels.isEmpty()",
        "principal.groups.containsAny(context.hosts)",
        'context.decimals.hasTag("d") && context.decimals.getTag("d") == decimal("1.0")',
        "context has grant && context.grant.until > context.now.epoch",
        'ip("127.0.0.1").isLoopback() && context.arguments_complete',
        "[1, 2].contains(context.now.hour)",
        'resource in Server::"s" && context.arguments_complete',
    ],
)
def test_all_else_is_left_to_cedar(condition: str) -> None:
    policy = f"permit (principal, action, resource) when {{ {condition} }};"
    assert cedarpy.validate_policies(policy, schema()).validation_passed
    node = next(iter(cedarpy.policies_to_pst(policy).static_policies.values()))
    reads = wanted([Read("now"), Read("hosts"), Read("arguments_complete"), Read("grant")]).reads
    reads = tuple(one for one in reads if one.fact != "grant" or "grant" in condition)
    assert plain(node.clauses, reads) is None


def test_what_is_read_without_being_there_is_left_to_cedar() -> None:
    policy = 'permit (principal, action, resource) when { context.arguments.getTag("a") == "x" };'
    node = next(iter(cedarpy.policies_to_pst(policy).static_policies.values()))
    test = plain(node.clauses, (Read("arguments", "a"),))
    assert test is not None
    with pytest.raises(NotPlain):
        test((MISSING,))
