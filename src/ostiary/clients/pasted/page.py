"""Finds the pieces of a web page, a README or a plain file that configure servers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ostiary.clients.formats.document import Document, Unreadable
from ostiary.clients.pasted.commands import commands_in
from ostiary.clients.pasted.links import links_in
from ostiary.clients.pasted.snippet import WORTH, Broken, Snippet, document_of

MAX_PIECES = 200
"""Pieces of one page that are looked at."""

_MARK = re.compile(r"(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})(?P<info>[^\n`]*)$")
_TOKEN = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|//[^\n]*+|/\*.*?(?:\*/|\Z)|[{}\[\]]", re.DOTALL
)
_KEY_BEFORE = re.compile(
    r"(?:\"[^\"\n]{1,200}\"|\u201c[^\u201d\n]{1,200}\u201d|\b\w{0,20}[sS]ervers)[ \t]*:[ \t]*\Z"
)
_MAPPING = re.compile(
    r"^[ \t-]*(?:\w{0,20}[sS]ervers|mcp|extensions|command|cmd|url|uri)[\"']?[ \t]*:", re.MULTILINE
)
_ABOUT = re.compile(r"\"?(?:mcp|servers|extensions)\"?\s*[:\].]")
_TOML = re.compile(
    r"^\[+(?:mcp_servers|mcp)\b[^\n]*(?:\n(?:[^\n]*=[^\n]*|[\[\]#\"'{}, \t][^\n]*|))*", re.M
)
_YAML = re.compile(r"^(?:mcpServers|mcp_servers|extensions):[ \t]*(?:\n(?:[ \t-][^\n]*|))+", re.M)
_SHELL = frozenset({"bash", "sh", "shell", "console", "zsh", "powershell", "cmd", "text", "diff"})


class Page:
    """One pasted text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.broken: list[Broken] = []

    def line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def whole(self) -> Snippet | None:
        """The text as one document, or ``None``."""
        if self._text.lstrip()[:1] not in ("{", "[", '"') and not _starts(self._text):
            return None
        try:
            found = document_of(self._text, 1)
        except (Unreadable, RecursionError):
            return None
        return found if isinstance(found.document.value, dict | list) else None

    def pieces(self) -> tuple[Snippet, ...]:
        """Every piece of a page, in reading order."""
        found: list[Snippet] = []
        rest = self._text
        for reader in (links_in, commands_in):
            spans: list[tuple[int, int]] = []
            for start, end, piece in islice(reader(rest, self.line), MAX_PIECES + 1):
                spans.append((start, end))
                if isinstance(piece, Snippet):
                    found.append(piece)
                else:
                    self.broken.append(piece)
            rest = _blank(rest, spans)
        fences = tuple(islice(_fences(rest), MAX_PIECES + 1))
        for fence in fences:
            found.extend(self._fenced(fence))
        rest = _blank(rest, [(fence.start, fence.start + len(fence.body)) for fence in fences])
        found.extend(self._loose(rest))
        found.sort(key=lambda one: (one.line, one.says))
        if len(found) > MAX_PIECES:
            what = f"what follows line {found[MAX_PIECES].line}"
            self.broken.append(Broken(what, f"only {MAX_PIECES} pieces of one page are read"))
        return tuple(found[:MAX_PIECES])

    def _fenced(self, fence: _Fence) -> Iterator[Snippet]:
        body, start = fence.body, fence.start
        if not WORTH.search(body) and (fence.shell or not _ABOUT.search(body)):
            return
        if fence.indent:
            body = re.sub(f"^{re.escape(fence.indent)}", "", body, flags=re.MULTILINE)
        try:
            yield document_of(body, self.line(start))
        except (Unreadable, RecursionError) as error:
            pieces = tuple(self._islands(fence.body, start)) if "{" in body else ()
            yield from pieces
            if not pieces and WORTH.search(body):
                self._fail(start, error)

    def _loose(self, text: str) -> Iterator[Snippet]:
        """Configuration in running text."""
        for pattern in (_TOML, _YAML):
            blocks = tuple(islice(pattern.finditer(text), MAX_PIECES + 1))
            for match in blocks:
                try:
                    yield document_of(match[0], self.line(match.start()))
                except (Unreadable, RecursionError) as error:
                    self._fail(match.start(), error)
            text = _blank(text, [match.span() for match in blocks])
        yield from self._islands(text, 0)

    def _islands(self, text: str, start: int) -> Iterator[Snippet]:
        at = text.find("{")
        for _ in range(MAX_PIECES * 5):
            if at < 0:
                return
            end = _closing(text, at)
            before = _KEY_BEFORE.search(text, max(0, at - 220), at)
            begin = before.start() if before else at
            if end is None:
                if WORTH.search(text, begin):
                    self._fail(start + begin, Unreadable("it ends before its last brace"))
                return
            yield from self._island(text[begin:end], start + begin)
            at = text.find("{", end)

    def _island(self, text: str, start: int) -> Iterator[Snippet]:
        if not WORTH.search(text) and not re.search(r"\"(?:url|servers|mcp)\"\s*:", text):
            return
        try:
            found = document_of(text, self.line(start))
        except (Unreadable, RecursionError) as error:
            self._fail(start, error)
        else:
            yield Snippet(found.says, found.document, found.line, found.notes, loose=True)

    def _fail(self, start: int, error: Exception) -> None:
        line = self.line(start)
        if len(self.broken) < MAX_PIECES:
            self.broken.append(Broken(f"the configuration on line {line}", f"{error}"))


def nothing(text: str) -> str:
    """Why a text in which nothing was found could not be read."""
    try:
        document: Document = document_of(text, 1).document
    except (Unreadable, RecursionError) as error:
        if text.lstrip()[:1] in "{[" or WORTH.search(text):
            return f"it means to be configuration and cannot be read: {error}"
        return "no configuration of MCP servers was recognised in it"
    if isinstance(document.value, dict) and document.value:
        keys = ", ".join(repr(key[:40]) for key in list(document.value)[:5])
        return f"it can be read, and none of its keys names MCP servers; it has {keys}"
    return "no configuration of MCP servers was recognised in it"


def _closing(text: str, at: int) -> int | None:
    """The offset after the bracket that closes the one at ``at``."""
    depth = 0
    for match in _TOKEN.finditer(text, at):
        mark = match[0]
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth == 0:
                return match.end()
    return None


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """``text`` with what was read replaced by spaces, so that nothing is read twice."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:
            pieces += (text[at:start], _spaces(text[start:end]))
            at = end
    return "".join((*pieces, text[at:]))


def _starts(text: str) -> bool:
    """Whether a text that begins with no bracket may be one TOML or YAML document."""
    return bool(_MAPPING.search(text)) or bool(re.search(r"^[ \t]*[\w.\"'-]+[ \t]*=", text, re.M))


@dataclass(frozen=True, slots=True)
class _Fence:
    body: str
    start: int
    indent: str
    shell: bool


def _fences(text: str) -> Iterator[_Fence]:
    """The fenced blocks of Markdown; one that never ends reaches to the end of the text."""
    opened: re.Match[str] | None = None
    start = at = 0
    for line in text.splitlines(keepends=True):
        if opened is None:
            opened = _MARK.match(line.rstrip("\r\n"))
            start = at + len(line)
        elif line.lstrip(" \t>").startswith(opened["mark"]):
            yield _fence(text, opened, start, at)
            opened = None
        at += len(line)
    if opened is not None:
        yield _fence(text, opened, start, at)


def _fence(text: str, opened: re.Match[str], start: int, end: int) -> _Fence:
    words = opened["info"].lower().split()
    return _Fence(text[start:end], start, opened["indent"], bool(words) and words[0] in _SHELL)
