"""Files and folders that stay outside a box even when a folder around them is given."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

CLIENT_CONFIGURATION = frozenset(
    {
        ".amazonq",
        ".claude",
        ".claude.json",
        ".cline",
        ".codeium",
        ".codex",
        ".continue",
        ".copilot",
        ".crush.json",
        ".cursor",
        ".gemini",
        ".goose",
        ".junie",
        ".kilocode",
        ".kiro",
        ".mcp.json",
        ".opencode",
        ".qwen",
        ".roo",
        ".trae",
        ".vscode",
        ".windsurf",
        ".zed",
        "Claude",
        "claude_desktop_config.json",
        "cline_mcp_settings.json",
        "crush.json",
        "librechat.yaml",
        "mcp.json",
        "mcp_config.json",
        "mcp_settings.json",
        "opencode.json",
        "opencode.jsonc",
    }
)
"""Where AI clients keep which servers they start: whoever writes there runs code."""

SECRETS = frozenset(
    {
        ".aws",
        ".azure",
        ".config",
        ".docker",
        ".env",
        ".envrc",
        ".git-credentials",
        ".gnupg",
        ".kube",
        ".netrc",
        ".npmrc",
        ".password-store",
        ".pgpass",
        ".pypirc",
        ".ssh",
        ".vault-token",
        "credentials.json",
        "id_ecdsa",
        "id_ed25519",
        "id_rsa",
    }
)

_DEPTH = 2
_WIDE = 200
"""Folders with more entries than this are looked at, not descended into."""


def withheld(given: Iterable[Path], argv: Iterable[str]) -> tuple[Path, ...]:
    """What to cover, sorted. A folder that holds the program itself is left open: the first word
    of ``argv`` and the first file after it, which an interpreter runs."""
    roots = tuple(given)
    words = [Path(part) for part in argv if part.startswith("/")]
    needed = (*roots, *words[:1], *[one for one in words[1:] if one.is_file()][:1])
    found: set[Path] = set()
    for root in roots:
        if root.is_dir():
            found.update(_within(root, _DEPTH))
    return tuple(sorted(one for one in found if not any(_inside(need, one) for need in needed)))


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _within(folder: Path, depth: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in listed:
        if _is_withheld(entry.name):
            if not entry.is_symlink():
                yield Path(entry.path)
        elif depth > 1 and len(listed) <= _WIDE and entry.is_dir(follow_symlinks=False):
            yield from _within(Path(entry.path), depth - 1)


def _is_withheld(name: str) -> bool:
    return name in CLIENT_CONFIGURATION or name in SECRETS or name.startswith(".env.")


_SYSTEM_FOLDERS = (
    "/ /Users /boot /etc /home /media /mnt /opt /root /srv /tmp /usr /var /var/lib /var/run"
)
_TOO_WIDE = frozenset(map(Path, _SYSTEM_FOLDERS.split()))
_NEVER = tuple(Path(one) for one in ("/dev", "/proc", "/run", "/sys", "/var/run"))


def refused(path: Path, home: Path) -> str | None:
    """Why a path must not be put into a box; ``None`` if it may."""
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except OSError as error:
        return f"it cannot be read ({error.strerror or 'no such path'})"
    if not path.is_absolute():
        return "it is not an absolute path"
    if real in _TOO_WIDE or real == home or real in home.parents:
        return "it would show the box a whole system folder or a whole home"
    if any(_inside(real, never) for never in _NEVER):
        return "it belongs to the running system"
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "it is neither a file nor a folder"
    return None
