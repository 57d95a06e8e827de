"""File descriptors handed to bwrap: closed exactly once, since other threads reuse the numbers."""

from __future__ import annotations

import os
from contextlib import suppress
from types import TracebackType
from typing import Self


class Descriptor:
    """One open descriptor and the duty to close it."""

    def __init__(self, number: int) -> None:
        self.number = number

    def close(self) -> None:
        number, self.number = self.number, -1
        if number >= 0:
            with suppress(OSError):
                os.close(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def pipe() -> tuple[Descriptor, Descriptor]:
    """The reading and the writing end."""
    read, write = os.pipe()
    return Descriptor(read), Descriptor(write)


def holding(content: bytes) -> Descriptor:
    """A descriptor from which ``content`` can be read once."""
    handle = os.memfd_create("box")
    os.write(handle, content)
    os.lseek(handle, 0, os.SEEK_SET)
    return Descriptor(handle)
