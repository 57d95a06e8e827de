"""JSON as text a person can page through and a diff can compare: one thing a line."""

from __future__ import annotations

import json
from typing import TypeAlias

from ostiary.model.visible import visible

Json: TypeAlias = (
    "bool | int | float | str | list[Json] | tuple[Json, ...] | dict[str, Json] | None"
)


def document(value: Json, depth: int) -> str:
    """``value`` with containers spread over lines down to ``depth``, and a final newline.

    An object costs one of ``depth`` and an array two, so that its items stay on one line each.

    Only ASCII is written, so hidden characters arrive as escapes and reach no terminal. Half of a
    surrogate pair, which strict readers refuse, is written as ``⟨U+D800⟩``.
    """
    return f"{_spread(value, depth, '')}\n"


def _spread(value: Json, depth: int, indent: str) -> str:
    if depth <= 0 or not isinstance(value, (dict, list, tuple)) or not value:
        return _compact(value)
    inner = f"{indent} "
    if isinstance(value, dict):
        lines = [f"{_compact(k)}: {_spread(v, depth - 1, inner)}" for k, v in value.items()]
        begin, end = "{", "}"
    else:
        lines = [_spread(item, depth - 2, inner) for item in value]
        begin, end = "[", "]"
    between = f",\n{inner}"
    return f"{begin}\n{inner}{between.join(lines)}\n{indent}{end}"


def _compact(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    if "\\ud" not in text:
        return text
    return json.dumps(_whole(value), ensure_ascii=True, allow_nan=False)


def _whole(value: Json) -> Json:
    """``value`` without lone surrogates."""
    if isinstance(value, str):
        return value if value.isascii() else _paired(value)
    if isinstance(value, dict):
        return {_paired(key): _whole(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole(item) for item in value]
    return value


def _paired(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(visible(char) if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
