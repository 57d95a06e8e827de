"""A stranger's address handed to the desktop to open."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

OPEN_TARGET = Rule(
    id="open-target",
    title="Unchecked address is opened on the desktop",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a remote party, a caller or a model controls into calls that have the "
        "desktop open something. An address whose scheme was checked to be http or https, and one "
        "that begins with a fixed address, is left alone; what a person starts as a command is a "
        "smaller matter than what happens while the server runs."
    ),
    attack=(
        "The system opens whatever the address names: a file or a program with the file scheme, a "
        "handler of an application, and on Windows text that the shell reads as a command. A "
        "hostile server that a person signs in to runs code on that person's machine."
    ),
    remedy=(
        "Parse the address, open it only if its scheme is https or http, and hand over the text "
        "that the parser gives back."
    ),
    references=("CWE-78", "CWE-601", "MCP-SBP:oauth-authorization-url-validation", "CoSAI-MCP-T3"),
)

_HARMLESS = g.SCHEME_CHECKED | g.FIXED_HOST | g.HOST_CHOSEN | g.PLAIN | g.URL_ENCODED


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that is opened there."""
    for one in arrivals(facts, {EffectKind.OPEN_URL: ("target",)}, _HARMLESS):
        value = one.effect.operand(one.role)
        if value is not None and value.prefix.lower().startswith(("http://", "https://")):
            continue
        remote = one.source.kind is SourceKind.REMOTE and one.entry.kind is not EntryKind.IMPORT
        severity = Severity.HIGH if remote else Severity.MEDIUM
        yield told(OPEN_TARGET, one, "is opened on the desktop", severity=severity)


CHECK: Check[Facts] = Check((OPEN_TARGET,), look)
