"""Names of packages that are nearly a well-known one: the target's own and its dependencies'."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.rules.supply.saying import of_dependency
from ostiary.inventory.lookalikes import Likeness, likeness
from ostiary.model.check import Check
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="lookalike-name",
    title="Package name imitates a well-known one",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Compares the package's own name and the names of what it depends on with a table of "
        "well-known MCP packages: one letter more, less, changed or swapped, other separators, "
        "letters of another alphabet, a scope that is nearly the vendor's. Weaker likenesses (the "
        "same words in another order) are told to strict readers. The table says what is easily "
        "imitated and holds no other packages; it can be rebuilt with `tools/known_names.py`."
    ),
    attack=(
        "Whoever mistypes or believes the name installs a stranger's code in place of the "
        "vendor's, with the credentials meant for the vendor's."
    ),
    remedy="Compare the publisher with the vendor's own page, and take the name from there.",
    references=("CWE-1007", "CWE-829", "MCP04:2025", "SAFE-T1004", "CoSAI-MCP-T11", "ASI04:2026"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each resembling name, at its first place."""
    seen: set[tuple[str, str]] = set()
    for manifest in facts.manifests:
        if manifest.ecosystem in {"npm", "pypi"} and not manifest.says("lock"):
            yield from _own(manifest, seen)
        for one in manifest.dependencies:
            if (one.ecosystem, one.name) in seen:
                continue
            seen.add((one.ecosystem, one.name))
            found = likeness(one.ecosystem, one.name)
            if found is not None:
                says = f"The dependency {visible(one.name, NAME)}"
                yield _finding(says, one.name, found, of_dependency(one))


def _own(manifest: Manifest, seen: set[tuple[str, str]]) -> Iterator[Finding]:
    """The name under which it would be published; a private workspace root has none."""
    key = (manifest.ecosystem, manifest.name)
    if manifest.private or key in seen:
        return
    seen.add(key)
    found = likeness(*key)
    if found is not None:
        says = f"The package {visible(manifest.name, NAME)}"
        yield _finding(says, manifest.name, found, Location(file=manifest.file, line=1))


def _finding(says: str, name: str, found: Likeness, place: Location) -> Finding:
    return RULE.finding(
        f"{says} is nearly {found.known}: {found.says}.",
        place,
        severity=None if found.sure else Severity.LOW,
        confidence=None if found.sure else Confidence.LOW,
        persona=None if found.sure else Persona.STRICT,
        mark=f"{name}|{found.known}",
    )


CHECK = Check((RULE,), look)
