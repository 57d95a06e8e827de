"""Text that other text is put before, in a function that is called with it: a host that stands in
it stays where it is."""

from __future__ import annotations

import pytest

from analyze.judged import script
from ostiary.analyze.rules import request_forgery

SEND = """
function send(address) {
  if (/^\\/\\//.test(address)) address = "https:" + address;
  return fetch(address && address.href ? address.href : address);
}
function sendAny(input) { return fetch(input.url); }
const BASE = "https://api.example.com/v1/runs/";
"""
HITS = {
    "text of the caller, with a scheme put before it": "send(a.x)",
    "a part of what the caller gave": "sendAny({ url: a.x })",
    "a host of the caller": "send(`https://${a.x}/v1/runs`)",
    "only a piece of the text goes on": "fetch('https:' + `${BASE}${a.x}`.split('runs/')[1])",
}
MISSES = {
    "behind a host that is ours": "send(BASE + a.x)",
    "behind a host that is ours, in a template": "send(`${BASE}${a.x}/events`)",
    "behind a host that is ours, as text or as an object with an address": (
        "sendAny(`${BASE}${a.x}`)"
    ),
}


@pytest.mark.parametrize("does", HITS.values(), ids=HITS)
def test_an_address_of_the_caller_is_told(does: str) -> None:
    assert script(request_forgery.CHECK, SEND + does, "x: z.any()")


@pytest.mark.parametrize("does", MISSES.values(), ids=MISSES)
def test_a_piece_behind_a_host_of_ours_is_left_alone(does: str) -> None:
    assert not script(request_forgery.CHECK, SEND + does, "x: z.any()")
