"""Starts attacks in boxes and reads what came of them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ostiary.host.box import BoxSpec, Limits
from ostiary.host.bubblewrap import BoxedServer, Bubblewrap

HOSTILE = Path(__file__).with_name("hostile.py")
PYTHON = Path(sys.executable).resolve()
PREFIX = PYTHON.parent.parent
QUICK = Limits(wall_seconds=20, memory_bytes=256 * 1024 * 1024, processes=48)


class Start(Protocol):
    """Starts an attack; ``also`` is shown to it."""

    def __call__(
        self, attack: str, *words: str, limits: Limits = QUICK, also: tuple[Path, ...] = ()
    ) -> BoxedServer: ...


class Boxes:
    """Boxes of one test, ended with it."""

    def __init__(self, maker: Bubblewrap) -> None:
        self.maker = maker
        self.running: list[BoxedServer] = []

    def __call__(
        self, attack: str, *words: str, limits: Limits = QUICK, also: tuple[Path, ...] = ()
    ) -> BoxedServer:
        return self.start(spec(attack, *words, limits=limits, also=also))

    def start(self, wanted: BoxSpec) -> BoxedServer:
        self.running.append(self.maker.start(wanted))
        return self.running[-1]

    def stop(self) -> None:
        for box in self.running:
            box.stop()


def spec(attack: str, *words: str, limits: Limits = QUICK, also: tuple[Path, ...] = ()) -> BoxSpec:
    hidden = tuple(f"@{word}" if word.startswith("/") else word for word in words)
    argv = (str(PYTHON), str(HOSTILE), attack, *hidden)
    return BoxSpec(argv, readable=(HOSTILE, PREFIX, *also), limits=limits)


def everything(box: BoxedServer) -> bytes:
    """All of its output, up to its end."""
    said = b""
    while more := box.stdout.read(65536):
        said += more
    return said


def answer(box: BoxedServer) -> dict[str, str]:
    """What an attack said, once it is over."""
    said = everything(box)
    assert said, f"no answer: {box.ended()}: {box.stderr_tail()}"
    found: dict[str, str] = json.loads(said)
    return found


def ending(box: BoxedServer) -> str:
    """Why a box ended, once it has. Reading to the end of output is how to wait for it."""
    everything(box)
    return box.ended() or "still runs"


def alive(token: str) -> list[int]:
    """Processes of this machine that hold ``token`` in their command line."""
    return [pid for pid, line in _commands() if token.encode() in line and pid != os.getpid()]


def _commands() -> Iterator[tuple[int, bytes]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), (entry / "cmdline").read_bytes()
            except OSError:
                continue
