"""Text of one caller that is kept and given to the next as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

STORED_TEXT = Rule(
    id="untrusted-stored-text",
    title="Untrusted stored text is returned unfenced",
    category=Category.INFLUENCE,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for servers with one tool that keeps a caller's text in a fixed folder and another "
        "tool or resource that answers with what is in that folder as it is. Folders that the "
        "operator or the caller names are left alone: what is in them is theirs."
    ),
    attack=(
        "Whoever may store a document writes instructions into it; the model of the next person "
        "who "
        "reads it takes them for part of the answer (indirect prompt injection)."
    ),
    remedy=(
        "Keep each caller's documents apart, and mark what is returned as data of a third party; "
        "treat the tool's results as untrusted."
    ),
    references=("CWE-1427", "CWE-74", "SAFE-T1102", "SAFE-T1702", "ASI06:2026", "AISVS-1.0:10.4.2"),
)

_FOLDER = re.compile(r"^(/?[\w.~-]+(?:/[\w.-]+)+)/")
_READS = (EntryKind.TOOL, EntryKind.RESOURCE, EntryKind.PROMPT)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each entry that gives the text back."""
    kept: dict[str, Reached] = {}
    for reached in facts.tools:
        for folder in _written(reached):
            kept.setdefault(folder, reached)
    told = Told(STORED_TEXT)
    for reached in entries(facts):
        if reached.entry.kind not in _READS or not kept:
            continue
        for effect, folder in _given(reached):
            writer = kept.get(folder)
            if writer is not None and writer is not reached and told.new(effect.place):
                yield told.effect(
                    reached,
                    effect,
                    f"It answers with what {writer.entry.name} let a caller put into {folder}.",
                    shows=folder,
                )


def _written(reached: Reached) -> Iterator[str]:
    """Folders into which the entry puts text of its caller."""
    writes = [one for one in reached.effects if one.kind is EffectKind.WRITE_FILE]
    text = any(_of_caller(one) for one in writes)
    if text:
        yield from (folder for one in writes if (folder := _folder(one)))


def _of_caller(effect: Effect) -> bool:
    content = effect.operand("content")
    return content is not None and any(
        not flow.guarantees & g.SAFE for _, flow in content.deep_sources(SourceKind.MODEL)
    )


def _given(reached: Reached) -> Iterator[tuple[Effect, str]]:
    if not any(True for _ in reached.returns.deep_sources(SourceKind.FILE)):
        return
    for one in reached.effects:
        folder = _folder(one) if one.kind is EffectKind.READ_FILE else ""
        if folder:
            yield one, folder


def _folder(effect: Effect) -> str:
    """The fixed folder of a path whose last part somebody else chooses."""
    path = effect.operand("path")
    found = _FOLDER.match(path.prefix) if path is not None and path.known_text is None else None
    return found[1] if found is not None else ""


CHECK: Check[Facts] = Check((STORED_TEXT,), look)
