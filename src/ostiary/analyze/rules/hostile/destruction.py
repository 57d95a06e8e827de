"""Destruction that nobody asked for: whole folders of the user or disks, by a fixed path."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.around import RUNS
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

DESTRUCTION = Rule(
    id="fixed-destruction",
    title="Destroys the user's files or disks",
    category=Category.REACH,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for removal of whole folders that hold a user's own files, of the root of a disk, "
        "and for overwritten disks, where the path stands in the code. Folders that a caller "
        "names, temporary folders and a server's own folders are left alone."
    ),
    attack="The user's documents, or the whole machine, are gone after one call.",
    remedy="Do not use this server. If it ran, stop using the disk and restore from a backup.",
    references=("CWE-506", "SAFE-T2101", "AML.T0101", "ASI02:2026"),
)

_FOLDERS = (
    r"^(?:~|\$home|/root|/home(?:/[\w.-]+)?|/users(?:/[\w.-]+)?|c:[/\\]users[/\\]?\S*)[/\\]?"
    r"(?:documents|pictures|desktop|downloads|movies|music|videos|library|projects?|\.ssh|\.gnupg|"
    r"\*|\.)?[/\\]?\*?$|^/\*?$|^[a-z]:[/\\]\*?$|^/(?:etc|usr|var|boot|bin|lib|opt|home|root)/?\*?$"
)
_COMMANDS = (
    r"\brm\s+(?:-\S+\s+)*-\S*r\S*\s+(?:-\S+\s+)*[\"']?(?:/|~|\$home|/home|/root|/etc|/usr|/var|/\*|"
    r"~/\*|\$home/\*)[\"']?/?(?:\s|$|;|&|\")"
    r"|\bmkfs(?:\.\w+)?\s+[^\n]*/dev/|\bdd\b[^\n]*\bof=/dev/(?:sd|nvme|hd|vd|disk)"
    r"|\bshred\b[^\n]*/dev/|>\s*/dev/(?:sd|nvme|hd|vd)[a-z]\b|\bwipefs\s+-a"
    r"|\bdel\b[^\n]*/[sq][^\n]*[a-z]:\\(?:users|\*)|\bformat\s+[a-z]:|\bvssadmin\s+delete\s+shadows"
    r"|\bfind\s+(?:/|~|\$home)\s[^\n]*-delete\b|:\(\)\s*\{\s*:\|:&\s*\};:"
)
_TREE = ("rmtree", "rimraf", "remove", "rmSync", "rm", "emptyDir", "emptyDirSync", "removeSync")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    return Told(DESTRUCTION).where(
        facts, _words, "A folder or disk that nobody named is destroyed."
    )


def _words(facts: Facts, effect: Effect) -> str:
    if effect.kind in RUNS:
        return first(_COMMANDS, facts.written.near(effect))
    if effect.kind is not EffectKind.DELETE_FILE or not _whole(effect):
        return ""
    path = effect.operand("path")
    kinds = (SourceKind.MODEL, SourceKind.REQUEST, SourceKind.ENVIRONMENT, SourceKind.FILE)
    if path is None or any(True for _ in path.deep_sources(*kinds)):
        return ""
    near = facts.written.near(effect)
    whole = (one for one in near if not any(other.startswith(f"{one}/") for other in near))
    return first(_FOLDERS, whole)


def _whole(effect: Effect) -> bool:
    return "recursive" in effect.tags or effect.callee.rpartition(".")[2] in _TREE


CHECK: Check[Facts] = Check((DESTRUCTION,), look)
