"""Dependencies that leave open what will be installed, or come past the index."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.address import is_direct, is_local
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.rules.supply.saying import named, of_dependency
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

OPEN = Rule(
    id="unpinned-dependency",
    title="A dependency may be any version",
    category=Category.SUPPLY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Names runtime dependencies that may be any version (`*`, `latest`, no range at all) where "
        "no lock file of the project fixes them; those with a lower bound only are told to "
        "pedantic readers. Ordinary ranges such as `^1.2.3` are left alone."
    ),
    attack=(
        "The next release of the dependency is installed without anybody looking, on the day its "
        "author's account is taken over."
    ),
    remedy="Install with a lock file of your own, or ask the author for upper bounds.",
    references=("CWE-1357", "CWE-829", "MCP04:2025", "SAFE-T1002", "CoSAI-MCP-T11"),
)

DIRECT = Rule(
    id="dependency-past-index",
    title="A dependency comes past the index",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Names runtime and build dependencies that come from git or from a web address, and locked "
        "entries that come from another host than the rest of the lock file. An address that "
        "fixes a whole commit is told to strict readers, and so are development dependencies; "
        "unencrypted addresses weigh high."
    ),
    attack=(
        "No index holds what was installed: whoever controls the address can change it under the "
        "same version, for everybody or for one victim, and no advisory names it."
    ),
    remedy="Ask the author for a published version; until then pin the commit you have read.",
    references=("CWE-829", "CWE-494", "MCP04:2025", "SAFE-T1002", "CoSAI-MCP-T11", "ASI04:2026"),
)

_LOWER = re.compile(r"\s*>=?\s*v?[\w.+-]+\s*\Z")
_COMMIT = re.compile(r"[@#=/](?:[0-9a-f]{40}|[0-9a-f]{64})\b")
_ANY = frozenset({"", "*", "x", "latest", "next", "any", ">=0", ">=0.0.0"})
_PLAIN = ("http://", "git://", "git+http://")


def look(facts: Facts) -> Iterator[Finding]:
    locked = _locked(facts)
    for manifest in facts.manifests:
        if manifest.ecosystem in {"editor", "oci", "mcp"}:
            continue
        if manifest.says("lock"):
            yield from _other_hosts(manifest)
            continue
        opened: list[Dependency] = []
        for one in manifest.dependencies:
            if is_direct(one.wanted):
                yield _direct(one)
            elif _is_open(one) and (one.ecosystem, _key(one.name)) not in locked:
                opened.append(one)
        if opened:
            yield _open(manifest, opened)


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(facts: Facts) -> frozenset[tuple[str, str]]:
    """Names that some lock file of the project fixes."""
    return frozenset(
        (one.ecosystem, _key(one.name))
        for manifest in facts.manifests
        if manifest.says("lock")
        for one in manifest.dependencies
        if one.locked
    )


def _is_open(one: Dependency) -> bool:
    if one.group not in {"runtime", "optional"} or one.locked or is_local(one.wanted):
        return False
    if one.ecosystem not in {"npm", "pypi", "cargo", "deno"} or not one.name:
        return False
    bare = one.wanted.replace(" ", "").lower()
    return bare in _ANY or _LOWER.match(one.wanted) is not None


def _open(manifest: Manifest, opened: list[Dependency]) -> Finding:
    first = opened[0]
    says = ", ".join(named(one) for one in opened[:4])
    more = len(opened) - 4
    rest = f" and {more} more" if more > 0 else ""
    whole = [one for one in opened if one.wanted.replace(" ", "").lower() in _ANY]
    return OPEN.finding(
        f"{visible(manifest.name or manifest.file, NAME)} takes any later version of {says}{rest}.",
        of_dependency(first),
        evidence=[Evidence("left open", of_dependency(one), named(one)) for one in opened[:10]],
        persona=None if whole else Persona.PEDANTIC,
        mark="open",
    )


def _direct(one: Dependency) -> Finding:
    fixed = _COMMIT.search(one.wanted) is not None
    plain = one.wanted.startswith(_PLAIN)
    quiet = one.group == "development"
    says = "a fixed commit" if fixed else "an address that may serve something else tomorrow"
    severity, persona = Severity.MEDIUM, Persona.DEFAULT
    if fixed or quiet:
        severity, persona = Severity.LOW, Persona.STRICT
    elif plain:
        severity = Severity.HIGH
    return DIRECT.finding(
        f"{named(one)} comes from {says}" + (", without encryption." if plain else "."),
        of_dependency(one),
        severity=severity,
        persona=persona,
        mark=f"direct|{one.name}|{one.wanted}",
    )


def _other_hosts(manifest: Manifest) -> Iterator[Finding]:
    """Entries of a lock file from a host that few of its entries have."""
    hosts = Counter(one.resolved for one in manifest.dependencies if _is_host(one.resolved))
    usual, count = (hosts.most_common(1) or [("", 0)])[0]
    if count < 5:
        return
    for one in manifest.dependencies:
        odd = _is_host(one.resolved) and one.resolved != usual and hosts[one.resolved] <= count // 5
        if odd and one.group != "development":
            host = visible(one.resolved, NAME)
            yield DIRECT.finding(
                f"{visible(one.name, NAME)} is locked to {host}; {count} others come from {usual}.",
                of_dependency(one),
                severity=None if not one.integrity else Severity.LOW,
                confidence=Confidence.MEDIUM,
                persona=None if not one.integrity else Persona.STRICT,
                mark=f"host|{one.name}|{one.resolved}",
            )


def _is_host(resolved: str) -> bool:
    return bool(resolved) and "/" not in resolved and ":" not in resolved


CHECK = Check((OPEN, DIRECT), look)
