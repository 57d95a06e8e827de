"""Pinned versions with a published vulnerability."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, live, where
from ostiary.inventory.vulnerable import Advisory, advisories, numbers
from ostiary.model.check import Check, Installation
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Package, Pin, Server

RULE = Rule(
    id="known-vulnerable-version",
    title="Version with a published vulnerability",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A configuration names exactly one version of a package, and a small table of well-known "
    "MCP advisories says that this version is affected. Floating versions and packages that the "
    "table does not hold are not judged: this is no vulnerability database.",
    attack="The advisory describes the way in; working code for most of these is public.",
    remedy="Raise the pinned version to the fixed one that the finding names, or remove the server "
    "if there is none.",
    references=("MCP04:2025", "CoSAI-MCP-T11", "SAFE-T1002", "CWE-1104"),
)


def look(installation: Installation) -> Iterator[Finding]:
    for server in installation.servers:
        package = server.launch.package
        if package is None or package.version is None or package.pin is not Pin.EXACT:
            continue
        found = advisories(package.ecosystem, package.name, package.version)
        if found:
            yield _finding(server, package, found)


def _finding(server: Server, package: Package, found: tuple[Advisory, ...]) -> Finding:
    says = "; ".join(f"{one.id}, {one.says}" for one in found)
    fixed = max((one.fixed for one in found if one.fixed), key=numbers, default="")
    mend = f"fixed in {fixed}" if fixed else "no fixed version is known"
    return RULE.finding(
        f"{server.name} runs {package.label}: {says} ({mend}).",
        where(server, "package"),
        evidence=copies(live(server), "package"),
        severity=max(one.severity for one in found),
        mark="|".join((package.name, *(one.id for one in found))),
    )


CHECK = Check((RULE,), look)
