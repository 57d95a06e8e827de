"""Opens each configuration file once, however many clients read it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ostiary.clients.disk import Content, Disk, Trouble
from ostiary.clients.formats import FORMATS
from ostiary.clients.formats.document import Document, Unreadable
from ostiary.model.outcome import NotChecked


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that exists: its bytes' facts, and its content where it could be read."""

    path: str
    shown: str
    content: Content | None
    document: Document | None
    digest: str | None

    @property
    def real(self) -> str:
        return self.content.real if self.content else self.path


class Reading:
    """All files of one discovery and everything that could not be read."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self._opened: dict[tuple[str, str], Opened | None] = {}
        self._failed: dict[tuple[str, str], NotChecked] = {}

    @property
    def not_checked(self) -> tuple[NotChecked, ...]:
        """What could not be read, by place; each once."""
        return tuple(self._failed[key] for key in sorted(self._failed))

    def open(self, path: str, form: str, reader: int | None = None) -> Opened | None:
        """The file at ``path`` read as ``form``; ``None`` if nothing is there."""
        key = (path, form)
        if key not in self._opened:
            self._opened[key] = self._open(path, form, reader)
        return self._opened[key]

    def exists(self, path: str) -> bool:
        try:
            return self.disk.locate(path) is not None
        except Trouble:
            return False

    def trouble(self, trouble: Trouble) -> None:
        self.fail(trouble.path, trouble.reason, trouble.remedy)

    def fail(self, subject: str, reason: str, remedy: str = "") -> None:
        """Something was asked for and not looked at."""
        self._failed[(subject, reason)] = NotChecked(subject, reason, remedy, file=subject)

    def unread(self, subject: str, reason: str, remedy: str) -> None:
        """Something that is no file was not looked at."""
        self._failed[(subject, reason)] = NotChecked(subject, reason, remedy)

    def _open(self, path: str, form: str, reader: int | None) -> Opened | None:
        shown = self.disk.shown(path)
        try:
            content = self.disk.read(path, reader=reader)
        except Trouble as trouble:
            self.trouble(trouble)
            # A closed directory on the way says nothing about the file.
            return Opened(path, shown, None, None, None) if trouble.path == shown else None
        if content is None:
            return None
        digest = hashlib.sha256(content.data).hexdigest()
        return Opened(path, shown, content, self._parse(content, form, shown), digest)

    def _parse(self, content: Content, form: str, shown: str) -> Document | None:
        try:
            return FORMATS[form](content.data)
        except Unreadable as error:
            self.fail(
                shown,
                f"it cannot be read as {form}: {error}",
                "mend the file; until then nobody knows what it starts",
            )
        return None
