"""What a function of the target returns when nobody in particular calls it."""

from __future__ import annotations

from ostiary.analyze import ir
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.frame import Frame
from ostiary.analyze.dataflow.scope import Scope
from ostiary.analyze.dataflow.value import Arguments, Closure, Value


def answer(engine: Engine, closure: Closure) -> Value:
    """The result, with what the function took from around it in place."""
    module = engine.body(closure.number).module
    frame = Frame(engine, module, Scope(), 0, "")
    node = ir.Node(closure.function.line, closure.function.column)
    return engine.apply(frame, closure, Arguments(), node)
