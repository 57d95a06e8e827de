"""Objects that are walked down by the keys that a caller names."""

from __future__ import annotations

import pytest

from analyze.judged import script
from ostiary.analyze.rules import prototype_pollution

WALKS = {
    "let c = o; for (const k of keys) { c[k] = c[k] || {}; c = c[k]; } c[last] = a.v;": 2,
    "let c = o; for (const k of keys) { c = c[k]; } c[last] = a.v;": 1,
    "let c = o; for (const k of keys) { c = c.get(k); } c.set(last, a.v);": 0,
    "let c = o; c[last] = a.v;": 0,
}


@pytest.mark.parametrize(("does", "count"), WALKS.items())
def test_an_object_that_is_walked_by_keys_of_a_caller(does: str, count: int) -> None:
    head = 'const o: any = {}; const keys = a.x.split("."); const last = keys.pop(); '
    found = script(prototype_pollution.CHECK, head + does, "x: z.string(), v: z.string()")
    assert len(found) == count
