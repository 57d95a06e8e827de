"""What tests say of a path that must not lead up: of the way from a folder to it, or of its
shortest form. In both, ``..`` stands at the beginning or nowhere.

``..`` with a separator refuses what lies above, and ``..`` itself has to be refused too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.checks.either import Certain
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.value import Hole, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_UP: Final = ".."
_FURTHER: Final = ("../", "..\\")
_HALVES: Final = g.NOT_UP | g.NOT_FURTHER_UP


def marked(value: Value, bit: int) -> bool:
    """Whether something that flowed in is of this kind."""
    return bool(value.flows) and any(flow.guarantees & bit for flow in value.flows.values())


def is_separator(value: Value) -> bool:
    """Whether it is the separator of paths, by its name."""
    return any(name.rpartition(".")[2] == "sep" for name in value.externals())


def not_up(value: Value, node: ir.Expr, against: Value) -> Iterator[Certain]:
    """``path !== ".."``, also of one part of a path."""
    if against.known_text == _UP and value.flows:
        yield Certain(node, g.NOT_UP)


def not_beginning(value: Value, node: ir.Expr, text: str) -> Iterator[Certain]:
    """``!path.startsWith(text)``."""
    if text == _UP and marked(value, g.RELATIVE_OF | g.DOTS_FIRST):
        yield Certain(node, _inside(value))
    elif text in _FURTHER:
        yield from _not_further_up(value, node)
    elif text == "/":
        yield Certain(node, g.NOT_ABSOLUTE)


def not_further_up(value: Value, node: ir.Expr, prefix: Value) -> Iterator[Certain]:
    """``!path.startsWith(".." + sep)``."""
    if prefix.text and prefix.text[0] == _UP and all(_is_open(one) for one in prefix.text[1:]):
        yield from _not_further_up(value, node)


def _is_open(piece: str | Hole) -> bool:
    return isinstance(piece, Hole) and not piece.of


def _not_further_up(value: Value, node: ir.Expr) -> Iterator[Certain]:
    if marked(value, g.RELATIVE_OF | g.DOTS_FIRST):
        yield Certain(node, g.NOT_FURTHER_UP)


def leads_up_nowhere(
    frame: Frame, left: Sequence[Certain], right: Sequence[Certain]
) -> Iterator[Certain]:
    """Both halves together, of one variable."""
    halves: dict[str, int] = {}
    for one in (*left, *right):
        if one.bits & _HALVES and isinstance(one.node, ir.Name):
            name = one.node.id
            before = halves.get(name, 0)
            halves[name] = before | one.bits & _HALVES
            if before != _HALVES and halves[name] == _HALVES:
                yield Certain(one.node, _inside(quietly(frame, one.node)))


def taken_apart(frame: Frame, node: ir.Expr) -> ir.Expr | None:
    """The path of which an expression is the parts: ``p.split("/")``, ``Path(p).parts``."""
    if isinstance(node, ir.Member) and node.name == "parts":
        made = node.base
        return made.args[0] if isinstance(made, ir.Call) and len(made.args) == 1 else made
    if not isinstance(node, ir.Call) or not isinstance(node.callee, ir.Member) or not node.args:
        return None
    apart = node.callee.name == "split" and _is_of_paths(frame, node.args[0])
    return node.callee.base if apart else None


def _is_of_paths(frame: Frame, node: ir.Expr) -> bool:
    if isinstance(node, ir.Regex):
        return "/" in node.pattern
    between = quietly(frame, node)
    return between.known_text == "/" or is_separator(between)


def _inside(value: Value) -> int:
    """What does not lead up from a folder lies in it; what is not known to begin there may still
    begin at a root."""
    return g.CONTAINED if marked(value, g.RELATIVE_OF) else g.NO_DOTS
