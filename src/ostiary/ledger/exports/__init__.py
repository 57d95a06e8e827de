"""Formats that other systems read. One file per format and one line in ``EXPORTERS``."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ostiary.ledger.exports.cef import cef
from ostiary.ledger.exports.jsonl import jsonl
from ostiary.ledger.exports.ocsf import ocsf
from ostiary.ledger.reading import Record


class Exporter(NamedTuple):
    """One format: its name, and what makes one line, without line feed, of one record."""

    name: str
    line: Callable[[Record], str]


EXPORTERS = (
    Exporter("jsonl", jsonl),
    Exporter("ocsf", ocsf),
    Exporter("cef", cef),
)
