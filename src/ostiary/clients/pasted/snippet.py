"""A piece of a page that names servers, and how its text becomes a document."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ostiary.clients.formats import FORMATS
from ostiary.clients.formats.document import Document, Step, Unreadable

CURLY = re.compile("[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb]")
"""Quotation marks that word processors and web pages put in place of straight ones."""
WORTH = re.compile(
    r"mcp_?servers|context_servers|amp\.mcp|[\"'\u201c](?:command|serverUrl|httpUrl|cmd)[\"'\u201d]\s*:",
    re.IGNORECASE,
)
"""Text that means to configure servers."""

_LINE = re.compile(r"line (\d{1,9})\b")
_SINGLE = "\u2018\u2019\u201a\u201b"
_TABLE = re.compile(r"[ \t]*\[{1,2}[ \t]*[\w.\"'-]+[ \t]*\]{1,2}[ \t]*(?:#.*)?$")
_ASSIGNED = re.compile(r"[ \t]*[\w.\"'-]+[ \t]*=")
_MEMBER = re.compile(r"[ \t]*(?:\"[^\"\n]+\"|'[^'\n]+'|[\u201c][^\u201d\n]+\u201d)[ \t]*:")
_CALLED = "the quotation marks are typographic ones; a client refuses the file as it is"
_ESCAPED = "the text holds HTML escapes such as &quot;; a client refuses the file as it is"


@dataclass(frozen=True, slots=True)
class Snippet:
    """One piece that was understood."""

    says: str
    """What it is and where, for example ``JSON on line 3``."""
    document: Document
    line: int
    notes: tuple[str, ...] = ()
    """What is wrong with how it is written."""
    loose: bool = False
    """Found in running text, where a lone object may be anything."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One piece that means to configure servers and could not be understood."""

    what: str
    why: str


def document_of(text: str, line: int, what: str = "") -> Snippet:
    """The piece ``text``, which starts at ``line`` of its page. Raises :class:`Unreadable`."""
    first: Unreadable | None = None
    for mend in _MENDS:
        mended, notes = mend(text)
        if mended is None:
            continue
        try:
            form, document = _parsed(mended, line)
        except Unreadable as error:
            first = first or error
        else:
            place = f"{what or form} on line {line}" if line > 1 or what else form
            return Snippet(place, document, line, notes)
    raise first or Unreadable("it is empty")


def placed(document: Document, line: int, column: int) -> Document:
    """``document`` with every part at one place: what was decoded has no lines of its own."""
    return replace(document, locate=lambda path: (line, column) if path else None)


Mended = tuple[str | None, tuple[str, ...]]


def _as_is(text: str) -> Mended:
    return text, ()


def _straight(text: str) -> Mended:
    if not CURLY.search(text):
        return None, ()
    return CURLY.sub(lambda match: "'" if match[0] in _SINGLE else '"', text), (_CALLED,)


def _unescaped(text: str) -> Mended:
    if "&quot;" not in text and "&#34;" not in text and "&#x22;" not in text:
        return None, ()
    return html.unescape(text), (_ESCAPED,)


_MENDS: tuple[Callable[[str], Mended], ...] = (_as_is, _straight, _unescaped)


def _parsed(text: str, line: int) -> tuple[str, Document]:
    """Format and document, with the lines of the page."""
    form, body = _guess(text)
    try:
        document = FORMATS[form](body.encode("utf-8", "surrogatepass"))
    except Unreadable as error:
        here = _LINE.sub(lambda match: f"line {int(match[1]) + line - 1}", str(error))
        raise Unreadable(here) from None
    locate = document.locate

    def shifted(path: Sequence[Step]) -> tuple[int, int] | None:
        found = locate(path)
        return None if found is None else (found[0] + line - 1, found[1])

    return {"json": "JSON", "toml": "TOML", "yaml": "YAML"}[form], replace(document, locate=shifted)


def _guess(text: str) -> tuple[str, str]:
    """Format and text, members without their braces put between braces."""
    start = re.sub(r"\A(?:\s+|//[^\n]*\n|#[^\n]*\n|/\*.*?\*/)+", "", text, flags=re.DOTALL)
    head = start.split("\n", 1)[0]
    if _TABLE.match(head) or (_ASSIGNED.match(head) and not start.startswith("{")):
        return "toml", text
    if _MEMBER.match(head):
        return "json", "{" + text.rstrip().rstrip(",") + "\n}"
    if start.startswith(("{", "[")):
        return "json", text.rstrip().rstrip(",;")
    return "yaml", text
