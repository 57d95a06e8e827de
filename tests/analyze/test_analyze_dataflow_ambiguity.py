"""Which patterns can take exponential time."""

from __future__ import annotations

import re

import pytest

from ostiary.analyze.dataflow.patterns.regex_ambiguity import is_slow

SLOW = (
    r"(a+)+b",
    r"(a*)*b",
    r"(a|a)*b",
    r"^(\w+\s?)*$",
    r"^([a-zA-Z0-9]+\s*)+$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(x+x+)+y",
    r"^(\d+|\w)*!$",
    r"(?:a|b|ab)*c$",
    r"^(a?b?)*$",
    r"(a{1,})+b",
)
FAST = (
    r"(a+)+",
    r"^[a-z]+$",
    r"^(\d{4})+$",
    r"^([a-z0-9]+\.)*[a-z]+$",
    r"^(?:[a-z]+-)*[a-z]+$",
    r"(a|ab)*c",
    r"^\s*(\w+)\s*=\s*(.*)$",
    r"^(\d{1,3}\.){3}\d{1,3}$",
    r"(?:[^\\\"]|\\.)*\"",
    r"^[\w.-]+@[\w-]+\.[a-z]{2,}$",
    r"(.*),(.*)",
    r"^(?:\+|-)?\d+(?:\.\d+)?$",
)


@pytest.mark.parametrize("pattern", SLOW)
def test_a_loop_that_reads_one_text_in_two_ways_is_slow(pattern: str) -> None:
    assert is_slow(pattern, "py")
    assert is_slow(pattern, "")


@pytest.mark.parametrize("pattern", FAST)
def test_a_pattern_that_reads_each_text_in_one_way_is_not(pattern: str) -> None:
    assert re.compile(pattern).pattern == pattern
    assert not is_slow(pattern, "py")


@pytest.mark.parametrize(
    "pattern", ["(a+)+$" + "b" * 500, "(" * 200 + "a" + ")" * 200, "[", "(?x)a"]
)
def test_a_pattern_that_is_too_large_or_not_understood_is_not_called_slow(pattern: str) -> None:
    assert not is_slow(pattern, "py")
