"""Hosts that are compared by a part of their text, and checks of a host that hold."""

from __future__ import annotations

import pytest

from analyze.levels import facts_of
from ostiary.analyze.rules import host_by_part
from ostiary.model.finding import Finding


def found(path: str, text: str) -> list[Finding]:
    return list(host_by_part.CHECK.look(facts_of({path: text})))


HITS = {
    "in": "def is_ours(url):\n    host = urlparse(url).hostname\n    return '.a.example' in host",
    "before an error": (
        "def go(url):\n    if 'a.example' not in urlparse(url).netloc:\n"
        "        raise ValueError\n    get(url)"
    ),
    "an open end": "def is_trusted(hostname):\n    return hostname.endswith('a.example')",
}
SCRIPTS = {
    "includes": "function allowed(u) { return new URL(u).hostname.includes('a.example'); }",
    "the beginning": "function allowed(host) { return host.startsWith('api.a.example'); }",
}
MISSES = {
    "whole": "def is_ours(host):\n    return host == 'a.example' or host.endswith('.a.example')",
    "a list": "def is_ours(host):\n    return host in ('a.example', 'b.example')",
    "decides nothing": "def icon(host):\n    return 'cat' if 'a.example' in host else 'dog'",
    "no host": "def is_long(text):\n    return 'a.example' in text",
}


@pytest.mark.parametrize("text", HITS.values(), ids=list(HITS))
def test_a_comparison_that_other_hosts_pass_is_found(text: str) -> None:
    (finding,) = found("a.py", text)
    assert finding.location.file == "a.py"


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=list(SCRIPTS))
def test_a_comparison_in_a_script_that_other_hosts_pass_is_found(text: str) -> None:
    assert len(found("a.ts", text)) == 1


@pytest.mark.parametrize("text", MISSES.values(), ids=list(MISSES))
def test_comparisons_that_hold_or_decide_nothing_are_left_alone(text: str) -> None:
    assert not found("a.py", text)


def test_comparisons_with_lists_and_those_of_tests_are_left_alone() -> None:
    assert not found("a.ts", "function allowed(host) { return hosts.includes(host); }")
    assert not found("tests/test_a.py", HITS["in"])
