"""Characters that a person does not see and a model reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ostiary.detect.decoding import tags_text, variation_text, zero_width_text
from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

HIDDEN_CHARACTERS = Rule(
    id="hidden-characters",
    title="Hidden characters in text",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Code points that show nothing or change the order of what is shown: zero-width "
        "characters, the tags block (U+E0000), variation selectors in a row, bidirectional "
        "controls, private-use characters and control characters. Joiners in emoji and in scripts "
        "that need them, selectors after an emoji, and direction marks beside right-to-left text "
        "are left alone. A lone soft hyphen or byte order mark is low."
    ),
    attack=(
        "A reviewer approves what the screen shows while the model reads a second text between "
        "the letters, or a keyword filter is passed by splitting the words."
    ),
    remedy=(
        "Read the decoded text in the excerpt. If the characters have no reason to be there, do "
        "not approve the server; if they came in by copying, ask its author to remove them."
    ),
    references=(
        "MCP03:2025",
        "ASI01:2026",
        "LLM01:2026",
        "SAFE-T1402",
        "SAFE-T1001",
        "AML.T0068",
        "CWE-451",
        "CWE-1007",
    ),
)

_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9a\x9c-\x9f\u00ad\u034f\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]+"
)
_ASCII_SUSPECT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e80-\u0eff\u1000-\u109f\u1780-\u18af\ufb50-\ufefe]"
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OVERRIDE = re.compile("[\u202d\u202e]")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,8}\U000e007f")
_MILD = frozenset("\u00ad\ufeff\u2028\u2029\u2800\x0b\x0c\u200e\u200f\u061c")
_MIN_DATA = 3
MAX_RUNS = 20_000
"""Runs of hidden characters looked at in one passage; more prove nothing new."""


def look(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    if text.isascii():
        if _ASCII_SUSPECT.search(text):
            yield _controls(text)
        return
    text = _FLAG.sub("\U0001f3f4", text)
    runs: list[tuple[int, str]] = []
    for index, match in enumerate(_SUSPECT.finditer(text)):
        if index >= MAX_RUNS:
            break
        left = _needless(match[0], text, match.start(), match.end())
        if left:
            runs.append((match.start(), left))
    if runs:
        yield _hit(passage, text, runs)


def _controls(text: str) -> Hit:
    found = _ASCII_SUSPECT.findall(text)
    at = text.find(found[0])
    return Hit(
        HIDDEN_CHARACTERS,
        f"{len(found)} control {_plural(len(found))} stand in the text",
        excerpt=one_line(text[max(0, at - 60) : at + 120]),
        says="characters that a screen does not show",
        mark="control",
        severity=Severity.MEDIUM,
    )


def _plural(count: int) -> str:
    return "character" if count == 1 else "characters"


def _needless(run: str, text: str, start: int, end: int) -> str:
    """What of a run has no typographic reason at its place."""
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if len(run) <= 2 and _typographic(run, before, after):
        return ""
    return run


def _typographic(run: str, before: str, after: str) -> bool:
    if run in ("\ufe0f", "\ufe0e", "\ufe0f\u200d"):
        return bool(before) and (
            unicodedata.category(before)[0] in "SC" or before in "0123456789#*‼⁉©®"
        )
    if run == "\u200d":
        pictures = before >= "\u2190" and after >= "\u2190"
        return pictures or bool(_JOINING.match(before or " ") or _JOINING.match(after or " "))
    if run in ("\u200c", "\u200c\u200f"):
        return bool(_JOINING.match(before or " ") or _JOINING.match(after or " "))
    if run in ("\u200e", "\u200f", "\u061c"):
        return bool(_RIGHT_TO_LEFT.match(before or " ") or _RIGHT_TO_LEFT.match(after or " "))
    if len(run) == 1 and "\ufe00" <= run <= "\ufe0d":
        return bool(before) and unicodedata.category(before) in ("Lo", "Sm")
    return False


def _hit(passage: Passage, text: str, runs: list[tuple[int, str]]) -> Hit:
    joined = "".join(run for _, run in runs)
    decoded = tags_text(joined) or variation_text(joined) or zero_width_text(joined)
    at, first = runs[0]
    excerpt = one_line(text[max(0, at - 40) : at + len(first) + 60])
    if decoded:
        excerpt = f"hidden text: {one_line(decoded)}"
    count = len(joined)
    message = f"{count:,} hidden {_plural(count)}" + (" that spell a text" if decoded else "")
    return Hit(
        HIDDEN_CHARACTERS,
        f"{message} ({_kinds(joined)})",
        excerpt=excerpt,
        says="what the screen does not show, by code point" if not decoded else "what they spell",
        mark=_kinds(joined),
        severity=_severity(passage, text, runs, joined, decoded),
    )


def _severity(
    passage: Passage, text: str, runs: list[tuple[int, str]], joined: str, decoded: str
) -> Severity:
    if decoded:
        return Severity.CRITICAL
    if passage.field in ("name", "schema-key", "uri") or _OVERRIDE.search(joined):
        return Severity.HIGH
    if any("\U000e0000" <= char <= "\U000e0fff" for char in joined):
        return Severity.HIGH
    if _BIDI.search(joined):
        return Severity.MEDIUM if _RIGHT_TO_LEFT.search(text) else Severity.HIGH
    split = sum(_in_word(text, start, start + len(run)) for start, run in runs)
    longest = max(len(run) for _, run in runs)
    if longest >= 8 or split >= _MIN_DATA:
        return Severity.HIGH
    return Severity.LOW if all(char in _MILD for char in joined) else Severity.MEDIUM


def _in_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1 : start]
    return before.isalnum() and text[end : end + 1].isalnum()


_KINDS = (
    ("tags block", "\U000e0000", "\U000e007f"),
    ("variation selectors", "\U000e0100", "\U000e01ef"),
    ("variation selectors", "\ufe00", "\ufe0f"),
    ("bidirectional controls", "\u202a", "\u202e"),
    ("bidirectional controls", "\u2066", "\u2069"),
    ("zero width", "\u200b", "\u200d"),
    ("zero width", "\u2060", "\u2064"),
    ("zero width", "\ufeff", "\ufeff"),
    ("direction marks", "\u200e", "\u200f"),
    ("private use", "\ue000", "\uf8ff"),
    ("private use", "\U000f0000", "\U0010ffff"),
    ("soft hyphens", "\u00ad", "\u00ad"),
    ("control characters", "\x00", "\x9f"),
)


def _kinds(joined: str) -> str:
    distinct = set(joined)
    names = dict.fromkeys(
        name for name, low, high in _KINDS if any(low <= char <= high for char in distinct)
    )
    return ", ".join(names) or "invisible fillers"


DETECTOR = Detector((HIDDEN_CHARACTERS,), look)
