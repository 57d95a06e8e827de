"""Parameters of routes that the framework makes itself are nothing that a caller gives."""

from __future__ import annotations

from analyze.levels import facts_of
from ostiary.analyze.declare.entry import EntryKind

DEPENDENCIES = """
from typing import Annotated
from fastapi import Depends, Query
class Store: pass
def get_store() -> Store: return Store()
StoreDep = Annotated[Store, Depends(get_store)]
Words = Annotated[str, Query(max_length=9)]
"""
ROUTES = """
from typing import Annotated
from fastapi import Depends, FastAPI
from dependencies import StoreDep, Words, get_store
app = FastAPI()

@app.get("/x")
async def find(one: StoreDep, two: Annotated[object, Depends(get_store)], words: Words, page: int):
    return words
"""


def test_aliases_of_injected_values_are_no_parameters_of_the_request() -> None:
    found = facts_of({"dependencies.py": DEPENDENCIES, "app.py": ROUTES})
    (route,) = (one for one in found.reached if one.entry.kind is EntryKind.ROUTE)
    assert [one.name for one in route.entry.parameters or ()] == ["words", "page"]
    assert set(route.entry.keywords) == {"words", "page"}
