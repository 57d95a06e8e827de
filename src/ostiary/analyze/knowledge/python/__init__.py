"""Library knowledge for Python: one family of libraries a file, listed here."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.knowledge.known import Library
from ostiary.analyze.knowledge.python import (
    amounts,
    databases,
    evaluation,
    files,
    frameworks,
    machine,
    mcp,
    processes,
    requests,
    services,
    web,
)

LIBRARIES: Final[tuple[Library, ...]] = (
    amounts.LIBRARY,
    databases.LIBRARY,
    evaluation.LIBRARY,
    files.LIBRARY,
    frameworks.LIBRARY,
    machine.LIBRARY,
    mcp.LIBRARY,
    processes.LIBRARY,
    requests.LIBRARY,
    services.LIBRARY,
    web.LIBRARY,
)
