"""Servers whose code may be another at each start."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, listed, live, where
from ostiary.inventory.redact import shown_url
from ostiary.model.check import Check, Installation
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Pin, Server

_REFERENCES = ("MCP04:2025", "AISVS-1.0:10.1.1", "SAFE-T1002", "AML.T0109", "CWE-494", "CWE-829")

FLOATING = Rule(
    id="unpinned-package",
    title="Servers run whatever version is newest",
    category=Category.SUPPLY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A server's package is named without a version, by `latest`, by a moving tag or by a "
    "branch. All such servers are told in one finding, because most configurations have some.",
    attack="Whoever takes over the package, or its maintainer's account, runs code on this machine "
    "at the next start, with the server's credentials.",
    remedy="Write the version you have looked at into the configuration (`name@1.2.3`, "
    "`name==1.2.3`, an image digest, a full commit) and raise it on purpose.",
    references=_REFERENCES,
)

RANGE = Rule(
    id="version-range",
    title="Server accepts a range of versions",
    category=Category.SUPPLY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what="A server's package is named with a range (`^1.2`, `~=1.0`, `1`, `>=2`), so that new "
    "releases inside it run without anybody's decision.",
    attack="A hostile release with the right number is run at the next start.",
    remedy="Name one version, and raise it on purpose.",
    references=_REFERENCES,
)

TAG = Rule(
    id="movable-version",
    title="Version that its publisher can replace",
    category=Category.SUPPLY,
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what="An image is named by a tag, or a repository by a tag or short commit, that looks like "
    "one version but can be moved to other code.",
    attack="Whoever may push to the image or repository can put other code under the same name.",
    remedy="Name the digest of the image or the full commit.",
    references=_REFERENCES,
)


def look(installation: Installation) -> Iterator[Finding]:
    """One finding for everything that floats; one for each range and each movable tag."""
    servers = [server for server in installation.servers if server.enabled]
    yield from _floating([server for server in servers if _pin(server) is Pin.FLOATING])
    for server in servers:
        package = server.launch.package
        if package is None:
            continue
        label = shown_url(package.label)
        if package.pin is Pin.RANGE:
            yield _one(RANGE, server, f"{server.name} runs any version in {label}.", label)
        elif package.pin is Pin.EXACT and package.ecosystem in {"oci", "git"}:
            yield _one(TAG, server, f"{server.name} runs {label}, which can be moved.", label)


def _pin(server: Server) -> Pin | None:
    return server.launch.package.pin if server.launch.package is not None else None


def _one(rule: Rule, server: Server, says: str, label: str) -> Finding:
    evidence = copies(live(server))
    return rule.finding(says, where(server, "package"), evidence=evidence, mark=label)


def _floating(servers: list[Server]) -> Iterator[Finding]:
    if not servers:
        return
    labels = [shown_url(server.launch.package.label) for server in servers if server.launch.package]
    evidence: list[Evidence] = []
    for server, label in zip(servers, labels, strict=True):
        evidence += [
            Evidence(f"{entry.client}: {server.name} runs {label}", step.location, step.excerpt)
            for entry, step in zip(live(server), copies(live(server)), strict=True)
        ]
    some = "1 server runs" if len(servers) == 1 else f"{len(servers)} servers run"
    names = listed(server.name for server in servers)
    yield FLOATING.finding(
        f"{some} whatever version is newest at each start: {names}.",
        where(servers[0], "package"),
        evidence=evidence,
        mark="\x1f".join(sorted(set(labels))),
    )


CHECK = Check((FLOATING, RANGE, TAG), look)
