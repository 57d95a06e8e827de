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


STATE = (
    WORDS.partition("@server.tool")[0]
    + """
from fastmcp.server.dependencies import get_http_request

class Before:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send):
        self.take(scope)
        await self.app(scope, receive, send)
    def take(self, scope):
        headers = dict(scope.get("headers", []))
        raw = headers.get(b"x-target")
        address = raw.decode("latin-1") if raw else None
        if address:
            says = refused(address)
            if says:
                scope["state"]["wrong"] = says
                return
        given = {}
        if address:
            given["X-Target"] = address
        scope["state"]["given"] = given

@server.tool()
def t():
    given = getattr(get_http_request().state, "given", {})
    return requests.get(given.get("X-Target")).text
"""
)


def test_what_was_checked_before_it_came_into_the_state_of_a_request_was_checked() -> None:
    assert forged(STATE) == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if says:", "if not says:"),
        ('"X-Target"] = address', '"X-Target"] = raw'),
        ('["given"] = given', '["other"] = given'),
        ("given.get", "get_http_request().headers.get"),
        (
            '        scope["state"]["given"] = given',
            '        scope["state"]["given"] = given\n        scope["state"]["given"] = headers',
        ),
    ],
)
def test_what_was_not_checked_before_is_not_checked(before: str, after: str) -> None:
    assert before in STATE
    assert forged(STATE.replace(before, after)) == 1


KEPT = (
    PYTHON
    + """
from fastmcp.server.dependencies import get_http_request

class Client:
    def __init__(self, base): self.base = base

async def before(scope):
    WRITE

@server.tool()
def t():
    return requests.get(get_http_request().state.client.base)
"""
)


@pytest.mark.parametrize(
    ("write", "count"),
    [
        ('scope["state"]["client"] = Client("https://a.example")', 0),
        ('scope["state"]["client"] = scope["headers"]', 1),
        ('scope["state"]["other"] = Client("https://a.example")', 1),
        ('scope["state"]["client"] = Client(scope["path"])', 1),
    ],
)
def test_an_object_that_the_server_keeps_in_the_state_is_its_own(write: str, count: int) -> None:
    assert forged(KEPT.replace("WRITE", write)) == count
