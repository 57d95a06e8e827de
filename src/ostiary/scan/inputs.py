"""Files that a person hands in beside what is looked at: captured surfaces, accepted findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ostiary.model.surface import Surface
from ostiary.scan.ignore import Acceptance, UnreadableIgnoreFile, read_ignore
from ostiary.store.given import UnusableFile, read_given
from ostiary.wire.capture import UnknownCapture, read_capture

LARGEST_CAPTURE = 256 * 1024 * 1024
LARGEST_IGNORE = 8 * 1024 * 1024


def captured(path: Path) -> tuple[Surface, ...]:
    """The surfaces in a file. Raises :class:`~ostiary.store.given.UnusableFile`."""
    try:
        found = read_capture(read_given(path, LARGEST_CAPTURE), path.name.removesuffix(".json"))
    except (UnknownCapture, ValueError) as error:
        raise UnusableFile(f"{path} holds no surface: {error}") from None
    return tuple(replace(surface, source=str(path)) for surface in found)


def accepted(ignore: Path | None) -> tuple[Acceptance, ...]:
    """The acceptances in an ignore file. Raises :class:`~ostiary.store.given.UnusableFile`."""
    if ignore is None:
        return ()
    try:
        text = read_given(ignore, LARGEST_IGNORE).decode("utf-8")
        return read_ignore(text, str(ignore))
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{ignore}: byte {error.start} is not valid UTF-8") from None
    except UnreadableIgnoreFile as error:
        raise UnusableFile(str(error)) from None
