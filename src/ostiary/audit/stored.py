"""Frozen nouns as JSON and back, by their declared types: for workers' answers and the cache."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

Noun = TypeVar("Noun")
_Maker: TypeAlias = "Callable[[Any], Any]"

_WORDS = frozenset({str, int, float, bool, NoneType})
"""What JSON has as it is."""

_OPAQUE = {"JsonObject": dict, "JsonValue": object}
"""Values of JSON are kept as they are."""


class NotStored(ValueError):
    """Bytes that are no noun of the type that was asked for."""


def to_bytes(noun: object) -> bytes:
    """``noun`` as JSON. Equal nouns give equal bytes."""
    return json.dumps(plain(noun), separators=(",", ":")).encode("ascii")


def from_bytes(kind: type[Noun], data: bytes) -> Noun:
    """The noun of type ``kind`` in ``data``. Raises :class:`NotStored`."""
    of: Any = kind
    try:
        made = _maker(of)(json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotStored(f"{type(error).__name__}: {error}") from None
    assert isinstance(made, kind)
    return made


def plain(value: object) -> Any:
    """``value`` in the types of JSON: a dataclass becomes a list of its fields."""
    kind: Any = type(value)
    if kind in _WORDS:
        return value
    names = _names(kind)
    if names is not None:
        return [plain(getattr(value, name)) for name in names]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return _word(value)


def _word(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


@cache
def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass, in order; ``None`` for another type."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else None


# ── back ─────────────────────────────────────────────────────────────────────────────────────────


@cache
def _maker(kind: Any) -> _Maker:
    """What makes a value of this type from one of JSON."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _one_of(get_args(kind))
    if origin is tuple:
        return _tuple(get_args(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        return partial(_noun, kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is datetime:
        return datetime.fromisoformat
    return partial(_exactly, kind) if kind in (str, int, bool) else _same


def _same(value: Any) -> Any:
    return value


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise NotStored(f"{kind.__name__} expected, found {type(value).__name__}")
    return value


@cache
def _makers(kind: type) -> tuple[_Maker, ...]:
    """What makes each of a dataclass's fields, in order."""
    hints = get_type_hints(kind, localns=_OPAQUE)
    return tuple(_maker(hints[one.name]) for one in fields(kind))


def _noun(kind: type, value: Any) -> Any:
    makers = _makers(kind)
    if not isinstance(value, list) or len(value) != len(makers):
        raise NotStored(f"no {kind.__name__}")
    return kind(*[make(each) for make, each in zip(makers, value, strict=True)])


def _one_of(kinds: tuple[Any, ...]) -> _Maker:
    """A value that may be absent; other unions are values of JSON as they are."""
    known = [one for one in kinds if one is not NoneType]
    return partial(_present, _maker(known[0])) if len(known) == 1 else _same


def _present(make: _Maker, value: Any) -> Any:
    return None if value is None else make(value)


def _tuple(kinds: tuple[Any, ...]) -> _Maker:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return partial(_row, _maker(kinds[0]))
    return partial(_each, tuple(map(_maker, kinds)))


def _row(make: _Maker, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise NotStored("a list expected")
    return tuple([make(one) for one in value])


def _each(makers: tuple[_Maker, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(makers) != len(value):
        raise NotStored(f"{len(makers)} values expected")
    return tuple([make(one) for make, one in zip(makers, value, strict=True)])
