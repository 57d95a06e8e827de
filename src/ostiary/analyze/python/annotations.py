"""What a declared type of Python says of a value: its JSON Schema, and what that guarantees.

Guarantees hold where a framework checks arguments against the type (FastMCP and pydantic do). For
code that only declares, the schema is a claim and the guarantees are not to be used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.declare.entry import EntryParameter
from ostiary.analyze.python.constraints import (
    call_constraints,
    constraints_of,
    dotted,
    last_name,
    limited,
    literal,
)
from ostiary.analyze.python.docstrings import described
from ostiary.analyze.python.lower import lower_expression
from ostiary.analyze.python.records import is_enum, is_record, members
from ostiary.analyze.python.type_names import (
    ARRAYS,
    CONSTRAINED,
    OBJECTS,
    SIMPLE,
    WRAPPERS,
    Declared,
)
from ostiary.model.json import JsonObject, JsonValue

Lookup: TypeAlias = "Callable[[str], ir.ClassDef | ir.Expr | None]"
"""What a dotted name means where the type is written: a class of the target, or the expression an
alias is assigned. ``None`` for everything else."""

LONGEST: Final = 20_000
"""Characters of a declared type that is read."""
_DEEPEST: Final = 12
"""Types in types, aliases and classes followed."""
_MOST: Final = 2000
"""Types read for one parameter."""

UNKNOWN: Final = Declared()


def nothing(_name: str) -> None:
    """A lookup that knows no name."""


def parameter(declared: ir.Parameter, doc: str = "", lookup: Lookup = nothing) -> EntryParameter:
    """One parameter of a function as its declaration, default and docstring describe it."""
    pattern = declared.pattern
    name = pattern.id if isinstance(pattern, ir.NamePattern) else ""
    found = schema_of(declared.annotation, declared.default, lookup)
    schema = dict(found.schema)
    text = described(doc).get(name)
    if text:
        schema.setdefault("description", text)
    required = declared.kind in {"plain", "keyword"} and is_required(declared.default)
    return EntryParameter(name, schema, found.guarantees, required)


def schema_of(
    annotation: str, default: ir.Expr | None = None, lookup: Lookup = nothing
) -> Declared:
    """The schema of a declared type with its default; ``{}`` for what is not understood."""
    return _Reader(lookup).declared(annotation, default)


def is_required(default: ir.Expr | None) -> bool:
    """Whether a caller must give the value: no default, ``...`` or a ``Field`` without one."""
    if default is None:
        return True
    if isinstance(default, ir.Opaque):
        return not default.parts
    found = constraints_of(default)
    return found is not None and found.required


class _Reader:
    """Reads one declared type and all it is made of."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._depth = 0
        self._left = _MOST

    def declared(self, annotation: str, default: ir.Expr | None) -> Declared:
        found = self._text(annotation)
        if default is None:
            return found
        limits = constraints_of(default)
        if limits is not None:
            return limited(found, limits)
        value = literal(default)
        if value is None:
            return found
        return Declared({**found.schema, "default": value[0]}, found.guarantees)

    def _text(self, annotation: str) -> Declared:
        if not annotation or len(annotation) > LONGEST:
            return UNKNOWN
        expression = lower_expression(annotation)
        return UNKNOWN if expression is None else self.read(expression)

    def read(self, expression: ir.Expr) -> Declared:
        self._depth += 1
        self._left -= 1
        found = UNKNOWN
        if self._depth <= _DEEPEST and self._left > 0:
            found = self._form(expression)
        self._depth -= 1
        return found

    def _form(self, expression: ir.Expr) -> Declared:
        if isinstance(expression, ir.Constant):
            text = expression.value
            return self._text(text) if isinstance(text, str) else _literals((expression,))
        if isinstance(expression, ir.Index):
            return self._generic(expression)
        if isinstance(expression, ir.Binary) and expression.op == "|":
            return _union([self.read(one) for one in _alternatives(expression)])
        if isinstance(expression, ir.Call):
            return self._made(expression)
        return self._named(expression) if dotted(expression) else UNKNOWN

    def _named(self, expression: ir.Expr) -> Declared:
        means = self._lookup(dotted(expression))
        if isinstance(means, ir.ClassDef):
            return self._class(means)
        if means is not None:
            return self.read(means)
        name = last_name(expression)
        if name in ARRAYS:
            return Declared({"type": "array"})
        if name in OBJECTS:
            return Declared({"type": "object"})
        return SIMPLE.get(name, UNKNOWN)

    def _generic(self, expression: ir.Index) -> Declared:
        name, key = last_name(expression.base), expression.key
        parts = key.items if isinstance(key, ir.Sequence) else (key,)
        form = _GENERIC.get(name) if parts else None
        return form(self, name, parts) if form else self._named(expression.base)

    def _literal(self, _name: str, parts: tuple[ir.Expr, ...]) -> Declared:
        return _literals(parts)

    def _optional(self, _name: str, parts: tuple[ir.Expr, ...]) -> Declared:
        return _union([self.read(parts[0]), SIMPLE["None"]])

    def _union(self, _name: str, parts: tuple[ir.Expr, ...]) -> Declared:
        return _union([self.read(one) for one in parts])

    def _wrapped(self, _name: str, parts: tuple[ir.Expr, ...]) -> Declared:
        return self.read(parts[0])

    def _annotated(self, _name: str, parts: tuple[ir.Expr, ...]) -> Declared:
        found = self.read(parts[0])
        for one in parts[1:]:
            limits = constraints_of(one)
            if limits is not None:
                found = limited(found, limits)
            elif isinstance(one, ir.Constant) and isinstance(one.value, str):
                found = Declared({"description": one.value, **found.schema}, found.guarantees)
        return found

    def _array(self, name: str, parts: tuple[ir.Expr, ...]) -> Declared:
        several = name in {"tuple", "Tuple"} and len(parts) > 1
        items = [self.read(one) for one in parts if not isinstance(one, ir.Opaque)]
        if several and len(items) == len(parts):
            listed: list[JsonValue] = [one.schema for one in items]
            return Declared({"type": "array", "prefixItems": listed}, _common(items))
        schema: JsonObject = {"type": "array", "items": items[0].schema if items else {}}
        return Declared(schema, items[0].guarantees & ~g.SIZE_LIMITED if items else 0)

    def _object(self, _name: str, parts: tuple[ir.Expr, ...]) -> Declared:
        if len(parts) != 2:
            return Declared({"type": "object"})
        key, value = self.read(parts[0]), self.read(parts[1])
        held = _common([key, value]) & ~g.SIZE_LIMITED
        return Declared({"type": "object", "additionalProperties": value.schema}, held)

    def _made(self, call: ir.Call) -> Declared:
        """``constr(…)``, ``conlist(T, …)``, ``NewType("N", T)``."""
        name = last_name(call.callee)
        if name in CONSTRAINED:
            return limited(SIMPLE[CONSTRAINED[name]], call_constraints(call))
        if name in {"conlist", "conset"} and call.args:
            return limited(self._array(name, call.args[:1]), call_constraints(call))
        if name == "NewType" and len(call.args) == 2:
            return self.read(call.args[1])
        return UNKNOWN

    def _class(self, definition: ir.ClassDef) -> Declared:
        if is_enum(definition):
            return _enumeration(definition)
        if is_record(definition):
            return self._record(definition)
        bases = [one for one in definition.bases if last_name(one) in {"str", "int", "float"}]
        return self.read(bases[0]) if bases else UNKNOWN

    def _record(self, definition: ir.ClassDef) -> Declared:
        """A model: its fields, with those of its bases in the target."""
        parts: dict[str, Declared] = {}
        required: dict[str, bool] = {}
        for owner in self._lineage(definition):
            for one in members(owner):
                parts[one.name] = self.declared(one.annotation, one.value)
                optional = one.annotation.startswith("NotRequired") or _is_partial(owner)
                required[one.name] = is_required(one.value) and not optional
        properties: JsonObject = {name: one.schema for name, one in parts.items()}
        schema: JsonObject = {"type": "object", "properties": properties}
        needed: list[JsonValue] = [name for name, one in required.items() if one]
        if needed:
            schema["required"] = needed
        if definition.doc:
            schema["description"] = definition.doc
        return Declared(schema, _common(list(parts.values())) & ~g.SIZE_LIMITED)

    def _lineage(self, definition: ir.ClassDef) -> list[ir.ClassDef]:
        """The class after the bases of the target it extends, at most a dozen."""
        found, waiting = [definition], list(definition.bases)
        while waiting and len(found) < _DEEPEST:
            base = self._lookup(dotted(waiting.pop(0)))
            if isinstance(base, ir.ClassDef) and base not in found:
                found.insert(0, base)
                waiting.extend(base.bases)
        return found


_GENERIC: Final[dict[str, Callable[[_Reader, str, tuple[ir.Expr, ...]], Declared]]] = {
    "Literal": _Reader._literal,
    "Annotated": _Reader._annotated,
    "Optional": _Reader._optional,
    "Union": _Reader._union,
    **dict.fromkeys(sorted(WRAPPERS), _Reader._wrapped),
    **dict.fromkeys(sorted(ARRAYS), _Reader._array),
    **dict.fromkeys(sorted(OBJECTS), _Reader._object),
}


def _alternatives(expression: ir.Expr) -> list[ir.Expr]:
    """The parts of ``A | B | C``."""
    found: list[ir.Expr] = []
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ir.Binary) and one.op == "|":
            waiting += (one.right, one.left)
        else:
            found.append(one)
    return found


def _literals(parts: tuple[ir.Expr, ...]) -> Declared:
    values = [literal(one) for one in parts]
    known: list[JsonValue] = [one[0] for one in values if one is not None]
    if len(known) < len(values):
        return Declared({}, g.CHOSEN)
    return (
        SIMPLE["None"]
        if known == [None]
        else Declared({"enum": known, **_type_of(known)}, g.CHOSEN)
    )


def _enumeration(definition: ir.ClassDef) -> Declared:
    given = [one.value for one in definition.fields if one.value and one.name[:1] != "_"]
    return _literals(tuple(given)) if given else Declared({}, g.CHOSEN)


def _type_of(values: list[JsonValue]) -> JsonObject:
    kinds = {"string" if isinstance(one, str) else "" for one in values}
    kinds |= {"integer" for one in values if type(one) is int}
    kinds.discard("")
    whole = all(isinstance(one, str) or type(one) is int for one in values)
    return {"type": kinds.pop()} if whole and len(kinds) == 1 else {}


def _union(parts: list[Declared]) -> Declared:
    """One of several types; ``None`` takes no guarantee away from the others."""
    if any(not one.schema for one in parts):
        return UNKNOWN
    null = SIMPLE["None"].schema
    others = [one for one in parts if one.schema != null]
    if not others:
        return SIMPLE["None"]
    if len(others) == len(parts) == 1:
        return parts[0]
    options: list[JsonValue] = [one.schema for one in others]
    if len(others) < len(parts):
        options.append(null)
    return Declared({"anyOf": options}, _common(others))


def _common(parts: list[Declared]) -> int:
    """Guarantees that hold for each; a number or a choice is harmless, whichever it is."""
    if not parts:
        return 0
    held = parts[0].guarantees
    for one in parts[1:]:
        held &= one.guarantees
    if not held & g.SAFE and all(one.guarantees & g.SAFE for one in parts):
        held |= g.NUMBER
    return held


def _is_partial(definition: ir.ClassDef) -> bool:
    return any(
        word == "total" and isinstance(value, ir.Constant) and value.value is False
        for word, value in definition.keywords
    )
