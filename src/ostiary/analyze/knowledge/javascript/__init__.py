"""Library knowledge for JavaScript and TypeScript: one family of libraries a file, listed here."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.knowledge.javascript import (
    databases,
    files,
    language,
    mcp,
    processes,
    requests,
    services,
    values,
    web,
)
from ostiary.analyze.knowledge.known import Library

LIBRARIES: Final[tuple[Library, ...]] = (
    databases.LIBRARY,
    files.LIBRARY,
    language.LIBRARY,
    mcp.LIBRARY,
    processes.LIBRARY,
    requests.LIBRARY,
    services.LIBRARY,
    values.LIBRARY,
    web.LIBRARY,
)
