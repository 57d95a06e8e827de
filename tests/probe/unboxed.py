"""A launcher without a box, for servers that the tests wrote themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, cast

SERVERS = Path(__file__).parent.parent / "fixtures" / "servers"


class Unboxed:
    """Counts its starts and knows what still runs."""

    def __init__(self) -> None:
        self.started: list[UnboxedServer] = []

    def start(self, argv: Sequence[str], env: Mapping[str, str], cwd: str | None) -> UnboxedServer:
        server = UnboxedServer(argv, env, cwd)
        self.started.append(server)
        return server


class UnboxedServer:
    def __init__(self, argv: Sequence[str], env: Mapping[str, str], cwd: str | None) -> None:
        self._process = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=cwd,
            env={"PATH": os.environ["PATH"], **env},
        )
        self._tail = b""
        self._drain = threading.Thread(target=self._keep_tail, daemon=True)
        self._drain.start()

    @property
    def stdin(self) -> BinaryIO:
        return cast(BinaryIO, self._process.stdin)

    @property
    def stdout(self) -> BinaryIO:
        return cast(BinaryIO, self._process.stdout)

    def stderr_tail(self) -> str:
        self._drain.join(0.5 if self.ended() else 0)
        return self._tail.decode("utf-8", "replace")

    def ended(self) -> str | None:
        code = self._process.poll()
        return None if code is None else f"ended with status {code}"

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(10)
        self._drain.join(10)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _keep_tail(self) -> None:
        assert self._process.stderr is not None
        while chunk := self._process.stderr.read(65536):
            self._tail = (self._tail + chunk)[-4096:]


def script(name: str, *arguments: str) -> tuple[str, ...]:
    """The command line of a server in the fixtures."""
    return (sys.executable, str(SERVERS / f"{name}.py"), *arguments)
