"""How a value was made, and the parts of it that a declaration is read from."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.value import Closure, External, Recipe, Value

HOLE = "…"
_LEAST = 20
"""Characters of a text that is known in part, for it to say anything."""


def recipes(value: Value | None) -> Iterator[Recipe]:
    """The calls that may have made a value."""
    for ref in () if value is None else value.refs:
        if isinstance(ref, External) and ref.made_with is not None:
            yield ref.made_with


def text(value: Value | None) -> str:
    """The text of a value where it is wholly known; empty if not."""
    return "" if value is None else value.known_text or ""


def prose(value: Value | None) -> str:
    """Text for people, with ``…`` for what is not known; empty if hardly anything is."""
    if value is None:
        return ""
    whole = value.known_text
    if whole is not None:
        return whole
    pieces = "".join(piece if isinstance(piece, str) else HOLE for piece in value.text)
    return pieces if len(pieces) > _LEAST else ""


def function(value: Value | None) -> Closure | None:
    """The function that a value is, or the first of several it may be."""
    return None if value is None else next(iter(value.closures()), None)


def elements(value: Value) -> Iterator[Value]:
    """The elements of a list, those of unknown position last; a mapping's values count too."""
    for name, part in value.fields.items():
        if name != "*":
            yield part
    if "*" in value.fields:
        yield value.fields["*"]
