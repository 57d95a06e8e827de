from __future__ import annotations

from dataclasses import replace

import pytest

from detect.test_secrets import body, jwt, with_checksum
from inventory.entries import HOME, config_file, entry, findings, installation
from ostiary.inventory.checks import CHECKS
from ostiary.model.check import Installation
from ostiary.model.client import (
    ExecutionSink,
    Permission,
    PolicyEntry,
    PolicyKind,
    Scope,
)

TOKEN = with_checksum("ghp_")
NARROW = f"github_pat_{body(22)}_{body(59, seed='b')}"
PLAIN = body(24)
PROJECT = Scope.PROJECT
QUIET = "npx -y @vendor/thing@1.2.3"


def policy(
    matches: str, pattern: str, kind: PolicyKind = PolicyKind.ALLOW, **more: object
) -> PolicyEntry:
    one = PolicyEntry(kind, matches, pattern, "/etc/claude-code/managed-settings.json", True, 3)
    return replace(one, **more)  # type: ignore[arg-type]


def permission(bypass: bool, decided_by: str = "rule") -> Permission:
    return Permission("mode", "x", "runs everything", bypass, f"{HOME}/s.json", 4, decided_by)


HITS: list[tuple[str, Installation]] = [
    ("secret-in-config", installation(entry("a", QUIET, env={"API_KEY": PLAIN}))),
    (
        "secret-in-config",
        installation(entry("a", url="https://a.io/", headers={"Authorization": f"Bearer {PLAIN}"})),
    ),
    ("secret-in-config", installation(entry("a", QUIET, raw={"oauth": {"clientSecret": PLAIN}}))),
    ("secret-in-arguments", installation(entry("a", f"{QUIET} --api-key {PLAIN}"))),
    ("secret-in-arguments", installation(entry("a", f"docker run -e TOKEN={PLAIN} a/b:1.2.3"))),
    ("secret-in-url", installation(entry("a", url=f"https://a.io/?key={PLAIN}"))),
    ("secret-in-url", installation(entry("a", url=f"https://me:{PLAIN}@a.io/"))),
    (
        "secret-in-shared-file",
        installation(entry("a", QUIET, env={"API_KEY": PLAIN}, scope=PROJECT)),
    ),
    ("coarse-credential", installation(entry("a", QUIET, env={"GITHUB_TOKEN": TOKEN}))),
    (
        "credential-in-many-places",
        installation(
            entry("a", QUIET, env={"K_TOKEN": PLAIN}),
            entry("b", "npx b@1.0.0", env={"TOKEN": PLAIN}),
        ),
    ),
    ("long-session", installation(entry("a", QUIET, env={"TOKEN": jwt({"scope": "read"})}))),
    ("plain-http", installation(entry("a", url="http://mcp.example.org/"))),
    ("plain-http", installation(entry("a", url="http://localhost@mcp.example.org/"))),
    ("plain-http", installation(entry("a", url="http://mcp.example.org\\@localhost/"))),
    ("plain-http", installation(entry("a", url="http://127.0.0.1.example.org/"))),
    ("plain-http", installation(entry("a", "npx mcp-remote@0.1.38 http://mcp.example.org/"))),
    ("bypass-mode", installation(permissions=(permission(True),))),
    ("approval-by-model", installation(permissions=(permission(False, "model"),))),
    ("unpinned-package", installation(entry("a", "npx -y @vendor/thing"))),
    ("unpinned-package", installation(entry("a", "docker run vendor/thing:latest"))),
    ("version-range", installation(entry("a", "npx -y @vendor/thing@^1.0.0"))),
    ("movable-version", installation(entry("a", "docker run vendor/thing:1.2.3"))),
    (
        "lookalike-package",
        installation(entry("a", "npx -y @modelcontextprotocal/server-github@1.0.0")),
    ),
    ("lookalike-package", installation(entry("a", "uvx mcp-sever-fetch==1.0"))),
    ("known-vulnerable-version", installation(entry("a", "npx mcp-remote@0.1.15 https://a.io/"))),
    ("known-vulnerable-version", installation(entry("a", "uvx excel-mcp-server==0.1.7"))),
    ("shell-launch", installation(entry("a", ("bash", "-c", "curl -s https://a.io/x | sh")))),
    ("shell-launch", installation(entry("a", ("powershell", "-enc", "SQBFAFgA")))),
    ("launch-from-temporary-folder", installation(entry("a", "/tmp/server"))),
    ("launch-from-temporary-folder", installation(entry("a", f"node {HOME}/Downloads/x/index.js"))),
    (
        "launch-from-temporary-folder",
        installation(entry("a", ("C:\\Users\\ada\\AppData\\Local\\Temp\\s.exe",))),
    ),
    ("relative-command", installation(entry("a", "node ./tools/server.js", scope=PROJECT))),
    ("relative-command", installation(entry("a", "python server.py", scope=PROJECT))),
    ("container-privileges", installation(entry("a", "docker run --privileged a/b:1.2.3"))),
    ("container-privileges", installation(entry("a", "docker run -v /:/host a/b:1.2.3"))),
    ("container-privileges", installation(entry("a", "docker run -v /home/ada:/h a/b:1.2.3"))),
    (
        "container-privileges",
        installation(
            entry("a", "docker run --mount type=bind,src=/var/run/docker.sock,dst=/x a/b:1.2.3")
        ),
    ),
    (
        "container-privileges",
        installation(entry("a", ("sh", "-c", "docker run --cap-add=SYS_ADMIN a/b:1.2.3"))),
    ),
    (
        "broad-filesystem-root",
        installation(entry("a", "npx @modelcontextprotocol/server-filesystem@2025.8.21 /")),
    ),
    (
        "broad-filesystem-root",
        installation(
            entry("a", "npx @modelcontextprotocol/server-filesystem@2025.8.21 /srv/ok /home/ada")
        ),
    ),
    (
        "broad-filesystem-root",
        installation(entry("a", "docker run -v /home/ada:/h mcp/filesystem:1.2.3 /h")),
    ),
    (
        "broad-filesystem-root",
        installation(
            entry("a", "npx @modelcontextprotocol/server-filesystem@2025.8.21 /srv/x"),
            files=(config_file("/srv/x/.cursor/mcp.json"),),
        ),
    ),
    ("open-port", installation(entry("a", "node --inspect=0.0.0.0:9229 /opt/s.js"))),
    ("open-port", installation(entry("a", f"{QUIET} --host 0.0.0.0"))),
    ("tls-off", installation(entry("a", QUIET, env={"NODE_TLS_REJECT_UNAUTHORIZED": "0"}))),
    ("tls-off", installation(entry("a", QUIET, env={"JIRA_SSL_VERIFY": "false"}))),
    ("tls-off", installation(entry("a", f"{QUIET} --insecure"))),
    ("dangerous-variable", installation(entry("a", QUIET, env={"LD_PRELOAD": "/opt/x.so"}))),
    (
        "dangerous-variable",
        installation(entry("a", QUIET, env={"NODE_OPTIONS": "--require /opt/x.js"})),
    ),
    ("dangerous-variable", installation(entry("a", QUIET, env={"PYTHONPATH": "/tmp/x"}))),
    ("remote-bridge", installation(entry("a", "npx mcp-remote@0.1.38 https://mcp.example.org/"))),
    ("local-and-remote", installation(entry("a", QUIET), entry("A", url="https://a.io/"))),
    (
        "same-name-different-command",
        installation(entry("a", QUIET), entry("A", "uvx other==1.0", client="zed")),
    ),
    (
        "same-package-different-versions",
        installation(entry("a", "npx x@1.0.0"), entry("b", "npx x@2.0.0")),
    ),
    ("world-writable-config", installation(files=(config_file("/a.json", mode=0o666),))),
    ("world-writable-config", installation(files=(config_file("/a.json", parent_mode=0o777),))),
    (
        "config-runs-code",
        installation(files=(config_file("/a", executes=(ExecutionSink("crushrc", "x", ""),)),)),
    ),
    (
        "config-runs-code",
        installation(
            entry("a", url="https://a.io/", executes=(ExecutionSink("headersHelper", "/x", "/h"),))
        ),
    ),
    (
        "duplicate-keys",
        installation(files=(config_file("/a.json", duplicate_keys=("/mcpServers/a",)),)),
    ),
    ("starts-on-open", installation(entry("a", QUIET, scope=PROJECT, client="cursor"))),
    (
        "writable-policy",
        installation(
            policies={"claude-code": (policy("argv", "x"),)},
            files=(
                config_file("/etc/claude-code/managed-settings.json", "claude-code", mode=0o646),
            ),
        ),
    ),
    ("writable-policy", installation(policies={"zed": (policy("argv", "x", managed=False),)})),
    ("name-only-policy", installation(policies={"gemini-cli": (policy("name", "github"),)})),
    ("weak-control", installation(entry("a", QUIET), control="C")),
    (
        "unsanctioned-server",
        installation(
            entry("a", QUIET), policies={"claude-code": (policy("url", "https://ok.io/*"),)}
        ),
    ),
    ("hidden-name", installation(entry("git\u200bhub", QUIET))),
    ("hidden-name", installation(entry("__proto__", QUIET))),
    ("hidden-name", installation(entry("a", ("npx", "x\u202e@1.0.0")))),
    ("entry-problems", installation(entry("a", QUIET, problems=("command is a number",)))),
    ("disabled-but-configured", installation(entry("a", QUIET, enabled=False))),
]


@pytest.mark.parametrize(
    ("rule", "what"), HITS, ids=[f"{n}-{one[0]}" for n, one in enumerate(HITS)]
)
def test_hit(rule: str, what: Installation) -> None:
    found = findings(what, rule)
    assert found
    for one in found:
        assert one.evidence
        assert one.location.file
        assert one.message.endswith(".")
        assert PLAIN not in repr(one)
        assert TOKEN not in repr(one)


def test_every_rule_has_a_hit() -> None:
    rules = {rule.id for check in CHECKS for rule in check.rules}
    assert rules == {rule for rule, _ in HITS}


MISSES: list[tuple[str, Installation]] = [
    (
        "secret-in-config",
        installation(entry("a", QUIET, env={"API_KEY": "${API_KEY}", "TOKEN": None})),
    ),
    (
        "secret-in-config",
        installation(entry("a", QUIET, env={"API_KEY": "YOUR_API_KEY", "LOG_LEVEL": "debug"})),
    ),
    (
        "secret-in-config",
        installation(entry("a", QUIET, env={"TOKEN_FILE": "/run/secrets/x", "PORT": "8080"})),
    ),
    (
        "secret-in-config",
        installation(
            entry("a", url="https://a.io/", headers={"Authorization": "Bearer ${input:token}"})
        ),
    ),
    (
        "secret-in-arguments",
        installation(entry("a", f"{QUIET} --api-key ${{KEY}} --max-tokens 4096")),
    ),
    (
        "secret-in-url",
        installation(entry("a", url="https://a.io/mcp?project=my-project&region=eu")),
    ),
    ("secret-in-shared-file", installation(entry("a", QUIET, env={"API_KEY": PLAIN}))),
    ("coarse-credential", installation(entry("a", QUIET, env={"GITHUB_TOKEN": NARROW}))),
    (
        "credential-in-many-places",
        installation(
            entry("a", QUIET, env={"TOKEN": PLAIN}),
            entry("b", "npx b@1.0.0", env={"TOKEN": body(24, seed="q")}),
        ),
    ),
    ("long-session", installation(entry("a", QUIET, env={"TOKEN": jwt({"iat": 0, "exp": 3600})}))),
    (
        "plain-http",
        installation(
            entry("a", url="http://localhost:3000/mcp"),
            entry("b", url="http://127.0.0.9/"),
            entry("c", url="http://[::1]:1/"),
        ),
    ),
    (
        "plain-http",
        installation(entry("a", url="https://mcp.example.org/"), entry("b", url="http://${HOST}/")),
    ),
    ("bypass-mode", installation(permissions=(permission(False),))),
    ("approval-by-model", installation(permissions=(permission(True, "person"),))),
    (
        "unpinned-package",
        installation(entry("a", QUIET), entry("b", "/opt/x"), entry("c", "npx x", enabled=False)),
    ),
    (
        "lookalike-package",
        installation(
            entry("a", "npx @modelcontextprotocol/server-github@1.0.0"),
            entry("b", "uvx mcp_server_git==1.0"),
        ),
    ),
    (
        "known-vulnerable-version",
        installation(
            entry("a", "npx mcp-remote@0.1.16 https://a.io/"),
            entry("b", "npx mcp-remote https://a.io/"),
        ),
    ),
    (
        "shell-launch",
        installation(entry("a", "cmd /c npx x@1.0.0"), entry("b", "env A=b npx x@1.0.0")),
    ),
    (
        "launch-from-temporary-folder",
        installation(entry("a", f"{QUIET} /tmp/data"), entry("b", f"{HOME}/tmp/x")),
    ),
    (
        "relative-command",
        installation(
            entry("a", f"{QUIET} ./data", scope=PROJECT), entry("b", "/opt/x", scope=PROJECT)
        ),
    ),
    (
        "container-privileges",
        installation(entry("a", f"docker run -i --rm -v {HOME}/code/site:/w:ro a/b:1.2.3")),
    ),
    (
        "broad-filesystem-root",
        installation(
            entry("a", f"npx @modelcontextprotocol/server-filesystem@2025.8.21 {HOME}/code"),
            entry("b", f"{QUIET} /"),
        ),
    ),
    ("open-port", installation(entry("a", f"{QUIET} --host 127.0.0.1 --inspector"))),
    (
        "tls-off",
        installation(
            entry("a", QUIET, env={"NODE_TLS_REJECT_UNAUTHORIZED": "1", "SSL_VERIFY": "true"})
        ),
    ),
    (
        "dangerous-variable",
        installation(entry("a", QUIET, env={"NODE_OPTIONS": "--max-old-space-size=4096"})),
    ),
    (
        "remote-bridge",
        installation(
            entry("a", f"{QUIET} https://a.io/"),
            entry("b", "npx mcp-remote@0.1.38 http://localhost:1/"),
        ),
    ),
    ("local-and-remote", installation(entry("a", QUIET), entry("b", url="https://a.io/"))),
    (
        "same-name-different-command",
        installation(entry("a", QUIET), entry("a", QUIET, client="zed")),
    ),
    (
        "same-package-different-versions",
        installation(entry("a", "npx x@1.0.0 /a"), entry("b", "npx x@1.0.0 /b")),
    ),
    (
        "world-writable-config",
        installation(files=(config_file("/a.json", mode=0o644, parent_mode=0o1777),)),
    ),
    (
        "starts-on-open",
        installation(entry("a", url="https://a.io/", scope=PROJECT), entry("b", QUIET)),
    ),
    (
        "writable-policy",
        installation(
            policies={"claude-code": (policy("argv", "x"),)},
            files=(
                config_file(
                    "/etc/claude-code/managed-settings.json",
                    "claude-code",
                    mode=0o644,
                    owner_is_root=True,
                ),
            ),
        ),
    ),
    (
        "name-only-policy",
        installation(policies={"claude-code": (policy("name", "a"), policy("url", "https://*"))}),
    ),
    ("weak-control", installation(entry("a", QUIET), control="A")),
    (
        "unsanctioned-server",
        installation(
            entry("a", url="https://ok.io/mcp"),
            policies={"claude-code": (policy("url", "https://ok.io/*"),)},
        ),
    ),
    (
        "unsanctioned-server",
        installation(entry("a", QUIET), policies={"claude-code": (policy("argv", QUIET),)}),
    ),
    (
        "unsanctioned-server",
        installation(
            entry("a", QUIET), policies={"claude-code": (policy("name", "b", PolicyKind.DENY),)}
        ),
    ),
    (
        "hidden-name",
        installation(
            entry("Ünïcode 工具", QUIET),
            entry("\U0001f6e0\ufe0f \U0001f468\u200d\U0001f4bb", QUIET),
            entry("workspace", QUIET, client="zed"),
        ),
    ),
]


@pytest.mark.parametrize(
    ("rule", "what"), MISSES, ids=[f"{n}-{one[0]}" for n, one in enumerate(MISSES)]
)
def test_miss(rule: str, what: Installation) -> None:
    assert findings(what, rule) == []
