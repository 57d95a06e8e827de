"""Checks that an address is public: what they are worth, and where they are worth nothing."""

from __future__ import annotations

import pytest

from analyze.levels import facts_of
from ostiary.analyze.rules import CHECKS
from ostiary.model.check import run

PYTHON = """from mcp.server.fastmcp import FastMCP
import ipaddress, re, socket, requests
from urllib.parse import urlparse
server = FastMCP("x")
"""
WORDS = (
    PYTHON
    + """
def literal(host):
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return None if found.is_global else f"{host} is not public"

def resolved(host):
    for *_, where in socket.getaddrinfo(host, None):
        try:
            found = ipaddress.ip_address(where[0])
            if not found.is_global:
                return f"{host} leads to {where}"
        except ValueError:
            continue
    return None

def refused(address):
    if not address or not address.strip():
        return "empty"
    host = urlparse(address).hostname
    wrong = literal(host)
    if wrong:
        return wrong
    wrong = resolved(host)
    if wrong:
        return wrong
    return None

@server.tool()
def t(url: str, other: str):
    if url:
        says = refused(url)
        if says:
            return says
    return requests.get(url).text
"""
)


def forged(text: str, name: str = "a.py") -> int:
    """Requests whose host a caller chooses."""
    findings, _ = run(CHECKS, facts_of({name: text}), "it")
    return len([one for one in findings if one.rule == "request-forgery"])


def test_a_check_that_answers_in_words_is_a_check() -> None:
    assert forged(WORDS) == 0
    assert forged(WORDS.replace("if url:", "if url is not None:")) == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if not found.is_global", "if found.is_global"),
        ("        if says:\n            return says\n", "        print(says)\n"),
        ("        if says:", "        if not says:"),
        ("    if wrong:\n        return wrong\n    return None", "    return None"),
        ("    if url:", "    if DEEP:"),
        ("    return requests", "    if not url:\n        url = other\n    return requests"),
        (
            '                return f"{host} leads',
            '                break\n                f"{host}',
        ),
    ],
)
def test_a_check_in_words_that_is_not_heeded_is_none(before: str, after: str) -> None:
    assert before in WORDS
    assert forged(WORDS.replace(before, after)) == 1
