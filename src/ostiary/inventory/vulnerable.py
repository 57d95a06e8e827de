"""Published vulnerabilities of well-known MCP packages, for versions named exactly.

Compiled by hand from public advisories; it is a reminder for pinned versions, not a database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ostiary.model.grade import Severity

_NUMBERS = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Advisory:
    """Versions from ``since`` (included) up to ``before`` (excluded) are affected."""

    ecosystem: str
    package: str
    since: str
    before: str
    id: str
    says: str
    severity: Severity
    fixed: str


_HIGH, _CRITICAL, _MEDIUM = Severity.HIGH, Severity.CRITICAL, Severity.MEDIUM

ADVISORIES: tuple[Advisory, ...] = (
    Advisory(
        "npm",
        "mcp-remote",
        "0.0.5",
        "0.1.16",
        "CVE-2025-6514",
        "a hostile server runs commands on this machine",
        _CRITICAL,
        "0.1.16",
    ),
    Advisory(
        "npm",
        "@modelcontextprotocol/inspector",
        "0",
        "0.14.1",
        "CVE-2025-49596",
        "any web page runs commands on this machine",
        _CRITICAL,
        "0.14.1",
    ),
    Advisory(
        "npm",
        "@modelcontextprotocol/server-filesystem",
        "0",
        "2025.7.1",
        "CVE-2025-53109",
        "links lead out of the allowed folders",
        _HIGH,
        "2025.7.1",
    ),
    Advisory(
        "npm",
        "@modelcontextprotocol/server-filesystem",
        "0",
        "2025.7.1",
        "CVE-2025-53110",
        "a common path prefix leads out of the allowed folders",
        _HIGH,
        "2025.7.1",
    ),
    Advisory(
        "npm",
        "figma-developer-mcp",
        "0",
        "0.6.3",
        "CVE-2025-53967",
        "a crafted request runs commands",
        _HIGH,
        "0.6.3",
    ),
    Advisory(
        "npm",
        "@cyanheads/git-mcp-server",
        "0",
        "2.1.5",
        "CVE-2025-53107",
        "tool arguments run commands",
        _HIGH,
        "2.1.5",
    ),
    Advisory(
        "npm",
        "mcp-server-kubernetes",
        "0",
        "2.5.0",
        "CVE-2025-53355",
        "tool arguments run commands",
        _HIGH,
        "2.5.0",
    ),
    Advisory(
        "npm",
        "ios-simulator-mcp",
        "0",
        "1.3.3",
        "CVE-2025-52573",
        "tool arguments run commands",
        _MEDIUM,
        "1.3.3",
    ),
    Advisory(
        "npm",
        "mcp-package-docs",
        "0",
        "0.1.28",
        "CVE-2025-54073",
        "tool arguments run commands",
        _HIGH,
        "0.1.28",
    ),
    Advisory(
        "npm",
        "@playwright/mcp",
        "0",
        "0.0.40",
        "CVE-2025-9611",
        "any web page reaches the server by DNS rebinding",
        _HIGH,
        "0.0.40",
    ),
    Advisory(
        "npm",
        "postmark-mcp",
        "1.0.16",
        "99999",
        "malicious release of 2025-09",
        "a copy of every mail goes to the attacker",
        _CRITICAL,
        "",
    ),
    Advisory(
        "pypi",
        "mcp-server-git",
        "0",
        "2025.9.25",
        "CVE-2025-68143",
        "git_init makes a repository anywhere",
        _HIGH,
        "2025.9.25",
    ),
    Advisory(
        "pypi",
        "mcp-server-git",
        "0",
        "2025.12.18",
        "CVE-2025-68144",
        "arguments reach git as options",
        _HIGH,
        "2025.12.18",
    ),
    Advisory(
        "pypi",
        "mcp-server-git",
        "0",
        "2025.12.18",
        "CVE-2025-68145",
        "calls leave the configured repository",
        _HIGH,
        "2025.12.18",
    ),
    Advisory(
        "pypi",
        "excel-mcp-server",
        "0",
        "0.1.8",
        "CVE-2026-40576",
        "a caller reads and writes files anywhere",
        _HIGH,
        "0.1.8",
    ),
    Advisory(
        "pypi",
        "mcp-atlassian",
        "0",
        "0.17.0",
        "CVE-2026-27825",
        "a caller writes files anywhere",
        _HIGH,
        "0.17.0",
    ),
    Advisory(
        "pypi",
        "mcp-atlassian",
        "0",
        "0.17.0",
        "CVE-2026-27826",
        "a caller makes it call any address",
        _HIGH,
        "0.17.0",
    ),
    Advisory(
        "pypi",
        "fastmcp",
        "0",
        "2.13.0",
        "CVE-2025-62801",
        "a server's name runs commands at installation",
        _MEDIUM,
        "2.13.0",
    ),
    Advisory(
        "pypi",
        "fastmcp",
        "0",
        "3.2.0",
        "CVE-2026-32871",
        "paths lead its calls to other addresses",
        _HIGH,
        "3.2.0",
    ),
    Advisory(
        "pypi",
        "mcp",
        "0",
        "1.9.4",
        "CVE-2025-53366",
        "a malformed request stops the server",
        _MEDIUM,
        "1.9.4",
    ),
    Advisory(
        "pypi",
        "mcp",
        "0",
        "1.10.0",
        "CVE-2025-53365",
        "a broken session stops the server",
        _MEDIUM,
        "1.10.0",
    ),
    Advisory(
        "pypi",
        "mcp",
        "0",
        "1.23.0",
        "CVE-2025-66416",
        "any web page reaches a local HTTP server by DNS rebinding",
        _MEDIUM,
        "1.23.0",
    ),
)


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version; what follows a hyphen or plus is not compared."""
    core = re.split(r"[-+]", version.lstrip("v="), maxsplit=1)[0]
    parts = [int(one) for one in _NUMBERS.findall(core)]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def advisories(ecosystem: str, name: str, version: str) -> tuple[Advisory, ...]:
    """The advisories that affect exactly this version."""
    wanted = name.lower()
    if ecosystem == "pypi":
        wanted = re.sub(r"[-_.]+", "-", wanted)
    now = numbers(version)
    return tuple(
        one
        for one in ADVISORIES
        if one.ecosystem == ecosystem
        and one.package == wanted
        and numbers(one.since) <= now < numbers(one.before)
    )
