"""What a default reader is told of ordinary set-ups made of published servers."""

from __future__ import annotations

import pytest

from ostiary.inventory.servers import merge
from ostiary.model.client import Client, Permission, Scope, ServerEntry, ToolRules, Transport
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona, Severity
from ostiary.scan.judge import Reading, judge

NO_RULES = ToolRules()
TRUSTED = ToolRules(auto_approve_all=True, why="trust: true")
YOLO = Permission("mode", "yolo", "runs everything without asking", True, "/home/ana/desk.json", 1)

TIME = "uvx mcp-server-time==2025.9.25"
THINKING = "npx -y @modelcontextprotocol/server-sequential-thinking@2025.7.1"
MEMORY = "npx -y @modelcontextprotocol/server-memory@2025.9.25"
FETCH = "uvx mcp-server-fetch==2025.4.7"
GIT = "uvx mcp-server-git==2026.1.14"
FILES = "npx -y @modelcontextprotocol/server-filesystem@2025.8.21"
PLAYWRIGHT = "npx -y @playwright/mcp@0.0.50"
GITHUB = "docker run -i --rm -e GITHUB_TOKEN ghcr.io/github/github-mcp-server:v0.20.1"
GMAIL = "npx -y @gongrzhe/server-gmail-autoauth-mcp@1.1.11"
CALENDAR = "npx -y @cocal/google-calendar-mcp@2.0.0"
DRIVE = "npx -y @modelcontextprotocol/server-gdrive@2025.1.14"
SLACK = "npx -y @modelcontextprotocol/server-slack@2025.4.25"
POSTGRES = "npx -y @modelcontextprotocol/server-postgres@0.6.2 postgresql://localhost/shop"
KUBERNETES = "npx -y mcp-server-kubernetes@2.9.0"
AWS = "uvx awslabs.aws-api-mcp-server==1.0.0"
TERRAFORM = "docker run -i --rm hashicorp/terraform-mcp-server:0.3.0"
ARXIV = "uvx arxiv-mcp-server==0.3.0"
CONTEXT = "npx -y @upstash/context7-mcp@1.0.21"
COMMANDER = "npx -y @wonderwhy-er/desktop-commander@0.2.18"


def told(
    commands: dict[str, str],
    rules: ToolRules = NO_RULES,
    permissions: tuple[Permission, ...] = (),
) -> list[Finding]:
    """What a default reader is told when one client has these servers."""
    entries = tuple(
        ServerEntry(
            client="desk",
            file="/home/ana/desk.json",
            scope=Scope.USER,
            name=name,
            transport=Transport.STDIO,
            argv=tuple(command.split()),
            tools=rules,
            line=line,
            pointer=f"/mcpServers/{name}",
        )
        for line, (name, command) in enumerate(commands.items(), 3)
    )
    desk = Client("desk", "Desk", ("/home/ana",), (), entries, permissions=permissions, control="A")
    judgement = judge(Reading((desk,), merge(entries), (), ()))
    assert judgement.not_checked == ()
    return [one for one in judgement.findings if one.persona is Persona.DEFAULT]


def rules_of(findings: list[Finding]) -> list[str]:
    return sorted(one.rule for one in findings if one.severity >= Severity.MEDIUM)


@pytest.mark.parametrize(
    "commands",
    [
        {"time": TIME},
        {"time": TIME, "thinking": THINKING},
        {"docs": CONTEXT},
        {"memory": MEMORY, "time": TIME},
        {"fetch": FETCH, "arxiv": ARXIV},
        {"postgres": POSTGRES},
        {"kubernetes": KUBERNETES, "aws": AWS, "terraform": TERRAFORM},
        {"files": f"{FILES} /home/ana/projects/site", "git": GIT},
        {"drive": DRIVE, "docs": CONTEXT},
    ],
    ids="+".join,
)
def test_set_ups_that_a_person_need_not_hear_about(commands: dict[str, str]) -> None:
    assert rules_of(told(commands)) == []


def test_harmless_servers_may_be_trusted() -> None:
    assert rules_of(told({"time": TIME, "thinking": THINKING, "docs": CONTEXT}, TRUSTED)) == []


@pytest.mark.parametrize(
    ("commands", "path"),
    [
        (
            {"github": GITHUB, "files": f"{FILES} /home/ana/projects", "git": GIT},
            "github·get_issue → files·read_file → github·",
        ),
        (
            {"gmail": GMAIL, "calendar": CALENDAR, "drive": DRIVE, "slack": SLACK},
            "→ gmail·send_email",
        ),
        ({"browser": PLAYWRIGHT}, "browser·browser_navigate → "),
    ],
    ids=["developer", "office", "browser"],
)
def test_private_data_and_a_way_out_are_one_finding(commands: dict[str, str], path: str) -> None:
    (one,) = told(commands)
    assert (one.rule, one.severity) == ("lethal-trifecta", Severity.MEDIUM)
    assert path in one.message


def test_a_shell_and_the_web_are_two() -> None:
    found = told({"commander": COMMANDER, "fetch": FETCH})
    assert rules_of(found) == ["lethal-trifecta", "untrusted-content-to-code"]
    assert all(one.severity is Severity.MEDIUM for one in found)


def test_a_whole_home_is_told_once() -> None:
    found = told({"files": f"{FILES} /home/ana"}, TRUSTED)
    assert rules_of(found) == ["broad-filesystem-root", "give-everything"]
    (root,) = [one for one in found if one.rule == "broad-filesystem-root"]
    assert any("configuration-write" in step.says for step in root.evidence)


def test_a_client_that_never_asks_is_told_once_and_its_paths_are_high() -> None:
    found = told({"fetch": FETCH, "files": f"{FILES} /home/ana/w"}, TRUSTED, (YOLO,))
    assert rules_of(found) == ["bypass-mode", "lethal-trifecta"]
    assert all(one.severity is Severity.HIGH for one in found)


def test_a_way_that_still_asks_is_not_high() -> None:
    found = told({"gmail": GMAIL}, ToolRules(auto_approve=("read_email", "search_emails")))
    assert [(one.rule, one.severity) for one in found] == [("lethal-trifecta", Severity.MEDIUM)]


def test_equal_names_are_told_apart_in_findings() -> None:
    entries = tuple(
        ServerEntry(
            client=client,
            file=f"/home/ana/{client}.json",
            scope=Scope.USER,
            name="files",
            transport=Transport.STDIO,
            argv=(*command.split(), "/home/ana"),
            line=3,
            pointer="/mcpServers/files",
        )
        for client, command in (
            ("desk", FILES),
            ("pad", FILES),
            ("pen", "docker run -v /:/host mcp/filesystem"),
        )
    )
    clients = tuple(
        Client(one.client, one.client, ("/home/ana",), (), (one,), control="A") for one in entries
    )
    found = judge(Reading(clients, merge(entries), (), ())).findings
    named = {one.location.server for one in found if one.rule == "broad-filesystem-root"}
    assert named == {"files", "files (docker)"}
