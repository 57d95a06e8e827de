"""Letters of another script that look like Latin ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.plain import TWIN, TWINS
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

CONFUSABLE_CHARACTERS = Rule(
    id="confusable-characters",
    title="Look-alike letters of another script",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "A name or a word that mixes Latin letters with Cyrillic, Greek or Armenian twins, a name "
        "made of twins only, and words in mathematical or full-width letters. Words wholly in "
        "another script, units and single symbols are left alone."
    ),
    attack=(
        "A name passes for another that was approved, and a word passes a filter, while person "
        "and model read the familiar one."
    ),
    remedy="Compare the code points in the excerpt; do not approve a name that borrows letters.",
    references=("MCP03:2025", "SAFE-T1004", "SAFE-T1405", "AML.T0068", "CWE-1007"),
)

_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile("[A-Za-z]")
_STYLED = re.compile(
    "[\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\U0001f130-\U0001f189]{3,}"
)
_NAMED = frozenset({"name", "schema-key", "uri", "title", "annotations"})


def look(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    if text.isascii():
        return
    named = passage.field in _NAMED
    if TWIN.search(text):
        word = next((found[0] for found in _WORD.finditer(text) if _mixed(found[0])), None)
        if word is None and named and passage.field in ("name", "schema-key"):
            word = next((found[0] for found in _WORD.finditer(text) if _twins_only(found[0])), None)
        if word is not None:
            yield _hit(word, named)
            return
    styled = _STYLED.search(text)
    if styled is not None and not _beside_ideographs(text):
        yield _styled(styled[0], named)


def _mixed(word: str) -> bool:
    """Latin letters and twins of them in one word; a symbol beside a unit is no word."""
    latin = len(_LATIN.findall(word))
    twins = len(TWIN.findall(word))
    return latin >= 1 and twins >= 1 and len(word) >= 3 and latin + twins >= len(word) - 1


def _twins_only(word: str) -> bool:
    return len(word) >= 3 and all(char in TWINS for char in word)


def _beside_ideographs(text: str) -> bool:
    """Full-width letters are ordinary typography in Chinese, Japanese and Korean text."""
    return any("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in text)


def _points(word: str) -> str:
    odd = [char for char in word if not char.isascii()]
    shown = dict.fromkeys(f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed')}" for char in odd)
    return ", ".join(list(shown)[:4])


def _hit(word: str, named: bool) -> Hit:
    return Hit(
        CONFUSABLE_CHARACTERS,
        "a word mixes letters of two scripts that look alike",
        excerpt=f"{one_line(word, 60)}: {_points(word)}",
        says="the borrowed letters by code point",
        mark=one_line(word, 60),
        severity=None if named else Severity.MEDIUM,
    )


def _styled(word: str, named: bool) -> Hit:
    return Hit(
        CONFUSABLE_CHARACTERS,
        "letters of a decorative block stand for ordinary ones",
        excerpt=f"{one_line(word, 60)} reads {unicodedata.normalize('NFKC', word)[:60]}",
        says="what the decorative letters read",
        mark=one_line(word, 60),
        severity=None if named else Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
    )


DETECTOR = Detector((CONFUSABLE_CHARACTERS,), look)
