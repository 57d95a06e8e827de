"""A real gateway for tests: ``ostiary up`` with servers approved, and a token to come in with.

::

    with running_gateway(folder, {"notes": Start("http", url=url)}) as gateway:
        gateway.endpoint("notes"), gateway.token
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.approving import approval_of, write_lock
from ostiary.identity.issuing import issue
from ostiary.identity.token_file import TokenFile
from ostiary.model.approval import Approval, Start

OSTIARY = Path(sys.executable).with_name("ostiary")
POLICY = '[policy]\npreset = "open"\n'
"""What a test decides by if it says nothing else."""


@dataclass(slots=True)
class Place:
    """The folder of one gateway: settings, lock, and its own things."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def settings(self) -> Path:
        return self.folder / "ostiary.toml"

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the caller's but the path; the folder is the home."""
        return {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "XDG_CACHE_HOME": str(self.cache),
        }

    @property
    def command(self) -> list[str]:
        """The gateway, without what it listens on."""
        where = ["--settings", str(self.settings), "--state", str(self.state)]
        return [str(OSTIARY), "up", *where]

    def make(self, text: str) -> None:
        """Write the settings."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.settings.write_text(text, encoding="utf-8")

    def approve(self, approvals: Sequence[Approval]) -> None:
        """Approve more servers, or the same ones anew."""
        write_lock(self.folder, self.state, approvals)

    def record(self, *asked: str) -> list[dict[str, Any]]:
        """Events of the record, oldest first; ``asked`` are options of ``ostiary log query``."""
        done = subprocess.run(
            [OSTIARY, "log", "query", "--ledger", self.state / "ledger", "--limit", "100000",
             "--json", *asked],
            capture_output=True, text=True, env=self.environment, check=True,
        )  # fmt: skip
        return [json.loads(line) for line in done.stdout.splitlines()]

    def token(
        self, client: str = "test", only: Sequence[str] = (), groups: Sequence[str] = ()
    ) -> str:
        """A token for a client."""
        made, _ = issue(
            TokenFile(self.state),
            client,
            now=time.time(),
            random=secrets.token_bytes,
            seconds=3600,
            only=tuple(only),
            groups=tuple(groups),
        )
        return made


@dataclass(slots=True)
class Running:
    """A gateway that runs."""

    place: Place
    address: str
    token: str
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    """What it told its operator so far."""

    def endpoint(self, server: str = "", transport: str = "mcp") -> str:
        """The URL of one server, or of all of them joined."""
        return f"{self.address}/{transport}" + (f"/{server}" if server else "")

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def program(path: Path) -> Start:
    """How a server on standard streams is started."""
    return Start("stdio", command=(sys.executable, str(path)), readable=(str(path),))


@contextlib.contextmanager
def http_server(path: Path, *words: str) -> Iterator[str]:
    """A real server that tells its port when it listens; its URL."""
    process = subprocess.Popen(
        [sys.executable, str(path), *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/mcp"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


BETWEEN_LOOKS = 0.02
"""Seconds in which another process may go on before it is looked at again."""


def until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something that another process brings about and tells nobody of."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(BETWEEN_LOOKS)


@contextlib.contextmanager
def running_gateway(
    folder: Path,
    servers: Mapping[str, Start] | None = None,
    *,
    approvals: Sequence[Approval] = (),
    settings: str = POLICY,
) -> Iterator[Running]:
    """A gateway in front of ``servers``, each approved as it is now, and of ``approvals``."""
    place = Place(folder)
    listen = "" if "[gateway]" in settings else '[gateway]\nlisten = "127.0.0.1:0"\n'
    private = "".join(
        f"[servers.{name}]\nallow_private = true\n"
        for name in [*(servers or {}), *(one.server for one in approvals)]
        if f"[servers.{name}]" not in settings
    )
    place.make(settings + listen + private)
    seen = [approval_of(name, start, place.cache) for name, start in (servers or {}).items()]
    place.approve([*seen, *approvals])
    with started(place) as gateway:
        yield gateway


@contextlib.contextmanager
def started(place: Place) -> Iterator[Running]:
    """The gateway of a place that has settings and a lock."""
    token = place.token()
    process = subprocess.Popen(
        [*place.command, "--json"],
        cwd=place.folder,
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said: list[str] = []
    reader = threading.Thread(target=said.extend, args=(process.stderr,), daemon=True)
    reader.start()
    try:
        line = process.stdout.readline()
        if not line:
            process.wait(30)
            reader.join(30)
            raise AssertionError("".join(said))
        told: dict[str, Any] = json.loads(line)
        yield Running(place, told["listening"], token, process, said)
    finally:
        stopped = _stopped(process)
        reader.join(30)
        process.stdout.close()
        process.stderr.close()
        assert stopped, "".join(said)


def _stopped(process: subprocess.Popen[str]) -> bool:
    """Whether it ends when it is asked to. It ends in any case."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True
