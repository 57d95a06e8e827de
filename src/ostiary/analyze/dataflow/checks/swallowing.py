"""Blocks of ``with`` that go on after a failure inside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.value import Closure, Instance, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_SUPPRESS: Final = "contextlib.suppress"
_LEAVES: Final = ("__exit__", "__aexit__")


def swallows(frame: Frame, block: ir.With, opened: Iterable[Value]) -> bool:
    """Whether a failure inside may be caught by what the block is opened with."""
    return (
        any(_catches_failures(frame, one) for one in opened)
        or any(_made_by(frame, one) for one, _ in block.items)
        or any(_entered(frame, one) for one in block.body)
    )


def _catches_failures(frame: Frame, held: Value) -> bool:
    return f"{_SUPPRESS}()" in held.externals() or any(
        _leaves_quietly(frame, one) for one in held.refs if isinstance(one, Instance)
    )


def _made_by(frame: Frame, node: ir.Expr) -> bool:
    return isinstance(node, ir.Call) and any(map(_goes_on, quietly(frame, node.callee).closures()))


def _entered(frame: Frame, statement: ir.Stmt) -> bool:
    """``stack.enter_context(suppress(…))``."""
    match statement:
        case ir.Do(value=ir.Call(callee=ir.Member(name="enter_context"), args=(one, *_))):
            return _catches_failures(frame, quietly(frame, one)) or _made_by(frame, one)
    return False


def _leaves_quietly(frame: Frame, one: Instance) -> bool:
    """Whether ``__exit__`` returns anything but what is false."""
    for now in frame.engine.lineage(one.of):
        for name in _LEAVES:
            method = frame.engine.class_methods.get(now.number, {}).get(name)
            if method is not None:
                return any(map(_may_be_true, _returned(method.function.body)))
    return False


def _may_be_true(node: ir.Expr | None) -> bool:
    if isinstance(node, ir.Constant):
        return bool(node.value)
    handed_on = isinstance(node, ir.Await | ir.Call) and _hands_on(node)
    return node is not None and not handed_on


def _hands_on(node: ir.Expr) -> bool:
    """``self.inner.__exit__(…)``: what something else says."""
    call = node.value if isinstance(node, ir.Await) else node
    callee = call.callee if isinstance(call, ir.Call) else None
    return isinstance(callee, ir.Member) and callee.name in _LEAVES


def _goes_on(closure: Closure) -> bool:
    """A function that is a context: whether it goes on after a failure where it yields."""
    function = closure.function
    return function.is_generator and any(
        _catches(one) for one in _inside(function.body) if isinstance(one, ir.Try)
    )


def _catches(node: ir.Try) -> bool:
    handled = any(not (body and isinstance(body[-1], ir.Throw)) for _, _, body in node.handlers)
    return handled and any(_yields(one) for one in _inside(node.body))


def _yields(statement: ir.Stmt) -> bool:
    return isinstance(statement, ir.Do | ir.Assign) and isinstance(statement.value, ir.Yield)


def _returned(body: Iterable[ir.Stmt]) -> Iterator[ir.Expr | None]:
    for one in _inside(body):
        if isinstance(one, ir.Return):
            yield one.value


def _inside(body: Iterable[ir.Stmt]) -> Iterator[ir.Stmt]:
    """Statements with those inside them, as far as they are run in their place."""
    stack = list(body)
    while stack:
        one = stack.pop()
        yield one
        match one:
            case ir.If():
                stack.extend((*one.then, *one.other))
            case ir.Try():
                handled = [inner for _, _, part in one.handlers for inner in part]
                stack.extend((*one.body, *handled, *one.other, *one.final))
            case ir.With() | ir.Block() | ir.Loop():
                stack.extend(one.body)
