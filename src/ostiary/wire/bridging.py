"""One era's messages as the other's: openings, requests, results and errors.

Sources: the schemas of revisions 2025-11-25 and 2026-07-28 and the key changes between them.
Nothing here keeps state: who bridges holds a :class:`Speaker` per session.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text
from ostiary.wire import handshake, stateless

LEVEL_KEY = "io.modelcontextprotocol/logLevel"
ENVELOPE = frozenset(
    {stateless.VERSION_KEY, stateless.CAPABILITIES_KEY, stateless.CLIENT_KEY, LEVEL_KEY}
)
CACHEABLE = frozenset(
    {
        "server/discover",
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "resources/read",
    }
)
"""Methods whose results say how long they may be kept (SEP-2549)."""
LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
"""Least serious first (RFC 5424)."""

INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
METHOD_NOT_FOUND = -32601
NOT_FOUND = -32002
"""Resource not found, until revision 2025-11-25."""
URL_ELICITATION = -32042
"""An error of revision 2025-11-25 alone; see :mod:`ostiary.wire.bridging_input`."""

HANDSHAKE_ONLY = frozenset(
    {
        handshake.INITIALIZE,
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/unsubscribe",
        "tasks/list",
        "tasks/get",
        "tasks/result",
        "tasks/cancel",
    }
)
"""Requests that a stateless server does not know. ``tasks/get`` and ``tasks/cancel`` exist there
in an extension, with another meaning."""
STATELESS_ONLY = frozenset({stateless.DISCOVER, "subscriptions/listen"})
"""Requests that a handshake server does not know."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """What a client says of itself, whichever era it says it in. Claims, not proof."""

    info: JsonObject = field(default_factory=dict, hash=False)
    capabilities: JsonObject = field(default_factory=dict, hash=False)
    level: str = ""
    """The log level it asked for; empty if it wants no log messages."""

    def at_level(self, level: str) -> Speaker:
        """The same speaker after ``logging/setLevel``."""
        return replace(self, level=level)


def from_initialize(params: JsonObject) -> Speaker:
    """The speaker of an ``initialize`` request."""
    return Speaker(
        as_object(params.get("clientInfo")),
        _client_capabilities(as_object(params.get("capabilities")), handshake_side=False),
    )


def from_envelope(params: JsonObject) -> Speaker:
    """The speaker of any request of the stateless era."""
    meta = as_object(params.get("_meta"))
    return Speaker(
        as_object(meta.get(stateless.CLIENT_KEY)),
        as_object(meta.get(stateless.CAPABILITIES_KEY)),
        as_text(meta.get(LEVEL_KEY)),
    )


def initialize_params(speaker: Speaker, revision: str = handshake.OFFER) -> JsonObject:
    """Parameters of the ``initialize`` request that opens a session for ``speaker``."""
    info = speaker.info
    if not isinstance(info.get("name"), str) or not isinstance(info.get("version"), str):
        info = {"name": "unnamed", "version": "0", **_strings(info)}
    return {
        "protocolVersion": revision,
        "capabilities": _client_capabilities(speaker.capabilities, handshake_side=True),
        "clientInfo": info,
    }


def initialize_result(discovered: JsonObject, revision: str = handshake.OFFER) -> JsonObject:
    """A ``server/discover`` result as the ``initialize`` result of a session at ``revision``."""
    meta = as_object(discovered.get("_meta"))
    info = as_object(meta.get(stateless.SERVER_KEY)) or {"name": "unnamed", "version": "0"}
    result: JsonObject = {
        "protocolVersion": revision,
        "capabilities": as_object(discovered.get("capabilities")),
        "serverInfo": info,
    }
    if "instructions" in discovered:
        result["instructions"] = discovered["instructions"]
    rest: JsonObject = {key: value for key, value in meta.items() if key != stateless.SERVER_KEY}
    return {**result, "_meta": rest} if rest else result


def discover_result(initialized: JsonObject) -> JsonObject:
    """An ``initialize`` result as a ``server/discover`` result. It may not be kept: a session's
    opening says nothing of the next one's."""
    capabilities = as_object(initialized.get("capabilities"))
    result: JsonObject = {
        "resultType": "complete",
        "supportedVersions": [stateless.REVISION],
        # Tasks of 2025-11-25 and those of the later extension are not the same thing.
        "capabilities": {key: value for key, value in capabilities.items() if key != "tasks"},
        "ttlMs": 0,
        "cacheScope": "private",
        "_meta": {
            **as_object(initialized.get("_meta")),
            stateless.SERVER_KEY: as_object(initialized.get("serverInfo")),
        },
    }
    if "instructions" in initialized:
        result["instructions"] = initialized["instructions"]
    return result


def request_to_stateless(message: JsonObject, speaker: Speaker) -> JsonObject:
    """A handshake client's request with the envelope that a stateless server wants of it."""
    params = as_object(message.get("params"))
    meta: JsonObject = {
        **as_object(params.get("_meta")),
        stateless.VERSION_KEY: stateless.REVISION,
        stateless.CAPABILITIES_KEY: speaker.capabilities,
    }
    if speaker.info:
        meta[stateless.CLIENT_KEY] = speaker.info
    if speaker.level:
        meta[LEVEL_KEY] = speaker.level
    # A task is asked for in this field, which only 2025-11-25 knows.
    kept: JsonObject = {key: value for key, value in params.items() if key != "task"}
    return {**message, "params": {**kept, "_meta": meta}}


def request_to_handshake(message: JsonObject) -> JsonObject:
    """A stateless client's request without its envelope and what belongs to a retry."""
    params = as_object(message.get("params"))
    meta: JsonObject = {
        key: value for key, value in as_object(params.get("_meta")).items() if key not in ENVELOPE
    }
    kept: JsonObject = {
        key: value
        for key, value in params.items()
        if key not in ("_meta", "inputResponses", "requestState")
    }
    if meta:
        kept["_meta"] = meta
    if "params" not in message and not kept:
        return message
    return {**message, "params": kept}


def result_to_handshake(method: str, result: JsonObject) -> JsonObject:
    """A complete stateless result as a handshake client knows it.

    Values that revision 2025-11-25 does not allow are left out: structured content and output
    schemas that are no objects. The same content stands beside them as text.
    """
    gone = {"resultType", "ttlMs", "cacheScope"}
    if method == "tools/call" and not isinstance(result.get("structuredContent", {}), dict):
        gone.add("structuredContent")
    kept: JsonObject = {key: value for key, value in result.items() if key not in gone}
    if method == "tools/list":
        kept["tools"] = [_object_output(tool) for tool in as_list(result.get("tools"))]
    meta = as_object(result.get("_meta"))
    if stateless.SERVER_KEY in meta:
        rest: JsonObject = {key: val for key, val in meta.items() if key != stateless.SERVER_KEY}
        kept.pop("_meta")
        if rest:
            kept["_meta"] = rest
    return kept


def result_to_stateless(
    method: str, result: JsonObject, server: JsonObject | None = None
) -> JsonObject:
    """A handshake server's result as a stateless client knows it: complete, and not to be kept.
    ``server`` is the ``serverInfo`` of the session."""
    made: JsonObject = {**result, "resultType": "complete"}
    if method in CACHEABLE:
        made["ttlMs"] = 0
        made["cacheScope"] = "private"
    if server:
        made["_meta"] = {**as_object(result.get("_meta")), stateless.SERVER_KEY: server}
    return made


def error_to_handshake(method: str, error: JsonObject) -> JsonObject:
    """A stateless server's error as a handshake client knows it. Errors about the envelope, which
    is ours and not the client's, become internal errors."""
    code = error.get("code")
    if not isinstance(code, int):
        return error
    if code in stateless.ERRORS:
        known = code == stateless.MISSING_CAPABILITY
        return {**error, "code": INVALID_PARAMS if known else INTERNAL_ERROR}
    if code == INVALID_PARAMS and method == "resources/read" and _names_uri(error):
        return {**error, "code": NOT_FOUND}
    return error


def error_to_stateless(error: JsonObject) -> JsonObject:
    """A handshake server's error with a code that revision 2026-07-28 allows. A server that says
    which capability it misses, as that revision has it, is believed."""
    code = error.get("code")
    if code == stateless.MISSING_CAPABILITY and _names_capabilities(error):
        return error
    if code == NOT_FOUND:
        return {**error, "code": INVALID_PARAMS}
    if code == URL_ELICITATION or (isinstance(code, int) and -32099 <= code <= -32020):
        return {**error, "code": INTERNAL_ERROR}
    return error


def heard_at(level: str, notice: JsonObject) -> bool:
    """Whether a client that asked for ``level`` wants this ``notifications/message``. A stateless
    client that named no level must get none."""
    if level not in LEVELS:
        return False
    said = as_text(as_object(notice.get("params")).get("level"))
    return said not in LEVELS or LEVELS.index(said) >= LEVELS.index(level)


def _client_capabilities(capabilities: JsonObject, *, handshake_side: bool) -> JsonObject:
    """The capabilities both eras share. A bridge does not carry tasks or changed roots."""
    lost = {"tasks", "extensions"} if handshake_side else {"tasks"}
    kept: JsonObject = {key: value for key, value in capabilities.items() if key not in lost}
    if "roots" in kept:
        kept["roots"] = {}
    return kept


def _strings(info: JsonObject) -> JsonObject:
    return {key: val for key, val in info.items() if key not in ("name", "version") or as_text(val)}


def _object_output(tool: JsonValue) -> JsonValue:
    if not isinstance(tool, dict) or "outputSchema" not in tool:
        return tool
    if as_object(tool["outputSchema"]).get("type") == "object":
        return tool
    return {key: value for key, value in tool.items() if key != "outputSchema"}


def _names_uri(error: JsonObject) -> bool:
    return isinstance(as_object(error.get("data")).get("uri"), str)


def _names_capabilities(error: JsonObject) -> bool:
    return isinstance(as_object(error.get("data")).get("requiredCapabilities"), dict)
