"""``WWW-Authenticate`` as hostile servers may write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.wire.bearer_challenge import (
    LONGEST,
    MOST_SCOPES,
    BearerChallenge,
    bearer_challenge,
    scopes_of,
    union,
)

WHERE = "https://a.example/.well-known/oauth-protected-resource/mcp"
PIECES = st.sampled_from(
    (
        *("Bearer ", "Basic ", "Negotiate abc==", 'scope="a b"', "scope=a", ", ", "=", '"', "\\"),
        *('error="insufficient_scope"', 'realm="x\\"y"', f'resource_metadata="{WHERE}"', "\t", "é"),
    )
)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f'Bearer resource_metadata="{WHERE}"', BearerChallenge(metadata=WHERE)),
        ('Bearer scope="a b a"', BearerChallenge(scopes=("a", "b"))),
        ("bearer error=invalid_token", BearerChallenge("invalid_token")),
        ('Basic realm="a, Bearer scope=x"', BearerChallenge()),
        ('Basic realm="a", Bearer scope="x"', BearerChallenge(scopes=("x",))),
        ('Bearer scope="x", Basic scope="y"', BearerChallenge(scopes=("x",))),
        ('Bearer error_description="scope=evil", scope="x"', BearerChallenge(scopes=("x",))),
        ('Bearer scope="x", scope="y"', BearerChallenge(scopes=("x",))),
        ('Bearer error="odd words"', BearerChallenge()),
        ('Bearer resource_metadata="file:///etc/passwd"', BearerChallenge()),
        ('Bearer resource_metadata="https://a.example/<b>"', BearerChallenge()),
        ("Negotiate YWJj==, Bearer scope=x", BearerChallenge(scopes=("x",))),
        ("", BearerChallenge()),
    ],
)
def test_what_is_usable_is_taken(header: str, found: BearerChallenge) -> None:
    assert bearer_challenge(header) == found


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=20).map("".join)))
def test_no_header_breaks_it_and_what_it_writes_reads_the_same(header: str) -> None:
    found = bearer_challenge(header)
    assert bearer_challenge(found.header()) == found
    assert all(char.isprintable() for char in found.header())


def test_a_long_header_is_read_to_its_limit_only() -> None:
    many = " ".join(f"s{number}" for number in range(5000))
    assert len(bearer_challenge(f'Bearer scope="{many}"').scopes) == 0
    assert len(scopes_of(many[:LONGEST])) == MOST_SCOPES
    bearer_challenge("Bearer " + "a" * 10_000_000)
    bearer_challenge("Bearer " + ",=" * 5_000_000)


def test_a_step_up_keeps_what_was_asked_for() -> None:
    assert union(("a", "b"), ("b", "c")) == ("a", "b", "c")
