"""Files put where nobody looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import WHOLE_ENVIRONMENT
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

HIDDEN_STORE = Rule(
    id="hidden-store",
    title="Writes a hidden file in a shared folder",
    category=Category.CONCEALMENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for files whose name begins with a dot, written by a fixed path into a folder that "
        "everybody shares (/tmp, /var/tmp, /dev/shm) or beside the documents of a web server; "
        "worse "
        "where a program is written there or what goes in is the environment or a password that a "
        "caller gave. Hidden files in the user's own folders are left alone."
    ),
    attack=(
        "Data or programs are put aside for later where neither the user nor a listing shows them, "
        "and where every account of the machine can reach them."
    ),
    remedy="Ask the author what the file is for; look at it, and remove it.",
    references=("CWE-506", "CWE-312", "SAFE-T1801", "CoSAI-MCP-T5"),
)

_PLACE = re.compile(
    r"^(?:/private)?/(?:tmp|var/tmp|dev/shm|var/www/\S*)/(?:[\w.-]+/)*\.[A-Za-z][\w.-]*$"
)
_PROGRAM = re.compile(r"^\s*#!\s*/|\bwhile true\b", re.IGNORECASE)
_PASSWORD = re.compile(r"passw|secret|token|credential|api_?key|private_?key", re.IGNORECASE)
_KNOWN = re.compile(r"/\.(?:X\d+-lock|X11-unix|ICE-unix|s\.PGSQL|font-unix|lock)")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(HIDDEN_STORE)
    for reached in entries(facts):
        for effect in reached.effects:
            path = _hidden(facts, effect)
            if path and told.new(effect.place):
                grave = _grave(facts, reached, effect)
                yield told.effect(
                    reached,
                    effect,
                    f"A hidden file is written{': ' + grave if grave else ''}.",
                    shows=path,
                    severity=Severity.HIGH if grave else None,
                )


def _hidden(facts: Facts, effect: Effect) -> str:
    if effect.kind is not EffectKind.WRITE_FILE or "empty" in effect.tags:
        return ""
    mode = effect.operand("mode")
    if mode is not None and (mode.known_text or "").startswith("r"):
        return ""
    near = facts.written.near(effect)
    return next((one for one in near if _PLACE.match(one) and not _KNOWN.search(one)), "")


def _grave(facts: Facts, reached: Reached, effect: Effect) -> str:
    """What makes it worse, in words."""
    around = facts.written.at(effect.place)
    if around is not None and any(_PROGRAM.search(one.text) for one in around.phrases):
        return "a program"
    for one in reached.effects:
        if one.place.file != effect.place.file or around is None:
            continue
        if one.kind is EffectKind.READ_ENVIRONMENT and around.line <= one.place.line <= around.end:
            name = one.operand("name")
            if name is not None and name.known_text in WHOLE_ENVIRONMENT:
                return "the environment"
    taken = [one.name for one in reached.entry.parameters or ()]
    return "a credential of the caller" if _takes(reached, taken) else ""


def _takes(reached: Reached, names: list[str]) -> bool:
    secrets = {one for one in names if _PASSWORD.search(one)} & reached.reads
    return bool(secrets)


CHECK: Check[Facts] = Check((HIDDEN_STORE,), look)
