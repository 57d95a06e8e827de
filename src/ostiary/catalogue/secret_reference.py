"""Where a secret is, instead of the secret: ``env:NAME``, ``file:PATH`` or ``literal:TEXT``."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ostiary.catalogue.failure import UnusableReference
from ostiary.files.place import home_resolved
from ostiary.model.client import Concealed
from ostiary.model.json import JsonValue
from ostiary.model.setting import BadSetting

LARGEST = 64 * 1024
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FORMS = "write env:NAME, file:PATH, or literal:TEXT for what is no secret"


class Source(StrEnum):
    """Where a value comes from."""

    ENV = "env"
    """A variable of the gateway's own environment."""
    FILE = "file"
    """A file; one line break at its end is not part of the value."""
    LITERAL = "literal"
    """The settings themselves: for values that are no secret."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference. It never prints what it leads to, a literal included."""

    name: str
    """Of the setting, dotted: ``servers.github.env.GITHUB_TOKEN``."""
    source: Source
    _place: str = field(repr=False)

    def __str__(self) -> str:
        return "literal:…" if self.source is Source.LITERAL else f"{self.source}:{self._place}"

    def resolve(self, environ: Mapping[str, str]) -> Concealed:
        """The value, as it is now. Raises :class:`UnusableReference`."""
        if self.source is Source.LITERAL:
            return Concealed(self._place)
        if self.source is Source.FILE:
            return Concealed(_content(self))
        value = environ.get(self._place)
        if not value:
            said = "is empty" if value is not None else "is not set"
            raise UnusableReference(
                f"{self.name}: the variable {self._place} {said}; set it where the gateway is "
                "started"
            )
        return Concealed(value)

    @property
    def place(self) -> str:
        """The variable or file it leads to; empty for a literal."""
        return "" if self.source is Source.LITERAL else self._place


def reference(name: str, value: JsonValue, base: Path) -> Reference:
    """The reference that a setting holds. ``base`` is the folder of the settings file, which files
    are relative to. Raises :class:`BadSetting`, which never repeats the value."""
    if not isinstance(value, str):
        raise BadSetting(name, f"must be a text: {_FORMS}")
    kind, colon, place = value.partition(":")
    if not colon or kind not in list(Source):
        raise BadSetting(name, f"holds a value where a reference belongs: {_FORMS}")
    source = Source(kind)
    if "\0" in place:
        raise BadSetting(name, "holds a NUL character")
    if source is Source.ENV and not _VARIABLE.fullmatch(place):
        raise BadSetting(name, "env: needs the name of a variable")
    if source is Source.FILE:
        if not place:
            raise BadSetting(name, "file: needs a path")
        unknown = BadSetting(name, "names a home that is not known")
        place = str(home_resolved(base, place, unknown))
    return Reference(name, source, place)


def references(name: str, table: Mapping[str, JsonValue], base: Path) -> dict[str, Reference]:
    """The references of one table, such as ``[servers.NAME.env]``. Raises :class:`BadSetting`."""
    return {key: reference(f"{name}.{key}", value, base) for key, value in table.items()}


def _content(asked: Reference) -> str:
    path = asked.place
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise UnusableReference(f"{asked.name}: {path} is not a file")
            if about.st_mode & 0o002:
                raise UnusableReference(
                    f"{asked.name}: everybody can write {path}; run `chmod o-w` on it"
                )
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnusableReference(f"{asked.name}: {path} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise UnusableReference(f"{asked.name}: {path} is larger than {LARGEST:,} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise UnusableReference(f"{asked.name}: {path} is not text in UTF-8") from None
    value = text.removesuffix("\n").removesuffix("\r")
    if not value or "\0" in value:
        raise UnusableReference(f"{asked.name}: {path} holds no value")
    return value
