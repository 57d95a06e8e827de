"""Reads a path as a server might, so that no spelling of it gets around a rule (CWE-22, CWE-41)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

MOST_PATH = 4096
"""Characters; PATH_MAX of Linux. Longer text is not taken for a path."""
DEEPEST = 256
"""Segments of one path."""

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_BEGINS = ("/", "~", "./", "../", ".\\", "..\\", "\\")
_CLIMBS = re.compile(r"(?:^|[\\/])\.\.(?:[\\/?#]|$)")
_NAMED = re.compile(r"path|file|folder|(?:^|_)dir|directory|(?:^|[._])(?:cwd|root|src|dst|dest)$")
_NAMES = frozenset({"source", "destination"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_ENCODED = re.compile(r"%(?:25)*(?:2[ef]|5c|00)", re.IGNORECASE)
_SHORT = 100
"""Characters of a name up to which the answer about it is kept."""
_BLANKS = frozenset(" \t\r\n")


class NoPath(ValueError):
    """A text cannot be read as one path; the message says why."""


def names_path(name: str) -> bool:
    """Whether an argument of this name holds a path."""
    return _names_path(name) if len(name) < _SHORT else _says_path(name)


@lru_cache(maxsize=4096)
def _names_path(name: str) -> bool:
    return _says_path(name)


def _says_path(name: str) -> bool:
    last = name.rsplit(".", 1)[-1].casefold()
    return last in _NAMES or _NAMED.search(last) is not None


def is_path(name: str, value: str) -> bool:
    """Whether ``value``, the argument ``name``, is to be read as a path."""
    if not value or len(value) > MOST_PATH:
        return False
    value = value.strip()
    if value[:5].casefold() == "file:":
        return True
    if _SCHEME.match(value):
        return False
    return names_path(name) or ("\n" not in value and _looks(value))


def _looks(value: str) -> bool:
    begin = value[:8]
    if not begin.isascii():
        begin = unicodedata.normalize("NFKC", begin)
    if begin.startswith(_BEGINS) or _DRIVE.match(begin):
        return True
    return climbs(value) or ("/" in value and not _BLANKS.intersection(value))


def climbs(value: str) -> bool:
    """Whether ``..`` is a segment in some reading of a path or an address."""
    if ".." in value and _CLIMBS.search(value):
        return True
    return "%" in value and _CLIMBS.search(unquote(unquote(value))) is not None


def is_address(value: str) -> bool:
    """Whether ``value`` begins as a URI with an authority."""
    return _SCHEME.match(value) is not None


def readings(value: str) -> tuple[str, ...]:
    """Every path that a server may take ``value`` for, resolved, the plainest first.

    A backslash may separate or not, an escape may be decoded or not, and a wide character may be
    folded or not. Raises :class:`NoPath`.
    """
    plain = _without_scheme(value)
    if plain.count("/") + plain.count("\\") > DEEPEST:
        raise NoPath("a path with too many folders")
    if any(ord(char) < 32 or ord(char) == 127 for char in plain):
        raise NoPath("a path with control characters")
    seen = {resolve(plain): None}
    for other in _spellings(plain):
        seen[resolve(other)] = None
    return tuple(seen)


def _spellings(plain: str) -> list[str]:
    found = [plain.strip()] if plain != plain.strip() else []
    if not plain.isascii():
        found.append(unicodedata.normalize("NFKC", plain))
    if "%" in plain:
        once = unquote(plain)
        found += [once, unquote(once)]
        if _ENCODED.search(unquote(once)):
            raise NoPath("a path that is escaped over and over")
    found += [one.replace("\\", "/") for one in (plain, *found) if "\\" in one]
    if any("\0" in one for one in found):
        raise NoPath("a path with control characters")
    return found


def _without_scheme(value: str) -> str:
    if value[:5].casefold() != "file:":
        return value.replace("\\", "/") if _DRIVE.match(value) else value
    rest = value[5:]
    if rest.startswith("//"):
        host, slash, rest = rest[2:].partition("/")
        if host not in ("", "localhost"):
            raise NoPath("a file URL of another machine")
        rest = slash + rest
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    # What a file URL escapes is decoded by everybody; `%252e` stays for the other readings.
    return unquote(rest)


def resolve(path: str) -> str:
    """``path`` without empty, ``.`` and ``..`` segments. Links are not followed: that is what the
    server's box is for. Raises :class:`NoPath` where ``..`` leads out of a home."""
    if "/." not in path and "//" not in path and not path.startswith((".", "~")):
        return path.rstrip("/") or "/" if path.startswith("/") else path.rstrip("/")
    absolute = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            kept.append(part)
        elif kept and kept[-1].startswith("~") and len(kept) == 1 and not absolute:
            raise NoPath("a path that leads out of a home folder")
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not absolute:
            kept.append("..")
    return ("/" if absolute else "") + "/".join(kept) or "."


def one_reading(value: str) -> str:
    """``value`` as one resolved path. Raises :class:`NoPath` if it can be taken for paths in
    different folders."""
    found = readings(value)
    if len({_folder(path) for path in found}) > 1:
        raise NoPath("a path that can be read in more than one way")
    return found[0]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def folders(path: str) -> frozenset[str]:
    """The path itself and every folder above it; a relative path lies in ``.``, unless it leads
    out of it."""
    if path.startswith("/"):
        parts = path[1:].split("/") if path != "/" else []
        return frozenset(["/", *("/" + "/".join(parts[: n + 1]) for n in range(len(parts)))])
    parts = path.split("/")
    above = {"/".join(parts[: n + 1]) for n in range(len(parts))}
    inside = parts[0] != ".." and not parts[0].startswith("~")
    return frozenset(above | {"."} if inside else above - {".."})
