"""JSON laid out for people who read a diff: sorted, short things on one line, nothing hidden."""

from __future__ import annotations

import json

from ostiary.model.json import JsonValue
from ostiary.wire.escape import escaped

WIDTH = 96
"""Characters of a line that may hold a whole container."""


def laid_out(value: JsonValue) -> bytes:
    """``value`` as UTF-8 JSON that ends with a line break. Equal values give equal bytes.

    Objects are sorted by key and lists keep their order. Characters that do not show are escaped.
    """
    text = _lines(value, "", 0) + "\n"
    return escaped(text).encode()


def _lines(value: JsonValue, indent: str, used: int) -> str:
    if not isinstance(value, dict | list) or not value:
        return _flat(value)
    if _small(value):
        flat = _flat(value)
        if len(indent) + used + len(flat) <= WIDTH:
            return flat
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [
            f"{name}: {_lines(value[key], inner, len(name) + 3)}"
            for key, name in sorted((key, _flat(key)) for key in value)
        ]
        return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}}}"
    rows = [inner + _lines(one, inner, 1) for one in value]
    return "[\n" + ",\n".join(rows) + f"\n{indent}]"


def _flat(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _small(value: JsonValue, most: int = 24) -> bool:
    """Whether a container may fit on a line, without writing all of a large one to find out."""
    pending, seen = [value], 0
    while pending:
        one = pending.pop()
        seen += 1
        if seen > most:
            return False
        if isinstance(one, dict):
            if len(one) > most:
                return False
            pending.extend(one.values())
        elif isinstance(one, list):
            if len(one) > most:
                return False
            pending.extend(one)
        elif isinstance(one, str) and len(one) > WIDTH:
            return False
    return True
