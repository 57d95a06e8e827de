"""Parameters of tools that travel in ``Mcp-Param-*`` headers, by the mark ``x-mcp-header``.

Source: specification 2026-07-28, basic/transports/streamable-http, "Custom Headers from Tool
Parameters".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ostiary.model.json import JsonObject, JsonValue
from ostiary.wire.header_values import Problem, decode_value, encode_value, mismatch

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_DECIMAL = re.compile(r"(-?[0-9]{1,400})(?:\.0+)?")
_KEY = "x-mcp-header"
_TYPES = frozenset({"string", "integer", "boolean"})
_SCHEMAS = frozenset(
    {"additionalItems", "additionalProperties", "allOf", "anyOf", "contains", "contentSchema"}
    | {"else", "if", "items", "not", "oneOf", "prefixItems", "propertyNames", "then"}
    | {"unevaluatedItems", "unevaluatedProperties"}
)
"""Keywords whose value is a schema or an array of schemas."""
_NAMED_SCHEMAS = frozenset(
    {"$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties"}
)
"""Keywords whose value maps names to schemas."""


@dataclass(frozen=True, slots=True)
class HeaderParameter:
    """One parameter of a tool that is repeated in an ``Mcp-Param-*`` header."""

    path: tuple[str, ...]
    """Keys that lead to it in the arguments."""
    name: str
    """The header's name, with its prefix, as we send it."""
    integer: bool = False


def invalid_header_parameters(schema: JsonValue) -> str | None:
    """Why the ``x-mcp-header`` marks of an input schema are invalid, or ``None``.

    A client must drop a tool whose marks are invalid (same page, "Schema Extension").
    """
    seen: dict[str, str] = {}
    for path, marked in _marks(schema):
        problem = _invalid(path, marked)
        if problem is not None:
            return problem
        where, name = ".".join(path or ()), str(marked[_KEY])
        if name.lower() in seen:
            return f"{where!r} and {seen[name.lower()]!r} share the header {name!r}"
        seen[name.lower()] = where
    return None


def _invalid(path: tuple[str, ...] | None, marked: JsonObject) -> str | None:
    if not path:
        return f"{_KEY} where no chain of properties leads"
    name, kind, where = marked[_KEY], marked.get("type"), ".".join(path)[:80]
    if not isinstance(name, str) or not _TOKEN.fullmatch(name):
        return f"{where!r}: the value of {_KEY} is no header name"
    if not isinstance(kind, str) or kind not in _TYPES:
        return f"{where!r}: {_KEY} on a type other than string, integer and boolean"
    return None


def header_parameters(schema: JsonValue) -> tuple[HeaderParameter, ...]:
    """The parameters that are repeated in headers; none if the marks are invalid. Worth keeping:
    it walks the whole schema."""
    if invalid_header_parameters(schema) is not None:
        return ()
    return tuple(
        HeaderParameter(path, f"Mcp-Param-{marked[_KEY]}", marked.get("type") == "integer")
        for path, marked in _marks(schema)
        if path
    )


def _marks(schema: JsonValue) -> Iterator[tuple[tuple[str, ...] | None, JsonObject]]:
    """Every schema that carries a mark, with the chain of properties to it if there is one.

    References are not followed, and values that are data (``default``, ``enum``) not entered.
    """
    pending: list[tuple[tuple[str, ...] | None, JsonValue]] = [((), schema)]
    while pending:
        path, one = pending.pop()
        if isinstance(one, list):
            pending.extend((None, inner) for inner in one)
            continue
        if not isinstance(one, dict):
            continue
        if _KEY in one:
            yield path, one
        for key, value in one.items():
            if key in _SCHEMAS:
                pending.append((None, value))
            elif isinstance(value, dict) and key == "properties":
                pending.extend(
                    ((*path, name) if path is not None else None, inner)
                    for name, inner in value.items()
                )
            elif isinstance(value, dict) and key in _NAMED_SCHEMAS:
                pending.extend((None, inner) for inner in value.values())


def param_headers(parameters: tuple[HeaderParameter, ...], arguments: JsonValue) -> dict[str, str]:
    """The ``Mcp-Param-*`` headers of a call with these arguments."""
    headers = {}
    for one in parameters:
        text = _text(_at(arguments, one.path))
        if text is not None:
            headers[one.name] = encode_value(text)
    return headers


def check_param_headers(
    schema: JsonValue, arguments: JsonValue, headers: Mapping[str, str]
) -> Problem | None:
    """What is wrong with the ``Mcp-Param-*`` headers (by lower-case name) of a call of a tool with
    this input schema, or ``None``."""
    return check_parameters(header_parameters(schema), arguments, headers)


def check_parameters(
    parameters: tuple[HeaderParameter, ...], arguments: JsonValue, headers: Mapping[str, str]
) -> Problem | None:
    """As :func:`check_param_headers`, for a schema that was walked before. A header that the tool
    does not declare is nobody's and ignored."""
    for one in parameters:
        given = headers.get(one.name.lower())
        value = _at(arguments, one.path)
        text = _text(value)
        if given is None and text is None:
            continue
        decoded = None if given is None else decode_value(given)
        if decoded is None or text is None or not _same(one, value, text, decoded):
            return mismatch(one.name, given, f"the argument {'.'.join(one.path)[:80]!r}")
    return None


def _same(parameter: HeaderParameter, value: JsonValue, text: str, decoded: str) -> bool:
    if decoded == text:
        return True
    number = _DECIMAL.fullmatch(decoded) if parameter.integer else None
    if number is None or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return int(number[1]) == value


def _at(value: JsonValue, path: tuple[str, ...]) -> JsonValue:
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _text(value: JsonValue) -> str | None:
    """A scalar as header text; ``None`` for what has none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float) else None
