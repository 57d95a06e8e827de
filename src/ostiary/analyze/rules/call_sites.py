"""How many places call a function: one that several share cannot know what each of them means. One
that is handed a whole request answers it, from wherever it is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Flow, Place
from ostiary.analyze.written.walk import below

_CALLS = "calls "
_PASSED = "is passed to "
_JOINED = frozenset({"is put into a string", "is joined to a string"})
_WHOLE = frozenset({"request", "req", "params", "arguments", "args"})
"""What people call everything that a caller sent."""


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
        if type(node) is ir.Call and not any(_is_whole(one) for one in node.args):
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


def handed_on(effect: Effect, flow: Flow, sites: Counter[str]) -> Place:
    """Where text was given to the first function that several places share once the value had
    become a part of it; the effect's own place if there is none. What is given over as it came was
    put together nowhere else."""
    joined = [at for at, step in enumerate(flow.steps) if step.says in _JOINED]
    steps = flow.steps[joined[-1] + 1 :] if joined else effect.chain
    before = _PASSED if joined else _CALLS
    for step in steps:
        name = step.says.removeprefix(before)
        if name != step.says and not name.startswith("<") and sites[name] > 1:
            return step.place
    return effect.place


def _is_whole(node: object) -> bool:
    return _called(node) in _WHOLE


def _called(callee: object) -> str:
    if isinstance(callee, ir.Name):
        return callee.id
    return callee.name if isinstance(callee, ir.Member) else ""
