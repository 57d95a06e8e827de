"""The stateless era, revision 2026-07-28: every request stands alone and says its revision."""

from __future__ import annotations

from ostiary.model.json import JsonObject, JsonValue, as_object, strings
from ostiary.wire.hello import Hello, hello

REVISION = "2026-07-28"
DISCOVER = "server/discover"
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
CLIENT_KEY = "io.modelcontextprotocol/clientInfo"
SERVER_KEY = "io.modelcontextprotocol/serverInfo"

HEADER_MISMATCH = -32020
MISSING_CAPABILITY = -32021
UNSUPPORTED_VERSION = -32022
ERRORS = frozenset({HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_VERSION})
"""Codes that only a server of this era sends."""


def enveloped(params: JsonObject, client: JsonObject) -> JsonObject:
    """``params`` with the ``_meta`` that every request of this era carries."""
    meta: JsonObject = {VERSION_KEY: REVISION, CAPABILITIES_KEY: {}, CLIENT_KEY: client}
    return {**params, "_meta": {**as_object(params.get("_meta")), **meta}}


def headers(method: str) -> dict[str, str]:
    """HTTP headers that repeat the envelope of a request without a name of its own."""
    return {"MCP-Protocol-Version": REVISION, "Mcp-Method": method}


def is_hello(result: JsonObject) -> bool:
    """Whether ``result`` can only be a ``server/discover`` result."""
    return isinstance(result.get("supportedVersions"), list)


def read_hello(result: JsonObject) -> Hello:
    """A ``server/discover`` result."""
    offered = strings(result.get("supportedVersions"))
    info = as_object(as_object(result.get("_meta")).get(SERVER_KEY))
    return hello(result, REVISION if REVISION in offered else None, info)


def supported(data: JsonValue) -> tuple[str, ...]:
    """The revisions that an "unsupported version" error names."""
    return strings(as_object(data).get("supported"))


def unfinished(result: JsonObject) -> str | None:
    """The ``resultType`` of a result that is not complete; ``None`` for one that is."""
    kind = result.get("resultType", "complete")
    if kind == "complete":
        return None
    return kind if isinstance(kind, str) else "unreadable"
