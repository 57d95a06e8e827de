"""States of a path: what branches start from, and what is left where they meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ostiary.analyze.dataflow.frame import Frame, State, meet
from ostiary.analyze.dataflow.join import alternatives
from ostiary.analyze.dataflow.scope import Binding
from ostiary.analyze.dataflow.value import Value


def take(frame: Frame) -> State:
    return State(dict(frame.scope.variables), dict(frame.facts), dict(frame.tests), frame.ended)


def put(frame: Frame, state: State) -> None:
    variables = frame.scope.variables
    variables.clear()
    variables.update(state.variables)
    frame.facts = dict(state.facts)
    frame.tests = dict(state.tests)
    frame.ended = state.ended


def meet_again(frame: Frame, states: Iterable[State]) -> None:
    """The state after paths meet; a path that ended does not arrive."""
    every = list(states)
    arriving = [state for state in every if not state.ended]
    if not arriving:
        put(frame, every[0])
        frame.ended = True
        return
    first, *rest = arriving
    variables, facts, tests = dict(first.variables), first.facts, dict(first.tests)
    for state in rest:
        facts = meet(facts, state.facts)
        tests = {name: test for name, test in tests.items() if state.tests.get(name) is test}
        for name, binding in state.variables.items():
            known = variables.get(name)
            if known is None:
                variables[name] = binding
            elif known is not binding and isinstance(known, Value) and isinstance(binding, Value):
                variables[name] = alternatives((known, binding))
    put(frame, State(variables, dict(facts), tests, False))


def branch(frame: Frame, start: State, run: Callable[[], None]) -> State:
    put(frame, start)
    run()
    return take(frame)


def at_any_place(before: Mapping[str, Binding], after: Mapping[str, Binding]) -> dict[str, Binding]:
    """Variables where a block ended at any place: as they were, or as it left them."""
    variables = {**before, **after}
    for name, known in before.items():
        binding = variables[name]
        if known is not binding and isinstance(known, Value) and isinstance(binding, Value):
            variables[name] = alternatives((known, binding))
    return variables
