"""An archive unpacked without a look at the names in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import CALLERS, arrivals, noticed, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

ARCHIVE_ESCAPE = Rule(
    id="archive-escape",
    title="Archive is unpacked without checking its names",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for archives that are unpacked by calls that obey the names inside (tarfile without "
        "a filter), and for files written under a name out of an archive that was not held below a "
        "folder (zip slip). Calls that check names by themselves are left alone. Severity is high "
        "where a caller or a remote party chooses the archive."
    ),
    attack=(
        "An archive holds names such as ../../.bashrc or links that lead out: unpacking it "
        "overwrites files outside the folder, and what is overwritten may run."
    ),
    remedy=(
        "Give extractall filter='data'; where entries are written one by one, resolve each path "
        "and check that it lies below the folder."
    ),
    references=("CWE-22", "CWE-59", "CoSAI-MCP-T3", "SAFE-T1105"),
)
ARCHIVE_BOMB = Rule(
    id="archive-bomb",
    title="Archive is unpacked whatever its size",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for archives that a caller names, or that are fetched, and that are unpacked whole. "
        "An archive of the server's own is left alone."
    ),
    attack="A small archive unpacks to terabytes and fills disk or memory (decompression bomb).",
    remedy="Add up the sizes that the entries claim, and stop reading when more comes out.",
    references=("CWE-409", "CWE-400", "CoSAI-MCP-T10"),
)

_NOBODYS: Final = (EntryKind.IMPORT, EntryKind.EXPORT)
"""Entries that say less of who chooses."""
_OBEYS_NAMES: Final = ("tarfile.", "shutil.unpack_archive", "patoolib.")
_SAFE_FILTERS: Final = ("data", "tar_filter", "data_filter", "tar")
_ENTRIES: Final = g.CONTAINED | g.BASENAME | g.NO_DOTS | g.PLAIN


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place where an archive is unpacked."""
    seen: set[tuple[str, int]] = set()
    ordered = sorted(
        facts.of_kind(EffectKind.EXTRACT_ARCHIVE), key=lambda one: one[0].entry.kind in _NOBODYS
    )
    for reached, effect in ordered:
        key = (effect.place.file, effect.place.line)
        found = None if key in seen else _unpacked(reached, effect)
        if found is not None:
            seen.add(key)
            yield found
    for one in arrivals(facts, {EffectKind.WRITE_FILE: ("path",)}, _ENTRIES, (SourceKind.FILE,)):
        if one.source.name == "archive":
            yield told(ARCHIVE_ESCAPE, one, "names the file that is written")


def _unpacked(reached: Reached, effect: Effect) -> Finding | None:
    chosen = _chosen(reached)
    if effect.callee.startswith(_OBEYS_NAMES) and not _filtered(effect):
        severity = Severity.HIGH if chosen else Severity.MEDIUM
        says = "An archive is unpacked by a call that obeys the names inside it"
        return noticed(ARCHIVE_ESCAPE, reached.entry, effect, says, severity=severity)
    if chosen:
        says = "An archive of a caller's choosing is unpacked whole"
        return noticed(ARCHIVE_BOMB, reached.entry, effect, says)
    return None


def _filtered(effect: Effect) -> bool:
    for role in ("filter", "members"):
        given = effect.operand(role)
        if given is None:
            continue
        names = [given.known_text or "", *(n.rpartition(".")[2] for n in given.externals())]
        if role == "members" or any(name in _SAFE_FILTERS for name in names):
            return True
    return False


def _chosen(reached: Reached) -> bool:
    """Whether the entry opens an archive that a caller named, or one that it fetched from where a
    caller, or an answer, said."""
    for effect in reached.effects:
        archive = "archive" in effect.tags or effect.kind is EffectKind.EXTRACT_ARCHIVE
        roles = ("url",) if effect.kind is EffectKind.REQUEST else ("path", "archive")
        for role in roles if archive or effect.kind is EffectKind.REQUEST else ():
            value = effect.operand(role)
            if value is not None and any(True for _ in value.deep_sources(*CALLERS)):
                return True
    return False


CHECK: Check[Facts] = Check((ARCHIVE_ESCAPE, ARCHIVE_BOMB), look)
