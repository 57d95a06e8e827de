"""Our own file format of a surface: stable, diffable, with hidden characters made visible."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.surface import Item, Surface
from ostiary.wire.escape import escaped

FORMATS = "ostiary/surface/"
FORMAT = FORMATS + "1"


def write_capture(surface: Surface) -> bytes:
    """``surface`` as indented UTF-8 JSON that ends with a line break.

    Equal surfaces give equal bytes: object keys are sorted, lists keep their order. Characters
    that do not show are written as escapes. ``source`` is not written: it says how this process
    came by the surface.
    """
    value: JsonObject = {
        "format": FORMAT,
        "server": surface.server,
        "key": surface.key,
        "revision": surface.revision,
        "claimed": {"name": surface.claimed_name, "version": surface.claimed_version},
        "instructions": surface.instructions,
        "capabilities": _sorted(surface.capabilities),
        "tools": _raws(surface.tools),
        "prompts": _raws(surface.prompts),
        "resources": _raws(surface.resources),
        "templates": _raws(surface.templates),
        "missing": list(surface.missing),
        "irregular": list(surface.irregular),
        "meta": _sorted(surface.meta),
        "artifact": surface.artifact,
        "authenticated": surface.authenticated,
    }
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return escaped(text).encode()


def _raws(items: Iterable[Item]) -> list[JsonValue]:
    return [_sorted(item.raw) for item in items]


def _sorted(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(one) for one in value]
    return value
