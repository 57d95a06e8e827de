"""Runs the real ``ostiary`` command, as a user would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OSTIARY = Path(sys.executable).with_name("ostiary")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "servers"


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def ostiary(
    *arguments: str | Path,
    home: Path,
    cwd: Path | None = None,
    stdin: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run with ``home`` as the home and nothing of the caller's environment but the path."""
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(environment or {})}
    done = subprocess.run(
        [OSTIARY, *map(str, arguments)],
        cwd=cwd or home,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def write(path: Path, content: object) -> Path:
    """``content`` as text, or as JSON where it is not a text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def example_servers(folder: Path) -> Path:
    """A copy of the example servers; ``quotes.py`` is the one that changes later."""
    shutil.copytree(EXAMPLES, folder)
    shutil.copy(folder / "quotes" / "first.py", folder / "quotes.py")
    return folder
