"""Frozen nouns as JSON and back, by their declared types: for workers' answers and the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Noun = TypeVar("Noun")


_OPAQUE = {"JsonObject": dict, "JsonValue": object}
"""Values of JSON are kept as they are."""


class NotStored(ValueError):
    """Bytes that are no noun of the type that was asked for."""


def to_bytes(noun: object) -> bytes:
    """``noun`` as JSON. Equal nouns give equal bytes."""
    return json.dumps(plain(noun), separators=(",", ":")).encode("ascii")


def from_bytes(kind: type[Noun], data: bytes) -> Noun:
    """The noun of type ``kind`` in ``data``. Raises :class:`NotStored`."""
    try:
        made = _made(kind, json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotStored(f"{type(error).__name__}: {error}") from None
    assert isinstance(made, kind)
    return made


def plain(value: object) -> Any:
    """``value`` in the types of JSON: a dataclass becomes a list of its fields."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


@cache
def _types(kind: type) -> tuple[Any, ...]:
    """The types of a dataclass's fields, in order."""
    hints = get_type_hints(kind, localns=_OPAQUE)
    return tuple(hints[one.name] for one in fields(kind))


def _made(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _one_of(get_args(kind), value)
    if origin is tuple:
        return _tuple(get_args(kind), value)
    if isinstance(kind, type) and is_dataclass(kind):
        return _noun(kind, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind in (str, int, bool) and type(value) is not kind:
        raise NotStored(f"{kind.__name__} expected, found {type(value).__name__}")
    return value


def _noun(kind: type, value: Any) -> Any:
    types = _types(kind)
    if not isinstance(value, list) or len(value) != len(types):
        raise NotStored(f"no {kind.__name__}")
    return kind(*(_made(one, each) for one, each in zip(types, value, strict=True)))


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    """A value that may be absent; other unions are values of JSON as they are."""
    known = [one for one in kinds if one is not NoneType]
    if value is None or len(known) != 1:
        return value
    return _made(known[0], value)


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise NotStored("a list expected")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_made(kinds[0], one) for one in value)
    if len(kinds) != len(value):
        raise NotStored(f"{len(kinds)} values expected")
    return tuple(_made(one, each) for one, each in zip(kinds, value, strict=True))
