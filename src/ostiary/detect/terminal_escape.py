"""Terminal control sequences in text: what a terminal shows is not what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

TERMINAL_ESCAPE = Rule(
    id="terminal-escape",
    title="Terminal control sequence in text",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Escape (U+001B) and CSI (U+009B) sequences, backspaces, and a carriage return inside a "
        "line. Text that only spells an escape with a backslash is shown to the strict reader."
    ),
    attack=(
        "In a terminal the sequence hides words, moves the cursor over a warning, writes the "
        "clipboard or makes a link that goes elsewhere, while the model reads everything."
    ),
    remedy=(
        "Do not print the server's text raw. Honest text needs no cursor movement: do not approve "
        "the server before its author removed it."
    ),
    references=("MCP03:2025", "LLM01:2026", "SAFE-T1402", "AML.T0068", "CWE-451"),
)

_REAL = re.compile("[\x1b\x9b\x08]|\r(?!\n)(?=[^\r\n])")
_SPELT = re.compile(r"\\(?:x1b|u001b|033|e)\[[0-9;?]{0,12}[A-Za-z]", re.IGNORECASE)


def look(passage: Passage) -> Iterator[Hit]:
    found = _REAL.search(passage.text)
    if found is not None:
        yield _hit(passage.text, found.start(), None, None)
        return
    spelt = _SPELT.search(passage.text)
    if spelt is not None:
        yield _hit(passage.text, spelt.start(), Severity.LOW, Persona.STRICT)


def _hit(text: str, at: int, severity: Severity | None, persona: Persona | None) -> Hit:
    return Hit(
        TERMINAL_ESCAPE,
        "it carries a terminal control sequence"
        if severity is None
        else "it spells a terminal control sequence",
        excerpt=one_line(text[max(0, at - 60) : at + 120]),
        says="where the sequence stands",
        mark="escape" if severity is None else "spelt",
        severity=severity,
        persona=persona,
    )


DETECTOR = Detector((TERMINAL_ESCAPE,), look)
