"""A lock's content as a JSON document, and the statement over it that is signed."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.model.approval import Approval, ApprovedItem, Bounds, Start
from ostiary.model.json import JsonObject, JsonValue
from ostiary.wire.canonical import canonical

FORMATS = "ostiary/lock/"
FORMAT = FORMATS + "1"
KINDS = {"tool": "tools", "prompt": "prompts", "resource": "resources", "template": "templates"}
BULKY = frozenset({"definition", "text", "declared"})
"""Fields that a digest beside them stands for in the statement."""


def document(approvals: Iterable[Approval], serial: int, previous: str) -> JsonObject:
    """The document without signatures. What is empty is left out."""
    return {
        "format": FORMAT,
        "serial": serial,
        "previous": previous,
        "servers": {one.server: _approval(one) for one in approvals},
    }


def statement(document: JsonObject) -> bytes:
    """The bytes that a signature covers: the format's name, then the RFC 8785 form of the whole
    document without signatures. A definition is covered through its digest."""
    servers = document.get("servers")
    bare: JsonObject = {key: value for key, value in document.items() if key != "signatures"}
    if isinstance(servers, dict):
        bare["servers"] = {name: _without_bulk(server) for name, server in servers.items()}
    return FORMAT.encode() + b"\n" + canonical(bare)


def _without_bulk(server: JsonValue) -> JsonValue:
    if not isinstance(server, dict):
        return server
    thin: JsonObject = dict(server)
    for part in ("instructions", "capabilities"):
        thin[part] = _stripped(server.get(part))
    for part in KINDS.values():
        items = server.get(part)
        if isinstance(items, dict):
            thin[part] = {name: _stripped(item) for name, item in items.items()}
    return thin


def _stripped(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return value
    return {key: one for key, one in value.items() if key not in BULKY}


def _approval(one: Approval) -> JsonObject:
    made: JsonObject = {
        "key": one.key,
        "start": _start(one.start),
        "artifact": one.artifact,
        "revision": one.revision,
        "instructions": {"digest": one.instructions, "text": one.instructions_text},
        "capabilities": {"digest": one.capabilities, "declared": one.capabilities_declared},
        "owner": one.owner,
        "reason": one.reason,
        "approved_by": one.approved_by,
        "approved_at": one.approved_at,
        "review_by": one.review_by,
        "groups": list(one.groups),
        "limits": _bounds(one.bounds),
        "accepted": [
            {"rule": each.rule, "reason": each.reason, "findings": list(each.fingerprints)}
            for each in one.accepted
        ],
        "left_out": [
            {"kind": each.kind, "name": each.name, "digest": each.digest, "why": each.why}
            for each in one.left_out
        ],
    }
    for kind, part in KINDS.items():
        made[part] = {each.name: _item(each) for each in one.items if each.kind == kind}
    return {key: value for key, value in made.items() if value or key in _ALWAYS}


_ALWAYS = frozenset(
    {
        "key",
        "start",
        "artifact",
        "instructions",
        "capabilities",
        "owner",
        "reason",
        "approved_by",
        "approved_at",
        "review_by",
    }
)
"""Fields that are written even when they are empty: their emptiness is worth reading."""


def _start(start: Start) -> JsonObject:
    made: JsonObject = {
        "transport": start.transport,
        "command": list(start.command),
        "url": start.url,
        "cwd": start.cwd,
        "env": list(start.env),
        "headers": list(start.headers),
        "network": start.network,
        "read": list(start.readable),
        "write": list(start.writable),
    }
    return {key: value for key, value in made.items() if value}


def _bounds(bounds: Bounds) -> JsonObject:
    made: JsonObject = {
        "calls_per_minute": bounds.calls_per_minute,
        "concurrent_calls": bounds.concurrent_calls,
        "answer_bytes": bounds.answer_bytes,
        "answer_seconds": bounds.answer_seconds,
    }
    return {key: value for key, value in made.items() if value}


def _item(item: ApprovedItem) -> JsonObject:
    made: JsonObject = {"digest": item.digest, "levels": list(item.levels)}
    if item.labels:
        made["labels"] = list(item.labels)
    made["definition"] = item.definition
    return made
