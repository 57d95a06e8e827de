"""Reads zip archives (wheels, MCP bundles) entry by entry and only into memory."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from itertools import pairwise
from typing import IO

from ostiary.supply.artifact.gather import Gathering, TooMuch, chunks
from ostiary.supply.artifact.tars import Unreadable

_TAIL = 66_000
_BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, ValueError, OverflowError, struct.error)


def read_zip(source: IO[bytes], into: Gathering) -> None:
    """Add every entry. Raises :class:`~ostiary.supply.artifact.tars.Unreadable`."""
    try:
        _check_directory(source, into)
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            overlapping = _overlapping(members)
            if members and min(one.header_offset for one in members) > 0:
                says = "begins with something else than its first entry"
                into.trait("polyglot", into.subject, says)
            for member in members:
                _entry(archive, member, into, member.header_offset in overlapping)
    except TooMuch as error:
        into.trait("bomb", into.subject, str(error))
        into.stop(str(error))
    except _BROKEN as error:
        if into.entries == 0:
            raise Unreadable(f"it is no readable zip archive: {error}") from None
        into.stop(f"it breaks off: {error}")


def _check_directory(source: IO[bytes], into: Gathering) -> None:
    """The directory is read whole by the library, so its size is looked at first."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _TAIL))
    tail = source.read(_TAIL)
    source.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Unreadable("it is no zip archive")
    directory = struct.unpack_from("<L", tail, at + 12)[0]
    if directory == 0xFFFFFFFF:
        large = tail.rfind(b"PK\x06\x06")
        if large < 0 or len(tail) < large + 56:
            raise Unreadable("it is no readable zip archive")
        directory = struct.unpack_from("<Q", tail, large + 40)[0]
    if directory > into.bounds.directory_bytes:
        raise TooMuch(f"its directory is {directory} bytes long")


def _overlapping(members: list[zipfile.ZipInfo]) -> frozenset[int]:
    """Where entries lie that share their bytes with the next one, as in a bomb."""
    ordered = sorted(members, key=lambda one: one.header_offset)
    return frozenset(
        one.header_offset
        for one, following in pairwise(ordered)
        if one.header_offset + 30 + one.compress_size > following.header_offset
    )


def _entry(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Gathering, overlaps: bool
) -> None:
    # The library cuts a name at a NUL and turns separators; what was stored is judged.
    path = into.name(member.orig_filename)
    if not path:
        return
    mode = member.external_attr >> 16
    if mode & 0o6000 and not member.is_dir():
        into.trait("setuid", path, "would run with the rights of its owner")
    if member.flag_bits & 1:
        into.trait("encrypted", path, "is encrypted, so that nobody can look at it")
        into.omit("they are encrypted", path)
    elif overlaps:
        into.trait("bomb", path, "shares its bytes with other entries")
        into.omit("their bytes overlap", path)
    elif not member.is_dir():
        _file(archive, member, path, into)


def _file(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str, into: Gathering) -> None:
    bounds, kind = into.bounds, stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFLNK):
        into.trait("device", path, "is a device, a pipe or of no known kind")
        into.omit("they are devices or pipes", path)
        return
    packed = max(member.compress_size, 1)
    if member.file_size > bounds.ratio_from and member.file_size > packed * bounds.ratio:
        into.trait("bomb", path, f"unpacks to more than {bounds.ratio} times its size")
        into.omit("they unpack to far more than their size", path)
        return
    try:
        with archive.open(member) as opened:
            if kind == stat.S_IFLNK:
                target = opened.read(bounds.path_characters)
                into.link(path, target.decode("utf-8", "surrogateescape"))
            else:
                into.add(path, chunks(opened), executable=bool(member.external_attr >> 16 & 0o100))
    except NotImplementedError:
        into.omit("they are packed in a way that is not supported", path)
    except (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError) as error:
        into.trait("mismatch", path, f"its two headers or its checksum do not agree: {error}")
        into.omit("they cannot be read", path)
