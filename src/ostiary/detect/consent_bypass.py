"""Text that talks the agent out of asking the user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.plain import folded
from ostiary.detect.reading import Sentence, reading
from ostiary.detect.signals import Signal
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

CONSENT_BYPASS = Rule(
    id="consent-bypass-text",
    title="Text talks the agent out of asking",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Text that tells the agent not to ask the user, that the user has already agreed, or that "
        "a confirmation is to be skipped. A sentence that demands confirmation, and the "
        "documentation of a parameter that switches a prompt of the tool itself, are left alone "
        "by default."
    ),
    attack=(
        "The person who should decide on a payment, a deletion or a message is never asked: the "
        "agent believes the consent was given."
    ),
    remedy=(
        "Do not approve the server, or keep its tools on 'ask every time' in every client; the "
        "client's own prompt does not depend on what the text says."
    ),
    references=(
        "MCP03:2025",
        "MCP06:2025",
        "ASI09:2026",
        "LLM01:2026",
        "LLM03:2026",
        "SAFE-T1001",
        "SAFE-T1403",
        "AML.T0110",
        "CWE-1427",
    ),
)

CONSENT = Signal.CONSENT.value
_BOUND = Signal.MUST.value | Signal.DEMAND.value
_PLOT = Signal.SECRECY.value | Signal.PRIORITY.value | Signal.HUSH.value
_ACTS = (
    Signal.CALL.value
    | Signal.RUN.value
    | Signal.SEND.value
    | Signal.HARM.value
    | Signal.ALTER.value
    | Signal.INCLUDE.value
)
_GIVEN = re.compile(
    r"\b(?:already|previously|implicitly|pre-?)\W{0,3}(?:\w+ )?(?:approved|consented|authori[sz]ed"
    r"|confirmed|agreed|granted|given)\b|\b(?:assume|treat|consider|implied|waived|presumed)\b"
    r"|\bya (?:lo )?ha\b|\ba deja\b|\bbereits\b|\bschon\b|\bja (?:aprov|autoriz|confirm|consent)|"
    r"\bgia\b"
    r"|уже |已(?:经)?(?:同意|授权|批准|确认|许可)|すでに|既に|이미|وافق|पहले (?:ही|से)"
)
_FLAG = re.compile(
    r"\b(?:whether|if (?:true|false|set|enabled)|default|flag|boolean|option|set to|true to"
    r"|parameter|when (?:true|enabled))\b"
)


def look(passage: Passage) -> Iterator[Hit]:
    read = reading(passage.text)
    if not read.whole & CONSENT:
        return
    for sentence in read.sentences:
        if sentence.own & CONSENT:
            yield _hit(sentence)
            return


def _hit(sentence: Sentence) -> Hit:
    low = folded(sentence.text)
    loud = bool(sentence.own & (_BOUND | _PLOT)) and bool(sentence.near & _ACTS)
    loud = (loud or bool(_GIVEN.search(low))) and not _FLAG.search(low)
    loud = loud and not sentence.own & Signal.DESCRIPTIVE.value
    return Hit(
        CONSENT_BYPASS,
        "it talks the agent out of asking the user",
        excerpt=one_line(sentence.text),
        says="the user is not to be asked, or is said to have agreed",
        mark="consent",
        severity=None if loud else Severity.LOW,
        confidence=None if loud else Confidence.LOW,
        persona=None if loud else Persona.STRICT,
    )


DETECTOR = Detector((CONSENT_BYPASS,), look)
