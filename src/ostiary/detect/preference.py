"""Self-praise and courting: text that competes for the model's choice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ostiary.detect.automata import PatternSet
from ostiary.detect.lexicon import LEXICONS
from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.plain import folded, unaccented
from ostiary.detect.reading import Sentence, reading
from ostiary.detect.signals import Signal
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

PREFERENCE = Rule(
    id="preference-manipulation",
    title="Text courts the model's choice",
    category=Category.INFLUENCE,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "A tool that advertises itself to the model (best in the world, trusted by, premium "
        "version, guaranteed), that asks to be used whatever the request, or before all others. "
        "One boast about results and advice on when to choose which of a server's own tools are "
        "left alone."
    ),
    attack=(
        "The model picks this tool where the user would have had another: data, fees and trust "
        "move to whoever wrote the louder description. It is influence, not malware."
    ),
    remedy=(
        "Decide which server should do this job, and switch the tool off in clients where it is "
        "not that one."
    ),
    references=("MCP03:2025", "ASI02:2026", "SAFE-T1406", "AML.T0111"),
)

PRAISE = Signal.PRAISE.value
CHOOSEME = Signal.CHOOSEME.value
BOAST = Signal.BOAST.value
ENOUGH = 2
_NAME = re.compile(
    r"^(?:the[_-]?)?(?:best|premium|ultimate|superior|supreme|perfect|better|preferred|recommended"
    r"|no1|number_?one|top_?rated)[_-](?!practi|match|seller|price|bid|time|effort|buy|selling|fit"
    r"|block|answer|of|route|offer|subscri|user|account|plan|member|auth)\w",
    re.IGNORECASE,
)


@cache
def _praises() -> PatternSet:
    return PatternSet(unaccented(one) for lexicon in LEXICONS for one in lexicon.praise)


def look(passage: Passage) -> Iterator[Hit]:
    if passage.field == "name" and _NAME.search(passage.text):
        yield Hit(
            PREFERENCE,
            "its name praises the tool instead of saying what it does",
            excerpt=one_line(passage.text),
            says="a name that competes for the model's choice",
            mark="name",
            confidence=Confidence.MEDIUM,
        )
        return
    read = reading(passage.text)
    if not read.whole & (PRAISE | CHOOSEME | BOAST):
        return
    sentences = read.sentences
    courting = [one for one in sentences if one.own & CHOOSEME and not _among_own(one, passage)]
    if courting:
        grave = None if all(_SCOPED.search(one.text) for one in courting) else Severity.MEDIUM
        yield _hit(courting[0], "it asks to be chosen over other tools", grave, "choose")
        return
    boasts = [one for one in sentences if one.own & BOAST]
    praised = [one for one in sentences if one.own & PRAISE]
    if boasts or sum(_count(one) for one in praised) >= ENOUGH:
        yield _hit((boasts or praised)[0], "it advertises itself to the model", None, "praise")


_SINGLE_CALLS = re.compile(
    r"(?i)\b(?:over|instead of|rather than) (?:multiple|individual|separate|several|repeated)\b"
    r"(?: \w+)? (?:['\"`]?[\w-]+['\"`]?,? (?:or|and)? ?){0,6}calls?\b"
)
_SCOPED = re.compile(
    r"(?i)\b(?:user|anyone|customer)s? (?:wants?|needs?|asks?|requests?|wishes) "
    r"(?:to|about|for|help)\b"
    r"(?! (?:\w+ )?(?:anything|something|any|everything|all)\b)"
)
"""A matter is named for which it is to be chosen."""
_RIVAL = re.compile(
    r"(?i)\b(?:over|instead of|rather than|before) (?:(?:using|calling|trying|running) )?(?:the )?"
    r"['\"`]?([\w.-]+[\w])"
)


def _among_own(sentence: Sentence, passage: Passage) -> bool:
    """Whether what it is to be preferred to is a tool of the same server, or many single calls."""
    rivals = _RIVAL.findall(sentence.text)
    if rivals and all(one in passage.siblings for one in rivals):
        return True
    return _SINGLE_CALLS.search(sentence.text) is not None


def _count(sentence: Sentence) -> int:
    """How many kinds of praise one sentence heaps up."""
    return len(_praises().match(folded(sentence.text).encode("utf-8", "replace")))


def _hit(sentence: Sentence, message: str, severity: Severity | None, mark: str) -> Hit:
    return Hit(
        PREFERENCE,
        message,
        excerpt=one_line(sentence.text),
        says="words that describe no function and court the model's choice",
        mark=mark,
        severity=severity,
    )


DETECTOR = Detector((PREFERENCE,), look)
