"""The handshake era, revisions 2024-11-05 to 2025-11-25: ``initialize``, then a session."""

from __future__ import annotations

from ostiary.model.json import JsonObject, as_object, as_text
from ostiary.wire.hello import Hello, hello

REVISIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
"""Oldest first."""
OFFER = REVISIONS[-1]
INITIALIZE = "initialize"
INITIALIZED = "notifications/initialized"


def initialize(client: JsonObject) -> JsonObject:
    """Parameters of ``initialize``. ``client`` is our ``clientInfo``; no capability is offered."""
    return {"protocolVersion": OFFER, "capabilities": {}, "clientInfo": client}


def is_hello(result: JsonObject) -> bool:
    """Whether ``result`` can only be an ``initialize`` result."""
    return isinstance(result.get("protocolVersion"), str) and (
        "capabilities" in result or "serverInfo" in result
    )


def read_hello(result: JsonObject) -> Hello:
    """An ``initialize`` result. The revision is as the server chose it, known or not."""
    revision = as_text(result.get("protocolVersion")) or None
    return hello(result, revision, as_object(result.get("serverInfo")))
