"""Instructions and text hidden in an encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ostiary.detect.decoding import decoded, prose
from ostiary.detect.linear import compiled
from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.reading import reading
from ostiary.detect.signals import Signal
from ostiary.detect.structures import shapes
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

MAX_DEPTH = 3
"""Encodings inside encodings that are followed."""
MAX_JUDGED = 24
"""Decoded texts judged in one passage."""
LONG = 200

ENCODED_INSTRUCTION = Rule(
    id="encoded-instruction",
    title="Instruction hidden in an encoding",
    category=Category.CONCEALMENT,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Text in base64, hexadecimal, escapes, percent encoding, entities, ROT13, reversed order, "
        "tags, variation selectors or zero-width bits that decodes to an instruction for the "
        "agent. Encodings inside encodings are followed three deep."
    ),
    attack=(
        "A reviewer and a keyword filter see noise; a model decodes it without being asked and "
        "does what it says."
    ),
    remedy=(
        "Read the decoded text in the excerpt. Honest descriptions have no reason to encode "
        "orders: do not approve the server."
    ),
    references=(
        "MCP03:2025",
        "ASI01:2026",
        "LLM01:2026",
        "SAFE-T1402",
        "SAFE-T1001",
        "AML.T0068",
        "AML.T0110",
        "CWE-506",
        "CWE-1427",
    ),
)
ENCODED_BLOB = Rule(
    id="encoded-blob",
    title="Unexplained encoded text",
    category=Category.CONCEALMENT,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "A long encoded stretch in text for a model. One that decodes to sentences is shown by "
        "default; one that decodes to nothing readable is shown to the strict reader. Examples "
        "and images in data URLs are left alone."
    ),
    attack="What a reviewer cannot read may be read by a model, now or in a later version.",
    remedy="Ask the server's author what the text is for, and decode it before approving.",
    references=("MCP03:2025", "SAFE-T1402", "AML.T0068"),
)

_TRACE = compiled(
    r"[A-Za-z0-9+/=_-]{24}|[0-9A-Fa-f]{2}(?:[ :,\\x0%]{0,4}[0-9A-Fa-f]{2}){11}|\\[ux0-3]"
    r"|(?:%[0-9A-Fa-f]{2}|&#|&[a-z]{2,8};)|(?:\b\d{2,3}\b[ ,;]{1,2}){11}|[01]{8}"
    r"|(?i:\b(?:orsber|zhfg|nyjnlf|vtaber|frperg|vafgehpgvba|hfre|gbby|ernq|gur|qb"
    r"|erofeb|erofeB|tsum|syawla|erongi|terces|snoitcurtsni|resu|eht|loot|daer)\b)"
    r"|(?:\b[A-Za-z]{0,9}[0134@$57][A-Za-z]\w* (?:\w+ )?){3}"
)
_NAMES = frozenset({"name", "schema-key", "enum"})
_OPAQUE = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{200,}={0,2}")
_ORDERS = (
    Signal.MUST.value
    | Signal.DEMAND.value
    | Signal.SECRECY.value
    | Signal.IGNORE.value
    | Signal.PRIORITY.value
    | Signal.CONSENT.value
)
_ACTS = (
    Signal.CALL.value
    | Signal.RUN.value
    | Signal.READ.value
    | Signal.SEND.value
    | Signal.INCLUDE.value
    | Signal.SAY.value
    | Signal.SHELL.value
)


def look(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    if len(text) < 16 or (" " not in text and passage.field in _NAMES and len(text) < 40):
        return
    if text.isascii() and _TRACE.search(text) is None:
        return
    explained: dict[str, Hit] = {}
    for how, plain in _unpacked(text):
        hit = _judge(passage, how, plain)
        if hit is not None and hit.rule.id not in explained:
            explained[hit.rule.id] = hit
    if ENCODED_INSTRUCTION.id in explained:
        yield explained[ENCODED_INSTRUCTION.id]
    elif explained:
        yield from explained.values()
    elif (opaque := _OPAQUE.search(text)) and "base64," not in text[: opaque.end()][-300:]:
        yield Hit(
            ENCODED_BLOB,
            f"{len(opaque[0]):,} characters that look encoded and decode to nothing readable",
            excerpt=one_line(opaque[0], 80),
            says="an encoded stretch",
            mark="opaque",
        )


def _unpacked(text: str) -> Iterator[tuple[str, str]]:
    """Readable decodings, outermost first, bounded in number and depth."""
    pending = [("", text, 0)]
    judged = 0
    while pending:
        path, current, depth = pending.pop(0)
        for how, _, plain in decoded(current):
            judged += 1
            if judged > MAX_JUDGED:
                return
            named = f"{path} in {how}" if path else how
            yield named, plain
            if depth + 1 < MAX_DEPTH and len(plain) < len(text) + 64:
                pending.append((named, plain, depth + 1))


def _judge(passage: Passage, how: str, plain: str) -> Hit | None:
    found = shapes(replace(passage, text=plain))
    read = reading(plain)
    orders = any(one.own & _ORDERS and one.near & _ACTS for one in read.sentences)
    hidden_way = how in ("tags block", "variation selectors", "zero-width binary")
    if found or (orders and (prose(plain) or hidden_way)) or _command(plain):
        worst = max((one.severity for one in found), default=Severity.HIGH)
        return Hit(
            ENCODED_INSTRUCTION,
            f"{how} hides an instruction for the agent",
            excerpt=one_line(plain),
            says="the decoded text",
            mark=how,
            severity=max(worst, Severity.HIGH),
        )
    if not prose(plain) or how in ("HTML entities", "percent encoding", "digits for letters"):
        return None
    return Hit(
        ENCODED_BLOB,
        f"{how} hides a text",
        excerpt=one_line(plain),
        says="the decoded text",
        mark=how,
        severity=Severity.LOW,
        persona=Persona.DEFAULT,
    )


def _command(plain: str) -> bool:
    """Whether a decoded text is itself a shell command."""
    return any(one.own & Signal.SHELL.value for one in reading(plain).sentences)


DETECTOR = Detector((ENCODED_INSTRUCTION, ENCODED_BLOB), look)
