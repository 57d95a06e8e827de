"""Reads tar archives, packed or not, entry by entry and only into memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import IO

from ostiary.supply.artifact.gather import Gathering, TooMuch, chunks

_MAGIC = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
_LONG = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)
BROKEN = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, ValueError, OverflowError)
_STEP = 16 * 1024
"""Small, so that little is lost of what lies before a break."""
Strip = Callable[[str], str]


class Unreadable(ValueError):
    """Bytes that are no archive of the kind. Says why."""


def read_tar(source: IO[bytes], into: Gathering, strip: Strip | None = None) -> None:
    """Add every entry. ``strip`` turns a stored name into the name to use. Raises
    :class:`Unreadable` where nothing could be read; OSError for this machine's own failures."""
    with ExitStack() as stack:
        plain = stack.enter_context(tempfile.TemporaryFile())
        try:
            _decompress(source, plain, into)
        except TooMuch as error:
            into.trait("bomb", into.subject, str(error))
            into.stop(str(error))
        plain.seek(0)
        _entries(plain, into, strip or (lambda name: name))


def _decompress(source: IO[bytes], plain: IO[bytes], into: Gathering) -> None:
    start = source.read(6)
    packed = source.seek(0, 2)
    source.seek(0)
    opener = next((opener for magic, opener in _MAGIC if start.startswith(magic)), None)
    size, bounds = 0, into.bounds
    opened = source if opener is None else opener(source)
    try:
        while data := opened.read(_STEP):
            size += len(data)
            if size > bounds.total_bytes:
                raise TooMuch(f"it unpacks to more than {bounds.total_bytes} bytes")
            if size > bounds.ratio_from and size > packed * bounds.ratio:
                raise TooMuch(f"it unpacks to more than {bounds.ratio} times its size")
            plain.write(data)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        if size == 0:
            raise Unreadable(f"it cannot be decompressed: {error}") from None
        into.trait("mismatch", into.subject, "is not well-formed after its beginning")
        into.stop(f"its compressed data breaks off: {error}")


class BoundedEntry(tarfile.TarInfo):
    """Refuses an extended header before it is read whole into memory."""

    longest = 1024 * 1024

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> BoundedEntry:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _LONG and found.size > cls.longest:
            raise TooMuch(f"an extended header of it is {found.size} bytes long")
        return found


def _entries(plain: IO[bytes], into: Gathering, strip: Strip) -> None:
    try:
        with tarfile.open(
            fileobj=plain,
            mode="r:",
            tarinfo=BoundedEntry,
            encoding="utf-8",
            errors="surrogateescape",
        ) as archive:
            for member in archive:
                archive.members = []  # type: ignore[attr-defined]  # it would keep every one
                _entry(archive, member, into, strip)
            _check_rest(plain, archive.offset, into)
    except TooMuch as error:
        into.trait("bomb", into.subject, str(error))
        into.stop(str(error))
    except RecursionError:
        into.trait("bomb", into.subject, "its headers are nested without end")
        into.stop("its headers are nested without end")
    except BROKEN as error:
        if into.entries == 0:
            raise Unreadable(f"it is no readable tar archive: {error}") from None
        into.stop(f"it breaks off: {error}")


def _check_rest(plain: IO[bytes], offset: int, into: Gathering) -> None:
    """Some readers go on after a header that others take for the end."""
    plain.seek(offset)
    if any(data.strip(b"\0") for data in chunks(plain)):
        into.trait("mismatch", into.subject, "holds data behind its end that some readers unpack")
        into.stop("data behind its end was not read")


def _entry(
    archive: tarfile.TarFile, member: tarfile.TarInfo, into: Gathering, strip: Strip
) -> None:
    path = strip(into.name(member.name))
    if not path:
        return
    if member.mode & 0o6000 and not member.isdir():
        into.trait("setuid", path, "would run with the rights of its owner")
    if member.isdir():
        return
    if member.issym():
        into.link(path, member.linkname)
    elif member.islnk():
        into.link(path, strip(member.linkname), hard=True)
    elif member.isreg():
        opened = archive.extractfile(member)
        if opened is not None:
            into.add(path, chunks(opened), executable=bool(member.mode & 0o100))
    else:
        into.trait("device", path, "is a device, a pipe or of no known kind")
        into.omit("they are devices or pipes", path)
