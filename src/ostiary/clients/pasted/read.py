"""Reads pasted texts into one client that does not exist yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ostiary.clients.entries import MAX_SERVERS, RUNS, Context
from ostiary.clients.formats.document import Unreadable, text_of
from ostiary.clients.pasted.dialects import Understood, understand
from ostiary.clients.pasted.page import Page, nothing
from ostiary.clients.pasted.snippet import CURLY, Snippet
from ostiary.clients.record import ClientRecord, Shape
from ostiary.model.client import Client, ConfigFile, Scope, ServerEntry
from ostiary.model.outcome import NotChecked

PASTED = "pasted"
NAME = "Pasted configuration"
MAX_BYTES = 1024 * 1024
"""Bytes of the largest text that is read."""

_REMEDY = "paste the whole block, from its first brace to its last, or save it to a file of its own"
_STRANGER = ClientRecord(
    id=PASTED, name=NAME, grade="", source="", verified="", runs=RUNS,
    decides="Not known: the configuration has not been added to a client.",
    tool_change="Not known: the configuration has not been added to a client.",
)  # fmt: skip
_CURLED = "an argument, address or variable holds typographic quotation marks as text"


@dataclass(frozen=True, slots=True)
class Text:
    """One pasted text."""

    name: str
    """What people call it: its path, or ``standard input``."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Pasted:
    """The client that the texts make, and what of them could not be understood."""

    client: Client
    not_checked: tuple[NotChecked, ...]


def read_pasted(texts: Iterable[Text], record: ClientRecord | None = None) -> Pasted:
    """Every server of ``texts``, as if about to be added to a client. Nothing is expanded, run or
    followed. With ``record`` the texts are read as that client would read them where they can be.
    Never raises on bad input."""
    readings = [_Reading(text, record) for text in texts]
    known = record or _STRANGER
    entries = tuple(entry for one in readings for entry in one.entries)
    client = Client(
        id=PASTED,
        name=NAME if record is None else f"{NAME} for {record.name}",
        homes=(),
        files=tuple(one.file() for one in readings if one.understood),
        entries=tuple(sorted(entries, key=lambda one: (one.name, one.file, one.line or 0))),
        decides=known.decides,
        tool_change=known.tool_change,
    )
    return Pasted(client, tuple(problem for one in readings for problem in one.problems))


class _Reading:
    """One text while it is read."""

    def __init__(self, text: Text, record: ClientRecord | None) -> None:
        self._text = text
        self._own = () if record is None else _shapes(record)
        runs = RUNS if record is None else record.runs
        self._context = Context(replace(_STRANGER, runs=runs), text.name, Scope.CAPTURED, None)
        self.entries: list[ServerEntry] = []
        self.understood: list[str] = []
        self.problems: list[NotChecked] = []
        self._duplicates: list[str] = []
        self._said: set[tuple[object, ...]] = set()
        self._read()

    def file(self) -> ConfigFile:
        """The text as a file of the client."""
        return ConfigFile(
            path=self._text.name,
            client=PASTED,
            scope=Scope.CAPTURED,
            format="pasted",
            digest=hashlib.sha256(self._text.data).hexdigest(),
            mode=None,
            duplicate_keys=tuple(self._duplicates),
            understood=tuple(self.understood),
        )

    def _fail(self, what: str, reason: str) -> None:
        name = self._text.name
        subject = f"{name}: {what}" if what else name
        self.problems.append(NotChecked(subject, reason, _REMEDY, file=name))

    def _read(self) -> None:
        if len(self._text.data) > MAX_BYTES:
            self._fail("", f"it has more than {MAX_BYTES:,} bytes")
            return
        try:
            text = _decoded(self._text.data)
        except Unreadable as error:
            self._fail("", str(error))
            return
        page = Page(text)
        whole = page.whole()
        if whole is not None and self._take(whole):
            return
        for piece in page.pieces():
            self._take(piece)
        for broken in page.broken:
            self._fail(broken.what, broken.why)
        if not self.understood and not self.problems:
            self._fail("", nothing(text))

    def _take(self, piece: Snippet) -> bool:
        found = understand(piece.document, self._context, own=self._own, loose=piece.loose)
        if found is None:
            return False
        taken = [one for one in found.servers.entries if self._is_other(one)]
        self.entries.extend(_noted(one, piece.notes) for one in taken)
        self._duplicates.extend(piece.document.duplicates)
        self.understood.append(_says(piece, found))
        dropped = found.servers.dropped
        if dropped or len(self.entries) > MAX_SERVERS:
            del self.entries[MAX_SERVERS:]
            self._fail(piece.says, f"servers beyond the first {MAX_SERVERS:,} were not read")
        return True

    def _is_other(self, entry: ServerEntry) -> bool:
        """Whether the page has not said the same before, for another client."""
        facts = _facts(entry)
        if facts in self._said:
            return False
        self._said.add(facts)
        return True


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise Unreadable("it is not valid UTF-16") from None
    return text_of(data)


def _shapes(record: ClientRecord) -> tuple[Shape, ...]:
    return tuple(
        spec.shape
        for spec in record.files
        if spec.shape is not None and spec.scope in (Scope.USER, Scope.PROJECT) and not spec.shared
    )


def _facts(entry: ServerEntry) -> tuple[object, ...]:
    settings = tuple(
        (one.name, one.value.reveal() if one.value else None)
        for one in (*entry.env, *entry.headers, *entry.secrets)
    )
    return (
        entry.name, entry.argv, entry.url, settings, entry.enabled, entry.tools, entry.cwd,
        entry.project, entry.sandbox, tuple((one.what, one.command) for one in entry.executes),
    )  # fmt: skip


def _noted(entry: ServerEntry, notes: tuple[str, ...]) -> ServerEntry:
    values = [one.value.reveal() for one in (*entry.env, *entry.headers) if one.value]
    ends = [text[:1] + text[-1:] for text in (entry.name, *entry.argv, entry.url or "", *values)]
    if not notes and any(CURLY.search(one) for one in ends):
        notes = (_CURLED,)
    return replace(entry, problems=(*entry.problems, *notes)) if notes else entry


def _says(piece: Snippet, found: Understood) -> str:
    names = [entry.name for entry in found.servers.entries]
    count = f"{len(names)} server{'' if len(names) == 1 else 's'}"
    shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
    whole = f"{piece.says}, {' and '.join(found.dialects)}: {count}"
    return "; ".join((f"{whole} ({shown})" if shown else whole, *piece.notes))
