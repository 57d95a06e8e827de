"""Functions inside schemas: what a refinement or a transform does with an argument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Closure, Flow, Recipe, Source, SourceKind, Value
from ostiary.analyze.declare.recipes import recipes

_RUNS: Final = frozenset(
    {"transform", "refine", "superRefine", "preprocess", "check", "overwrite", "custom"}
)
_DEEPEST: Final = 12


def schema_code(schema: Value | None, owner: str) -> tuple[tuple[Closure, tuple[Value, ...]], ...]:
    """Each function of a schema with the argument it is called with."""
    if schema is None:
        return ()
    return tuple(
        (closure, (Value(flows={Source(SourceKind.MODEL, name, owner): Flow(g.EXACT)}),))
        for name, closure in _inside(schema, "", 0)
    )


def _inside(value: Value, path: str, depth: int) -> Iterator[tuple[str, Closure]]:
    if depth > _DEEPEST:
        return
    for made in recipes(value):
        yield from _of_call(made, path, depth)
    for name, part in value.fields.items():
        if not name.isdigit() and name != "*":
            yield from _inside(part, f"{path}.{name}" if path else name, depth + 1)


def _of_call(made: Recipe, path: str, depth: int) -> Iterator[tuple[str, Closure]]:
    if made.base is not None:
        yield from _inside(made.base, path, depth + 1)
    runs = made.callee.rpartition(".")[2] in _RUNS
    for one in made.args:
        if runs:
            yield from ((path, closure) for closure in one.closures())
        yield from _inside(one, path, depth + 1)
