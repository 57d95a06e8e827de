"""Variables that say whether something was found: false at first, true where a test held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.frame import meet
from ostiary.analyze.dataflow.value import Origin

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


_Ask: TypeAlias = "Callable[[Frame, ir.Expr, bool], dict[Origin, int]]"


@dataclass(frozen=True, slots=True)
class Flag:
    """What is certain wherever a variable is true."""

    facts: Mapping[Origin, int] | None = None
    """``None`` where it was never set to anything but false."""
    followed: bool = True
    """Whether everything that was assigned to it is known."""


_LOST: Final = Flag(followed=False)
_OF: Final = frozenset((None, "or", "|", "and", "&"))


def note_flags(
    frame: Frame,
    targets: tuple[ir.Pattern, ...],
    node: ir.Assign | ir.Assigned,
    certain_if: _Ask,
) -> None:
    """An assignment that is about to be made."""
    if not frame.flags and not (node.value is None or isinstance(node.value, ir.Constant)):
        return
    for target in targets:
        _note(frame, target, node, certain_if)


def _note(
    frame: Frame, target: ir.Pattern, node: ir.Assign | ir.Assigned, certain_if: _Ask
) -> None:
    if not isinstance(target, ir.NamePattern):
        for name in bound(target) if frame.flags else ():
            frame.flags[name] = _LOST
        return
    name, value = target.id, node.value
    declares = isinstance(node, ir.Assign) and node.declares
    literal = node.op is None and _is_literal(value, declares)
    before = frame.flags.get(name)
    if before is None and not literal:
        return
    now = _literal(frame, value) if literal else _gained(frame, name, node, certain_if)
    fresh = declares and name not in frame.scope.variables
    again = not (declares or frame.conditions or frame.tries)
    if fresh or again:
        frame.flags[name] = now
    else:
        frame.flags[name] = _LOST if before is None else _either(before, now)


def certain_by_flag(frame: Frame, name: str) -> Mapping[Origin, int]:
    """What is certain where the variable is true."""
    flag = frame.flags.get(name)
    if flag is None or not flag.followed or flag.facts is None:
        return {}
    owner = frame.scope.find(name)
    return {} if owner is None or name in owner.shared else flag.facts


def _is_literal(value: ir.Expr | None, declares: bool) -> bool:
    if value is None:
        return declares
    return isinstance(value, ir.Constant) and (value.value is None or isinstance(value.value, bool))


def _literal(frame: Frame, value: ir.Expr | None) -> Flag:
    true = isinstance(value, ir.Constant) and value.value
    return Flag(_lasting(frame, frame.facts)) if true else Flag()


def _gained(frame: Frame, name: str, node: ir.Assign | ir.Assigned, certain_if: _Ask) -> Flag:
    if node.value is None or node.op not in _OF:
        return _LOST
    facts = dict(frame.facts)
    for origin, bits in certain_if(frame, _other_than(node.value, name), True).items():
        facts[origin] = g.learned(facts.get(origin, 0), bits)
    return Flag(_lasting(frame, facts))


def _other_than(value: ir.Expr, name: str) -> ir.Expr:
    """The test in ``found = found || test``: what was true before is known from before."""
    if isinstance(value, ir.Logical) and value.op == "or" and isinstance(value.left, ir.Name):
        return value.right if value.left.id == name else value
    return value


def _lasting(frame: Frame, facts: Mapping[Origin, int]) -> Mapping[Origin, int]:
    """What is still so after the loops around: not what is of one of the things gone through."""
    return {
        origin: bits
        for origin, bits in facts.items()
        if not any(origin in over for over in frame.over)
        and not ("*" in getattr(origin, "path", ()) and frame.loops)
    }


def _either(before: Flag, now: Flag) -> Flag:
    if not (before.followed and now.followed):
        return _LOST
    if before.facts is None or now.facts is None:
        return now if before.facts is None else before
    return Flag(meet(before.facts, now.facts))


def declared(statement: ir.Stmt) -> Iterator[str]:
    """Names that a statement declares for the block of a script that it stands in."""
    match statement:
        case ir.Assign(declares=True, hoisted=False):
            for target in statement.targets:
                yield from bound(target)
        case ir.Define():
            yield statement.function.name
        case ir.DefineClass():
            yield statement.definition.name


def bound(pattern: ir.Pattern) -> Iterator[str]:
    """Names that a pattern binds."""
    inner: tuple[ir.Pattern | None, ...] = ()
    match pattern:
        case ir.NamePattern():
            yield pattern.id
        case ir.DefaultPattern():
            inner = (pattern.pattern,)
        case ir.SequencePattern():
            inner = (*pattern.items, pattern.rest)
        case ir.ObjectPattern():
            inner = (*(one for _, one in pattern.entries), pattern.rest)
    for one in inner:
        if one is not None:
            yield from bound(one)
