"""A server's access: from its surface, else from what is known of its package, else unknown."""

from __future__ import annotations

import pytest

from flow.flow_make import DROP, FETCH, READ_FILE, RUN, TEXT, entry, servers, surface, tool
from ostiary.flow.known import FAMILIES, tools_of
from ostiary.flow.servers import known_server, server_access
from ostiary.model.access import Level
from ostiary.model.surface import Surface, Tool


@pytest.mark.parametrize(
    ("argv", "kind", "level"),
    [
        (("npx", "-y", "@modelcontextprotocol/server-filesystem", "/srv"), "file system", "write"),
        (("uvx", "mcp-server-git"), "file system", "write"),
        (("uvx", "mcp_server_fetch"), "API wrapper", "read"),
        (("npx", "@playwright/mcp@latest"), "browser", "execute"),
        (("docker", "run", "-i", "ghcr.io/github/github-mcp-server:0.20.0"), "API wrapper", "send"),
        (("npx", "-y", "mcp-remote", "https://mcp.linear.app/sse"), "API wrapper", "read"),
    ],
)
@pytest.mark.proves("SA-27")
def test_known_packages(argv: tuple[str, ...], kind: str, level: str) -> None:
    (server,) = servers(entry("s", *argv))
    access = server_access(server, None)
    assert (access.kind, access.known_from) == (kind, "known package")
    assert Level(level) in {one for each in access.tools for one in each.levels()}


def test_known_remote() -> None:
    (server,) = servers(entry("gh", url="https://api.githubcopilot.com/mcp/"))
    access = server_access(server, None)
    assert access.known_from == "known package"
    assert "api.githubcopilot.com" in access.note


def test_a_look_alike_of_a_known_package_is_not_known() -> None:
    (server,) = servers(entry("s", "npx", "@modelcontextprotocol/server-filesystm"))
    assert known_server(server) == ""
    (host,) = servers(entry("s", url="https://api.githubcopilot.com.evil.example/mcp"))
    assert known_server(host) == ""


def test_nothing_known_is_unknown_and_not_harmless() -> None:
    (server,) = servers(entry("s", "npx", "some-server-nobody-knows"))
    access = server_access(server, None, holds=("TOKEN",))
    assert (access.kind, access.known_from, access.tools) == ("unknown", "nothing", ())
    assert "not known" in access.note
    assert access.holds == ("TOKEN",)


@pytest.mark.proves("MS-12", "SO-09")
def test_where_it_runs_and_what_that_means_is_said() -> None:
    here, there, boxed = servers(
        entry("a", "npx", "weather-helper"),
        entry("b", url="https://weather.example/mcp"),
        entry("c", "docker", "run", "-i", "weather/helper"),
    )
    assert "program with your rights" in server_access(here, None).note
    assert "newest at start" in server_access(here, None).note
    assert (
        "weather.example: what it is given leaves this machine" in server_access(there, None).note
    )
    assert "in a container" in server_access(boxed, None).note


def test_a_surface_beats_the_table() -> None:
    (server,) = servers(entry("s", "uvx", "mcp-server-time"))
    access = server_access(server, surface(server, RUN, source="memory"))
    assert access.known_from == "memory"
    assert access.tools[0].has(Level.EXECUTE)


def test_a_captured_surface_needs_no_server() -> None:
    alone = Surface(server="x", key="k", revision=None, tools=(DROP,), source="/tmp/x.json")
    access = server_access(None, alone)
    assert (access.server, access.name, access.known_from) == ("k", "x", "captured")


@pytest.mark.parametrize(
    ("tools", "kind"),
    [
        ((RUN, READ_FILE), "code runner"),
        ((READ_FILE, tool("list_directory", "", {"path": TEXT})), "file system"),
        ((DROP, tool("list_tables"), tool("run_query", "", {"sql": TEXT})), "database"),
        ((tool("browser_click"), tool("browser_navigate", "", {"url": TEXT})), "browser"),
        ((tool("set_breakpoint"), tool("step_over")), "debugger"),
        ((tool("add_memory"), tool("search_memories")), "stateful"),
        ((FETCH, tool("get_forecast")), "API wrapper"),
        ((), "unknown"),
    ],
)
@pytest.mark.proves("SA-27")
def test_kind_from_tools(tools: tuple[Tool, ...], kind: str) -> None:
    (server,) = servers(entry("s", "npx", "some-server"))
    assert server_access(server, surface(server, *tools)).kind == kind


def test_the_table_is_sound() -> None:
    names = [name for family in FAMILIES for record in family for name in record.names]
    assert len(names) == len(set(names)) >= 80
    assert sum(len(family) for family in FAMILIES) >= 60
    for family in FAMILIES:
        for record in family:
            assert record.names[0].split(":")[0] in {"npm", "pypi", "oci", "url"}
            assert all(name == name.lower() for name in record.names)
            assert all(each.capabilities for each in tools_of(record))
