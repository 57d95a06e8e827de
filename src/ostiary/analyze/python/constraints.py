"""Constraints that ``Field(...)``, ``Query(...)`` and the like put on a declared type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.patterns.guaranteed import matched
from ostiary.analyze.python.type_names import Declared
from ostiary.model.json import JsonObject, JsonValue

_MAKERS: Final = frozenset(
    [
        "Field",
        "Query",
        "Path",
        "Body",
        "Header",
        "Cookie",
        "Form",
        "File",
        "Param",
        "Parameter",
        "Argument",
        "Option",
        "StringConstraints",
        "Meta",
        "Len",
        "MinLen",
        "MaxLen",
        "Ge",
        "Gt",
        "Le",
        "Lt",
        "Interval",
        "Doc",
        "Arg",
    ]
)
_KEYS: Final = {
    "description": "description",
    "title": "title",
    "pattern": "pattern",
    "regex": "pattern",
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_items": "minItems",
    "max_items": "maxItems",
    "examples": "examples",
    "default": "default",
}
_ITEMS: Final = {"minLength": "minItems", "maxLength": "maxItems"}
_POSITIONAL: Final = {
    "Len": ("min_length", "max_length"),
    "MinLen": ("min_length",),
    "MaxLen": ("max_length",),
    "Ge": ("ge",),
    "Gt": ("gt",),
    "Le": ("le",),
    "Lt": ("lt",),
    "Doc": ("description",),
}
_MOST: Final = 100_000
"""Length up to which a text or a list counts as bounded."""
_LITERAL_PARTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Constraints:
    """What one such call says."""

    keys: JsonObject
    required: bool
    """Whether it gives no default."""


def last_name(expression: ir.Expr) -> str:
    """The last part of a dotted name; empty for anything else."""
    if isinstance(expression, ir.Name):
        return expression.id
    return expression.name if isinstance(expression, ir.Member) else ""


def dotted(expression: ir.Expr) -> str:
    """A dotted name as written; empty for anything else."""
    parts: list[str] = []
    while isinstance(expression, ir.Member):
        parts.append(expression.name)
        expression = expression.base
    if not isinstance(expression, ir.Name):
        return ""
    return ".".join((expression.id, *reversed(parts)))


def literal(expression: ir.Expr, depth: int = 0) -> tuple[JsonValue] | None:
    """The JSON value of a literal, in a tuple of one; ``None`` if it is no literal."""
    if isinstance(expression, ir.Constant):
        value = expression.value
        return None if isinstance(value, bytes) else (value,)
    if depth > 3:
        return None
    if isinstance(expression, ir.Sequence) and len(expression.items) <= _LITERAL_PARTS:
        items = [literal(one, depth + 1) for one in expression.items]
        known = [one[0] for one in items if one is not None]
        return (known,) if len(known) == len(items) else None
    return None


def constraints_of(expression: ir.Expr) -> Constraints | None:
    """The constraints of a call such as ``Field(ge=0)``; ``None`` for any other expression."""
    if not isinstance(expression, ir.Call):
        return None
    name = last_name(expression.callee)
    if name not in _MAKERS:
        return None
    keys: JsonObject = {}
    for key, argument in zip(_POSITIONAL.get(name, ()), expression.args, strict=False):
        _put(keys, key, argument)
    for word, argument in expression.keywords:
        _put(keys, word or "", argument)
    required = True
    if name not in _POSITIONAL and expression.args:
        required = isinstance(expression.args[0], ir.Opaque)
        _put(keys, "default", expression.args[0])
    given = {word: value for word, value in expression.keywords}
    if "default_factory" in given or "default" in given:
        required = isinstance(given.get("default"), ir.Opaque)
    return Constraints(keys, required)


def call_constraints(call: ir.Call) -> Constraints:
    """The keywords of ``constr(max_length=9)``."""
    keys: JsonObject = {}
    for word, argument in call.keywords:
        _put(keys, word or "", argument)
    return Constraints(keys, True)


def limited(found: Declared, limits: Constraints) -> Declared:
    """A declared type within constraints."""
    keys = limits.keys
    if found.schema.get("type") == "array":
        keys = {_ITEMS.get(key, key): value for key, value in keys.items()}
    held = found.guarantees
    pattern = keys.get("pattern")
    if isinstance(pattern, str) and found.schema.get("type", "string") == "string":
        # pydantic searches, and its expressions are close to Python's.
        held |= matched(pattern, "py", "search")
    bounds = (keys.get(key) for key in ("maxLength", "maxItems", "maximum", "exclusiveMaximum"))
    if any(isinstance(bound, int | float) and bound <= _MOST for bound in bounds):
        held |= g.SIZE_LIMITED
    return Declared({**found.schema, **keys}, held)


def _put(keys: JsonObject, word: str, argument: ir.Expr) -> None:
    value = literal(argument)
    if word in _KEYS and value is not None:
        keys[_KEYS[word]] = value[0]
