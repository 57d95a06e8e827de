"""Operands of a foreign call, found the way the knowledge names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.elements import element
from ostiary.analyze.dataflow.join import LOOSE, join, part_of, whole_flows
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Arguments,
    Flow,
    Origin,
    Param,
    Source,
    SourceKind,
    Value,
)
from ostiary.analyze.knowledge.known import When, Where
from ostiary.detect.linear import compiled


@dataclass(slots=True, eq=False)
class Operands:
    """The arguments of one call, with its receiver."""

    args: Final[Arguments]
    base: Final[Value]

    def find(self, places: tuple[Where, ...]) -> Value | None:
        """The first of these that is present, with those before it that only a caller can tell."""
        open_: list[Value] = []
        for where in places:
            found = self.at(where)
            if found is None:
                continue
            if not (isinstance(where, str) and "*." in where and _is_open(found)):
                return join((*open_, found)) if open_ else found
            open_.append(found)
        return join(open_) if open_ else None

    def at(self, where: Where) -> Value | None:
        """One operand; ``None`` if the call has none."""
        if isinstance(where, int):
            return self._position(where)
        first, _, rest = where.partition(".")
        if first == "all":
            return self.everything()
        if first.startswith("rest:"):
            return self._rest(int(first[5:]))
        found = self._first(first)
        whole, _, each = rest.partition("*.")
        for name in whole.removesuffix(".").split(".") if whole else ():
            found = None if found is None else _part(found, name)
        if each:
            return None if found is None else _of_each(found, each)
        return found

    def _first(self, name: str) -> Value | None:
        if name == "base":
            return self.base
        if name.isdigit():
            return self._position(int(name))
        known = self.args.keywords.get(name)
        if known is None and self.args.extra is not None:
            return self.args.extra.field(name)
        return known

    def _position(self, index: int) -> Value | None:
        if index < len(self.args.positional):
            return self.args.positional[index]
        if self.args.more is not None:
            return part_of(self.args.more, "*")
        return None

    def _rest(self, start: int) -> Value | None:
        fields = {str(place): value for place, value in enumerate(self.args.positional[start:])}
        if self.args.more is not None:
            fields["*"] = part_of(self.args.more, "*")
        return Value(fields=fields) if fields else None

    def given(self) -> tuple[Value, ...]:
        """Every argument, the receiver left out."""
        spread = [one for one in (self.args.more, self.args.extra) if one is not None]
        return (*self.args.positional, *self.args.keywords.values(), *spread)

    def everything(self) -> Value:
        """Receiver and arguments as one value, with all that flows into them."""
        return Value(flows=whole_flows(join((self.base, *self.given()))))

    def holds(self, condition: When) -> bool:
        """Whether a condition of the knowledge is met."""
        return _HOLDS[condition.is_.partition(":")[0]](self.find(condition.where), condition.is_)


def _part(value: Value, name: str) -> Value | None:
    if name in value.fields:
        return value.fields[name]
    if "*" in value.fields and (name.isdigit() or not _in_order(value)):
        return value.fields["*"]
    is_text = bool(value.text) and (name not in _OPTIONS or value.prefix != "")
    if not value.flows or _in_order(value) or is_text or _is_plain(value, name):
        # A string has no parts: the call was given the address, and not an object with one.
        return None
    found = part_of(value, name)
    return None if found is NOTHING else found


def _of_each(value: Value, name: str) -> Value | None:
    """A part that elements have, or of a parameter may have: its caller knows."""
    one = element(value)
    known = one.fields.get(name)
    return part_of(one, name) if known is None and _is_open(one) else known


def _is_open(value: Value) -> bool:
    """Whether it is what was handed in, of which only the caller knows the parts."""
    plain = bool(value.flows) and not value.refs and not value.fields
    return plain and all(isinstance(one, Param) for one in value.flows)


def _in_order(value: Value) -> bool:
    """Whether it is an array, as far as its parts tell: it has no part of any name."""
    return bool(value.fields) and all(
        one == "*" or one.isdigit() or one.startswith(LOOSE) for one in value.fields
    )


_ADDRESSES = frozenset(
    {
        *("URL()", "httpx.URL()", "URL().href", "URL().toString()", "URL().toJSON()"),
        *("url.format()", "String()"),
    }
)
"""Addresses, and texts of them."""
_OPTIONS = frozenset({"shell"})
"""Parts that only an object of options has, so that what nothing is known of may be one."""
_PARTS = frozenset(
    ("href", "host", "hostname", "origin", "protocol", "pathname", "search", "port", "path")
)


def _is_plain(value: Value, name: str) -> bool:
    """Whether it is a number, the text of a setting, or an address, which has no such part."""
    if not value.fields and not value.refs and all(map(_is_scalar, value.flows.items())):
        return True
    return name not in _PARTS and any(one in _ADDRESSES for one in value.externals())


def _is_scalar(flowing: tuple[Origin, Flow]) -> bool:
    origin, flow = flowing
    variable = isinstance(origin, Source) and origin.kind is SourceKind.ENVIRONMENT
    return bool(flow.guarantees & (g.NUMBER | g.EXACT if variable else g.NUMBER))


def _true(value: Value | None, _says: str) -> bool:
    if value is None:
        return False
    if value.literal:
        return bool(value.scalar)
    return bool(value.fields or value.refs)


def _false(value: Value | None, _says: str) -> bool:
    return value is not None and value.literal and not value.scalar


def _sequence(value: Value | None, _says: str) -> bool:
    return value is not None and bool(value.fields) and not value.text


def _text(value: Value | None, _says: str) -> bool:
    return (
        value is not None
        and not value.fields
        and (not value.literal or isinstance(value.scalar, str))
    )


def _matches(value: Value | None, says: str) -> bool:
    text = None if value is None else value.known_text
    return text is not None and compiled(says.partition(":")[2]).search(text) is not None


_HOLDS: dict[str, Callable[[Value | None, str], bool]] = {
    "true": _true,
    "false": _false,
    "not true": lambda value, says: not _true(value, says),
    "not false": lambda value, says: value is not None and not _false(value, says),
    "present": lambda value, _says: value is not None,
    "absent": lambda value, _says: value is None,
    "sequence": _sequence,
    "text": _text,
    "matches": _matches,
    "not matches": lambda value, says: not _matches(value, says),
}
