"""Findings of this room: what each rule reports and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flow.flow_make import (
    DEFAULT,
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
from ostiary.flow.checks import CHECKS
from ostiary.flow.clients import client_access
from ostiary.flow.consequence import completing
from ostiary.flow.servers import server_access
from ostiary.flow.subject import Access
from ostiary.model.access import Credential
from ostiary.model.check import Installation, run
from ostiary.model.client import Permission, ServerEntry, ToolRules
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category
from ostiary.model.standards import TITLES
from ostiary.model.surface import Tool

DISK = entry("disk", "npx", "a-disk")


def subject(
    tools: dict[str, tuple[Tool, ...]],
    *entries: ServerEntry,
    credentials: tuple[Credential, ...] = (),
) -> Access:
    records = servers(*entries)
    surfaces = tuple(surface(one, *tools[one.name]) for one in records if one.name in tools)
    by_key = {one.key: one for one in surfaces}
    accesses = tuple(server_access(one, by_key.get(one.key)) for one in records)
    clients = tuple(client(*entries, id=id) for id in sorted({one.client for one in entries}))
    reached = tuple(client_access(one, accesses, records) for one in clients)
    return Access(reached, accesses, Installation(clients, records), surfaces, credentials)


def findings(access: Access, rule: str) -> list[Finding]:
    found, failed = run(CHECKS, access, "test")
    assert failed == []
    return [one for one in found if one.rule == rule]


def of(rule: str, *tools: Tool, rules: ToolRules = DEFAULT) -> list[Finding]:
    return findings(subject({"disk": tools}, entry("disk", "npx", "a-disk", rules=rules)), rule)


def test_rules_are_complete_and_their_references_exist() -> None:
    rules = [rule for check in CHECKS for rule in check.rules]
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert all(reference in TITLES for reference in rule.references)
        assert len(rule.title.split()) <= 8
        assert rule.what
        assert rule.attack
        assert rule.remedy


@pytest.mark.parametrize(
    ("rule", "hit", "miss"),
    [
        ("lethal-trifecta", (FETCH, READ_FILE, SEND_MAIL), (READ_FILE, WRITE_FILE)),
        ("configuration-write", (WRITE_FILE,), (READ_FILE,)),
        ("file-and-code-runner", (WRITE_FILE, RUN), (READ_FILE, RUN)),
        ("untrusted-content-to-code", (FETCH, RUN), (RUN,)),
        ("untrusted-content-to-harm", (FETCH, DROP), (FETCH,)),
        ("credentials-to-a-way-out", (tool("get_secret"), FETCH), (tool("get_secret"),)),
        ("shared-message-bus", (FETCH, tool("publish_to_queue")), (tool("publish_to_queue"),)),
    ],
)
def test_toxic_flows(rule: str, hit: tuple[Tool, ...], miss: tuple[Tool, ...]) -> None:
    (found,) = of(rule, *hit)
    assert found.location.client == "desk"
    assert found.evidence
    assert of(rule, *miss) == []


def test_a_flow_is_graver_when_nobody_is_asked() -> None:
    free = ToolRules(auto_approve_all=True, why="trust: true")
    (asked,) = of("untrusted-content-to-code", FETCH, RUN)
    (unasked,) = of("untrusted-content-to-code", FETCH, RUN, rules=free)
    assert (asked.severity, unasked.severity) == (Severity.MEDIUM, Severity.HIGH)


def test_one_finding_per_client_and_kind() -> None:
    both = (entry("disk", "npx", "a-disk"), entry("disk", "npx", "a-disk", client="pad"))
    found = findings(subject({"disk": (FETCH, RUN)}, *both), "untrusted-content-to-code")
    assert [one.location.client for one in found] == ["desk", "pad"]
    assert len({one.fingerprint for one in found}) == 2


def test_claim_contradicted() -> None:
    liar = tool("delete_file", "", {"path": TEXT}, {"readOnlyHint": True})
    honest = tool("read_file", "", {"path": TEXT}, {"readOnlyHint": True})
    (found,) = of("claim-contradicted", liar, honest)
    assert (found.severity, found.location.part) == (Severity.HIGH, "tool delete_file")


@pytest.mark.parametrize(
    ("made", "hit"),
    [
        (RUN, True),
        (tool("run_query", "Run SQL", {"sql": TEXT}), True),
        (tool("request", "", {"url": TEXT, "method": TEXT}), True),
        (tool("users", "", {"action": {"enum": ["list", "create", "delete"]}}), True),
        (tool("run_query", "Run a read-only SQL query", {"sql": TEXT}), False),
        (tool("users", "", {"action": {"enum": ["list", "get"]}}), False),
        (READ_FILE, False),
        (FETCH, False),
    ],
)
@pytest.mark.proves("MS-18")
def test_over_broad_tool(made: Tool, hit: bool) -> None:
    found = of("over-broad-tool", made)
    assert bool(found) is hit
    assert all(one.persona is Persona.STRICT for one in found)


def test_a_flow_names_its_tools() -> None:
    (found,) = of("untrusted-content-to-code", FETCH, RUN)
    assert "disk·fetch → disk·run_command" in found.message


def test_a_path_that_is_only_likely_is_quiet_until_nobody_is_asked() -> None:
    browser = ("npx", "@playwright/mcp@0.0.50")
    rule = "untrusted-content-to-code"
    (asked,) = findings(subject({}, entry("browser", *browser)), rule)
    assert (asked.severity, asked.persona) == (Severity.LOW, Persona.STRICT)
    free = ToolRules(auto_approve_all=True, why="trust: true")
    (bare,) = findings(subject({}, entry("browser", *browser, rules=free)), rule)
    assert (bare.severity, bare.persona) == (Severity.MEDIUM, Persona.DEFAULT)


@pytest.mark.proves("CR-33", "CR-25")
def test_consent_to_everything_lists_what_was_consented_to() -> None:
    free = ToolRules(auto_approve_all=True, why="trust: true")
    (found,) = of("give-everything", READ_FILE, RUN, DROP, rules=free)
    assert "read, destroy and execute" in found.message
    assert found.severity is Severity.HIGH
    assert found.location.file == "/home/ana/desk.json"
    (found,) = of("give-everything", READ_FILE, rules=free)
    assert (found.severity, found.persona) == (Severity.LOW, Persona.STRICT)
    (found,) = of("give-everything", FETCH, rules=free)
    assert (found.severity, found.persona) == (Severity.MEDIUM, Persona.DEFAULT)
    assert "carry data out" in found.message
    assert of("give-everything", READ_FILE, RUN) == []
    unknown = subject({}, entry("disk", "npx", "nobody-knows", rules=free))
    (found,) = findings(unknown, "give-everything")
    assert found.severity is Severity.MEDIUM


def test_a_server_of_the_agents_own_memory_may_be_trusted() -> None:
    free = ToolRules(auto_approve_all=True, why="trust: true")
    own = entry("memory", "npx", "@modelcontextprotocol/server-memory", rules=free)
    assert findings(subject({}, own), "give-everything")[0].persona is Persona.STRICT


def test_a_sandbox_that_approves_is_one_finding() -> None:
    rules = ToolRules(auto_approve_all=True, why="sandboxEnabled: true")
    boxed = replace(entry("disk", "npx", "a-disk", rules=rules), raw={"sandboxEnabled": True})
    access = subject({"disk": (READ_FILE, RUN)}, boxed)
    (found,) = findings(access, "sandbox-auto-approves")
    assert found.severity is Severity.MEDIUM
    assert "read and execute" in found.message
    assert findings(access, "give-everything") == []
    open_box = replace(boxed, tools=DEFAULT, raw={"sandboxEnabled": False})
    assert findings(subject({"disk": (RUN,)}, open_box), "sandbox-auto-approves") == []


@pytest.mark.parametrize(
    ("approved", "persona"),
    [
        (("run_command",), Persona.DEFAULT),
        (("run_*",), Persona.DEFAULT),
        (("read_file", "drop_table"), Persona.DEFAULT),
        (("read_file",), Persona.STRICT),
        (("write_nothing_known",), Persona.STRICT),
    ],
)
def test_named_tools_count_by_what_they_can_do(approved: tuple[str, ...], persona: Persona) -> None:
    some = ToolRules(auto_approve=approved)
    (found,) = of("auto-approval", READ_FILE, RUN, DROP, rules=some)
    assert found.persona is persona
    assert of("give-everything", READ_FILE, RUN, DROP, rules=some) == []


def test_very_long_lists_take_no_time_and_mean_the_worst() -> None:
    many = tuple(tool(f"read_{number}", "", {"id": TEXT}) for number in range(3000))
    names = tuple(f"write_{number}" for number in range(5000))
    globs = tuple(f"*_{number}_*" for number in range(5000))
    (quiet,) = of("auto-approval", *many, RUN, rules=ToolRules(auto_approve=names))
    assert quiet.persona is Persona.STRICT
    (loud,) = of("auto-approval", *many, RUN, rules=ToolRules(auto_approve=globs))
    assert "run_command" in loud.message
    assert loud.persona is Persona.DEFAULT


def test_a_client_that_asks_about_nothing_tells_it_once() -> None:
    free = ToolRules(auto_approve_all=True, why="trust: true")
    access = subject({"disk": (RUN,)}, entry("disk", "npx", "a-disk", rules=free))
    mode = Permission("mode", "yolo", "runs everything without asking", True, "/f")
    bare = tuple(replace(one, permissions=(mode,)) for one in access.installation.clients)
    wide = replace(access, installation=replace(access.installation, clients=bare))
    assert findings(wide, "give-everything")[0].persona is Persona.STRICT
    assert findings(access, "give-everything")[0].persona is Persona.DEFAULT


@pytest.mark.proves("MS-12")
def test_a_local_program_of_no_fixed_version() -> None:
    loose = subject({}, entry("weather", "npx", "weather-helper"))
    assert len(findings(loose, "local-program")) == 1
    for argv in (
        ("npx", "weather-helper@1.2.3"),
        ("uvx", "mcp-server-git"),
        ("docker", "run", "-i", "weather/helper"),
    ):
        assert findings(subject({}, entry("weather", *argv)), "local-program") == []


@pytest.mark.proves("SA-17")
def test_a_coarse_credential_in_a_broad_server() -> None:
    coarse = Credential("TOKEN", "GitHub classic token", ("disk",), ("f:1",), "all repos", True)
    fine = Credential("TOKEN", "GitHub fine-grained token", ("disk",), ("f:1",), "not known")
    rule = "broad-server-credential"
    assert len(findings(subject({"disk": (RUN,)}, DISK, credentials=(coarse,)), rule)) == 1
    assert findings(subject({"disk": (RUN,)}, DISK, credentials=(fine,)), rule) == []
    assert findings(subject({"disk": (READ_FILE,)}, DISK, credentials=(coarse,)), rule) == []


def test_no_annotations_is_for_the_pedantic() -> None:
    (found,) = of("no-annotations", READ_FILE, RUN)
    assert found.persona is Persona.PEDANTIC
    assert "2 of 2" in found.message
    assert of("no-annotations", tool("read", hints={"readOnlyHint": True})) == []


def test_names_of_strangers_are_made_visible() -> None:
    evil = tool("delete_\x1b[31mfile\u202e", "", {}, {"readOnlyHint": True})
    (found,) = of("claim-contradicted", evil)
    text = found.message + found.location.part + "".join(one.says for one in found.evidence)
    assert "\x1b" not in text
    assert "\u202e" not in text


def _finding(category: Category, server: str = "web") -> Finding:
    return Finding(
        rule="r",
        title="t",
        category=category.value,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        persona=Persona.DEFAULT,
        message="m",
        location=Location(server=server),
        evidence=(),
        consequence="It steers the model.",
        remedy="",
        references=(),
        mark="",
    )


def test_consequences_name_the_neighbours() -> None:
    web = entry("web", "npx", "a-web")
    access = subject({"web": (FETCH,), "disk": (READ_FILE, RUN)}, web, DISK)
    planted = completing(access.clients)(_finding(Category.POISON))
    assert planted.consequence.startswith("It steers the model. On this machine: in Desk ")
    assert "read private data with disk (read_file)" in planted.consequence
    assert "run code with disk (run_command)" in planted.consequence
    assert "send data out with" in planted.consequence
    assert completing(access.clients)(planted) == planted
    for other in (_finding(Category.TRANSPORT), _finding(Category.POISON, "elsewhere")):
        assert completing(access.clients)(other) == other


@pytest.mark.proves("MS-17")
@pytest.mark.parametrize(
    ("tool", "authenticated", "seen"),
    [
        (DROP, False, Persona.DEFAULT),
        (READ_FILE, False, Persona.STRICT),
        (DROP, True, None),
        (DROP, None, None),
    ],
)
def test_a_remote_that_asks_for_nothing_is_told(
    tool: Tool, authenticated: bool | None, seen: Persona | None
) -> None:
    remote = entry("far", url="https://mcp.example.com/mcp")
    access = subject({"far": (tool,)}, remote)
    recorded = replace(access.surfaces[0], authenticated=authenticated)
    found = findings(replace(access, surfaces=(recorded,)), "open-remote")
    assert [one.persona for one in found] == ([] if seen is None else [seen])


def test_a_local_server_needs_no_credentials() -> None:
    access = subject({"disk": (DROP,)}, DISK)
    recorded = replace(access.surfaces[0], authenticated=False)
    assert findings(replace(access, surfaces=(recorded,)), "open-remote") == []
