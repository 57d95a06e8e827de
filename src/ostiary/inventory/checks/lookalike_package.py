"""Packages whose names stand close to a well-known one."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, live, where
from ostiary.inventory.lookalikes import Likeness, likeness
from ostiary.model.check import Check, Installation
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Package, Pin, Server
from ostiary.model.visible import visible

RULE = Rule(
    id="lookalike-package",
    title="Package name close to a well-known one",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what="The package of a server is not well known, and its name is one letter, a swapped pair, a "
    "separator, a scope or a look-alike character away from one that is. Names with the same words "
    "in another order are told to strict readers only, since many honest packages have them.",
    attack="A package published under a name that is easily mistyped, or guessed by a model, runs "
    "its author's code on this machine with the server's credentials.",
    remedy="Compare the name with the documentation of the server you meant, look at who publishes "
    "the package, and correct the name; if it ran, treat the credentials it held as taken.",
    references=("MCP04:2025", "SAFE-T1003", "CoSAI-MCP-T6", "AML.T0011.001", "CWE-1357"),
)


def look(installation: Installation) -> Iterator[Finding]:
    for server in installation.servers:
        package = server.launch.package
        if package is None or package.pin is Pin.LOCAL:
            continue
        like = likeness(package.ecosystem, package.name)
        if like is not None:
            yield _finding(server, package, like)


def _finding(server: Server, package: Package, like: Likeness) -> Finding:
    return RULE.finding(
        f"{server.name} runs {visible(package.name)}, which is not {like.known}: {like.says}.",
        where(server, "package"),
        evidence=copies(live(server), "package"),
        severity=None if like.sure else Severity.LOW,
        confidence=Confidence.MEDIUM if like.sure else Confidence.LOW,
        persona=None if like.sure else Persona.STRICT,
        mark=f"{package.ecosystem}:{package.name}",
    )


CHECK = Check((RULE,), look)
