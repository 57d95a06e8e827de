"""Classes that have the form of a tool, for servers whose registry of them cannot be followed.

A name, a method that says what the tool is and a method that does the work. The name is a field of
the class, or what its constructor hands to the one it builds on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Class, Closure, Instance, Place, SourceKind, Value
from ostiary.analyze.declare.answers import answer
from ostiary.analyze.declare.dispatch import given_arguments
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.listed import Listed, instance_parts, listed
from ostiary.analyze.declare.python_parameters import parameters_of_function
from ostiary.analyze.declare.recipes import function, prose, text
from ostiary.analyze.declare.schemas import Checked
from ostiary.analyze.declare.sources import named

FORM: Final = "class form"
"""The framework of a tool that is known by the form of its class alone, schema apart."""
_WORKS: Final = (
    "run_tool",
    "execute",
    "run",
    "handle",
    "handler",
    "call",
    "invoke",
    "_run",
    "_execute",
    "execute_tool",
    "call_tool",
    "__call__",
)
_TELLS: Final = re.compile(
    r"\A(?:get_?|to_?|as_?|build_?)?(?:mcp_?)?(?:tool|tool_?desc\w*|tool_?def\w*|definition|spec|"
    r"tool_?schema|tool_?spec|tool_?info)\Z",
    re.IGNORECASE,
)
_WHOLE: Final = frozenset(
    {"args", "arguments", "params", "input", "inputs", "parameters", "payload", "tool_input"}
)
_BUILDERS: Final = ("__init__", "constructor")


def formed(engine: Engine) -> Iterator[Entry]:
    """An entry a class that has the form."""
    for one in engine.classes.values():
        parts = {**instance_parts(engine, Instance(one)), **_handed_up(engine, one)}
        works = next((found for name in _WORKS if (found := function(parts.get(name)))), None)
        if works is None:
            continue
        told = _told(engine, one, parts)
        if told is not None and told.name:
            yield _entry(engine, one, parts, works, told)


def _told(engine: Engine, one: Class, parts: dict[str, Value]) -> Listed | None:
    """What the class says of its tool: by a method, or in fields."""
    receiver = Value(refs=(Instance(one),), fields=parts)
    for name, part in parts.items():
        closure = function(part)
        if closure is None or not _TELLS.match(name) or name in _WORKS:
            continue
        bound = replace(closure, bound=receiver)
        for found in listed(engine, answer(engine, bound), checked=Checked.NOT):
            return found if found.name else replace(found, name=text(parts.get("name")))
    name = text(parts.get("name")) or text(parts.get("tool_name"))
    description = prose(parts.get("description"))
    return Listed(name, None, description=description) if name and description else None


def _entry(
    engine: Engine, one: Class, parts: dict[str, Value], works: Closure, told: Listed
) -> Entry:
    receiver = Value(refs=(Instance(one),), fields=parts)
    parameters = told.parameters
    binds: tuple[Value, ...] = ()
    keywords: dict[str, Value] = {}
    if _takes_whole(one, works):
        binds = (given_arguments(told.name, parameters, checked=Checked.NOT),)
    else:
        own = parameters_of_function(engine, works)
        parameters = own if parameters is None else parameters
        keywords = named(SourceKind.MODEL, told.name, own, checked=Checked.NOT)
    return Entry(
        kind=EntryKind.TOOL,
        name=told.name,
        place=Place(one.file, one.definition.line, one.definition.column),
        framework=FORM,
        title=told.title,
        description=told.description or one.definition.doc,
        parameters=parameters,
        annotations=told.annotations,
        handler=replace(works, bound=receiver),
        binds=binds,
        keywords=keywords,
    )


def _takes_whole(one: Class, works: Closure) -> bool:
    """Whether the method is given all arguments in one object."""
    if not one.file.endswith(".py"):
        return True
    own = [param for param in works.function.params if param.kind == "plain"][1:]
    if len(own) != 1 or not isinstance(own[0].pattern, ir.NamePattern):
        return False
    declared = own[0].annotation.lower()
    return own[0].pattern.id in _WHOLE or declared.startswith(("dict", "mapping"))


# ── what a constructor hands to the one it builds on ─────────────────────────────────────────────


def _handed_up(engine: Engine, one: Class) -> dict[str, Value]:
    """Fields that the base's constructor takes from literal arguments of this one's."""
    lineage = engine.lineage(one)
    if len(lineage) < 2:
        return {}
    own, base = _builder(one), _builder(lineage[1])
    call = None if own is None else next(_calls_of_super(own), None)
    if call is None or base is None:
        return {}
    names = [param.pattern.id for param in base.params if isinstance(param.pattern, ir.NamePattern)]
    names = names[1:] if one.file.endswith(".py") else names
    given = dict(zip(names, call.args, strict=False))
    given.update({name: value for name, value in call.keywords if name})
    fields: dict[str, Value] = {}
    for field, param in _assigned(base):
        value = _literal(engine, one, given.get(param))
        if value is not None:
            fields[field] = value
    return fields


def _builder(one: Class) -> ir.FunctionDef | None:
    return next((each for each in one.definition.methods if each.name in _BUILDERS), None)


def _calls_of_super(function: ir.FunctionDef) -> Iterator[ir.Call]:
    for stmt in function.body:
        call = stmt.value if isinstance(stmt, ir.Do) else None
        if not isinstance(call, ir.Call):
            continue
        callee = call.callee
        named = callee.id if isinstance(callee, ir.Name) else getattr(callee, "name", "")
        if named in ("super", *_BUILDERS):
            yield call


def _assigned(function: ir.FunctionDef) -> Iterator[tuple[str, str]]:
    """Fields that are set to a parameter: the field and the parameter."""
    for stmt in function.body:
        if not isinstance(stmt, ir.Assign) or not isinstance(stmt.value, ir.Name):
            continue
        for target in stmt.targets:
            if isinstance(target, ir.PlacePattern) and isinstance(target.place, ir.Member):
                yield target.place.name, stmt.value.id


def _literal(engine: Engine, one: Class, node: ir.Expr | None) -> Value | None:
    if isinstance(node, ir.Constant):
        known = node.value if isinstance(node.value, str) else None
        return None if known is None else Value(text=(known,), scalar=known, literal=True)
    if isinstance(node, ir.Name):
        return engine.variable(engine.class_scopes[one.number][0], node.id)
    return None
