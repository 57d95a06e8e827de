"""Follows one chain line by line and says where it breaks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from ostiary.ledger.head import FORMAT, checkpoint_message
from ostiary.ledger.keys import is_signed, key_id
from ostiary.ledger.line import GENESIS, link, parted, read
from ostiary.model.json import JsonObject, as_object, as_text

SEGMENT, CHECKPOINT, TOMBSTONE = "segment", "checkpoint", "tombstone"
"""Kinds of the ledger's own records; every other record is an event."""


class Broken(ValueError):
    """A line does not belong where it stands. The message says why."""


@dataclass(slots=True)
class Chain:
    """How far a chain has been followed, and what it said on the way."""

    writer: str
    keys: Collection[str] | None = None
    """Public keys that are believed, in hex; ``None`` believes the keys the chain names."""
    chain: str = ""
    """Id of the chain, from its first header."""
    key: str = ""
    """The public key named by the last header."""
    segment: int = 0
    number: int = 0
    mark: bytes = GENESIS
    at: float = 0.0
    """Time of the last record."""
    signed: int = 0
    """Everything up to this number is under a good signature."""
    base: int | None = None
    """The number before the first record, if earlier segments are gone."""
    base_mark: bytes = GENESIS
    removed: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Numbers up to which tombstones declare records removed, with the hash there and the
    tombstone's own number."""
    seen_keys: set[str] = field(default_factory=set)

    def take(self, text: bytes, *, first: bool) -> JsonObject:
        """Follow the chain by one line. ``first`` is the first of a file. Raises
        :class:`Broken`, and then nothing has changed."""
        parts = parted(text)
        if parts is None:
            raise Broken("is no record of a ledger")
        mark, body = parts
        record = read(body)
        if record is None:
            raise Broken("is no record of a ledger")
        kind, number = record["kind"], record["number"]
        assert type(number) is int
        if first != (kind == SEGMENT):
            raise Broken("does not begin with a segment header" if first else "is a second header")
        before = self._before(record) if first else self.mark
        if link(before, body) != mark:
            if first and link(_previous(record), body) == mark:
                raise Broken("does not follow the record before it: records are missing")
            raise Broken(
                "does not match its hash: it was changed, or a record before it was changed, moved "
                "or removed"
            )
        expected = self.number + 1
        if first and self.base_of(record) is not None:
            expected = number
        if number != expected:
            raise Broken(f"has number {number} where {expected} belongs: records are missing")
        self._own(record, number)
        self.number, self.mark = number, mark
        self.at = float(record["at"])  # type: ignore[arg-type]
        return record

    def base_of(self, header: JsonObject) -> int | None:
        """The number before this header if the chain may begin here."""
        number = header["number"]
        if self.segment or self.number or header.get("segment") == 1 or type(number) is not int:
            return None
        return number - 1

    def resume(self, header: bytes) -> JsonObject:
        """Go on at the header of a later file, after what is broken. Raises :class:`Broken`."""
        base, base_mark = self.base, self.base_mark
        self.segment = self.number = self.signed = 0
        self.mark = GENESIS
        record = self.take(header, first=True)
        self.base, self.base_mark = base, base_mark
        return record

    def is_removed(self, through: int, mark: bytes) -> bool:
        """Whether a signed tombstone says that everything up to a record was removed."""
        said, number = self.removed.get(through, ("", 0))
        return 0 < number <= self.signed and said.encode() == mark

    def _before(self, header: JsonObject) -> bytes:
        if self.base_of(header) is None:
            return self.mark
        return _previous(header)

    def _own(self, record: JsonObject, number: int) -> None:
        if record["kind"] == SEGMENT:
            self._header(record)
        elif record["kind"] == CHECKPOINT:
            self._checkpoint(record, number)
        elif record["kind"] == TOMBSTONE:
            through = record.get("through")
            if type(through) is int:
                self.removed[through] = (as_text(record.get("mark")), number)

    def _header(self, header: JsonObject) -> None:
        if header.get("format") != FORMAT:
            raise Broken(f"is in a format this Ostiary does not read (it reads {FORMAT})")
        if header.get("writer") != self.writer:
            raise Broken("belongs to the chain of another writer")
        chain = as_text(header.get("chain"))
        if not chain or (self.chain and chain != self.chain):
            raise Broken("belongs to another chain")
        segment, key = header.get("segment"), as_text(header.get("key"))
        if type(segment) is not int or segment <= self.segment:
            raise Broken("is the header of another segment")
        self._believe(key)
        base = self.base_of(header)
        if base is not None:
            self.base = base
            self.base_mark = _previous(header)
        self.chain, self.segment, self.key = chain, segment, key

    def _checkpoint(self, record: JsonObject, number: int) -> None:
        key = as_text(record.get("key"))
        self._believe(key)
        message = checkpoint_message(
            self.writer,
            self.chain,
            number - 1,
            self.mark.decode(),
            float(record["at"]),  # type: ignore[arg-type]
        )
        if not is_signed(key, message, record.get("signature")):
            raise Broken("is a checkpoint with a wrong signature")
        self.signed = number

    def _believe(self, key: str) -> None:
        if self.keys is not None and key not in self.keys:
            named = f"key {key_id(key)}" if _is_hex(key) else "something that is no key"
            raise Broken(f"is signed by {named}, which is not among the public keys believed")
        self.seen_keys.add(key)


def _previous(header: JsonObject) -> bytes:
    return as_text(header.get("previous")).encode("ascii", "replace")


def damage(header: JsonObject) -> str:
    """Why the writer had to leave the segment before, from a header; empty if it did not."""
    return as_text(as_object(header.get("damaged")).get("reason"))


def _is_hex(text: str) -> bool:
    try:
        return bool(bytes.fromhex(text))
    except ValueError:
        return False
