from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.test_secrets import body, with_checksum
from inventory.entries import entry
from ostiary.inventory.servers import key_of, merge
from ostiary.model.client import Scope, ServerEntry, Transport
from ostiary.model.server import RunsOn

TOKEN, OTHER = with_checksum("ghp_"), "ghp_" + body(36, seed="other")


def test_one_server_with_many_users() -> None:
    (server,) = merge(
        [
            entry("github", "npx -y server@1.0.0", client="cursor", env={"TOKEN": TOKEN}),
            entry("github", "npx server@1.0.0", client="windsurf", env={"TOKEN": OTHER}),
            entry("gh", "cmd /c npx -y server@1.0.0", client="claude-code", env={"TOKEN": None}),
        ]
    )
    assert server.name == "github"
    assert server.clients == ("claude-code", "cursor", "windsurf")
    assert len(server.entries) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("a", "npx server"), entry("a", "npx server@1.0.0")),
        (entry("a", "npx server"), entry("a", "npx server --more")),
        (entry("a", "npx server"), entry("a", "/tmp/npx server")),
        (entry("a", "npx server"), entry("a", "sudo npx server")),
        (entry("a", "npx server"), entry("a", ("sh", "-c", "npx server; x"))),
        (entry("a", "npx server"), entry("a", "npx server", env={"READ_ONLY": "1"})),
        (entry("a", "./run.sh", cwd="/a"), entry("a", "./run.sh", cwd="/b")),
        (entry("a", "node dist/index.js", cwd="/a"), entry("a", "node dist/index.js", cwd="/b")),
        (entry("a", url="https://a.example.org"), entry("a", url="https://b.example.org")),
        (entry("a"), entry("b")),
    ],
)
def test_different_things_stay_apart(one: ServerEntry, other: ServerEntry) -> None:
    assert len(merge([one, other])) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("a", "npx server", cwd="/a"), entry("a", "npx server", cwd="/b")),
        (entry("a", ("x", "--token", TOKEN)), entry("a", ("x", "--token", OTHER))),
        (entry("a", "npx ${X}"), entry("b", "npx ${X}")),
        (
            entry("a", url="https://a.example.org"),
            entry("a", url="https://a.example.org", headers={"X": "y"}),
        ),
        (
            entry("a", url="https://a.example.org"),
            replace(entry("a", url="https://a.example.org"), transport=Transport.SSE),
        ),
    ],
)
def test_equal_launches_are_one(one: ServerEntry, other: ServerEntry) -> None:
    assert len(merge([one, other])) == 1


def test_a_rotated_credential_leaves_the_key_alone() -> None:
    before = entry("a", ("x", f"--token={TOKEN}"), env={"K": TOKEN})
    after = entry("a", ("x", f"--token={OTHER}"), env={"K": OTHER}, line=99)
    assert key_of(before) == key_of(after)
    assert len(key_of(before)) == 12


def test_an_entry_that_does_not_say_its_transport_goes_with_the_rest() -> None:
    said = entry("a", url="https://a.example.org", client="x")
    silent = replace(
        entry("a", url="https://a.example.org", client="a"), transport=Transport.UNKNOWN
    )
    (server,) = merge([silent, said])
    assert server.transport is Transport.HTTP


@pytest.mark.proves("SF-09")
def test_a_server_says_where_it_runs() -> None:
    assert merge([entry("a", "npx server")])[0].runs_on is RunsOn.LOCAL
    assert merge([entry("a", url="https://a.example.org")])[0].runs_on is RunsOn.REMOTE


ENTRIES = st.builds(
    entry,
    st.sampled_from(["a", "b", "C", "é"]),
    st.sampled_from(["npx s", "npx -y s", "uvx s", "./x", "cmd /c npx s", "node a.js"]),
    client=st.sampled_from(["cursor", "vscode", "zed"]),
    scope=st.sampled_from([Scope.USER, Scope.PROJECT]),
    env=st.sampled_from([None, {"A": "1"}, {"B": None, "A": "2"}]),
    cwd=st.sampled_from([None, "/a"]),
    enabled=st.booleans(),
    line=st.integers(1, 3),
)


@settings(max_examples=60)
@given(st.lists(ENTRIES, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(
    entries: list[ServerEntry], chance: random.Random
) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert merge(entries) == merge(shuffled)
    assert sum(len(server.entries) for server in merge(entries)) == len(entries)
