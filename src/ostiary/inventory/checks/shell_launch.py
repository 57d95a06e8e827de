"""Servers that a shell starts."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, live, where
from ostiary.inventory.launch import peeled_line
from ostiary.inventory.wrappers import Peeled
from ostiary.model.check import Check, Installation
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server

RULE = Rule(
    id="shell-launch",
    title="A shell interprets the launch line",
    category=Category.CONFIGURATION,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A server is started by a shell script written in its configuration. Downloading "
    "something and handing it to an interpreter, and encoded commands, are told as high; one plain "
    "command behind `sh -c` and preparations such as `cd` only to strict readers.",
    attack="What runs is not one program that can be looked at and pinned but whatever the script "
    "fetches, expands and pipes together at that moment, with this user's rights.",
    remedy="Name the program and its arguments directly. If the script is needed, keep it in a "
    "file under version control and start that.",
    references=("MCP05:2025", "MCP-SBP:local-mcp-server-compromise", "AML.T0050", "CWE-78"),
)

_FETCHES = (
    "curl ",
    "wget ",
    "iwr ",
    "irm ",
    "invoke-webrequest",
    "invoke-restmethod",
    "fetch ",
    "/dev/tcp/",
    "nc ",
)
_RUNS = (
    "| sh",
    "|sh",
    "| bash",
    "|bash",
    "| python",
    "|python",
    "| node",
    "| iex",
    "|iex",
    "invoke-expression",
    "eval ",
    "bash <(",
    "sh <(",
    "$(curl",
    "$(wget",
    "`curl",
    "source <(",
    "| sudo",
    "| zsh",
    "base64 -d",
    "base64 --decode",
)


def look(installation: Installation) -> Iterator[Finding]:
    for server in installation.servers:
        seen = set()
        for entry in server.entries:
            peeled = peeled_line(entry.argv)
            if peeled.shell and peeled.script not in seen:
                seen.add(peeled.script)
                yield _finding(server, peeled)
        if server.launch.shell and not seen:
            yield _finding(server, Peeled((), True))


def _finding(server: Server, peeled: Peeled) -> Finding:
    script = peeled.script.lower()
    encoded = any("encoded" in note for note in peeled.notes)
    fetched = any(word in script for word in _FETCHES) and any(word in script for word in _RUNS)
    plain = bool(peeled.argv) or not script
    says = "is started by a shell"
    if encoded:
        says = "is started by an encoded command that nobody can read"
    elif fetched:
        says = "downloads something and runs it at each start"
    elif not plain:
        says = "is started by a shell script in its configuration"
    severity = Severity.HIGH if encoded or fetched else (Severity.LOW if plain else None)
    return RULE.finding(
        f"{server.name} {says}.",
        where(server, "command"),
        evidence=copies(live(server), "command"),
        severity=severity,
        persona=Persona.STRICT if plain and not (encoded or fetched) else None,
        mark="encoded" if encoded else "fetched" if fetched else "plain" if plain else "script",
    )


CHECK = Check((RULE,), look)
