"""What one client reaches, and the dangerous paths through its servers."""

from __future__ import annotations

import pytest

from flow.flow_make import (
    DROP,
    FETCH,
    READ_FILE,
    RUN,
    SEND_MAIL,
    TEXT,
    WRITE_FILE,
    client,
    entry,
    servers,
    surface,
    tool,
)
from ostiary.flow import toxic
from ostiary.flow.clients import client_access
from ostiary.flow.servers import server_access
from ostiary.model.access import ClientAccess, DataClass, Level
from ostiary.model.client import Permission, ServerEntry, SpeaksOf, ToolRules
from ostiary.model.grade import Confidence
from ostiary.model.surface import Tool


def reach(
    tools: dict[str, tuple[Tool, ...]],
    entries: tuple[ServerEntry, ...],
    permissions: tuple[Permission, ...] = (),
) -> ClientAccess:
    records = servers(*entries)
    accesses = tuple(
        server_access(one, surface(one, *tools[one.name]) if one.name in tools else None)
        for one in records
    )
    return client_access(client(*entries, permissions=permissions), accesses, records)


def kinds(access: ClientAccess) -> list[str]:
    return [flow.kind for flow in access.flows]


WEB = entry("web", "npx", "a-web")
DISK = entry("disk", "npx", "a-disk")
MAIL = entry("mail", "npx", "a-mail")


@pytest.mark.proves("CR-20", "DF-10", "DF-19")
def test_the_union_says_everything_and_at_what_level() -> None:
    access = reach({"web": (FETCH,), "disk": (READ_FILE, WRITE_FILE)}, (WEB, DISK))
    assert access.levels == (Level.READ, Level.WRITE)
    assert access.data == (DataClass.FILES, DataClass.WEB)
    assert [one.name for one in access.servers] == ["disk", "web"]


@pytest.mark.proves("CR-16")
def test_a_read_only_server_is_told_from_one_that_writes() -> None:
    access = reach({"web": (FETCH,), "disk": (READ_FILE, WRITE_FILE)}, (WEB, DISK))
    levels = {
        server.name: {level for one in server.tools for level in one.levels()}
        for server in access.servers
    }
    assert levels == {"web": {Level.READ}, "disk": {Level.READ, Level.WRITE}}


def test_trifecta_across_servers_with_the_path_drawn() -> None:
    access = reach({"web": (FETCH,), "disk": (READ_FILE,), "mail": (SEND_MAIL,)}, (WEB, DISK, MAIL))
    (flow,) = [one for one in access.flows if one.kind == toxic.TRIFECTA]
    assert [(step.server, step.tool) for step in flow.steps] == [
        ("web", "fetch"),
        ("disk", "read_file"),
        ("mail", "send_email"),
    ]
    assert flow.confidence is Confidence.HIGH
    assert "across 3 servers" in flow.says


def test_trifecta_inside_one_server_is_drawn_too() -> None:
    read = tool("read_email", "Read an email", {"id": TEXT})
    access = reach({"mail": (read, SEND_MAIL), "web": (FETCH,)}, (MAIL, WEB))
    flows = [one for one in access.flows if one.kind == toxic.TRIFECTA]
    assert any({step.server for step in flow.steps} == {"mail"} for flow in flows)
    assert len(flows) <= 2


@pytest.mark.parametrize(
    "tools",
    [
        {"web": (FETCH,)},
        {"disk": (READ_FILE,)},
        {"disk": (READ_FILE,), "mail": (SEND_MAIL,)},
    ],
)
def test_two_thirds_of_a_trifecta_are_none(tools: dict[str, tuple[Tool, ...]]) -> None:
    assert toxic.TRIFECTA not in kinds(reach(tools, (WEB, DISK, MAIL)))


@pytest.mark.parametrize(
    ("tools", "kind"),
    [
        ((WRITE_FILE, RUN), toxic.FILE_AND_CODE),
        ((FETCH, RUN), toxic.STEERED_CODE),
        ((FETCH, DROP), toxic.STEERED_HARM),
        ((tool("get_secret", "Get a secret"), FETCH), toxic.CREDENTIAL_OUT),
        ((FETCH, tool("publish_to_queue", "Publish to a queue")), toxic.SHARED_BUS),
    ],
)
def test_each_kind(tools: tuple[Tool, ...], kind: str) -> None:
    assert kind in kinds(reach({"disk": tools}, (DISK,)))


@pytest.mark.parametrize(
    ("arguments", "confidence"),
    [
        (("/",), Confidence.HIGH),
        (("/home/ana",), Confidence.HIGH),
        (("${HOME}",), Confidence.HIGH),
        (("/home/ana/.config",), Confidence.HIGH),
        (("C:\\Users\\ana",), Confidence.HIGH),
        (("/home/ana/projects/site",), Confidence.MEDIUM),
        ((), Confidence.MEDIUM),
        (("/home/ana/Downloads",), None),
        (("/tmp/x", "/var/tmp"), None),
    ],
)
@pytest.mark.proves("SA-12")
def test_a_file_tool_that_reaches_configuration(
    arguments: tuple[str, ...], confidence: Confidence | None
) -> None:
    files = entry("files", "npx", "@modelcontextprotocol/server-filesystem", *arguments)
    access = reach({}, (files,))
    found = [one for one in access.flows if one.kind == toxic.CONFIGURATION]
    assert [one.confidence for one in found] == ([] if confidence is None else [confidence])


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), False),
        (("-v", "/:/host"), True),
        (("--mount", "type=bind,src=/srv/site,dst=/site"), True),
    ],
)
def test_a_container_reaches_what_is_mounted(options: tuple[str, ...], found: bool) -> None:
    files = entry("files", "docker", "run", "-i", *options, "mcp/filesystem", "/site")
    assert (toxic.CONFIGURATION in kinds(reach({}, (files,)))) is found


@pytest.mark.proves("CR-32")
def test_hidden_tools_and_servers_that_are_off_reach_nothing() -> None:
    hiding = entry("disk", "npx", "a-disk", rules=ToolRules(hidden=("write_*",)))
    access = reach({"disk": (READ_FILE, WRITE_FILE)}, (hiding,))
    assert access.levels == (Level.READ,)
    assert "1 of 2 tools hidden here" in access.servers[0].note
    only = entry("disk", "npx", "a-disk", rules=ToolRules(only=("read_file",)))
    assert reach({"disk": (READ_FILE, WRITE_FILE)}, (only,)).levels == (Level.READ,)
    off = entry("disk", "npx", "a-disk", enabled=False)
    access = reach({"disk": (READ_FILE, WRITE_FILE, RUN)}, (off,))
    assert (access.levels, access.flows) == ((), ())
    assert "turned off in this client" in access.servers[0].note


def test_each_client_has_only_its_own_servers() -> None:
    other = entry("mail", "npx", "a-mail", client="other")
    records = servers(WEB, other)
    accesses = tuple(
        server_access(one, surface(one, FETCH if one.name == "web" else SEND_MAIL))
        for one in records
    )
    mine = client_access(client(WEB, other), accesses, records)
    assert [one.name for one in mine.servers] == ["web"]


def test_who_is_asked_is_part_of_the_path() -> None:
    free = entry("disk", "npx", "a-disk", rules=ToolRules(auto_approve_all=True, why="trust: true"))
    flow = reach({"disk": (FETCH, RUN)}, (free,)).flows[-1]
    assert toxic.unasked(flow)
    assert "trust: true" in flow.steps[0].does
    half = entry("disk", "npx", "a-disk", rules=ToolRules(auto_approve=("fetch",)))
    flow = next(
        one
        for one in reach({"disk": (FETCH, RUN)}, (half,)).flows
        if one.kind == toxic.STEERED_CODE
    )
    assert not toxic.unasked(flow)
    assert "only before run_command" in flow.says
    bypass = Permission("mode", "yolo", "runs everything without asking", True, "/f")
    flow = reach({"disk": (FETCH, RUN)}, (DISK,), (bypass,)).flows[-1]
    assert toxic.unasked(flow)


@pytest.mark.parametrize("speaks_of", [one for one in SpeaksOf if one is not SpeaksOf.CLIENT])
def test_a_grant_to_some_is_no_grant_to_all(speaks_of: SpeaksOf) -> None:
    some = Permission("key", "value", "never asks", True, "/f", speaks_of=speaks_of)
    assert not any(map(toxic.unasked, reach({"disk": (FETCH, RUN)}, (DISK,), (some,)).flows))


def test_a_model_that_decides_is_not_nobody() -> None:
    judged = Permission("key", "value", "a model decides", True, "/f", decided_by="model")
    assert not any(map(toxic.unasked, reach({"disk": (FETCH, RUN)}, (DISK,), (judged,)).flows))


def test_a_path_nobody_is_asked_on_is_drawn_beside_a_surer_one() -> None:
    loose = entry("loose", "npx", "a-loose", rules=ToolRules(auto_approve_all=True, why="trust"))
    notes = tool("read_notes", "Read notes", {"id": TEXT})
    access = reach({"disk": (FETCH, READ_FILE, SEND_MAIL), "loose": (FETCH, notes)}, (DISK, loose))
    flows = [one for one in access.flows if one.kind == toxic.TRIFECTA]
    assert toxic.unasked(flows[0])
    assert {step.server for step in flows[0].steps} == {"loose"}
    assert len(flows) == 2


@pytest.mark.parametrize(
    "made",
    [
        tool("git_add", "Adds file contents to the staging area", {"repo_path": TEXT}),
        tool("create_directory", "Create a directory", {"path": TEXT}),
        tool("move_file", "Move a file", {"source": TEXT, "destination": TEXT}),
        tool(
            "create_or_update_file",
            "Create or update a file in a repository",
            {"owner": TEXT, "repo": TEXT, "path": TEXT, "content": TEXT},
        ),
    ],
)
def test_a_witness_of_file_writing_takes_a_path_and_content(made: Tool) -> None:
    assert toxic.CONFIGURATION not in kinds(reach({"disk": (made,)}, (DISK,)))
    assert toxic.CONFIGURATION in kinds(reach({"disk": (made, WRITE_FILE)}, (DISK,)))


def test_version_control_writes_no_configuration() -> None:
    git = entry("git", "uvx", "mcp-server-git")
    assert reach({}, (git,)).flows == ()


def test_the_agents_own_memory_is_no_loss() -> None:
    memory = entry("memory", "npx", "@modelcontextprotocol/server-memory")
    assert toxic.STEERED_HARM not in kinds(reach({"web": (FETCH,)}, (WEB, memory)))
    assert toxic.STEERED_HARM in kinds(reach({"web": (FETCH, DROP)}, (WEB, memory)))


def test_a_script_in_a_page_is_only_likely_code() -> None:
    browser = entry("browser", "npx", "@playwright/mcp@0.0.50")
    (flow,) = [one for one in reach({}, (browser,)).flows if one.kind == toxic.STEERED_CODE]
    assert flow.confidence is Confidence.MEDIUM


def test_the_choice_of_paths_is_fixed_and_small() -> None:
    many = tuple(tool(f"fetch_{number}", "Fetch a page", {"url": TEXT}) for number in range(40))
    runs = tuple(tool(f"run_command_{number}", "", {"command": TEXT}) for number in range(40))
    forth = reach({"disk": many + runs, "web": (READ_FILE,)}, (DISK, WEB))
    back = reach({"disk": runs[::-1] + many[::-1], "web": (READ_FILE,)}, (WEB, DISK))
    assert forth.flows == back.flows
    assert max(kinds(forth).count(kind) for kind in kinds(forth)) <= 2
