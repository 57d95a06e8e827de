"""How many places call a function: one that several share cannot know what each of them means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Place

_CALLS = "calls "
_PARTS: dict[type, tuple[str, ...]] = {}


def call_sites(modules: Iterable[ir.Module]) -> Counter[str]:
    """Calls in the source, by the name that is called."""
    found: Counter[str] = Counter()
    waiting: list[object] = [module.body for module in modules]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif isinstance(node, ir.Node | ir.Parameter | ir.ClassField):
            if isinstance(node, ir.Call):
                found[_called(node.callee)] += 1
            waiting.extend(getattr(node, name) for name in _parts(node))
    return found


def handed_over(effect: Effect, sites: Counter[str]) -> Place:
    """Where the last function that several places share was called on the way to an effect; the
    effect's own place if there is none."""
    for step in reversed(effect.chain):
        name = step.says.removeprefix(_CALLS)
        if name != step.says and not name.startswith("<") and sites[name] > 1:
            return step.place
    return effect.place


def first_handed_over(effect: Effect, sites: Counter[str]) -> Place:
    """Where the first function that several places share was called on the way to an effect: what
    it is given was put together there."""
    for step in effect.chain:
        name = step.says.removeprefix(_CALLS)
        if name != step.says and not name.startswith("<") and sites[name] > 1:
            return step.place
    return effect.place


def _called(callee: object) -> str:
    if isinstance(callee, ir.Name):
        return callee.id
    return callee.name if isinstance(callee, ir.Member) else ""


def _parts(node: ir.Node | ir.Parameter | ir.ClassField) -> tuple[str, ...]:
    """Fields that may hold further nodes."""
    known = _PARTS.get(type(node))
    if known is None:
        known = tuple(one.name for one in fields(node) if one.name not in ("line", "column"))
        _PARTS[type(node)] = known
    return known
