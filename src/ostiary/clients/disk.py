"""Careful reading of files: never blocks, never leaves the scanned root, never follows forever."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

LIMIT = 32 * 1024 * 1024
"""Bytes of the largest file that is read."""
MAX_LINKS = 40
MAX_NAMES = 50_000
"""Entries of the largest directory that is listed."""

_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL})
_KINDS = (
    (stat.S_ISDIR, "is a directory"),
    (stat.S_ISFIFO, "is a named pipe"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)


class Trouble(Exception):
    """Something exists and cannot be read."""

    def __init__(self, path: str, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.path = path
        """As the scanned system would write it."""
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Content:
    """One file as it was when it was opened."""

    real: str
    """The path with links resolved: equal for two names of one file."""
    data: bytes
    mode: int
    owner_is_root: bool
    parent_mode: int | None


class Disk:
    """The files of one system, seen from this machine."""

    def __init__(self, root: Path | None, platform: str, own: int | None = None) -> None:
        self._root = None if root is None else os.path.realpath(root)
        self._given = None if root is None else str(root)
        self._platform = platform
        self._own = os.geteuid() if own is None and hasattr(os, "geteuid") else (own or 0)

    def shown(self, path: str) -> str:
        """``path`` as the scanned system would write it."""
        if self._root is None:
            return path
        for base in (self._root, self._given or ""):
            if path == base or path.startswith(base.rstrip("/") + "/"):
                tail = path[len(base.rstrip("/")) :] or "/"
                if self._platform == "windows":
                    return "C:" + tail.replace("/", "\\")
                return tail
        return path

    def path(self, written: str) -> str | None:
        """Where a path that the scanned system wrote lies on this machine."""
        if not written or "\0" in written or written.startswith(("\\\\", "//")):
            return None  # a network path: touching it would connect
        if self._root is None:
            return written if os.path.isabs(written) else None  # noqa: PTH117 - hot path
        pure = PureWindowsPath(written) if self._platform == "windows" else PurePosixPath(written)
        if not pure.root:
            return None
        return os.path.join(self._root, *pure.parts[1:])  # noqa: PTH118 - hot path

    def locate(self, path: str) -> str | None:
        """``path`` with links resolved inside the root; ``None`` if nothing is there."""
        if self._root is None:
            try:
                os.stat(path)  # noqa: PTH116 - hot path
            except (OSError, ValueError) as error:
                self._explain(path, error)
                return None
            return path
        return self._resolve(path)

    def is_folder(self, path: str) -> bool:
        """Whether a directory is there that can be looked at."""
        try:
            found = self.locate(path)
        except Trouble:
            return False
        return found is not None and os.path.isdir(found)  # noqa: PTH112 - hot path

    def is_link(self, path: str) -> bool:
        """Whether the last name of ``path`` is a symbolic link."""
        parent, name = os.path.split(path)
        try:
            found = self.locate(parent)
        except Trouble:
            return True
        return found is not None and os.path.islink(f"{found}/{name}")  # noqa: PTH114 - hot path

    def names(self, folder: str) -> tuple[str, ...]:
        """The sorted names in ``folder``; none if it is absent. Raises :class:`Trouble`."""
        found = self.locate(folder)
        if found is None:
            return ()
        names: list[str] = []
        try:
            with os.scandir(found) as entries:
                for entry in entries:
                    names.append(entry.name)
                    if len(names) > MAX_NAMES:
                        raise Trouble(
                            self.shown(folder),
                            f"the directory has more than {MAX_NAMES:,} entries",
                            "clean it up, or name the files in it yourself",
                        )
        except NotADirectoryError:
            return ()
        except OSError as error:
            self._explain(folder, error)
        return tuple(sorted(names))

    def read(self, path: str, limit: int = LIMIT, reader: int | None = None) -> Content | None:
        """The file at ``path``; ``None`` if absent. Raises :class:`Trouble`.

        ``reader`` is the user id whose file it should be: content that this user could not read
        is refused, so that nobody can make a scanner with more rights read for them.
        """
        found = self.locate(path)
        if found is None:
            return None
        try:
            self._refuse_special(path, os.stat(found))  # noqa: PTH116 - hot path
            handle = os.open(found, self._flags())
        except (OSError, ValueError) as error:
            self._explain(path, error)
            return None
        try:
            return self._take(path, found, handle, limit, reader)
        except OSError as error:
            self._explain(path, error)
            return None
        finally:
            os.close(handle)

    def _flags(self) -> int:
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        flags |= getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
        return flags if self._root is None else flags | getattr(os, "O_NOFOLLOW", 0)

    def _take(
        self, path: str, found: str, handle: int, limit: int, reader: int | None
    ) -> Content | None:
        about = os.fstat(handle)
        self._refuse_special(path, about)
        self._refuse_escape(path, handle)
        self._refuse_foreign(path, about, reader)
        if about.st_size > limit:
            raise self._too_large(path, about.st_size, limit)
        pieces: list[bytes] = []
        size = 0
        while piece := os.read(handle, min(limit + 1 - size, 1 << 20)):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise self._too_large(path, size, limit)
        return Content(
            real=os.path.realpath(found),
            data=b"".join(pieces),
            mode=stat.S_IMODE(about.st_mode),
            owner_is_root=about.st_uid == 0,
            parent_mode=_mode(os.path.dirname(found)),  # noqa: PTH120 - hot path
        )

    def _too_large(self, path: str, size: int, limit: int) -> Trouble:
        return Trouble(
            self.shown(path),
            f"the file has {size:,} bytes, more than the limit of {limit:,}",
            "no client needs a configuration of this size; look at what made it grow",
        )

    def _refuse_special(self, path: str, about: os.stat_result) -> None:
        if stat.S_ISREG(about.st_mode):
            return
        kind = next((words for test, words in _KINDS if test(about.st_mode)), "is no regular file")
        raise Trouble(
            self.shown(path),
            f"a configuration file is expected here, and it {kind}",
            "replace it with a regular file or remove it",
        )

    def _refuse_escape(self, path: str, handle: int) -> None:
        """The last word on links that change while they are followed."""
        if self._root is None:
            return
        try:
            opened = os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115 - hot path
        except OSError:
            return
        if not _within(self._root, opened):
            raise Trouble(self.shown(path), "the path leads out of the scanned root")

    def _refuse_foreign(self, path: str, about: os.stat_result, reader: int | None) -> None:
        if reader is None or reader in (self._own, about.st_uid):
            return
        if not about.st_mode & stat.S_IROTH:
            raise Trouble(
                self.shown(path),
                "the owner of this home may not read the file that it leads to",
                "scan as the user whose file it is",
            )

    def _resolve(self, path: str) -> str | None:
        """Follow links as the scanned system would: ``/`` and ``..`` end at its root."""
        root = self._root or "/"
        start = path
        for base in (self._given or root, root):
            if _within(base, path):
                start = path[len(base.rstrip("/")) :]
                break
        pending = deque(start.split("/"))
        done: list[str] = []
        links = 0
        while pending:
            part = pending.popleft()
            if part in ("", "."):
                continue
            if part == "..":
                del done[-1:]
                continue
            try:
                target = _link("/".join((root.rstrip("/"), *done, part)))
            except (OSError, ValueError) as error:
                self._explain(path, error)
                return None
            if target is None:
                done.append(part)
                continue
            links += 1
            if links > MAX_LINKS:
                raise self._loop(path)
            if target.startswith("/"):
                done.clear()
            pending.extendleft(reversed(target.split("/")))
        return "/".join((root.rstrip("/"), *done)) or "/"

    def _loop(self, path: str) -> Trouble:
        return Trouble(
            self.shown(path),
            "symbolic links lead in a circle",
            "mend or remove the link",
        )

    def _explain(self, path: str, error: Exception) -> None:
        """Pass over what is absent; raise :class:`Trouble` for what is there and closed."""
        number = error.errno if isinstance(error, OSError) else errno.EINVAL
        if number in _ABSENT:
            return
        if number == errno.ELOOP:
            raise self._loop(path) from None
        if number in (errno.EACCES, errno.EPERM):
            closed = self._closed(path)
            raise Trouble(
                self.shown(closed),
                "permission denied",
                "scan as a user who may read it",
            ) from None
        raise Trouble(
            self.shown(path), f"it cannot be read: {os.strerror(number or errno.EIO)}"
        ) from None

    @staticmethod
    def _closed(path: str) -> str:
        """The topmost directory on the way that refuses to be entered, or the path itself."""
        whole = Path(path)
        for parent in reversed(whole.parents):
            if not os.access(parent, os.X_OK):
                return str(parent)
        return path


def _link(path: str) -> str | None:
    """The target of a link; ``None`` for anything else. Raises ``OSError`` if absent."""
    if not stat.S_ISLNK(os.lstat(path).st_mode):
        return None
    return os.readlink(path)  # noqa: PTH115 - hot path


def _within(base: str, path: str) -> bool:
    return path == base or path.startswith(base.rstrip("/") + "/")


def _mode(path: str) -> int | None:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)  # noqa: PTH116 - hot path
    except OSError:
        return None
