"""Servers that give themselves a name that is another's."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface
from ostiary.surface.names import folded, looks
from ostiary.surface.place import place, shows

SERVER_IMPERSONATION = Rule(
    id="server-impersonation",
    title="Server gives itself another server's name",
    category=Category.COLLISION,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a server that calls itself by a name that looks like a neighbour's and is "
        "written with other characters, by a name that holds letters of two scripts, or by the "
        "name under which another server of the same client is configured. A name that many "
        "unrelated servers share (`server`, `mcp-server`) is left alone, and so is the same server "
        "configured twice."
    ),
    attack=(
        "A person who reads the name, or a client that groups by it, gives the impostor the trust "
        "and the permissions of the other."
    ),
    remedy=(
        "Look at the command or URL that starts the server, which cannot lie about itself, and "
        "remove the server if it is not the one it names."
    ),
    references=(
        "SAFE-T1004",
        "SAFE-T1407",
        "CoSAI-MCP-T6",
        "ASI09:2026",
        "CWE-290",
        "CWE-1007",
        "CWE-451",
    ),
)

_COMMON = frozenset(
    (
        "server",
        "mcp",
        "mcpserver",
        "fastmcp",
        "exampleserver",
        "example",
        "demo",
        "test",
        "default",
        "mymcpserver",
        "myserver",
        "app",
        "main",
        "index",
        "tools",
        "local",
        "remote",
    )
)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """At most one finding for each neighbour, and one for the name by itself."""
    surface = subject.surface
    name = surface.claimed_name
    if not name:
        return
    if not name.isascii() and _mixed(name):
        says = f"{surface.server} calls itself by a name whose letters are of two scripts."
        yield _finding(surface, says, "mixed", None, Severity.HIGH)
    key = folded(name)
    if len(key) < 4 or key in _COMMON:
        return
    for other in subject.neighbours:
        yield from _against(surface, other, key)


def _against(surface: Surface, other: Surface, key: str) -> Iterator[Finding]:
    name = surface.claimed_name
    theirs = folded(other.claimed_name)
    if theirs and theirs != key and looks(name) == looks(other.claimed_name):
        says = (
            f"{surface.server} calls itself by a name that only looks like that of {other.server}."
        )
        yield _finding(surface, says, f"look {other.server}", other, Severity.HIGH)
    elif (
        folded(other.server) == key
        and folded(surface.server) != key
        and theirs != key
        and not _shares_tools(surface, other)
    ):
        says = (
            f"{surface.server} calls itself {name}, the name under which {other.server} is set up."
        )
        yield _finding(surface, says, f"name {other.server}", other, Severity.MEDIUM)


def _mixed(name: str) -> bool:
    """Whether a word of Latin letters holds look-alikes of another script or hidden characters."""
    return looks(name) != looks(name.encode("ascii", "ignore").decode()) and looks(name).isascii()


def _shares_tools(one: Surface, other: Surface) -> bool:
    digests = {tool.digest for tool in one.tools}
    return bool(digests) and any(tool.digest in digests for tool in other.tools)


def _finding(
    surface: Surface, says: str, mark: str, other: Surface | None, severity: Severity
) -> Finding:
    where = place(surface, "name")
    evidence = [shows(f"{surface.server} says of itself", where, surface.claimed_name)]
    if other is not None:
        called = other.claimed_name or other.server
        evidence.append(shows(f"{other.server} says of itself", place(other, "name"), called))
    return SERVER_IMPERSONATION.finding(
        says, where, evidence=evidence, severity=severity, mark=mark
    )


CHECK: Check[Neighbourhood] = Check((SERVER_IMPERSONATION,), look)
