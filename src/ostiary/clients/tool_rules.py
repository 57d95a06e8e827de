"""Which tools of a server the client offers, and which it runs without asking."""

from __future__ import annotations

import json

from ostiary.clients.lookup import find
from ostiary.clients.record import KeyPath, Shape
from ostiary.model.client import ToolRules
from ostiary.model.json import JsonObject, JsonValue, strings

_YES = ("approve", "allow", "always_allow", "always", "auto")
_NO = ("blocked", "block", "deny", "disabled", "never")


def tool_rules(value: JsonObject, shape: Shape) -> ToolRules:
    """The rules one entry states, as its client's record says where."""
    only = _listed(value, shape.only)
    hidden = _listed(value, shape.hidden) or ()
    approved = _listed(value, shape.approve) or ()
    why = [".".join(key) for key in shape.approve if _listed(value, (key,))]
    mapped, blocked, maps = _mapped(value, shape.approve_map)
    switched = _switched(value, shape)
    everything = bool(switched) or "*" in (*approved, *mapped)
    return ToolRules(
        only=None if only is None or "*" in only else only,
        hidden=(*hidden, *blocked),
        auto_approve=tuple(one for one in (*approved, *mapped) if one != "*"),
        auto_approve_all=everything,
        why=", ".join((*switched, *why, *maps)),
    )


def _listed(value: JsonObject, keys: tuple[KeyPath, ...]) -> tuple[str, ...] | None:
    hits = [hit.value for key in keys for hit in find(value, key)]
    if not any(isinstance(one, list) for one in hits):
        return None
    return tuple(name for one in hits for name in strings(one))


def _mapped(
    value: JsonObject, keys: tuple[KeyPath, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    approved: list[str] = []
    blocked: list[str] = []
    why: list[str] = []
    for key in keys:
        for hit in find(value, (key[0],)):
            for name, one in hit.value.items() if isinstance(hit.value, dict) else ():
                word = _field(one, key[1] if len(key) > 1 else "")
                if word in _YES:
                    approved.append(name)
                    why.append(key[0])
                elif word in _NO:
                    blocked.append(name)
    return tuple(approved), tuple(blocked), tuple(dict.fromkeys(why))


def _field(value: JsonValue, key: str) -> JsonValue:
    if isinstance(value, dict):
        return value.get(key) if key else None
    return value


def _switched(value: JsonObject, shape: Shape) -> tuple[str, ...]:
    return tuple(
        f"{'.'.join(switch.key)}: {json.dumps(hit.value)}"
        for switch in shape.approve_all
        for hit in find(value, switch.key)
        if isinstance(hit.value, bool | str) and hit.value in switch.values
    )
