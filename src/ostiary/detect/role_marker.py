"""Marks of another speaker in text: what follows poses as a turn of the system or of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

ROLE_MARKER = Rule(
    id="role-marker",
    title="Text poses as a system or assistant turn",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Special tokens of chat templates (`<|im_start|>`, `[INST]`, `<<SYS>>`, `<start_of_turn>`) "
        "and tags that name a speaker (`<system>`, `<assistant>`, `<system-reminder>`); and "
        "headings in capitals that give an order its rank (`[SYSTEM OVERRIDE]`, `HIDDEN "
        "INSTRUCTION:`, `ACT AS:`, `SYSTEM:` before an order). A mark in quotes or code, as "
        "documentation writes it, is shown to the strict reader only."
    ),
    attack=(
        "A model that was trained on these marks may take what follows for an order of the system "
        "or the user, above everything the user said."
    ),
    remedy=(
        "Do not approve the server before its author explains the mark or removes it; a "
        "description has no need to imitate a conversation."
    ),
    references=("MCP03:2025", "ASI01:2026", "LLM01:2026", "SAFE-T1001", "AML.T0051", "CWE-1427"),
)

_MARK = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id)\|>"
    r"|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
    r"|(?:^|(?<=[\s.]))<(?:system|assistant|developer)(?:[_-](?:prompt|message|reminder"
    r"|instructions?))?>(?=\s*[^\W\d_])",
    re.IGNORECASE,
)
_RANKS = "SYSTEM|ADMIN|ADMINISTRATOR|ROOT|DEVELOPER|HIDDEN|SECRET|INTERNAL|PRIORITY"
_HEADING = re.compile(
    r"\[(?:[A-Z]{2,20}[ _-]){0,2}(?:[A-Z]{2,20}[ _-](?:DIRECTIVE|OVERRIDE)S?"
    rf"|(?:{_RANKS})[ _-](?:INSTRUCTIONS?|COMMAND|ORDERS?|PROMPT))\]"
    rf"|^[ \t]*(?:(?:{_RANKS}|INSTRUCTION|PROMPT|ROLE)[ ](?:[A-Z]{{2,20}}[ ])?"
    r"(?:OVERRIDE|DIRECTIVE|INSTRUCTIONS?)|OVERRIDE[ ](?:DIRECTIVE|INSTRUCTIONS?))[ ]?:"
    r"|^[ \t]*ACT AS[ ]?:(?=[ ]*[A-Z])"
    r"|^[ \t]*(?:SYSTEM|ASSISTANT|DEVELOPER)[ ]?:(?=[ ]*(?i:you|trust|ignore|bypass|disregard"
    r"|always|never|allow|execute|forget|disable|obey|override|reveal|do not)\b)",
    re.MULTILINE,
)
"""Only in capitals: a parameter or a section may be called by such a word."""
_SIGNS = ("<", "[", "ACT AS", "SYSTEM", "OVERRIDE", "DIRECTIVE", "INSTRUCTION", "ASSISTANT")
_QUOTED = frozenset("`'\"“‘«")


def look(passage: Passage) -> Iterator[Hit]:
    """One hit for a passage: the first mark that is not quoted, else the first."""
    text = passage.text
    if not any(sign in text for sign in _SIGNS):
        return
    found = [*_MARK.finditer(text), *_HEADING.finditer(text)][:50]
    if not found:
        return
    bare = next((one for one in found if text[one.start() - 1 : one.start()] not in _QUOTED), None)
    mark = bare or found[0]
    yield Hit(
        ROLE_MARKER,
        "it holds the mark of another speaker, so that what follows poses as an order of rank",
        excerpt=one_line(text[max(0, mark.start() - 40) : mark.end() + 120]),
        says="where the mark stands",
        mark=mark[0].strip().lower(),
        severity=None if bare else Severity.LOW,
        persona=None if bare else Persona.STRICT,
    )


DETECTOR = Detector((ROLE_MARKER,), look)
