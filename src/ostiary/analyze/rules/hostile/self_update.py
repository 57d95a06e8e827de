"""A server that replaces its own code, or has its package manager do so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import RUNS, purpose
from ostiary.analyze.rules.hostile.patterns import UNKNOWN, first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

SELF_UPDATE = Rule(
    id="self-update",
    title="Replaces its own code",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a package manager run on the server's own package, a pull into its own folder, "
        "and writes to its own source files from what was fetched. Packages that a caller names "
        "are left to other rules."
    ),
    attack=(
        "What was audited and approved is not what runs tomorrow. Whoever holds the account that "
        "publishes it, or the index it asks, runs any code on every machine without a question."
    ),
    remedy=(
        "Switch the update off, or give the box no network to the index and a read-only folder of "
        "code; update by hand to a version that was looked at."
    ),
    references=("SAFE-T1207", "CWE-494", "SAFE-T1201", "MCP04:2025", "AISVS-1.0:10.1.1"),
)
INSTALLS_PACKAGES = Rule(
    id="installs-at-run-time",
    title="Installs packages while it runs",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a package manager that a server runs by itself on fixed packages other than its "
        "own."
    ),
    attack="The newest version of a package nobody looked at runs at the next start or call.",
    remedy="Install those packages beforehand, at versions that were looked at.",
    references=("CWE-494", "CWE-829", "MCP04:2025", "CoSAI-MCP-T11"),
)

_START = r"(?:^|[;&|(]\s*|\bsudo\s+|\bcmd(?:\.exe)?\s+/c\s+)"
_MANAGER = (
    rf"{_START}(?:"
    r"npm(?:\.cmd)?\s+(?:-\S+\s+)*(?:i|install|update|upgrade|add)\b[^\n;&|]*"
    r"|(?:yarn|pnpm|bun)\s+(?:global\s+)?(?:add|upgrade|update|install)\b[^\n;&|]*"
    r"|(?:\S*pip[\d.]*|\S+\s+-m\s+pip)\s+(?:-\S+\s+)*install\b[^\n;&|]*"
    r"|uv\s+(?:pip\s+install|tool\s+(?:install|upgrade)|add|self\s+update)\b[^\n;&|]*"
    r"|pipx\s+(?:install|upgrade)\b[^\n;&|]*|go\s+install\b[^\n;&|]*"
    r"|cargo\s+install\b[^\n;&|]*|brew\s+(?:install|upgrade)\b[^\n;&|]*"
    r"|(?:npm(?:\.cmd)?\s+exec|npx(?:\.cmd)?|(?:pnpm|yarn)\s+dlx|bunx)\s[^\n;&|]*)"
)
_PULL = r"\bgit\b[^\n;&|]*\s(?:pull|fetch|reset\s+--hard)\b[^\n;&|]*"
_OWN_FOLDER = re.compile(r"__file__|__dirname|import\.meta|process\.argv\[1\]|sys\.argv\[0\]")
_ASKED = re.compile(r"\b(?:install\w*|packages?|dependenc\w*|npm|pip|upgrade\w*|update\w*|run)\b")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    own, others = Told(SELF_UPDATE), Told(INSTALLS_PACKAGES)
    names = {one.name.lower() for one in facts.manifests if one.name}
    fixed = {one.name.lower() for each in facts.manifests for one in each.dependencies}
    for reached in entries(facts):
        for effect in reached.effects:
            if effect.kind in RUNS:
                yield from _managed(facts, reached, effect, (names, fixed), (own, others))
            elif _rewrites(facts, effect) and own.new(effect.place):
                yield own.effect(
                    reached, effect, "It overwrites its own source with what it fetched."
                )


def _managed(
    facts: Facts,
    reached: Reached,
    effect: Effect,
    known: tuple[set[str], set[str]],
    told: tuple[Told, Told],
) -> Iterator[Finding]:
    """``known`` are the names of the target, and of what its manifests ask for."""
    names, asked = known
    near = facts.written.near(effect)
    own, others = told
    words = first(_MANAGER, near)
    if words and not _by_caller(effect):
        if _is_own(words.lower(), names) and own.new(effect.place):
            yield own.effect(reached, effect, "It installs a new version of itself.", shows=words)
        elif _is_fixed(words, asked) and _unasked(reached) and others.new(effect.place):
            yield others.effect(reached, effect, "It installs packages.", shows=words)
    if words:
        return
    pulled = first(_PULL, near)
    if pulled and _in_own_folder(facts, effect) and own.new(effect.place):
        yield own.effect(reached, effect, "It pulls new source into its own folder.", shows=pulled)


def _by_caller(effect: Effect) -> bool:
    return any(
        True
        for value in effect.operands.values()
        for _ in value.deep_sources(SourceKind.MODEL, SourceKind.REQUEST)
    )


def _is_own(words: str, names: set[str]) -> bool:
    """Whether the package is the target itself, by name, as ``.``, or as a name the code reads
    from its own manifest."""
    for word in words.split():
        bare = re.split(r"[=<>~!]|(?<=.)@", word, maxsplit=1)[0].partition("[")[0]
        if bare in names or word == "□@latest" or (word == "□" and "upgrade" in words):
            return True
    return "self update" in words or bool(re.search(r"(?:-u|--upgrade)\s+\.(?:\s|$)", words))


_NEWEST = re.compile(r"\b(?:update|upgrade)\b|\s(?:-U|--upgrade|--force\S*)(?:\s|$)")
_ONE = frozenset({"exec", "dlx", "npx", "npx.cmd", "bunx"})
"""What runs one package; the words behind its name are for that."""


def _is_fixed(words: str, asked: set[str]) -> bool:
    """Whether packages are named, each in the code, and not only a list of the project itself, or
    what its manifests ask for and a lock file may fix."""
    rest = words.split()
    verbs = ("install", "i", "add", "update", "upgrade", "exec", "dlx", "npx", "npx.cmd", "bunx")
    start = next((at for at, word in enumerate(rest) if word in verbs), len(rest))
    named = [word for word in rest[start + 1 :] if not word.startswith(("-", ".", "/"))]
    wanted = named[:1] if start < len(rest) and rest[start] in _ONE else named
    renewed = _NEWEST.search(words) is not None
    if not renewed and wanted and all(word.lower() in asked for word in wanted):
        return False
    return bool(named) and not any(UNKNOWN in word for word in named)


def _unasked(reached: Reached) -> bool:
    return reached.entry.kind is EntryKind.IMPORT or not _ASKED.search(purpose(reached))


def _in_own_folder(facts: Facts, effect: Effect) -> bool:
    around = facts.written.at(effect.place)
    file = facts.project.get(effect.place.file)
    if around is None or file is None:
        return False
    lines = file.text.split("\n")[around.line - 1 : min(around.end, around.line + 200)]
    return _OWN_FOLDER.search("\n".join(lines)) is not None and not _by_caller(effect)


def _rewrites(facts: Facts, effect: Effect) -> bool:
    if effect.kind is not EffectKind.WRITE_FILE:
        return False
    content = effect.operand("content")
    if content is None or not any(True for _ in content.deep_sources(SourceKind.REMOTE)):
        return False
    file = facts.project.get(effect.place.file)
    line = file.text.split("\n")[effect.place.line - 1 : effect.place.line + 3] if file else []
    own = _OWN_FOLDER.search("\n".join(line)) is not None
    return own and not any(
        one.endswith((".json", ".txt", ".db")) for one in facts.written.near(effect)
    )


CHECK: Check[Facts] = Check((SELF_UPDATE, INSTALLS_PACKAGES), look)
