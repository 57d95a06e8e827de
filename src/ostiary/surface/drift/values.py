"""Values declared by a server, flattened to places and shown as short safe excerpts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ostiary.model.json import JsonValue

MAX_LEAVES = 20_000


def leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """``(dotted path, scalar or list of scalars)`` in document order."""
    pending: list[tuple[str, JsonValue]] = [(path, value)]
    budget = MAX_LEAVES
    while pending and budget > 0:
        budget -= 1
        place, one = pending.pop()
        if isinstance(one, dict) and one:
            below = [(f"{place}.{key}" if place else key, item) for key, item in one.items()]
            pending.extend(reversed(below))
        elif isinstance(one, list) and any(isinstance(item, dict | list) for item in one):
            pending.extend(reversed([(place, item) for item in one]))
        else:
            yield place, one


def shown(value: JsonValue) -> str:
    """A scalar or small structure as compact JSON; strings without quotes."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))[:400]
    except (ValueError, RecursionError):
        return "a value nested too deeply to show"
