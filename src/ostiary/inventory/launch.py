"""What a launch line means: runner, package, pin, and what the server itself receives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ostiary.inventory.bridges import across
from ostiary.inventory.redact import masked
from ostiary.inventory.runners import BY_NAME
from ostiary.inventory.words import is_path, is_relative, program, split
from ostiary.inventory.wrappers import POWERSHELLS, SHELLS, Peeled, peel
from ostiary.model.client import Transport
from ostiary.model.server import Launch, Package, Pin

_LOADERS = ("NODE_OPTIONS", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "PYTHONSTARTUP")


def understand(
    argv: tuple[str, ...], url: str | None, transport: Transport, env_names: Iterable[str] = ()
) -> Launch:
    """The meaning of a command line or address. Never raises; what it cannot tell it says."""
    if transport is Transport.BUILTIN:
        return Launch("builtin", None, ())
    if not argv:
        return Launch("url", None, ()) if url else Launch("unknown", None, ())
    peeled = peeled_line(argv)
    launch = across(_inner(peeled))
    loads = tuple(f"{name} is set" for name in _LOADERS if name in set(env_names))
    notes = (*peeled.notes, *launch.notes, *loads)
    return replace(launch, shell=launch.shell or peeled.shell, notes=tuple(dict.fromkeys(notes)))


def peeled_line(argv: tuple[str, ...]) -> Peeled:
    """The command inside its wrappers; a whole line given as one word is split first."""
    if len(argv) == 1 and " " in argv[0].strip():
        words = split(argv[0])
        if words and (_known(words[0])):
            return peel(words)
    head = split(argv[0]) if argv and " " in argv[0] else ()
    if len(head) > 1 and _known(head[0]) and not is_path(head[0]):
        return peel((*head, *argv[1:]))
    return peel(argv)


def _known(word: str) -> bool:
    name = program(word)
    return name in BY_NAME or name in SHELLS or name in {"cmd", "env", "sudo", "wsl"}


def _inner(peeled: Peeled) -> Launch:
    argv = peeled.argv
    if not argv:
        return Launch("shell", None, ())
    name = program(argv[0])
    runner = BY_NAME.get(name)
    if runner is not None:
        return runner.read(argv[1:])
    if name in SHELLS or name in POWERSHELLS:
        rest = tuple(word for word in argv[1:] if not word.startswith("-"))
        notes = (f"runs {masked(rest[0])}",) if rest else ("a shell",)
        return Launch("shell", None, rest[1:], True, notes)
    return _program(argv)


def _program(argv: tuple[str, ...]) -> Launch:
    word = argv[0]
    if word.lower().endswith((".mcpb", ".dxt")):
        return Launch("mcpb", Package("mcpb", word, None, Pin.LOCAL), argv[1:])
    bundle = _bundle(word)
    if bundle is not None:
        return Launch("mcpb", bundle, argv[1:])
    if not is_path(word):
        return Launch("path", None, argv[1:], notes=("looked up on the PATH",))
    notes = ("a path relative to the working directory",) if is_relative(word) else ()
    return Launch("path", None, argv[1:], notes=notes)


def _bundle(path: str) -> Package | None:
    """The desktop extension that a path lies in."""
    parts = path.replace("\\", "/").split("/")
    if "Claude Extensions" not in parts[:-1]:
        return None
    name = parts[parts.index("Claude Extensions") + 1]
    return Package("mcpb", name, None, Pin.LOCAL) if name else None
