"""One tool that a package holds twice: built for both kinds of JavaScript modules.

Only what does the same is one. Where the two differ, both are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from ostiary.model.audit import ToolReach

_BUILDS: Final = re.compile(r"(?:^|(?<=/))(?:esm|cjs|commonjs|es|es6|umd|mjs|module)(?=/)")
_ENDING: Final = re.compile(r"\.[cm]?js$")
_Does: TypeAlias = tuple[object, ...]


def without_twins(tools: Iterable[ToolReach]) -> tuple[ToolReach, ...]:
    """The tools, each build's copy of one left out."""
    seen: dict[tuple[str, str], list[tuple[str, _Does]]] = {}
    kept: list[ToolReach] = []
    for one in tools:
        path = one.place.file or ""
        known = seen.setdefault((one.access.tool, _built_from(path)), [])
        does = _does(one)
        if any(file != path and other == does for file, other in known):
            continue
        known.append((path, does))
        kept.append(one)
    return tuple(kept)


def _built_from(path: str) -> str:
    """The path without what tells one build from the other."""
    return _ENDING.sub(".js", _BUILDS.sub("*", path))


def _does(one: ToolReach) -> _Does:
    levels = tuple((each.level, each.confidence, each.objects) for each in one.access.capabilities)
    places = frozenset((each.host, each.how, each.carries) for each in one.destinations)
    return levels, one.access.data, places, one.credentials, one.stores, one.handler is None
