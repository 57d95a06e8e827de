"""The two functions of the standard JSON parser that read from the middle of a text."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import decoder

from ostiary.model.json import JsonValue

quoted: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
"""Text, offset after the opening quote, strict: the string and the offset after its end."""

value_at: Callable[[str, int], tuple[JsonValue, int]] = json.JSONDecoder(
    parse_constant=str, parse_float=str
).scan_once  # type: ignore[attr-defined]
"""Text, offset: the value that starts there and the offset after its end."""
