"""The parameters of a Python function that a caller fills in."""

from __future__ import annotations

import re

from ostiary.analyze import ir
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Closure
from ostiary.analyze.declare.entry import EntryParameter
from ostiary.analyze.declare.python_types import lookup_in
from ostiary.analyze.python.annotations import parameter

WORD = re.compile(r"\w+")
"""Words of a declared type."""
INJECTED = frozenset({"Context", "ServerSession", "Request", "RequestContext"})
"""Names in a declared type by which a framework, and not the caller, gives the value."""


def parameters_of_function(engine: Engine, handler: Closure) -> tuple[EntryParameter, ...]:
    """Parameters as they are declared; a receiver and what a framework gives are left out."""
    body = engine.body(handler.number)
    lookup = lookup_in(engine, body.scope)
    found: list[EntryParameter] = []
    for index, one in enumerate(handler.function.params):
        if one.kind in ("rest", "keywords") or INJECTED & set(WORD.findall(one.annotation)):
            continue
        if index == 0 and body.owner is not None and handler.function.kind != "static":
            continue
        if isinstance(one.pattern, ir.NamePattern):
            found.append(parameter(one, handler.function.doc, lookup))
    return tuple(found)
