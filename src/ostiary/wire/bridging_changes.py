"""News of changes in both eras: ``subscriptions/listen`` beside session-wide notifications.

Sources: revision 2025-11-25, ``listChanged`` and ``resources/subscribe``; revision 2026-07-28,
subscriptions.
"""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text

LISTEN = "subscriptions/listen"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
SUBSCRIPTION_KEY = "io.modelcontextprotocol/subscriptionId"
SUBSCRIBE = "resources/subscribe"
UNSUBSCRIBE = "resources/unsubscribe"
UPDATED = "notifications/resources/updated"

_LISTS = (
    ("toolsListChanged", "tools", "notifications/tools/list_changed"),
    ("promptsListChanged", "prompts", "notifications/prompts/list_changed"),
    ("resourcesListChanged", "resources", "notifications/resources/list_changed"),
)
"""Field of the filter, server capability, notification."""


def honoured(filter: JsonObject, capabilities: JsonObject) -> JsonObject:
    """The part of a listener's ``filter`` that a server with ``capabilities`` can serve."""
    kept: JsonObject = {}
    for name, capability, _ in _LISTS:
        offered = as_object(capabilities.get(capability)).get("listChanged") is True
        if filter.get(name) is True and offered:
            kept[name] = True
    uris = resources(filter)
    if uris and as_object(capabilities.get("resources")).get("subscribe") is True:
        kept["resourceSubscriptions"] = list[JsonValue](uris)
    return kept


def resources(filter: JsonObject) -> list[str]:
    """The URIs whose changes a ``filter`` asks for, each once."""
    named = [as_text(uri) for uri in as_list(filter.get("resourceSubscriptions"))]
    return [uri for uri in dict.fromkeys(named) if uri]


def wants(filter: JsonObject, notice: JsonObject) -> bool:
    """Whether a listener with ``filter`` gets the notification ``notice``."""
    method = notice.get("method")
    if method == UPDATED:
        uri = as_text(as_object(notice.get("params")).get("uri"))
        return any(_covers(one, uri) for one in resources(filter))
    return any(method == said and filter.get(name) is True for name, _, said in _LISTS)


def tagged(notice: JsonObject, listener: JsonValue) -> JsonObject:
    """``notice`` as it goes to the listener whose request had the id ``listener``."""
    params = as_object(notice.get("params"))
    return {**notice, "params": {**params, "_meta": tag(params, listener)}}


def tag(params: JsonObject, listener: JsonValue) -> JsonObject:
    """The ``_meta`` of ``params``, or of a result, that names the subscription it belongs to."""
    return {**as_object(params.get("_meta")), SUBSCRIPTION_KEY: listener}


def untagged(notice: JsonObject) -> JsonObject:
    """``notice`` as it goes to a handshake session."""
    params = as_object(notice.get("params"))
    meta = as_object(params.get("_meta"))
    if SUBSCRIPTION_KEY not in meta:
        return notice
    kept: JsonObject = {key: value for key, value in params.items() if key != "_meta"}
    rest: JsonObject = {key: value for key, value in meta.items() if key != SUBSCRIPTION_KEY}
    if rest:
        kept["_meta"] = rest
    made: JsonObject = {key: value for key, value in notice.items() if key != "params"}
    return {**made, "params": kept} if kept else made


def acknowledgement(filter: JsonObject, listener: JsonValue) -> JsonObject:
    """The first message of a listener's stream; ``filter`` is what will be served."""
    said: JsonObject = {
        "jsonrpc": "2.0",
        "method": ACKNOWLEDGED,
        "params": {"notifications": filter},
    }
    return tagged(said, listener)


def ended(listener: JsonValue) -> JsonObject:
    """The result that ends a listener's stream in good order."""
    return {"resultType": "complete", "_meta": {SUBSCRIPTION_KEY: listener}}


def session_filter(capabilities: JsonObject, uris: Iterable[str]) -> JsonObject:
    """What to listen to on behalf of a handshake session: every list that the server says it
    announces changes of, and the resources that the session subscribed to."""
    wanted: JsonObject = {name: True for name, _, _ in _LISTS}
    wanted["resourceSubscriptions"] = list[JsonValue](uris)
    return honoured(wanted, capabilities)


def _covers(subscribed: str, uri: str) -> bool:
    """A subscription may be told of a part of what it names (2025-11-25, resources)."""
    return uri == subscribed or uri.startswith(subscribed.rstrip("/") + "/")
