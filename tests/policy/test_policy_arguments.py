"""Arguments as facts: what a rule sees, and that what it cannot see refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.json import JsonValue
from ostiary.policy.arguments import (
    MISSING,
    MOST_ARGUMENTS,
    Arguments,
    Unclear,
    decimal_fact,
    fold,
    list_fact,
    text_fact,
    whole_fact,
)
from ostiary.policy.judge import PolicyJudge
from policy.policy_parts import bare, call, rules, thing

UNCLEAR = "policy:unclear-arguments"
TEXT = frozenset({"text"})
SRV = bare(
    """
    @id("srv") permit (principal, action == Action::"call", resource)
    when { context.arguments.hasTag("path") && context.arguments.getTag("path") like "/srv/*" };
    """
)
NOT_ETC = bare(
    """
    permit (principal, action, resource);
    @id("etc") forbid (principal, action == Action::"call", resource)
    when { context.arguments.hasTag("path") && context.arguments.getTag("path") like "/etc/*" };
    """
)


def may(judge: PolicyJudge, arguments: Mapping[str, Any]) -> bool:
    return judge.decide(call(thing("t"), arguments)).allowed


@pytest.mark.parametrize(
    "path",
    [
        *("/srv/a", "/srv/./a", "//srv//a", "/srv/b/../a", "/etc/../srv/a", "file:///srv/a"),
        *("/srv/100%.txt", "/srv/.hidden", "/srv/a..b", "/srv/100%25.txt"),
    ],
)
def test_every_spelling_of_a_path_inside_is_inside(path: str) -> None:
    assert may(SRV, {"path": path})


OUTSIDE = [
    "/etc/passwd",
    "/srv/../etc/passwd",
    "/srv/./../etc/passwd",
    "/srv//..//etc/passwd",
    "/srv/a/../../etc/passwd",
    "//etc/passwd",
    "/./etc/passwd",
    "file:///etc/passwd",
    "FILE:/etc/passwd",
    "file://localhost/etc/passwd",
    "file:///srv/%2e%2e/etc/passwd",
]
TRICKY = [
    "/srv/%2e%2e/etc/passwd",
    "/srv/..%2fetc/passwd",
    "/srv/%252e%252e/etc/passwd",
    "/srv\\..\\etc\\passwd",
    "/srv/..\\..\\etc/passwd",
    "/srv/\uff0e\uff0e/etc/passwd",
    "/srv/..\uff0fetc/passwd",
    "/srv/a\0/../../etc/passwd",
    "/srv/a\n",
    "/srv/%00/x",
    "file://other.example/srv/a",
    "~/../../srv/a",
    "/srv/%25252525252e%25252525252e/etc",
]


@pytest.mark.parametrize("path", OUTSIDE + TRICKY)
def test_no_spelling_of_a_path_outside_gets_in(path: str) -> None:
    assert not may(SRV, {"path": path})


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_spelling_gets_around_a_forbid(path: str) -> None:
    assert not may(NOT_ETC, {"path": path})
    assert may(NOT_ETC, {"path": "/srv/a"})


@pytest.mark.parametrize("path", ["/srv/%2e%2e/etc/passwd", "/srv\\..\\..\\etc\\passwd", "/etc\0"])
def test_what_can_be_read_in_two_ways_is_refused_where_a_rule_depends_on_it(path: str) -> None:
    assert rules(NOT_ETC, call(thing("t"), {"path": path})) == [UNCLEAR]
    assert may(bare("permit (principal, action, resource);"), {"path": path})


@pytest.mark.parametrize(
    "arguments",
    [
        {"path": ["/etc/passwd"]},
        {"path": {"x": "/etc/passwd"}},
        {"path": {}},
        {"path": 7},
        {"path": True},
        {"path": "/" + "a" * 9000},
        {"path": "/srv/\ud800"},
        {"path": "/srv/a", "PATH": "/etc/passwd"},
        {"path": "/srv/a", "\uff50ath": "/etc/passwd"},
        {"path": "/srv/a", "pa\u200bth": "/etc/passwd"},
        {"Path": "/etc/passwd"},
        {f"n{number}": 1 for number in range(MOST_ARGUMENTS)} | {"path": "/etc/passwd"},
    ],
    ids=str,
)
def test_no_other_type_or_name_gets_around_a_forbid(arguments: dict[str, JsonValue]) -> None:
    assert rules(NOT_ETC, call(thing("t"), arguments)) == [UNCLEAR]


def test_nested_arguments_have_dotted_names() -> None:
    judge = bare(
        """
        permit (principal, action, resource) when {
          context.arguments.hasTag("to.0.mail") &&
          context.arguments.getTag("to.0.mail") == "a@x.example" };
        """
    )
    assert may(judge, {"to": [{"mail": "a@x.example"}]})
    assert not may(judge, {"to": [{"mail": "b@x.example"}]})
    flat: dict[str, JsonValue] = {"to.0.mail": "a@x.example"}
    assert may(judge, flat)
    assert rules(judge, call(thing("t"), {**flat, "to": [{"mail": "b@x.example"}]})) == [UNCLEAR]
    deep: JsonValue = "x"
    for _ in range(40):
        deep = {"a": deep}
    assert rules(judge, call(thing("t"), {"deep": deep})) == [UNCLEAR]


def test_a_rule_for_each_type_takes_each_type() -> None:
    judge = bare(
        """
        permit (principal, action, resource) when {
          (context.arguments.hasTag("to") && context.arguments.getTag("to") == "a") ||
          (context.lists.hasTag("to") && ["a", "b"].containsAll(context.lists.getTag("to"))) };
        """
    )
    assert may(judge, {"to": "a"})
    assert may(judge, {"to": ["a", "b"]})
    assert not may(judge, {"to": ["a", "c"]})
    assert rules(judge, call(thing("t"), {"to": 1})) == [UNCLEAR]
    assert rules(judge, call(thing("t"), {"to": ["a", 1]})) == [UNCLEAR]
    assert rules(judge, call(thing("t"), {"to": ["a"] * 300})) == [UNCLEAR]


def test_numbers_that_are_too_large_or_too_fine_refuse() -> None:
    whole = bare(
        """
        permit (principal, action, resource);
        forbid (principal, action, resource)
        when { context.numbers.hasTag("n") && context.numbers.getTag("n") > 100 };
        """
    )
    assert may(whole, {"n": 100})
    assert may(whole, {"n": 100.0})
    assert may(whole, {"n": -(2**63)})
    assert may(whole, {"n": None})
    assert not may(whole, {"n": 101})
    large: tuple[JsonValue, ...] = (100.5, 2**63, 1e300, "101", [101], True, 10**400)
    for bad in large:
        assert rules(whole, call(thing("t"), {"n": bad})) == [UNCLEAR]
    fine = bare(
        """
        permit (principal, action, resource) when { context.decimals.hasTag("n") &&
          context.decimals.getTag("n").lessThanOrEqual(decimal("10.5")) };
        """
    )
    assert may(fine, {"n": 10.5})
    assert may(fine, {"n": -3})
    assert not may(fine, {"n": 10.5001})
    for bad in (10.00001, 1e20, 10**30):
        assert rules(fine, call(thing("t"), {"n": bad})) == [UNCLEAR]


def test_flags_are_true_or_false() -> None:
    judge = bare(
        "permit (principal, action, resource)"
        ' when { context.flags.hasTag("dry") && context.flags.getTag("dry") };'
    )
    assert may(judge, {"dry": True})
    assert not may(judge, {"dry": False})
    assert not may(judge, {})
    assert rules(judge, call(thing("t"), {"dry": "true"})) == [UNCLEAR]
    assert rules(judge, call(thing("t"), {"dry": 1})) == [UNCLEAR]


def test_folded_text_has_one_spelling() -> None:
    judge = bare(
        """
        permit (principal, action, resource);
        forbid (principal, action, resource)
        when { context.folded.hasTag("sql") && context.folded.getTag("sql") like "*drop table*" };
        """
    )
    for text in ("DROP TABLE x", "drop\u00a0table x", "dr\u00adop table", "ＤＲＯＰ table x"):
        assert not may(judge, {"sql": text}), text
    assert may(judge, {"sql": "select 1"})


def test_every_path_counts() -> None:
    judge = bare(
        """
        permit (principal, action, resource) when { context.all_paths_in.contains("/srv") };
        forbid (principal, action, resource) when { context.any_path_in.contains("/srv/secret") };
        """
    )
    assert may(judge, {"from": "/srv/a", "to": "/srv/b"})
    assert may(judge, {"paths": ["/srv/a", "/srv/b"], "note": "a sentence, no path"})
    for bad in (
        {},
        {"from": "/srv/a", "to": "/tmp/b"},
        {"from": "/srv/a", "x": {"y": ["/srv/a", "../b"]}},
        {"from": "/srv/a", "filename": "b"},
        {"from": "/srv/a", "to": "/srv/secret"},
        {"from": "/srv/a", "to": "/srv/x/../secret/k"},
        {"from": "/srv/a", "to": "/srv/x/%2e%2e/secret/k"},
        {"from": "/srv/a", "to": " /etc/passwd"},
        {"from": "/srv/a", "to": "C:\\Windows"},
        {"from": "/srvs/a"},
    ):
        assert not may(judge, bad), bad


def test_every_host_counts() -> None:
    judge = bare(
        """
        permit (principal, action, resource) when { context.all_hosts_in.contains("good.example") };
        """
    )
    for fine in (
        {"url": "https://good.example/x"},
        {"url": "HTTPS://GOOD.EXAMPLE.:443/x"},
        {"url": "https://api.good.example", "to": "a@good.example"},
        {"host": "good.example:8080"},
        {"url": "good.example/path"},
    ):
        assert may(judge, fine), fine
    for bad in (
        {},
        {"url": "https://evil.example/"},
        {"url": "https://good.example@evil.example/"},
        {"url": "https://good.example.evil.example/"},
        {"url": "https://evilgood.example/"},
        {"url": "https://evil.example#@good.example/"},
        {"url": "https://evil.example\\@good.example/"},
        {"url": "https:evil.example"},
        {"url": "https:/\\evil.example"},
        {"url": "//evil.example/good.example"},
        {"url": "https://good.example", "body": "then send it to https://evil.example/in"},
        {"url": "https://good.example", "cc": "x@evil.example"},
        {"url": "https://good.example", "also": ["x@evil.example"]},
        {"url": "https://g\u043e\u043ed.example"},
        {"url": "https://[::1]/"},
        {"host": "127.0.0.1"},
        {"host": "localhost"},
    ):
        assert not may(judge, bad), bad


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://127.1/", "http://0x7f.0.0.1/", "http://2130706433/"),
        *("http://0177.0.0.1/", "http://127.0.0.1:80/", "http://%31%32%37.0.0.1/"),
        "http://①②⑦.0.0.1/",
    ],
)
def test_an_address_has_one_form(url: str) -> None:
    judge = bare(
        """
        permit (principal, action, resource);
        @id("self") forbid (principal, action, resource)
        when { context.hosts.contains("127.0.0.1") };
        """
    )
    assert rules(judge, call(thing("t"), {"url": url})) == ["policy:self"]


def test_completeness_can_be_asked_for() -> None:
    judge = bare("permit (principal, action, resource) when { context.arguments_complete };")
    assert may(judge, {"a": {"b": [1, "x", 1.5, True, None]}} | {"c": []}) is False
    assert may(judge, {"a": {"b": ["x"]}, "n": 1, "t": True, "nothing": None})
    for bad in (
        {f"n{number}": 1 for number in range(400)},
        {"n": 10**40},
        {"path": "/srv/..%2f"},
        {"a.b": 1, "a": {"b": 2}},
        {"url": "https://a\\@b/"},
    ):
        assert not may(judge, bad), bad


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8) | st.sampled_from(["path", "n", "url"]), values))
def test_no_arguments_raise_or_pass_unseen(arguments: dict[str, JsonValue]) -> None:
    judge = bare(
        """
        permit (principal, action, resource);
        @id("p") forbid (principal, action, resource)
        when { context.arguments.hasTag("path") };
        @id("n") forbid (principal, action, resource)
        when { context.numbers.hasTag("n") && context.numbers.getTag("n") > 0 };
        forbid (principal, action, resource)
        when { context.any_path_in.contains("/etc") || context.hosts.contains("x") };
        """
    )
    decision = judge.decide(call(thing("t"), arguments))
    if arguments.get("path") is not None:
        assert not decision.allowed
    number = arguments.get("n")
    if isinstance(number, int | float) and number > 0:
        assert not decision.allowed


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_unclear(text: str) -> None:
    for name in ("path", "url", "note"):
        taken = Arguments({name: text})
        try:
            text_fact(name, text)
            taken.leaf(name, TEXT)
        except Unclear:
            continue
    assert fold(fold(text)) == fold(text)


def test_facts_of_single_values() -> None:
    assert Arguments({}).leaf("x", TEXT) is MISSING
    assert Arguments({"x": None}).leaf("x", TEXT) is MISSING
    assert whole_fact("n", 5.0) == 5
    assert decimal_fact("n", 0.1) == "0.1000"
    assert list_fact("l", ["b", "a", "b"]) == {"a", "b"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"url": "https://" + "a" * 70_000},
        {f"n{number}": "https://a.example " * 200 for number in range(40)},
        {f"p{number}": "/a" * 2_000 for number in range(200)},
        {"path": "/a" * 300},
        {"url": "https://" + "ä" * 300 + "/"},
        {"to": "@" * 60_000},
        {"text": "a" * 65_000},
        {"text": "a:" * 32_000},
        {"url": "a." * 30_000},
        {"path": "../" * 1_300},
        {"path": "%25" * 1_300},
    ],
    ids=lambda one: str(one)[:20],
)
def test_a_flood_is_answered(arguments: dict[str, JsonValue]) -> None:
    judge = bare(
        """
        @id("a") permit (principal, action, resource) when { context.all_paths_in.contains("/x") };
        @id("b") permit (principal, action, resource) when { context.all_hosts_in.contains("x") };
        """
    )
    assert not may(judge, arguments)
