"""Runs the real command against something hostile, within bounds, and looks at what it left."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OSTIARY = Path(sys.executable).with_name("ostiary")
ANSWERS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run answered and what it cost."""

    code: int
    out: bytes
    err: str

    @property
    def not_checked(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)["not_checked"]
        return found


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more}


def attack(
    *arguments: str | Path,
    home: Path,
    env: dict[str, str] | None = None,
    megabytes: int = 0,
    timeout: float = 30,
) -> Seen:
    """Run ``ostiary``; a hang, a bug or a traceback fails. ``megabytes`` bounds data segments."""

    def bounded() -> None:
        if megabytes:
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))

    done = subprocess.run(
        [OSTIARY, *map(str, arguments)],
        cwd=home,
        env=env or environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
        preexec_fn=bounded,
    )
    seen = Seen(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))
    assert seen.code in ANSWERS, seen.err
    assert "Traceback" not in seen.err
    return seen


def shell(line: str, home: Path, cwd: Path | None = None, **more: str) -> Seen:
    """Run a shell line in which ``$OSTIARY`` is the command."""
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=cwd or home,
        env=environment(home, OSTIARY=str(OSTIARY), **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return Seen(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def configured(home: Path, servers: object) -> Path:
    """A home in which one client has these servers; bytes are written as they are."""
    file = home / ".cursor" / "mcp.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(servers, bytes):
        file.write_bytes(servers)
    else:
        file.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")
    return file


def described(folder: Path, description: str) -> Path:
    """A captured surface of one tool."""
    file = folder / "surface.json"
    tool = {"name": "t", "description": description, "inputSchema": {"type": "object"}}
    file.write_text(json.dumps({"tools": [tool]}), encoding="utf-8")
    return file
