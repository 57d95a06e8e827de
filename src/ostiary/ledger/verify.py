"""Holds the record to its chain, its signatures, its heads and what people kept outside."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from ostiary.ledger.chain import CHECKPOINT, SEGMENT, Broken, Chain, damage
from ostiary.ledger.head import FILE, Head, NoHead, read_head
from ostiary.ledger.keys import key_id
from ostiary.ledger.lock import is_held
from ostiary.ledger.segment import lines, segments, writers
from ostiary.model.json import JsonObject, as_list, as_object, as_text


class Verdict(IntEnum):
    """The result, as the command's exit code says it."""

    INTACT = 0
    TAMPERED = 1
    INCOMPLETE = 3
    """Nothing wrong was found, but not everything could be looked at."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A record that somebody remembers from outside."""

    number: int
    hash: str
    writer: str = ""
    """Empty if it may be in any chain."""
    told_by: str = ""
    """Where it comes from, for people."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place where the record is not what it was."""

    writer: str
    file: str
    line: int
    """From 1; 0 where it is about the whole file or chain."""
    reason: str


@dataclass(slots=True)
class ChainReport:
    """What one chain was found to be."""

    writer: str
    records: int = 0
    number: int = 0
    hash: str = ""
    unsigned: int = 0
    """Records after the last good signature: chained, but whoever can write the folder could have
    written them."""
    live: bool = False
    """Whether a gateway is writing it now."""
    removed: int = 0
    """Records that retention removed, as a signed record tells."""
    keys: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What the whole record was found to be."""

    chains: list[ChainReport] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    """The first of each file, in order."""
    gaps: list[str] = field(default_factory=list)
    """What could not be looked at, and why."""
    trusted: bool = False
    """Whether signatures were held to public keys from outside the record."""

    @property
    def verdict(self) -> Verdict:
        if self.flaws:
            return Verdict.TAMPERED
        return Verdict.INCOMPLETE if self.gaps or not self.chains else Verdict.INTACT


def verify(ledger: Path, keys: Collection[str] | None, anchors: Iterable[Anchor] = ()) -> Report:
    """Hold every chain under ``ledger`` to ``keys`` (public, hex; ``None`` believes the keys the
    record names itself) and to ``anchors``. Never raises for what it finds."""
    report = Report(trusted=keys is not None)
    if keys is None:
        report.gaps.append("signatures were held to the keys the record names, to none of yours")
    try:
        folders = writers(ledger)
    except OSError as error:
        report.gaps.append(f"{ledger} cannot be read: {error.strerror}")
        return report
    if not folders:
        report.gaps.append(f"{ledger} holds no record")
    wanted = list(anchors)
    walks = [_Walk(folder, keys, report) for folder in folders]
    for walk in walks:
        walk.run([one.number for one in wanted if one.writer in ("", walk.name)])
    witnessed = [anchor for walk in walks for anchor in walk.witnessed]
    for walk in walks:
        walk.look_again([one.number for one in witnessed if one.writer == walk.name])
    for anchor in wanted + witnessed:
        _hold(anchor, walks, report)
    return report


def _hold(anchor: Anchor, walks: list[_Walk], report: Report) -> None:
    """Find an anchor's record, or report that it is gone."""
    chains = [walk for walk in walks if anchor.writer in ("", walk.name)]
    if any(walk.marks.get(anchor.number) == anchor.hash for walk in chains):
        return
    if any(anchor.number <= walk.before for walk in chains):
        report.gaps.append(
            f"record {anchor.number} of {anchor.told_by} was removed by retention and cannot be "
            "compared"
        )
        return
    there = any(anchor.number in walk.marks for walk in chains)
    reason = "has another hash" if there else "is not here: records were cut off or removed"
    report.flaws.append(
        Flaw(
            anchor.writer or "any",
            "",
            0,
            f"record {anchor.number}, known from {anchor.told_by}, {reason}",
        )
    )


class _Walk:
    """One chain from its first file to its head."""

    def __init__(self, folder: Path, keys: Collection[str] | None, report: Report) -> None:
        self.folder = folder
        self.name = folder.name
        self.marks: dict[int, str] = {}
        """Hashes of the numbers that somebody asked for."""
        self.witnessed: list[Anchor] = []
        self.before = 0
        """Number up to which records were removed by retention."""
        self._all = report
        self._chain = Chain(folder.name, keys)
        self._mine = ChainReport(folder.name)
        self._notes: list[str] = []
        self._asked: set[int] = set()
        self._checkpoints = 0
        self._flawed = False
        self._unfinished = False
        self._head: Head | None = None
        self._headless = ""
        report.chains.append(self._mine)

    def run(self, asked: Iterable[int]) -> None:
        """Follow the chain; afterwards ``marks`` holds what was ``asked`` for."""
        # The order matters while a gateway writes: what the head names is in the files by now.
        self._mine.live = is_held(self.folder)
        try:
            self._head = read_head(self.folder / FILE)
        except NoHead as none:
            self._headless = str(none)
        self._asked = set(asked)
        if self._head is not None:
            self._asked.add(self._head.number)
        try:
            files = segments(self.folder)
        except OSError as error:
            self._all.gaps.append(f"{self.folder} cannot be read: {error.strerror}")
            return
        for segment, path in files:
            self._file(segment, path, last=path == files[-1][1])
        self._ends(bool(files))
        mine, chain = self._mine, self._chain
        mine.number, mine.hash = chain.number, chain.mark.decode("ascii", "replace")
        mine.unsigned = max(0, chain.number - chain.signed)
        mine.keys = tuple(sorted(key_id(key) for key in chain.seen_keys))
        mine.notes = tuple(self._notes)

    def look_again(self, asked: Iterable[int]) -> None:
        """Fill ``marks`` for numbers that became interesting later."""
        missing = {number for number in asked if number not in self.marks}
        if not missing:
            return
        for _, path in segments(self.folder):
            again = Chain(self.name)
            try:
                for line in lines(path):
                    again.take(line.text, first=line.row == 1)
                    if again.number in missing:
                        self.marks[again.number] = again.mark.decode()
            except (Broken, OSError):
                continue

    def _flaw(self, path: Path, line: int, reason: str) -> None:
        self._flawed = True
        self._all.flaws.append(Flaw(self.name, str(path), line, reason))

    def _file(self, segment: int, path: Path, *, last: bool) -> None:
        """Follow one file. After a flaw the rest of the file is not believed; the next file is
        followed from its own header."""
        try:
            for line in lines(path):
                if not line.whole:
                    self._torn(path, line.row, len(line.text), last=last)
                    return
                if not self._line(segment, path, line.row, line.text):
                    return
        except OSError as error:
            self._all.gaps.append(f"{path} cannot be read: {error.strerror}")
            self._flawed = True
            return
        if self._chain.segment == segment:
            return
        if last:
            self._torn(path, 1, 0, last=last)
        else:
            self._flaw(path, 0, "holds no record")

    def _line(self, segment: int, path: Path, row: int, text: bytes) -> bool:
        chain, first = self._chain, row == 1
        record: JsonObject | None = None
        try:
            if not (first and self._flawed):
                record = chain.take(text, first=first)
        except Broken as broken:
            self._flaw(path, row, str(broken))
        try:
            if record is None and first:
                record = chain.resume(text)
        except Broken as broken:
            if self._all.flaws[-1].file != str(path):
                self._flaw(path, row, str(broken))
        if record is None:
            return False
        self._mine.records += 1
        if first and chain.segment != segment:
            self._flaw(path, row, f"is the header of segment {chain.segment}: a file was renamed")
            return False
        if chain.number in self._asked:
            self.marks[chain.number] = chain.mark.decode()
        self._noted(record, path, row)
        return True

    def _noted(self, record: JsonObject, path: Path, row: int) -> None:
        kind = record.get("kind")
        if kind == SEGMENT:
            if reason := damage(record):
                self._flaw(path, row, f"tells that the segment before was damaged: {reason}")
            self._witnesses(record)
        elif kind == CHECKPOINT:
            self._checkpoints += 1
        elif as_text(record.get("method")).startswith("ledger/"):
            self._notes.append(f"record {record.get('number')}: {as_text(record.get('why'))}")

    def _witnesses(self, header: JsonObject) -> None:
        for writer, seen in as_object(header.get("witness")).items():
            pair = as_list(seen)
            if len(pair) == 2 and type(pair[0]) is int and isinstance(pair[1], str):
                told = f"the header of {self.name}'s segment {self._chain.segment}"
                self.witnessed.append(Anchor(pair[0], pair[1], writer, told))

    def _torn(self, path: Path, row: int, size: int, *, last: bool) -> None:
        if not last:
            self._flaw(path, row, "ends within a record, though another segment follows")
        elif not self._mine.live:
            self._unfinished = True
            self._all.gaps.append(
                f"{path}, line {row}: {size} bytes of an unfinished record; the gateway was "
                "stopped while it wrote, or the file was cut; the next start sets it aside"
            )

    def _ends(self, found: bool) -> None:
        """Hold the end of the chain to the head, and its beginning to the tombstones."""
        head, chain = self._head, self._chain
        if head is None:
            if self._checkpoints or (found and self._flawed):
                self._flaw(self.folder / FILE, 0, self._headless)
            else:
                self._all.gaps.append(f"{self.folder}: {self._headless}")
        else:
            self._hold_to_head(head)
        if chain.base is not None:
            if chain.is_removed(chain.base, chain.base_mark):
                self.before = self._mine.removed = chain.base
            else:
                self._flaw(self.folder, 0, f"records 1 to {chain.base} are missing")

    def _hold_to_head(self, head: Head) -> None:
        chain, path = self._chain, self.folder / FILE
        keys = chain.keys
        if keys is not None and head.key not in keys:
            self._flaw(path, 0, "is signed by a key that is not among the public keys believed")
        elif head.writer != self.name or (chain.chain and head.chain != chain.chain):
            self._flaw(path, 0, "belongs to another chain")
        elif self._flawed:
            return
        elif head.number > chain.number:
            self._flaw(
                path,
                0,
                f"names record {head.number}, the last one here is {chain.number}: records were "
                "cut off",
            )
        elif self.marks.get(head.number) != head.hash:
            self._flaw(path, 0, f"names another record {head.number} than the one here")
        elif head.closed and not self._mine.live and self._goes_on(head):
            self._flaw(path, 0, "says that the record was closed, but something follows")

    def _goes_on(self, head: Head) -> bool:
        return self._chain.number > head.number or self._unfinished
