"""Classes of Python whose fields a caller fills in, and enumerations."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze import ir
from ostiary.analyze.python.constraints import last_name
from ostiary.analyze.python.type_names import ENUMS, RECORD_MAKERS, RECORDS


def is_enum(definition: ir.ClassDef) -> bool:
    """Whether its values are a fixed set."""
    return any(last_name(base) in ENUMS for base in definition.bases)


def is_record(definition: ir.ClassDef) -> bool:
    """Whether its annotated fields are what is given to make one: a model, a typed dictionary, a
    data class, or a class that extends something and declares fields."""
    if any(last_name(base) in RECORDS for base in definition.bases):
        return True
    makers = [one.callee if isinstance(one, ir.Call) else one for one in definition.decorators]
    if any(last_name(one) in RECORD_MAKERS for one in makers):
        return True
    return bool(definition.bases) and any(True for _ in members(definition))


def members(definition: ir.ClassDef) -> Iterator[ir.ClassField]:
    """The fields that are given: annotated, public, and no constant of the class."""
    for one in definition.fields:
        if one.annotation and not one.static and not one.name.startswith("_"):
            yield one
