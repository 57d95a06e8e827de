"""How large a schema becomes once its local references are written out."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from ostiary.model.json import JsonObject, JsonValue

_INTO_DATA = frozenset(
    ("properties", "patternProperties", "items", "prefixItems", "additionalProperties", "contains")
)
_NAMES_ONLY = frozenset(("$defs", "definitions"))
_MOST_STEPS = 20_000


class Expansion(Enum):
    """What becomes of a schema with its references written out."""

    ORDINARY = "ordinary"
    HUGE = "huge"
    ENDLESS = "endless"
    """It refers to itself without a step into data: checking it never ends."""


def expansion(root: JsonObject, limit: int) -> Expansion:
    """Write references out in thought: count instead of copying. Never recurses deeply."""
    sizes: dict[str, int] = {}
    state: dict[str, bool] = {}
    stack: list[tuple[str, bool]] = [("#", False)]
    steps = 0
    while stack:
        target, done = stack.pop()
        steps += 1
        if steps > _MOST_STEPS:
            return Expansion.HUGE
        if done:
            sizes[target] = _size(root, target, sizes)
            state[target] = True
            if sizes[target] > limit:
                return Expansion.HUGE
            continue
        if target in state:
            continue
        state[target] = False
        stack.append((target, True))
        stack += [(one, False) for one, _ in _targets(root, target) if one not in state]
    return Expansion.ENDLESS if _circle(root, sorted(state)) else Expansion.ORDINARY


def _size(root: JsonObject, target: str, sizes: dict[str, int]) -> int:
    """1 and the sizes of what it refers to; a reference back into an open circle counts once."""
    return 1 + sum(sizes.get(one, 1) for one, _ in _targets(root, target))


def _circle(root: JsonObject, places: list[str]) -> bool:
    """Whether references that take no step into data lead back to where they began."""
    bare = {place: [one for one, data in _targets(root, place) if not data] for place in places}
    open_: set[str] = set()
    closed: set[str] = set()
    for start in places:
        stack = [(start, iter(bare.get(start, ())))]
        open_.add(start)
        while stack:
            place, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                open_.discard(place)
                closed.add(place)
            elif following in open_:
                return True
            elif following not in closed:
                open_.add(following)
                stack.append((following, iter(bare.get(following, ()))))
    return False


def _targets(root: JsonObject, place: str) -> list[tuple[str, bool]]:
    """Local references below one place, each with whether a step into data leads to it."""
    found: list[tuple[str, bool]] = []
    pending: list[tuple[JsonValue, bool]] = [(_resolve(root, place), False)]
    while pending:
        value, data = pending.pop()
        if isinstance(value, dict):
            target = value.get("$ref")
            if isinstance(target, str) and target.startswith("#"):
                found.append((target, data))
            pending.extend(_members(value, data))
        elif isinstance(value, list):
            pending.extend((one, data) for one in value)
    return found


def _members(value: JsonObject, data: bool) -> Iterator[tuple[JsonValue, bool]]:
    for key, one in value.items():
        if key not in _NAMES_ONLY and isinstance(one, dict | list):
            yield one, data or key in _INTO_DATA


def _resolve(root: JsonObject, target: str) -> JsonValue:
    """The value that a JSON pointer fragment names; ``None`` if there is none."""
    value: JsonValue = root
    for step in target.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name[:9]) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
