"""Names in Python's declared types, looked up where they are written."""

from __future__ import annotations

from ostiary.analyze import ir
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.scope import Scope
from ostiary.analyze.dataflow.value import Class
from ostiary.analyze.python.annotations import Lookup, schema_of
from ostiary.model.json import JsonObject


def lookup_in(engine: Engine, scope: Scope) -> Lookup:
    """Classes of the target by the names a scope sees."""

    def lookup(name: str) -> ir.ClassDef | ir.Expr | None:
        value = engine.variable(scope, name)
        for ref in () if value is None else value.refs:
            if isinstance(ref, Class):
                return ref.definition
        return None

    return lookup


def class_schema(engine: Engine, one: Class) -> JsonObject:
    """The schema of a model, as ``model_json_schema`` would give it."""
    outer = lookup_in(engine, engine.class_scopes[one.number][0])
    name = one.definition.name

    def lookup(wanted: str) -> ir.ClassDef | ir.Expr | None:
        return one.definition if wanted == name else outer(wanted)

    return schema_of(name, None, lookup).schema
