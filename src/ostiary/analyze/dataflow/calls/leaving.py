"""Calls after which nothing goes on: functions that always throw, and ends of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.checks.whichever import only_functions
from ostiary.analyze.dataflow.expressions import quietly

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_ENDS: Final = frozenset(
    (
        *("process.exit", "process.abort", "Deno.exit"),
        *("sys.exit", "os._exit", "os.abort", "exit", "quit"),
    )
)


def leaves(frame: Frame, node: ir.Expr) -> bool:
    """Whether the path ends with this expression. What is called without being waited for goes on
    beside it."""
    waited = isinstance(node, ir.Await)
    call = node.value if isinstance(node, ir.Await) else node
    if not isinstance(call, ir.Call):
        return False
    facts = frame.facts
    frame.facts = dict(facts)
    callee = quietly(frame, call.callee)
    frame.facts = facts
    functions = only_functions(callee)
    if not functions:
        return any(callee.externals()) and _ENDS.issuperset(callee.externals())
    return all(
        (waited or not one.function.is_async)
        and one.number not in frame.engine.replaced
        and frame.engine.summary(one).never_returns
        for one in functions
    )
