"""How much of a target is read, and what becomes of an entry's name."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MEBIBYTE = 1024 * 1024
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds on one target; bytes unless said otherwise."""

    archive_bytes: int = 512 * _MEBIBYTE
    total_bytes: int = 768 * _MEBIBYTE
    """Of everything unpacked."""
    kept_bytes: int = 192 * _MEBIBYTE
    """Of everything held in memory."""
    file_bytes: int = 128 * _MEBIBYTE
    text_bytes: int = 16 * _MEBIBYTE
    """Of one text held whole."""
    head_bytes: int = 64 * 1024
    """Of a binary that is held only with its beginning."""
    binary_bytes: int = 256 * 1024
    """Up to which a binary is held whole."""
    files: int = 50_000
    entries: int = 200_000
    """Of an archive, with folders and what is left out."""
    path_characters: int = 1024
    depth: int = 64
    ratio: int = 250
    """How many times its packed size an archive may grow to, past ``ratio_from``."""
    ratio_from: int = 16 * _MEBIBYTE
    header_bytes: int = _MEBIBYTE
    """Of one extended header of a tar archive."""
    directory_bytes: int = 32 * _MEBIBYTE
    """Of the directory of a zip archive."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entry's name, judged."""

    path: str
    """Normal and inside the target; empty where the entry must not be read."""
    kind: str = ""
    """Of the trait, if the name is one."""
    says: str = ""


def judge_name(raw: str) -> Named:
    """Pure. What an entry's stored name means for whoever unpacks it."""
    text = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if "\0" in text:
        return Named(
            "", "odd name", "its name holds a NUL, where some readers stop and others do not"
        )
    slashed = text.replace("\\", "/")
    if slashed.startswith("/") or _DRIVE.match(slashed):
        return Named("", "absolute path", "would be written to a fixed place outside the folder")
    path = _normal(slashed)
    if path is None:
        return Named("", "path escape", "would be written outside the folder")
    says = ""
    if "\\" in text:
        says = "holds a backslash, a separator on some systems only"
    elif ".." in text.split("/"):
        says = "leads up and down again within the folder"
    elif text != raw or not path.isprintable():
        says = "its name is no printable UTF-8 text"
    return Named(path, "odd name" if says else "", says)


def _normal(text: str) -> str | None:
    """Without ``.`` and ``..``; ``None`` if it leads above its start."""
    parts: list[str] = []
    for part in text.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def leads_out(path: str, link: str) -> bool:
    """Whether a symbolic link at ``path`` points outside the target. Pure."""
    if link.startswith(("/", "\\")) or _DRIVE.match(link):
        return True
    depth = path.count("/")
    for part in link.replace("\\", "/").split("/"):
        if part == "..":
            depth -= 1
        elif part not in ("", "."):
            depth += 1
        if depth < 0:
            return True
    return False
