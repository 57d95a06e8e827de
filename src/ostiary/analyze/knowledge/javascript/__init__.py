"""Library knowledge for JavaScript and TypeScript: one family of libraries a file, listed here."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.knowledge.javascript import files, processes
from ostiary.analyze.knowledge.known import Library

LIBRARIES: Final[tuple[Library, ...]] = (files.LIBRARY, processes.LIBRARY)
