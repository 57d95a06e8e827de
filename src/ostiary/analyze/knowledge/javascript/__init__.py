"""Library knowledge for JavaScript and TypeScript: one family of libraries a file, listed here."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.knowledge.known import Library

LIBRARIES: Final[tuple[Library, ...]] = ()
