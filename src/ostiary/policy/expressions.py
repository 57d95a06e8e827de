"""Reads a Cedar expression: what of a request it looks at, and whether it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from cedarpy import pst

EVERYTHING = "*"


class Read(NamedTuple):
    """One fact of a request that an expression looks at."""

    fact: str
    """An attribute of ``context``; ``*`` if it cannot be told which."""
    name: str | None = None
    """The tag or the inner attribute; ``None`` for the whole fact."""


def reads(node: object) -> Iterator[Read]:
    """Everything of ``context`` that an expression looks at."""
    found = read_of(node)
    if found is not None:
        yield found
        # The name of a tag may itself be computed from the request.
        if isinstance(node, pst.BinaryOp):
            yield from reads(node.right)
        return
    for child in children(node):
        yield from reads(child)


def read_of(node: object) -> Read | None:
    """The fact of the request that ``node`` itself is, or asks about, if it is one."""
    if isinstance(node, pst.Var) and node.name == "context":
        return Read(EVERYTHING)
    if isinstance(node, pst.BinaryOp) and node.op in ("has_tag", "get_tag"):
        return _tag(node)
    if isinstance(node, pst.GetAttr):
        return _attribute(node)
    if isinstance(node, pst.HasAttr):
        return _presence(node)
    return None


def _tag(node: pst.BinaryOp) -> Read | None:
    fact = _fact(node.left)
    if fact is None:
        return None
    return Read(fact, node.right.value if isinstance(node.right, pst.StringLit) else None)


def _attribute(node: pst.GetAttr) -> Read | None:
    fact = _fact(node)
    if fact is not None:
        return Read(fact)
    outer = _fact(node.base)
    return None if outer is None else Read(outer, node.attr)


def _presence(node: pst.HasAttr) -> Read | None:
    if _is_context(node.base):
        return Read(node.attrs[0], node.attrs[1] if len(node.attrs) > 1 else None)
    outer = _fact(node.base)
    return None if outer is None else Read(outer, node.attrs[0])


def _fact(node: object) -> str | None:
    """The attribute of ``context`` that ``node`` is, if it is one."""
    if isinstance(node, pst.GetAttr) and _is_context(node.base):
        return node.attr
    return None


def _is_context(node: object) -> bool:
    return isinstance(node, pst.Var) and node.name == "context"


_ARITHMETIC = frozenset({"add", "sub", "mul", "neg", "offset", "duration_since"})
_CONSTRUCTORS = frozenset({"datetime", "decimal", "duration", "ip"})


def can_fail(node: object) -> bool:
    """Whether evaluation may end in an error although the policy is valid: an overflow, or a
    text that is no number, date or address."""
    if isinstance(node, pst.BinaryOp | pst.UnaryOp):
        if node.op in _ARITHMETIC:
            return True
        if (
            isinstance(node, pst.UnaryOp)
            and node.op in _CONSTRUCTORS
            and not isinstance(node.arg, pst.StringLit)
        ):
            return True
    return any(can_fail(child) for child in children(node))


def names_thing(node: object) -> bool:
    """Whether a thing's name or digest is looked at, so that two things that differ only in them
    may be decided differently."""
    if isinstance(node, pst.GetAttr) and node.attr in ("name", "digest"):
        return not (isinstance(node.base, pst.Var) and node.base.name == "principal")
    return any(names_thing(child) for child in children(node))


def children(node: object) -> Iterator[object]:
    """The nodes directly below one."""
    if isinstance(node, tuple | list):
        yield from node
    elif isinstance(node, dict):
        yield from node.values()
    elif is_dataclass(node):
        for field in fields(node):
            yield getattr(node, field.name)


def parted(
    clauses: tuple[pst.Clause, ...],
) -> tuple[tuple[pst.Clause, ...], tuple[pst.Clause, ...]]:
    """The leading conditions that do not look at the request, and all others.

    Cedar evaluates conditions from left to right and stops at the first that is false. So a policy
    whose leading conditions are false is false whatever the request holds, and if they fail it
    fails. A condition behind one that looks at the request decides nothing by itself.
    """
    parts: list[pst.Clause] = []
    for clause in clauses:
        if isinstance(clause, pst.Unless):
            parts.append(clause)
        else:
            parts += [pst.When(one) for one in _conjuncts(clause.expr)]
    first = next((at for at, one in enumerate(parts) if any(reads(one.expr))), len(parts))
    return tuple(parts[:first]), tuple(parts[first:])


def _conjuncts(node: pst.Expr) -> Iterator[pst.Expr]:
    if isinstance(node, pst.BinaryOp) and node.op == "and":
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node
