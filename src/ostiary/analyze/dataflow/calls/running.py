"""Which functions of Python that are called also run there: a coroutine where it is waited for, a
generator where it is gone through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame
    from ostiary.analyze.dataflow.value import Closure

_RUNNERS: Final = frozenset({"run", "run_until_complete", "run_coroutine_threadsafe"})
_GO_THROUGH: Final = frozenset(
    {"list", "tuple", "set", "dict", "sorted", "sum", "min", "max", "any", "all", "next"}
)
_DEEPEST: Final = 4


def runs(frame: Frame, closure: Closure, node: ir.Node) -> bool:
    """Whether a call carries its function out to its end before the path goes on."""
    function = closure.function
    if closure.number in frame.engine.replaced:
        return False
    if not frame.python or not (function.is_async or function.is_generator):
        return True
    if function.is_generator and function.decorators:  # a context
        return True
    return node in frame.engine.carried_out


def carry_out(frame: Frame, node: ir.Expr | None, depth: int = 0) -> None:
    """Note the calls that are carried out where ``node`` is waited for, or gone through."""
    if depth > _DEEPEST:
        return
    match node:
        case ir.Call() if not any(name == "return_exceptions" for name, _ in node.keywords):
            frame.engine.carried_out.add(node)
            for one in node.args:
                carry_out(frame, one, depth + 1)
        case ir.Spread():
            carry_out(frame, node.value, depth + 1)
        case ir.Comprehension():
            carry_out(frame, node.element, depth + 1)
        case ir.Sequence():
            for one in node.items:
                carry_out(frame, one, depth + 1)


def note_run(frame: Frame, node: ir.Call) -> None:
    """``asyncio.run(check(name))``, ``list(checked(names))``."""
    callee = node.callee
    if type(callee) is ir.Name:
        runner = callee.id in _GO_THROUGH
    else:
        runner = type(callee) is ir.Member and callee.name in _RUNNERS
    if runner:
        carry_out(frame, node)
