"""Files of the package that are not in the source it says it is built from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.supply.command_words import below, files_run, unfolded
from ostiary.analyze.supplied import Difference, Supplied
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="package-differs-from-source",
    title="Package holds code its source does not",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Compares the files of the package with the source repository it names, and reports code "
        "that is only in the package or that differs. A file that runs on installation or at "
        "start-up weighs high. Output of builds (`dist`, `build`, minified files, maps, generated "
        "metadata) cannot be compared so and is told to strict readers as one note."
    ),
    attack=(
        "People read the repository and run the package. Code that is in the second alone is code "
        "that nobody read; several well-known attacks came that way."
    ),
    remedy="Build the package from the source yourself, or read the files that are named here.",
    references=(
        "CWE-494",
        "CWE-345",
        "MCP04:2025",
        "SAFE-T1203",
        "SAFE-T1002",
        "CoSAI-MCP-T6",
        "CoSAI-MCP-T11",
    ),
)

_CODE = re.compile(r"\.(?:py|pyx|pth|[cm]?[jt]sx?|sh|ps1|so|dll|dylib|exe|node|wasm|rb|pl)\Z")
_BUILT = re.compile(
    r"(?:^|/)(?:dist|build|out|lib|esm|cjs|umd|bundle|bin|_build|generated|target)/"
    r"|\.min\.js\Z|\.d\.[cm]?ts\Z|(?:^|/)_version\.py\Z|(?:^|/)version\.py\Z"
)
_BINARY = re.compile(r"\.(?:so|dll|dylib|exe|node|wasm)\Z")


def look(supplied: Supplied) -> Iterator[Finding]:
    if not supplied.differences:
        return
    automatic = _automatic(supplied.facts)
    code = [one for one in supplied.differences if _CODE.search(one.path)]
    built = [one for one in code if _BUILT.search(one.path) and one.path not in automatic]
    for one in code:
        if one.path in automatic or one.path.endswith(".pth"):
            yield _finding(one, Severity.HIGH, " and runs without being asked for")
        elif one not in built:
            weight = Severity.MEDIUM if one.kind == "only in package" else Severity.LOW
            binary = ", a binary that cannot be read" if _BINARY.search(one.path) else ""
            yield _finding(one, weight, binary)
    if built:
        yield _note(built)


def _automatic(facts: Facts) -> frozenset[str]:
    """Files that installing or starting Python runs."""
    found: set[str] = set()
    for manifest in facts.manifests:
        for script in manifest.scripts:
            if script.automatic and manifest.ecosystem != "editor":
                files = files_run(unfolded(script, manifest))
                found.update(below(manifest.file, path) for path in files)
                if script.event in {"setup.py", "python start"}:
                    found.add(manifest.file)
    return frozenset(found)


def _finding(one: Difference, severity: Severity, more: str) -> Finding:
    says = "is only in the package" if one.kind == "only in package" else "differs from its source"
    return RULE.finding(
        f"{visible(one.path, NAME)} {says}{more}.",
        Location(file=one.path, line=1),
        severity=severity,
        persona=Persona.STRICT if severity is Severity.LOW else None,
        mark=f"{one.kind}|{one.path}",
    )


def _note(built: list[Difference]) -> Finding:
    first = built[0]
    return RULE.finding(
        f"{len(built)} built files, {visible(first.path, NAME)} first, cannot be compared with "
        "the source.",
        Location(file=first.path, line=1),
        evidence=[Evidence(one.kind, Location(file=one.path)) for one in built[:10]],
        severity=Severity.INFO,
        persona=Persona.STRICT,
        mark="built",
    )


CHECK = Check((RULE,), look)
