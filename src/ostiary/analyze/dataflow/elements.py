"""Parts of sequences and mappings."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.join import LOOSE, join, limited, part_of
from ostiary.analyze.dataflow.value import NOTHING, External, Value


def element(value: Value) -> Value:
    """Any element of a sequence, or any value of a mapping."""
    return _element(value, list(value.fields.values()), "*")


def keys_of(value: Value) -> Value:
    """The names of a mapping's values, in order, and any other where some are not known."""
    fields = {
        str(index): Value(text=(name,), scalar=name, literal=True)
        for index, name in enumerate(one for one in value.fields if one != "*")
    }
    if value.flows or "*" in value.fields:
        fields["*"] = Value(flows=limited(value, ~g.EXACT).flows)
    return Value(fields=fields)


def _element(value: Value, parts: list[Value], name: str) -> Value:
    if value.flows:
        bare = Value(flows=value.flows)
        parts.append(part_of(bare, name))
    refs = tuple(ref for ref in value.refs if isinstance(ref, External))
    if refs:
        parts.append(Value(refs=tuple(External(f"{ref.name}[]") for ref in refs)))
    return join(parts) if parts else NOTHING


MOST_ROWS = 80


def rows(value: Value) -> tuple[Value, ...]:
    """The elements of a sequence or mapping of objects, if each is known; ``()`` otherwise. Lists
    that declare things are walked one by one, so that names stay with what belongs to them."""
    if value.flows or "*" in value.fields or not 0 < len(value.fields) <= MOST_ROWS:
        return ()
    parts = tuple(value.fields.values())
    return parts if all(one.fields or one.refs for one in parts) else ()


def loosely(parts: Iterable[Value]) -> Value:
    """A sequence of known elements in no known order, some of which may be missing."""
    return Value(fields={f"{LOOSE}{place}": one for place, one in enumerate(parts)})


def item(value: Value, index: int) -> Value:
    """One element by position."""
    known = value.fields.get(str(index))
    if known is not None:
        return known
    others = [part for name, part in value.fields.items() if not name.isdigit()]
    return _element(value, others, "*" if value.fields else str(index))


def items_of(value: Value) -> tuple[tuple[Value, ...], Value | None]:
    """The elements known by position from 0 on, and what any other may be."""
    known = []
    index = 0
    while (part := value.fields.get(str(index))) is not None:
        known.append(part)
        index += 1
    rest = [part for name, part in value.fields.items() if not name.isdigit()]
    if value.flows:
        rest.append(part_of(Value(flows=value.flows), "*"))
    return tuple(known), join(rest) if rest else None
