"""The signed head of a chain: how far it goes, kept beside the segments and kept by people."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ostiary.ledger.keys import SigningKey, is_signed

FILE = "head.json"
FORMAT = 1
LARGEST_HEAD = 64 * 1024


class NoHead(ValueError):
    """A head file is missing, unreadable or not signed by the key it names."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was true of one chain at one moment, under the ledger's signature."""

    writer: str
    chain: str
    """Id of the chain, random, the same in all its segments."""
    number: int
    hash: str
    """Hash of the record ``number``, in hex."""
    segment: int
    at: float
    closed: bool
    """Whether the writer ended there: nothing follows until it is opened again."""
    key: str
    """Public key, hex."""
    signature: str = ""

    def message(self) -> bytes:
        """What is signed."""
        state = "closed" if self.closed else "open"
        return (
            f"ostiary ledger head {FORMAT}\n{self.writer}\n{self.chain}\n{self.number}\n"
            f"{self.hash}\n{self.segment}\n{self.at!r}\n{state}\n"
        ).encode("utf-8", "surrogatepass")

    def signed(self, key: SigningKey) -> Head:
        return replace(self, signature=key.sign(self.message()))

    @property
    def genuine(self) -> bool:
        """Whether the key it names signed it."""
        return is_signed(self.key, self.message(), self.signature)


def checkpoint_message(writer: str, chain: str, number: int, mark: str, at: float) -> bytes:
    """What the signature in a checkpoint record covers: everything up to ``number``."""
    text = f"ostiary ledger checkpoint {FORMAT}\n{writer}\n{chain}\n{number}\n{mark}\n{at!r}\n"
    return text.encode("utf-8", "surrogatepass")


def write_head(folder: Path, head: Head, *, sync: bool) -> None:
    """Replace the head file of a chain. Raises ``OSError``."""
    beside = folder / f"{FILE}.tmp"
    data = json.dumps({"format": FORMAT, **asdict(head)}).encode() + b"\n"
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        if os.write(opened, data) != len(data):
            raise OSError("the disk is full")
        if sync:
            os.fdatasync(opened)
    finally:
        os.close(opened)
    beside.replace(folder / FILE)


def read_head(path: Path) -> Head:
    """The head in a file. Raises :class:`NoHead`, which says why."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_HEAD)
    except FileNotFoundError:
        raise NoHead("there is no head file") from None
    except OSError as error:
        raise NoHead(f"the head file cannot be read: {error.strerror}") from None
    try:
        value = json.loads(data)
        head = Head(
            writer=str(value["writer"]),
            chain=str(value["chain"]),
            number=int(value["number"]),
            hash=str(value["hash"]),
            segment=int(value["segment"]),
            at=float(value["at"]),
            closed=value["closed"] is True,
            key=str(value["key"]),
            signature=str(value["signature"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        raise NoHead("the head file is damaged") from None
    if not head.genuine:
        raise NoHead("the signature of the head file is wrong")
    return head
