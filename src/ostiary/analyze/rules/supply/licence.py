"""What the package says of its licence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.package import Manifest
from ostiary.model.check import Check
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="licence-unclear",
    title="Licence is missing or restricts use",
    category=Category.SUPPLY,
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what=(
        "Reports a package that names no licence and holds no licence file, and one whose licence "
        "asks more of its users than notices: copyleft over the network, commercial limits, or "
        '"all rights reserved". It is no legal advice.'
    ),
    attack=(
        "None. Without a licence nobody may copy or mend the server, which matters on the day it "
        "needs a fix; some licences reach what is built around it."
    ),
    remedy="Ask the author, or those in your organisation who decide on licences.",
    references=("CWE-1357", "CoSAI-MCP-T11"),
)

_ORDER = ("pypi", "npm", "cargo", "nuget", "maven", "go", "deno", "mcpb")
_FILE = re.compile(r"(?i)(?:licen[cs]e|copying|unlicense)(?:[.-].*)?\Z")
_RESTRICTS = re.compile(
    r"(?i)\b(?:a?gpl|affero|sspl|server side public|busl|business source|elastic|commons clause|"
    r"polyform|proprietary|unlicensed|noncommercial|cc-by-nc|see licen[cs]e in)\b|all rights"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding at most, for the manifest at the top."""
    main = manifest_at_top(facts.manifests)
    if main is None or main.private:
        return
    place = Location(file=main.file, line=1)
    name = visible(main.name or main.file, NAME)
    if main.licence:
        if _RESTRICTS.search(main.licence):
            says = f"{name} is under {visible(main.licence, NAME)}."
            yield RULE.finding(says, place, mark=f"licence|{main.licence}")
    elif not any(_FILE.match(file.name) for file in facts.project.files.values()):
        yield RULE.finding(f"{name} names no licence and holds none.", place, mark="none")


def manifest_at_top(manifests: tuple[Manifest, ...]) -> Manifest | None:
    """The manifest that describes the whole: the one nearest to the top that names itself."""
    named = [one for one in manifests if one.ecosystem in _ORDER and one.name]
    named = [one for one in named if not one.says("lock")]
    return min(
        named,
        key=lambda one: (one.file.count("/"), _ORDER.index(one.ecosystem), one.file),
        default=None,
    )


CHECK = Check((RULE,), look)
