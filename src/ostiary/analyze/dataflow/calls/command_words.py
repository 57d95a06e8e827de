"""Command lines taken apart: which words are ours, and whether they settle what runs."""

from __future__ import annotations

import re
import shlex
from typing import Final

from ostiary.analyze.dataflow.value import Value

_FIRST: Final = re.compile(r"\s*([\w][\w./-]*)\s")
_QUOTES: Final = frozenset("'\"\\")
_RUN_OTHERS: Final = (
    "sh bash zsh dash ash ksh fish su sudo doas env nohup nice timeout time xargs cmd powershell "
    "pwsh osascript python python2 python3 py pypy pypy3 node nodejs deno bun tsx ts-node npx uvx "
    "bunx pipx uv perl ruby lua php rscript ssh start exec eval find watch setsid busybox nsenter "
    "chroot docker podman wsl call"
)
"""Programs that run what the words after them say."""


def settles_program(before: str) -> bool:
    """Whether text that a command line begins with says which program runs, whatever follows."""
    found = _FIRST.match(before)
    if found is None:
        return False
    name = found[1].rpartition("/")[2].lower().removesuffix(".exe")
    return name not in _RUN_OTHERS.split()


def first_words(line: Value) -> tuple[tuple[str, ...], bool]:
    """The words that a command line surely begins with, and whether those are all."""
    text = line.known_text
    if text is not None:
        try:
            return tuple(shlex.split(text)), True
        except ValueError:
            return (), False
    prefix = line.prefix
    if not _QUOTES.isdisjoint(prefix) or prefix.lstrip() == prefix.strip() == "":
        return (), False
    words = prefix.split()
    return tuple(words if prefix[-1:].isspace() else words[:-1]), False
