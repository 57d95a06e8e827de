"""Other ways to write a test: by a place in a list, in another case, of all in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.parts import nodes

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_PLACES: Final = frozenset(
    ("indexOf", "lastIndexOf", "find", "rfind", "search", "findIndex", "findLastIndex")
)
"""Calls that give a place, and -1 where there is none."""
_CASES: Final = frozenset(
    ("lower", "upper", "casefold", "toLowerCase", "toUpperCase", "toLocaleLowerCase")
)
_ENDS: Final = frozenset(("strip", "lstrip", "trim", "trimStart"))
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_PRESENT: Final = {
    (">=", 0): True,
    (">", -1): True,
    ("<", 0): False,
    ("<=", -1): False,
    ("==", -1): False,
    ("!=", -1): True,
}
_SETS: Final = frozenset(("set", "frozenset", "list", "tuple"))


def is_place(node: ir.Expr) -> bool:
    """Whether it is a call that says where something stands."""
    return (
        isinstance(node, ir.Call)
        and isinstance(node.callee, ir.Member)
        and node.callee.name in _PLACES
    )


def found_by(test: ir.Compare, truth: bool) -> tuple[ir.Call, bool] | None:
    """``row.indexOf(name) < 0``: the call, and whether it found something where the comparison
    came out so; ``None`` if that is not known."""
    one, op, other = test.left, test.op, test.right
    if not is_place(one):
        one, op, other = other, _TURNED.get(op, op), one
    if not (isinstance(one, ir.Call) and is_place(one)):
        return None
    if not isinstance(other, ir.Constant) or not isinstance(other.value, int):
        return None
    present = _PRESENT.get((op, other.value))
    if present is not None:
        return one, present == truth
    return (one, True) if op in ("==", "!=") and truth == (op == "==") else None


def orders(test: ir.Expr) -> bool:
    """Whether a test asks which of two is more."""
    compared = (one for one in nodes((test,)) if isinstance(one, ir.Compare))
    return any(one.op in _TURNED for one in compared)


def is_local(frame: Frame, node: ir.Call) -> bool:
    """Whether what is called is a function that was made in this call of a function around it."""
    if isinstance(node.callee, ir.Lambda):
        return True
    owner = frame.scope.find(node.callee.id) if isinstance(node.callee, ir.Name) else None
    return owner is not None and owner.number != 0


def in_other_case(node: ir.Expr) -> ir.Expr | None:
    """What ``name.lower()`` is a form of. A name that is in a list in another case is no less one
    of a fixed set."""
    callee = node.callee if isinstance(node, ir.Call) and not node.args else None
    return callee.base if isinstance(callee, ir.Member) and callee.name in _CASES else None


def without_ends(node: ir.Expr) -> ir.Expr | None:
    """What ``line.strip()`` is a form of: it begins with the same word."""
    callee = node.callee if isinstance(node, ir.Call) and not node.args else None
    return callee.base if isinstance(callee, ir.Member) and callee.name in _ENDS else None


def elements_of(node: ir.Expr) -> tuple[ir.Expr, ...]:
    """What is in a row that is written out, else the row; of ``set(row)``, the row."""
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Name) and node.callee.id in _SETS:
        return elements_of(node.args[0]) if len(node.args) == 1 else (node,)
    return node.items if isinstance(node, ir.Sequence) and node.items else (node,)
