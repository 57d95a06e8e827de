"""Instructions about the tools of other servers that the same model sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.reading import Sentence, reading
from ostiary.detect.signals import Signal
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

OTHER_SERVERS = Rule(
    id="talks-of-other-servers",
    title="Instructions about another server's tools",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Text that names a tool of another connected server, or that server, and says when or how "
        "it is to be used, replaced or avoided. A mere mention is shown to the strict reader."
    ),
    attack=(
        "One server steers the calls made to another that the user trusts: it changes recipients "
        "and arguments, or puts itself in the other's place."
    ),
    remedy=(
        "Ask why this server needs to speak of the other. Until that is clear, do not give both to "
        "one client."
    ),
    references=(
        "MCP03:2025",
        "MCP06:2025",
        "ASI01:2026",
        "ASI07:2026",
        "SAFE-T1008",
        "SAFE-T1301",
        "SAFE-T1701",
        "AML.T0110",
        "CWE-441",
        "CWE-1427",
    ),
)

_BOUND = Signal.MUST.value | Signal.DEMAND.value
_STEERS = (
    Signal.ALTER.value
    | Signal.SECRECY.value
    | Signal.PRIORITY.value
    | Signal.DISABLED.value
    | Signal.UPGRADED.value
    | Signal.REGARDLESS.value
)
_CALLS = Signal.CALL.value | Signal.RUN.value | Signal.INSTEAD.value
_TOKEN = re.compile(r"[A-Za-z0-9][\w.-]*[A-Za-z0-9]")
_COMPOSED = re.compile(r"[_-]|[a-z][A-Z]")
_WORD_TALK = r"(?:[`'\"]{0}[`'\"](?!:)|\b{0}(?: mcp)? (?:tool|function|server)s?\b)"


def look(passage: Passage) -> Iterator[Hit]:
    if not (passage.foreign or passage.foreign_servers):
        return
    found: list[Hit] = []
    for sentence in reading(passage.text).sentences:
        name = _named(sentence, passage)
        if name and (hit := _hit(sentence, name)) is not None:
            found.append(hit)
    loudest = max(found, key=lambda hit: hit.severity or OTHER_SERVERS.severity, default=None)
    if loudest is not None:
        yield loudest


def _named(sentence: Sentence, passage: Passage) -> str:
    """The first foreign name in the sentence that is surely one, or the empty string."""
    tokens: dict[str, None] = dict.fromkeys(_TOKEN.findall(sentence.text))
    for token in tokens:
        if token in passage.siblings or token in passage.parameters or token == passage.owner:
            continue
        if token in passage.foreign and (_COMPOSED.search(token) or _as_word(sentence, token)):
            return token
        if token.lower() in passage.foreign_servers and _as_word(sentence, token):
            return token
    return ""


def _as_word(sentence: Sentence, name: str) -> bool:
    """Whether an ordinary word is used as the name of a tool or a server."""
    talk = _WORD_TALK.format(re.escape(name))
    return bool(re.search(talk, sentence.text, re.IGNORECASE))


def _hit(sentence: Sentence, name: str) -> Hit | None:
    bound = bool(sentence.near & _BOUND)
    steers = bool(sentence.own & _STEERS)
    orders = bound and bool(sentence.own & _CALLS) and bool(sentence.own & _BOUND)
    orders = orders or bool(_replaced(sentence))
    loud = (steers and bound) or orders
    return Hit(
        OTHER_SERVERS,
        f"it gives instructions about {one_line(name, 80)}, which belongs to another server"
        if loud
        else f"it mentions {one_line(name, 80)}, which belongs to another server",
        excerpt=one_line(sentence.text),
        says="a name of another server in this one's text",
        mark=name,
        severity=None if steers and bound else (Severity.MEDIUM if orders else Severity.LOW),
        confidence=None if loud else Confidence.LOW,
        persona=None if loud else Persona.STRICT,
    )


def _replaced(sentence: Sentence) -> int:
    """Whether the other's tool is called unusable, or another is to be called in its place."""
    disabled = sentence.own & Signal.DISABLED.value and sentence.near & _CALLS
    return disabled or (sentence.own & Signal.INSTEAD.value and sentence.own & Signal.CALL.value)


DETECTOR = Detector((OTHER_SERVERS,), look)
