"""Collects the files of a target in memory: within bounds, links recorded, omissions told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.supplied import Trait
from ostiary.model.counted import counted
from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.bounds import Bounds, judge_name, leads_out

CHUNK = 256 * 1024
_PAGE = 4096
_MOST_TOLD = 20


class TooMuch(Exception):
    """The target is larger than its bounds; reading stops, and what was read stays."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One file as it lies in the target, also where its data is not held whole."""

    size: int
    digest: str
    """SHA-256 in hexadecimal digits."""
    executable: bool = False


@dataclass
class Gathering:
    """Files as they come. Every entry of an archive or folder passes through here."""

    subject: str
    bounds: Bounds = field(default_factory=Bounds)
    local: bool = False
    """Whether links to other places are ordinary: in a folder of this machine nothing is unpacked
    through them, and in an image they stay inside it."""
    files: dict[str, SourceFile] = field(default_factory=dict)
    stated: dict[str, Stated] = field(default_factory=dict)
    traits: list[Trait] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    omitted: dict[str, list[str]] = field(default_factory=dict)
    total: int = 0
    kept: int = 0
    entries: int = 0

    def name(self, raw: str) -> str:
        """The path to use for an entry; empty if it must be left out, which is told."""
        self.entries += 1
        if self.entries > self.bounds.entries:
            raise TooMuch(f"it holds more than {self.bounds.entries} entries")
        if len(raw) > self.bounds.path_characters or raw.count("/") > self.bounds.depth:
            self.omit("their names are too long or too deep", raw[:120])
            return ""
        named = judge_name(raw)
        if named.kind:
            self.trait(named.kind, raw, named.says)
        if not named.path and named.kind:
            self.omit("their names lead out of the target", raw)
        through = self._through(named.path)
        if through:
            self.trait("path escape", raw, f"would be written through the link {through}")
            self.omit("their names lead through links", raw)
            return ""
        return named.path

    def _through(self, path: str) -> str:
        at = -1 if self.local else path.find("/")
        while at != -1:
            above = self.files.get(path[:at])
            if above is not None and above.link and leads_out(above.path, above.link):
                return above.path
            at = path.find("/", at + 1)
        return ""

    def add(self, path: str, data: Iterable[bytes], *, executable: bool = False) -> None:
        """Read one file. Raises :class:`TooMuch`."""
        self._room()
        digest, size = hashlib.sha256(), 0
        head: list[bytes] = []
        room = self.bounds.text_bytes
        for chunk in data:
            size += len(chunk)
            self.total += len(chunk)
            if self.total > self.bounds.total_bytes:
                raise TooMuch(f"it unpacks to more than {self.bounds.total_bytes} bytes")
            if size > self.bounds.file_bytes:
                self.omit("they are too large to be read to their end", path)
                break
            digest.update(chunk)
            if room:
                head.append(chunk[:room])
                room -= len(head[-1])
        stated = Stated(size, digest.hexdigest(), executable)
        self._put(SourceFile(path, self._held(path, b"".join(head), size), executable), stated)

    def _held(self, path: str, head: bytes, size: int) -> bytes:
        binary = b"\0" in head[:8192]
        if binary and size > self.bounds.binary_bytes:
            return head[: self.bounds.head_bytes]
        if size > len(head) or self.kept + len(head) > self.bounds.kept_bytes:
            self.omit("they are too large to be held whole", path)
            return head[: self.bounds.head_bytes]
        return head

    def link(self, path: str, where: str, *, hard: bool = False) -> None:
        """Record a link. A link is never followed."""
        self._room()
        target = where.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        out = leads_out("" if hard else path, target)
        if out:
            kind = "link elsewhere" if self.local else "link out"
            self.trait(kind, path, f"is a link to {target}, outside the folder")
        if hard:
            named = judge_name(where)
            found = self.files.get(named.path)
            if found is not None and not found.link:
                self._put(SourceFile(path, found.data, found.executable), self.stated[named.path])
                return
            self.omit("they are hard links to entries that are not there", path)
        mark = hashlib.sha256(target.encode()).hexdigest()
        self._put(SourceFile(path, b"", link=target or "."), Stated(len(target), mark))

    def _room(self) -> None:
        if len(self.files) >= self.bounds.files:
            raise TooMuch(f"it holds more than {self.bounds.files} files")

    def _put(self, file: SourceFile, stated: Stated) -> None:
        before = self.files.get(file.path)
        if before is not None:
            self.kept -= len(before.data)
            if self.stated[file.path] != stated or before.link != file.link:
                says = "is stored twice with different content; the last one is installed"
                self.trait("twice", file.path, says)
        self.kept += len(file.data)
        self.files[file.path] = file
        self.stated[file.path] = stated

    def trait(self, kind: str, path: str, says: str) -> None:
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        one = Trait(kind, shown[:300], says[:400])
        if sum(trait.kind == kind for trait in self.traits) < _MOST_TOLD and one not in self.traits:
            self.traits.append(one)

    def omit(self, why: str, path: str) -> None:
        self.omitted.setdefault(why, []).append(path)

    def stop(self, why: str) -> None:
        """Reading ended early."""
        self.not_checked.append(
            NotChecked(
                subject=self.subject,
                reason=f"it was read only in part: {why}",
                remedy="unpack it in a place where nothing can happen, and audit the part you need",
            )
        )

    def drop_prefix(self, prefix: str) -> None:
        """Only the files below a folder, named from there."""
        size, below = len(prefix), [path for path in self.files if path.startswith(prefix)]
        files = {path[size:]: replace(self.files[path], path=path[size:]) for path in below}
        self.stated = {path[size:]: self.stated[path] for path in below}
        self.files = files

    def project(self) -> Project:
        return Project({path: self.files[path] for path in sorted(self.files)})

    def finish(self) -> None:
        """Tell what can be told only at the end."""
        for why, paths in sorted(self.omitted.items()):
            files = counted(len(paths), "file")
            reason = f"{files} not read whole or at all: {why}; first {paths[0]}"
            self.not_checked.append(NotChecked(subject=self.subject, reason=reason[:500]))
        folded: dict[str, str] = {}
        for path in sorted(self.files):
            other = folded.setdefault(path.casefold(), path)
            if other != path:
                says = f"differs from {other} only in case; on some systems one hides the other"
                self.trait("case collision", path, says)
            above = path.rpartition("/")[0]
            if above in self.files and not self.files[above].link:
                self.trait("twice", above, "is both a file and a folder")

    def digest(self) -> str:
        """Over the sorted paths, modes and digests of all files."""
        whole = hashlib.sha256()
        for path in sorted(self.stated):
            one = self.stated[path]
            mode = "link" if self.files[path].link else ("x" if one.executable else "-")
            name = path.encode("utf-8", "surrogateescape")
            whole.update(b"%d:%s %s %s\n" % (len(name), name, mode.encode(), one.digest.encode()))
        return f"sha256:{whole.hexdigest()}"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def chunks(source: Readable, size: int = CHUNK) -> Iterator[bytes]:
    """The content of a file, piece by piece; ``size`` is what it seems to have."""
    piece = min(max(size, _PAGE), CHUNK)
    while data := source.read(piece):
        yield data
