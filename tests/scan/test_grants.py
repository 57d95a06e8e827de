"""A grant reaches a server under any name a person may know it by."""

from __future__ import annotations

import pytest

from inventory.entries import entry
from ostiary.inventory.servers import merge
from ostiary.scan.live import grants_of
from ostiary.scan.request import Grant, ScanRequest

REMOTE = entry("github", url="https://api.githubcopilot.com/mcp/")
DOCKER = entry("github", "docker run -i ghcr.io/github/github-mcp-server:v1", client="windsurf")
SERVERS = {one.name: one for one in merge((REMOTE, DOCKER))}


def granted(text: str) -> list[str]:
    request = ScanRequest(grants=(Grant.parse(text),))
    return [name for name, one in SERVERS.items() if grants_of(request, one).network]


def test_the_two_have_names_of_their_own() -> None:
    assert len(SERVERS) == 2


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_the_unique_name_and_the_key_reach_one(name: str) -> None:
    assert granted(f"{SERVERS[name].key}:network") == [name]
    if name != "github":
        assert granted(f"{name}:network") == [name]


def test_the_configured_name_reaches_every_server_that_has_it() -> None:
    assert granted("github:network") == list(SERVERS)


def test_another_name_reaches_none() -> None:
    assert granted("gitlab:network") == []
