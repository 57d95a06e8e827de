"""Grants are read exactly, or refused with the form."""

from __future__ import annotations

import pytest

from ostiary.scan.request import Grant, UnclearGrant


@pytest.mark.parametrize(
    ("text", "grant"),
    [
        ("git:network", Grant("git", "network")),
        ("a:b:env", Grant("a:b", "env")),
        ("tracker:headers", Grant("tracker", "headers")),
        ("git:read=/srv/repo", Grant("git", "read", "/srv/repo")),
        ("git:read=C:/repo=1", Grant("git", "read", "C:/repo=1")),
    ],
)
def test_a_grant_names_a_server_and_one_thing(text: str, grant: Grant) -> None:
    assert Grant.parse(text) == grant


@pytest.mark.parametrize(
    "text", ["git", "git:", ":network", "git:everything", "git:read=", "network"]
)
def test_anything_else_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(UnclearGrant, match="SERVER:network"):
        Grant.parse(text)
