"""Markup and layout that a rendered page hides and a model reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.detect.linear import compiled, readable
from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.reading import reading
from ostiary.detect.signals import Signal
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

INVISIBLE_MARKUP = Rule(
    id="invisible-markup",
    title="Text hidden by markup or layout",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "HTML comments and Markdown link references with words in them, elements styled not to be "
        "seen, images whose address carries data, and text pushed off the screen by hundreds of "
        "blanks or line breaks. Comments that name no act and empty padding are low."
    ),
    attack=(
        "The approval dialog and the rendered page end before the text does; the model reads the "
        "rest. An image address carries what the model fills in to its host as soon as it is shown."
    ),
    remedy="Read the raw text in the excerpt before approving; ask the author why it is hidden.",
    references=(
        "MCP03:2025",
        "ASI01:2026",
        "LLM01:2026",
        "SAFE-T1402",
        "SAFE-T1001",
        "AML.T0068",
        "AML.T0077",
        "CWE-451",
        "CWE-1021",
    ),
)

MAX_COMMENTS = 200
_REFERENCE = re.compile(
    r"^[ \t]{0,3}\[(?://|comment|_metadata_[^\]]{0,40}|#|[^\]]{0,40})\]:[ \t]*(?:#|<>|"
    r"about:blank)[ \t]*[(\"'](.{8,2000}?)[)\"'][ \t]*$",
    re.MULTILINE,
)
_UNSEEN = compiled(
    r"(?i)<[a-z][a-z0-9]*\b[^>]{0,400}(?:display\s*:\s*none|visibility\s*:\s*hidden|"
    r"opacity\s*:\s*0(?:\.0+)?\b"
    r"|font-size\s*:\s*0|color\s*:\s*(?:white|transparent|#fff(?:fff)?\b|"
    r"rgba?\(\s*255\s*,\s*255\s*,\s*255)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(0|\bhidden(?:\s|>|=)|"
    r"aria-hidden\s*=\s*[\"']?true"
    r"|(?:width|height)\s*:\s*0(?:px)?\s*[;\"'])[^>]{0,400}>"
)
_LATEX = compiled(r"\\(?:color|textcolor)\{white\}|\\phantom\{|\$\\color\{white\}")
_BEACON = re.compile(
    r"!\[[^\]]{0,200}\]\(\s*<?https?://[^\s)>]{1,300}[?&/=](?:[^\s)>]{0,200}=)?(?:\{|<|\[|\$|%7b|"
    r"(?:data|q|d|text|content|history|secret|token|key|info|conversation|payload)=)[^)]{0,300}\)"
    r"|<img\b[^>]{0,200}\bsrc\s*=\s*[\"']?https?://[^\s>]{1,300}[?][^\s>]{1,300}",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s{25,}")
MANY_BLANKS = 120
MANY_LINES = 25
_WORDS = re.compile(r"[^\W\d_]{2,}")
_ORDERS = (
    Signal.MUST.value
    | Signal.DEMAND.value
    | Signal.SECRECY.value
    | Signal.IGNORE.value
    | Signal.PRIORITY.value
    | Signal.ASK.value
)


def look(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    if "<" in text or "![" in text or "]:" in text or "\\" in text:
        yield from _markup(text)
    if len(text) > 60:
        behind = _behind_blanks(text)
        if behind:
            weight = _weight(behind, Severity.MEDIUM, Severity.HIGH)
            yield _hit("text stands behind a screenful of blanks", behind, "padding", weight)


def _behind_blanks(text: str) -> str:
    """What follows the first run of blanks that fills a screen, or nothing."""
    for run in _BLANKS.finditer(text):
        if len(run[0]) >= MANY_BLANKS or run[0].count("\n") >= MANY_LINES:
            behind = text[run.end() : run.end() + 300]
            if behind:
                return behind
    return ""


def _markup(text: str) -> Iterator[Hit]:
    for hidden, message, mark in (
        (_comments(text), "an HTML comment holds text", "comment"),
        (_references(text), "a Markdown link reference holds text", "reference"),
    ):
        for one in hidden:
            if len(_WORDS.findall(one[:4000])) >= 3:
                yield _hit(message, one, mark, _weight(one[:4000], Severity.LOW, Severity.HIGH))
                break
    clean = readable(text)
    unseen = _UNSEEN.search(clean) or _LATEX.search(clean)
    if unseen is not None:
        shown = text[unseen.span()[0] :][:400]
        yield _hit("markup hides what it holds", shown, "style", Severity.HIGH)
    beacon = _BEACON.search(text)
    if beacon is not None:
        yield _hit("an image address carries data away", beacon[0], "beacon", Severity.MEDIUM)


def _comments(text: str) -> Iterator[str]:
    """What stands in HTML comments; an unclosed one reaches to the end."""
    start = 0
    for _ in range(MAX_COMMENTS):
        start = text.find("<!--", start)
        if start < 0:
            return
        end = text.find("-->", start)
        end = len(text) if end < 0 else end
        yield text[start + 4 : end]
        start = end


def _references(text: str) -> Iterator[str]:
    for found in _REFERENCE.finditer(text):
        yield found[1]


def _weight(hidden: str, plain: Severity, ordering: Severity) -> Severity:
    """Hidden orders weigh more than hidden remarks."""
    orders = any(one.own & _ORDERS for one in reading(hidden).sentences)
    return ordering if orders else plain


def _hit(message: str, text: str, mark: str, severity: Severity) -> Hit:
    return Hit(
        INVISIBLE_MARKUP,
        message,
        excerpt=one_line(text),
        says="what a rendered page would not show",
        mark=mark,
        severity=severity,
    )


DETECTOR = Detector((INVISIBLE_MARKUP,), look)
