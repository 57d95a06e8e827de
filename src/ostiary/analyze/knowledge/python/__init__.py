"""Library knowledge for Python: one family of libraries a file, listed here."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.knowledge.known import Library
from ostiary.analyze.knowledge.python import (
    amounts,
    databases,
    documents,
    evaluation,
    files,
    frameworks,
    machine,
    mcp,
    processes,
    requests,
    services,
    sign_in,
    web,
)

LIBRARIES: Final[tuple[Library, ...]] = (
    amounts.TABLE,
    databases.TABLE,
    documents.TABLE,
    evaluation.TABLE,
    files.TABLE,
    frameworks.TABLE,
    machine.TABLE,
    mcp.TABLE,
    processes.TABLE,
    requests.TABLE,
    services.TABLE,
    sign_in.TABLE,
    web.TABLE,
)
