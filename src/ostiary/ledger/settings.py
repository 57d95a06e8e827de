"""What the owner decides about the record: the section ``[ledger]`` of the settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ostiary.model.json import JsonValue
from ostiary.model.setting import BadSetting

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
        reader = _Reader(table, state)
        settings = cls(
            path=reader.place("path") or state / "ledger",
            key=reader.place("key") or state / "ledger.key",
            durability=Durability(reader.word("durability", Durability, Durability.PROCESS)),
            arguments=Form(reader.word("arguments", Form, Form.REDACTED)),
            results=Form(reader.word("results", Form, Form.DIGEST)),
            auditor=reader.place("auditor"),
            segment_bytes=int(reader.number("segment_mib", 16, 1, 1024) * MEBIBYTE),
            segment_hours=reader.number("segment_hours", 24, 0.01, 24 * 366),
            checkpoint_records=int(reader.number("checkpoint_records", 1000, 1, 1_000_000)),
            checkpoint_seconds=reader.number("checkpoint_seconds", 60, 0.1, 24 * 3600),
            keep_days=int(reader.number("keep_days", 0, 0, 36_600)),
        )
        reader.nothing_else()
        if Form.FULL in (settings.arguments, settings.results) and settings.auditor is None:
            raise BadSetting(
                "ledger.auditor",
                '"full" needs the public key to encrypt to; make one with `ostiary log keygen FILE`'
                " and name FILE.pub here",
            )
        return settings


class _Reader:
    """Takes one table apart and knows what was not asked for."""

    def __init__(self, table: Mapping[str, JsonValue], state: Path) -> None:
        self._table = table
        self._state = state
        self._known: set[str] = set()

    def _get(self, name: str) -> JsonValue:
        self._known.add(name)
        return self._table.get(name)

    def place(self, name: str) -> Path | None:
        value = self._get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value or "\0" in value:
            raise BadSetting(f"ledger.{name}", "must be the path of a file or folder, as text")
        try:
            return self._state / Path(value).expanduser()
        except RuntimeError:
            raise BadSetting(f"ledger.{name}", "names a home that is not known") from None

    def word(self, name: str, words: type[StrEnum], default: StrEnum) -> str:
        value = self._get(name)
        if value is None:
            return default
        if not isinstance(value, str) or value not in list(words):
            raise BadSetting(
                f"ledger.{name}", "must be one of " + ", ".join(f'"{one}"' for one in words)
            )
        return value

    def number(self, name: str, default: float, least: float, most: float) -> float:
        value = self._get(name)
        if value is None:
            return default
        fine = isinstance(value, int | float) and not isinstance(value, bool)
        if not fine or not math.isfinite(float(value)) or not least <= float(value) <= most:  # type: ignore[arg-type]
            raise BadSetting(f"ledger.{name}", f"must be a number from {least:g} to {most:g}")
        if isinstance(default, int) and name.endswith(("records", "days", "mib")):
            return int(value)  # type: ignore[arg-type]
        return float(value)  # type: ignore[arg-type]

    def nothing_else(self) -> None:
        unknown = sorted(set(self._table) - self._known)
        if unknown:
            raise BadSetting(
                f"ledger.{unknown[0]}",
                "is not a setting of the ledger; it knows " + ", ".join(sorted(self._known)),
            )
