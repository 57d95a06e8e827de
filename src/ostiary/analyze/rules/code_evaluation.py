"""A caller's text run as code."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.argv import words_of
from ostiary.analyze.rules.by_design import CODE, asked_to, mild
from ostiary.analyze.rules.flows import Arrival, arrivals, arriving, once, told
from ostiary.analyze.rules.interpreters import interpreted
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

CODE_EVALUATION = Rule(
    id="code-evaluation",
    title="Caller's text is run as code",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into functions that run text "
        "as code. Numbers, values from a fixed set and plain words are left alone. A tool that "
        "asks for code and runs it is of medium severity."
    ),
    attack=(
        "Whoever can put text before the model runs code inside the server, as the user that runs "
        "it, with everything the server holds in memory."
    ),
    remedy=(
        "Read the text with a parser for just what is needed (ast.literal_eval, JSON.parse, an "
        "expression library). Until then keep the tool off."
    ),
    references=("CWE-94", "CWE-95", "MCP05:2025", "CoSAI-MCP-T3", "ASI05:2026"),
)

_HARMLESS = g.PLAIN


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that arrives there."""
    for one in arrivals(facts, {EffectKind.EVALUATE: ("code",)}, _HARMLESS):
        yield _told(one, "is run as code")
    for one in once(_in_words(facts)):
        yield _told(one, f"is run as code by {one.role}")


def _in_words(facts: Facts) -> Iterator[Arrival]:
    """Code in the arguments of an interpreter: ``python -c``."""
    for reached, effect in facts.of_kind(EffectKind.PROCESS):
        for word in interpreted(words_of(effect)):
            if word.code:
                yield from arriving(reached.entry, effect, word.program, word.value, word.harmless)


def _told(one: Arrival, says: str) -> Finding:
    """Milder where the code runs in a language without reach, in a box, or without most names, and
    where the caller was asked for code: that is what the tool is for."""
    tags = one.effect.tags
    if "expression language" in tags or "sandbox" in tags:
        return told(CODE_EVALUATION, one, says, severity=Severity.LOW, confidence=Confidence.LOW)
    if _is_narrowed(one):
        severity = Severity.LOW if one.entry.kind is EntryKind.EXPORT else Severity.MEDIUM
        return told(CODE_EVALUATION, one, f"{says} with few names in reach", severity=severity)
    if asked_to(one, CODE):
        return told(CODE_EVALUATION, one, says, severity=mild(one))
    return told(CODE_EVALUATION, one, says)


def _is_narrowed(one: Arrival) -> bool:
    """Whether Python's built-in names were replaced: a hurdle, and none that holds."""
    names = one.effect.operand("globals")
    builtins = None if names is None else names.fields.get("__builtins__")
    return builtins is not None and not builtins.refs


CHECK: Check[Facts] = Check((CODE_EVALUATION,), look)
