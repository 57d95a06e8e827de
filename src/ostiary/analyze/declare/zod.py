"""Schemas that zod's calls make, as JSON Schema."""

from __future__ import annotations

from ostiary.analyze.dataflow.value import Value
from ostiary.model.json import JsonObject


def zod_schema(value: Value) -> JsonObject | None:
    """The schema that a chain of zod's calls made; ``None`` if the value is no such chain."""
    del value
    return None
