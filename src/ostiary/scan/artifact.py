"""What answered: the package, bundle or program behind a recorded surface, by digest.

Words can stay the same while the code behind them changes; the artifact is how that shows.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ostiary.model.server import Server
from ostiary.supply.resolve import Prepared

LARGEST_PROGRAM = 512 * 1024 * 1024


def artifact_of(server: Server, prepared: Prepared) -> str:
    """``npm:NAME@VERSION sha512-…`` for a package, ``file:NAME sha256:…`` for a program file.

    Empty where nothing that can be digested is known.
    """
    package = server.launch.package
    if package is not None and (prepared.version or prepared.digest):
        version = f"@{prepared.version}" if prepared.version else ""
        return f"{package.ecosystem}:{package.name}{version} {prepared.digest or ''}".strip()
    program = _program(prepared)
    if program is None:
        return ""
    try:
        if program.stat().st_size > LARGEST_PROGRAM:
            return ""
        with program.open("rb") as file:
            return f"file:{program.name} sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError:
        return ""


def _program(prepared: Prepared) -> Path | None:
    """The file that is the server: the first argument after the interpreter that is a file."""
    for word in (*prepared.argv[1:], prepared.argv[0]):
        path = Path(prepared.cwd or "/", word)
        if not word.startswith("-") and path.is_file():
            return path
    return None
