"""The one sentence on top of every report: the worst of found, not checked and clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ostiary.model.counted import counted
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.scan import ScanResult
from ostiary.report.access_map import unknown_servers

State = Literal["found", "not checked", "clean"]


@dataclass(frozen=True, slots=True)
class Headline:
    """What a scan came to."""

    text: str
    """One to three sentences, free of strangers' words."""
    state: State
    counts: tuple[tuple[Severity, int], ...]
    """Findings per severity, worst first, every severity present."""
    looked_at: str
    """How far the scan looked, in one sentence."""


def tally(findings: Iterable[Finding]) -> tuple[tuple[Severity, int], ...]:
    """Findings per severity, worst first."""
    seen = Counter(finding.severity for finding in findings)
    return tuple((severity, seen[severity]) for severity in sorted(Severity, reverse=True))


def headline(result: ScanResult) -> Headline:
    """The headline of a scan. Findings outrank gaps, and gaps outrank clean."""
    counts = tally(result.findings)
    missed = len(result.not_checked)
    gaps = f"{counted(missed, 'thing')} could not be checked" if missed else ""
    state: State
    if result.findings:
        state = "found"
        split = ", ".join(f"{number:,} {severity.word}" for severity, number in counts if number)
        text = f"{counted(len(result.findings), 'finding')}: {split}." + (gaps and f" {gaps}.")
    elif missed:
        state = "not checked"
        text = f"Nothing found in what was looked at, but {gaps}."
    else:
        state = "clean"
        text = "Nothing found in what was looked at."
    if result.suppressed:
        text += f" {counted(len(result.suppressed), 'finding')} accepted earlier."
    return Headline(text=text, state=state, counts=counts, looked_at=looked_at(result))


def looked_at(result: ScanResult) -> str:
    """How far the scan looked, and how much stays unknown."""
    servers = {server.key for server in result.servers}
    servers |= {surface.key for surface in result.surfaces}
    if not result.clients and not servers:
        return "No AI client and no MCP server was found in the places that were searched."
    how = "servers were started or called" if result.scope.connected else "no server was started"
    said = f"{counted(len(result.clients), 'client')} and {counted(len(servers), 'server')}; {how}"
    unknown = len(unknown_servers(result))
    if unknown:
        said += f"; what {counted(unknown, 'server')} can do is unknown"
    return f"{said}."
