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
    sign_in,
    values,
    web,
)
from ostiary.analyze.knowledge.known import Library

LIBRARIES: Final[tuple[Library, ...]] = (
    databases.TABLE,
    files.TABLE,
    language.TABLE,
    mcp.TABLE,
    processes.TABLE,
    requests.TABLE,
    services.TABLE,
    sign_in.TABLE,
    values.TABLE,
    web.TABLE,
)
