"""Ten thousand tools, a hundred servers: the checks and the difference come to an end."""

from __future__ import annotations

import pytest

from ostiary.model.check import Neighbourhood, run
from ostiary.model.json import JsonObject
from ostiary.model.surface import Tool
from ostiary.surface.checks import CHECKS, overlap, shadowing, text
from ostiary.surface.difference import differences
from surface.surface_make import NUMBER, TEXT, surface, tool

VERBS = ("get", "list", "search", "create", "update", "delete", "export", "sync", "watch", "copy")
THINGS = ("issue", "file", "page", "user", "order", "ticket", "branch", "image", "row", "note")


def many(count: int, tag: str = "") -> tuple[Tool, ...]:
    made = []
    for number in range(count):
        verb, thing = VERBS[number % 10], THINGS[number // 10 % 10]
        says = f"{verb.title()} one {thing} of the workspace numbered {number}, and tell its state."
        fields: JsonObject = {
            "id": TEXT,
            "limit": NUMBER,
            "filter": {"type": "object", "properties": {"q": TEXT}},
        }
        made.append(tool(f"{verb}_{thing}_{tag}{number}", says, properties=fields))
    return tuple(made)


def test_ten_thousand_tools_in_one_surface() -> None:
    one = surface(*many(10_000))
    structural = tuple(check for check in CHECKS if check is not text.CHECK)
    assert not run(structural, Neighbourhood(one), "box")[1]


def test_a_hundred_servers_of_a_hundred_tools() -> None:
    servers = [surface(*many(100, f"s{number}x"), server=f"s{number}") for number in range(100)]
    for one in servers:
        near = tuple(other for other in servers if other is not one)
        _, failed = run((shadowing.CHECK, overlap.CHECK), Neighbourhood(one, near), one.server)
        assert not failed


@pytest.mark.parametrize("count", [4_000])
def test_equal_large_surfaces_do_not_differ(count: int) -> None:
    one, other = surface(*many(count)), surface(*many(count))
    assert differences(one, other) == ()
