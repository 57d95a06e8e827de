"""What the processes of a box use, counted from outside, where the kernel does not enforce it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_MANY = 4096
"""Counting stops here: any sensible limit is passed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Processes and threads, and the memory that is theirs and not a file's."""

    processes: int
    memory_bytes: int


def usage(init: int) -> Usage:
    """Sum over the process tree under the first process of a box, which is not counted itself.

    Orphans in a process namespace become children of its first process, so none is missed but
    those that appear while this counts.
    """
    processes = memory = 0
    waiting = _children(init)
    while waiting and processes < _MANY:
        pid = waiting.pop()
        threads, used = _status(pid)
        processes += threads
        memory += used
        waiting += _children(pid)
    return Usage(processes, memory)


def _children(pid: int) -> list[int]:
    try:
        tasks = sorted((_PROC / str(pid) / "task").iterdir())
        found = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return [] if (_PROC / "self/task").exists() and _lists_children() else _by_parent(pid)
    return [int(child) for child in found]


def _lists_children() -> bool:
    """Whether the kernel was built with CONFIG_PROC_CHILDREN."""
    return (_PROC / "thread-self/children").exists()


def _by_parent(parent: int) -> list[int]:
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and _field(entry, "PPid") == parent:
            found.append(int(entry.name))
    return found


def _field(entry: Path, name: str) -> int:
    try:
        text = (entry / "status").read_text()
    except OSError:
        return 0
    return _number(text, name)


def _status(pid: int) -> tuple[int, int]:
    try:
        text = (_PROC / str(pid) / "status").read_text()
    except OSError:
        return (0, 0)
    used = _number(text, "RssAnon") + _number(text, "RssShmem")
    return (_number(text, "Threads"), used * 1024)


def _number(text: str, name: str) -> int:
    _, found, rest = text.partition(f"\n{name}:")
    words = rest.split(None, 1)
    return int(words[0]) if found and words and words[0].isdigit() else 0
