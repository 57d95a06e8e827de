"""How many places call a function: one that several share cannot know what each of them means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.written.walk import below

_CALLS = "calls "


def call_sites(modules: Iterable[ir.Module]) -> Counter[str]:
    """Calls in the source, by the name that is called; the last source asked for is remembered."""
    return _counted(tuple(modules))


@lru_cache(maxsize=1)
def _counted(modules: tuple[ir.Module, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    waiting: list[object] = [module.body for module in modules]
    while waiting:
        node = waiting.pop()
        if type(node) is tuple:
            waiting += node
            continue
        if type(node) is ir.Call:
            found[_called(node.callee)] += 1
        waiting += below(node)
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
