"""Values back into JSON, as far as they are literal."""

from __future__ import annotations

from ostiary.analyze.dataflow.value import External, Recipe, Value
from ostiary.model.json import JsonValue

DEEPEST = 12


def as_json(value: Value, depth: int = 0) -> JsonValue:
    """What a literal value would be in JSON. Unknown parts are ``None``; a call with keywords
    (``ToolAnnotations(readOnlyHint=True)``) is an object of them."""
    if depth > DEEPEST:
        return None
    if value.literal or value.known_text is not None:
        scalar = value.scalar if value.literal else value.known_text
        return None if isinstance(scalar, bytes) else scalar
    recipe = recipe_of(value)
    fields = value.fields if recipe is None else recipe.keywords
    if recipe is None and fields and all(name.isdigit() for name in fields):
        return [as_json(one, depth + 1) for one in fields.values()]
    known = {name: as_json(one, depth + 1) for name, one in fields.items() if name != "*"}
    return known or None


def recipe_of(value: Value) -> Recipe | None:
    """How a declared thing was made, if the engine kept it."""
    for ref in value.refs:
        if isinstance(ref, External) and ref.made_with is not None:
            return ref.made_with
    return None
