"""JSON lines: every member of every record, in ASCII, with the chain it stands in."""

from __future__ import annotations

import json

from ostiary.ledger.reading import Record


def jsonl(record: Record) -> str:
    """One line."""
    return json.dumps(record.as_json(), separators=(",", ":"))
