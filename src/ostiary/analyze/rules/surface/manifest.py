"""What a package's own description lists against what its code declares."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.project import Project
from ostiary.analyze.stated import Declared
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="manifest-against-code",
    title="Manifest lists other tools than the code",
    category=Category.CLAIM,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Compares the tools that a bundle's manifest or a registry's record names with those that "
        "the code declares. Manifests that say their list is made while the server runs are left "
        "alone, and so is code of which part could not be read. A tool that only the manifest "
        "names is for strict readers."
    ),
    attack=(
        "People install after the manifest's list. A tool that is not on it was never looked at, "
        "and a client offers it all the same."
    ),
    remedy="Judge the server by the list below, which its code declares, and tell the author.",
    references=("CWE-451", "MCP03:2025", "ASI04:2026", "CoSAI-MCP-T6"),
)
_NAMED = 12


def look(subject: Declared) -> Iterator[Finding]:
    """At most one finding a manifest."""
    code = {one.name for one in subject.surface.tools}
    if not code or subject.surface.missing:
        return
    for manifest in subject.facts.manifests:
        stated = set(manifest.says("tool")) - {""}
        if stated and "tools" not in manifest.says("generated") and stated != code:
            yield _finding(subject.facts.project, manifest, code - stated, stated - code)


def _finding(project: Project, manifest: Manifest, more: set[str], gone: set[str]) -> Finding:
    where = Location(file=manifest.file, line=_line(project, manifest, gone))
    bits = []
    if more:
        bits.append(f"does not name {_listed(more)}, which the code declares")
    if gone:
        bits.append(f"names {_listed(gone)}, which the code does not declare")
    return RULE.finding(
        f"The manifest {' and '.join(bits)}.",
        where,
        evidence=[Evidence(f"It {bit}", where) for bit in bits],
        persona=None if more else Persona.STRICT,
        mark="tools",
    )


def _line(project: Project, manifest: Manifest, gone: set[str]) -> int:
    file = project.get(manifest.file)
    wanted = [f'"{one}"' for one in sorted(gone)] + ['"tools"']
    for number, line in enumerate(file.text.splitlines() if file else (), 1):
        if any(word in line for word in wanted):
            return number
    return 1


def _listed(names: set[str]) -> str:
    shown = [visible(one, NAME) for one in sorted(names)[:_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


CHECK: Check[Declared] = Check((RULE,), look)
