"""What the owner decides about the record: the section ``[ledger]`` of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ostiary.files.place import place
from ostiary.model.json import JsonValue
from ostiary.model.setting import BadSetting, Table

MEBIBYTE = 1024 * 1024


class Durability(StrEnum):
    """What a record has survived when its event goes ahead."""

    PROCESS = "process"
    """The end of the gateway, however sudden: the operating system has it."""
    DISK = "disk"
    """The end of the machine's power as well: the disk has it."""


class Form(StrEnum):
    """How arguments and results are kept."""

    DIGEST = "digest"
    """SHA-256 and size only."""
    REDACTED = "redacted"
    """The values, bounded, with what looks like a credential masked; digest and size beside."""
    FULL = "full"
    """Everything, encrypted to the auditor's key; digest and size beside."""


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """The section ``[ledger]``."""

    path: Path
    """Folder of the record."""
    key: Path
    """File of the key that signs it. Its public half is kept beside it, ending in ``.pub``."""
    durability: Durability = Durability.PROCESS
    arguments: Form = Form.REDACTED
    results: Form = Form.DIGEST
    auditor: Path | None = None
    """File of the public key that ``full`` content is encrypted to."""
    segment_bytes: int = 16 * MEBIBYTE
    segment_hours: float = 24.0
    checkpoint_records: int = 1000
    checkpoint_seconds: float = 60.0
    keep_days: int = 0
    """Whole segments older than this are removed, visibly; 0 keeps everything."""

    @classmethod
    def from_table(cls, table: Mapping[str, JsonValue], state: Path) -> LedgerSettings:
        """The settings of one ``[ledger]`` table. ``state`` is Ostiary's own folder, which places
        are relative to. Raises :class:`BadSetting`."""
        read = Table(table, "ledger")
        settings = cls(
            path=place(read, "path", state) or state / "ledger",
            key=place(read, "key", state) or state / "ledger.key",
            durability=read.word("durability", Durability.PROCESS),
            arguments=read.word("arguments", Form.REDACTED),
            results=read.word("results", Form.DIGEST),
            auditor=place(read, "auditor", state),
            segment_bytes=read.whole("segment_mib", 16, 1, 1024) * MEBIBYTE,
            segment_hours=read.number("segment_hours", 24, 0.01, 24 * 366),
            checkpoint_records=read.whole("checkpoint_records", 1000, 1, 1_000_000),
            checkpoint_seconds=read.number("checkpoint_seconds", 60, 0.1, 24 * 3600),
            keep_days=read.whole("keep_days", 0, 0, 36_600),
        )
        read.nothing_else()
        if Form.FULL in (settings.arguments, settings.results) and settings.auditor is None:
            raise BadSetting(
                "ledger.auditor",
                '"full" needs the public key to encrypt to; make one with `ostiary log keygen FILE`'
                " and name FILE.pub here",
            )
        return settings
