"""Approvals and locks for tests."""

from __future__ import annotations

from typing import Any

from ostiary.catalogue.keys import SigningKey, fresh_key
from ostiary.catalogue.lock import seal
from ostiary.model.approval import Accepted, Approval, ApprovedItem, Bounds, LeftOut, Start
from ostiary.model.json import JsonObject
from ostiary.surface.pins import NAMED_BY, text_digest
from ostiary.wire.canonical import digest

KEY = fresh_key()


def raw(name: str = "search", **more: Any) -> JsonObject:
    made: JsonObject = {
        "name": name,
        "description": "Searches the shop.",
        "inputSchema": {
            "type": "object",
            "properties": {"query": {"type": "string", "maxLength": 20}},
            "required": ["query"],
        },
        "annotations": {"readOnlyHint": True},
    }
    return made | more


def item(definition: JsonObject, kind: str = "tool", *levels: str) -> ApprovedItem:
    name = definition[NAMED_BY[kind]]
    assert isinstance(name, str)
    return ApprovedItem(
        kind, name, digest(definition), tuple(sorted(levels)), ("untrusted",), definition
    )


def approval(server: str = "shop", *items: ApprovedItem, **more: Any) -> Approval:
    text = more.pop("instructions_text", "Ask before you buy.")
    declared: JsonObject = more.pop("capabilities_declared", {"tools": {"listChanged": True}})
    fields: dict[str, Any] = {
        "key": "0123456789ab",
        "start": Start(
            "stdio", ("python3", "/srv/shop.py"), env=("TOKEN",), readable=("/srv/data",)
        ),
        "artifact": "file:shop.py sha256:00",
        "owner": "ann",
        "reason": "orders",
        "approved_by": "ann",
        "approved_at": "2026-11-21T09:00:00Z",
        "review_by": "2027-02-19",
        "bounds": Bounds(calls_per_minute=60, answer_seconds=2.5),
        "groups": ("buyers",),
        "revision": "2026-07-28",
        "left_out": (LeftOut("tool", "wipe", "0" * 64, "left out by name"),),
        "accepted": (Accepted("over-broad-tool", "only staff", ("0123456789abcdef",)),),
    }
    return Approval(
        server=server,
        instructions=text_digest(text),
        instructions_text=text,
        capabilities=digest(declared),
        capabilities_declared=declared,
        items=tuple(
            sorted(items or (item(raw(), "tool", "read"),), key=lambda one: (one.kind, one.name))
        ),
        **fields | more,
    )


def sealed(*approvals: Approval, key: SigningKey = KEY, serial: int = 1) -> bytes:
    return seal(approvals or (approval(),), key, serial)
