"""A caller's text kept as a file of code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Hole, Value
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import CALLERS, Arrival, arriving, once, told
from ostiary.flow.lexicon import wordset
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

CODE_WRITTEN = Rule(
    id="code-written",
    title="Caller's text is kept as code",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for what a caller, a model or a remote party controls written, as it is, into a "
        "file whose name stands in the code and ends like a program or a script. Files that the "
        "caller names, and code that is put together from a caller's words, are left alone."
    ),
    attack=(
        "Whoever can put text before the model writes the program that the server loads or "
        "somebody starts later, and so outlives the conversation."
    ),
    remedy=(
        "Keep what callers say as data (JSON, a database) and read it as that. Until then give the "
        "server a read-only folder of code."
    ),
    references=("CWE-94", "CWE-913", "MCP05:2025", "CoSAI-MCP-T3", "ASI05:2026"),
)

_CODE: Final = tuple(
    f".{one}"
    for one in sorted(wordset("py pyw js mjs cjs ts mts sh bash zsh ps1 bat cmd rb pl php lua"))
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each file and each value that is kept in it."""
    for one in once(_kept(facts)):
        yield told(CODE_WRITTEN, one, "is written into a file of code")


def _kept(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.WRITE_FILE):
        content = effect.operand("content")
        path = effect.operand("path") or _opened(reached, effect)
        if content is not None and path is not None and _is_code(path):
            for one in arriving(reached.entry, effect, "content", content, g.PLAIN):
                if _is_whole(content, one):
                    yield one


def _opened(reached: Reached, effect: Effect) -> Value | None:
    """The path of the file that was opened last before, in the same function."""
    place = effect.place
    before = [
        one
        for one in reached.effects
        if one.place.file == place.file
        and one.function == effect.function
        and one.place.line <= place.line
        and one.kind is EffectKind.WRITE_FILE
        and one.operand("path") is not None
    ]
    return before[-1].operand("path") if before else None


def _is_code(path: Value) -> bool:
    """Whether the end of the name is the server's own and that of code."""
    text = path.known_text
    last = text if text is not None else (path.text[-1] if path.text else "")
    chosen = any(True for _ in path.sources(*CALLERS))
    return isinstance(last, str) and last.lower().endswith(_CODE) and not chosen


def _is_whole(content: Value, arrival: Arrival) -> bool:
    alone = len(content.text) == 1 and isinstance(content.text[0], Hole)
    return alone or bool(arrival.flow.guarantees & g.EXACT)


CHECK: Check[Facts] = Check((CODE_WRITTEN,), look)
