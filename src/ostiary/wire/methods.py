"""The methods of every MCP revision: what each is about and where it names it.

Sources: the schemas of revisions 2024-11-05 to 2026-07-28.
"""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.model.asked import Verb


@dataclass(frozen=True, slots=True)
class Method:
    """One method that a client may ask of a server."""

    name: str
    verb: Verb
    kind: str
    """Kind of the thing it is about, as in :class:`~ostiary.model.asked.Target`."""
    named_by: str = ""
    """The parameter that names the thing; empty for the server itself."""
    arguments: str = ""
    """The parameter that holds its arguments; empty for none."""


def _server(name: str) -> Method:
    return Method(name, Verb.CONNECT, "server")


CLIENT_METHODS: dict[str, Method] = {
    one.name: one
    for one in (
        _server("initialize"),
        _server("ping"),
        _server("server/discover"),
        _server("logging/setLevel"),
        _server("subscriptions/listen"),
        Method("tools/list", Verb.SEE, "tool"),
        Method("prompts/list", Verb.SEE, "prompt"),
        Method("resources/list", Verb.SEE, "resource"),
        Method("resources/templates/list", Verb.SEE, "template"),
        Method("tools/call", Verb.CALL, "tool", "name", "arguments"),
        Method("prompts/get", Verb.GET, "prompt", "name", "arguments"),
        Method("resources/read", Verb.READ, "resource", "uri"),
        Method("resources/subscribe", Verb.READ, "resource", "uri"),
        Method("resources/unsubscribe", Verb.READ, "resource", "uri"),
        Method("completion/complete", Verb.COMPLETE, "server", "", "argument"),
    )
}
"""What a client may ask. ``completion/complete`` names its thing in ``ref``."""

SERVER_METHODS = {
    "sampling/createMessage": Verb.SAMPLE,
    "elicitation/create": Verb.ELICIT,
    "roots/list": Verb.ROOTS,
    "ping": Verb.CONNECT,
}
"""What a server may ask of a client in the handshake era."""

LIST_CHANGED = {
    "notifications/tools/list_changed": "tool",
    "notifications/prompts/list_changed": "prompt",
    "notifications/resources/list_changed": "resource",
}

CANCELLED = "notifications/cancelled"
PROGRESS = "notifications/progress"
INITIALIZED = "notifications/initialized"
ROOTS_CHANGED = "notifications/roots/list_changed"
UPDATED = "notifications/resources/updated"

CLIENT_NOTIFICATIONS = frozenset({CANCELLED, PROGRESS, INITIALIZED, ROOTS_CHANGED})
"""What a client may announce. Anything else is not passed on."""


def completed(ref: object) -> tuple[str, str]:
    """Kind and name of the thing that a ``completion/complete`` is about; empty if unreadable."""
    if not isinstance(ref, dict):
        return "", ""
    if ref.get("type") == "ref/prompt" and isinstance(ref.get("name"), str):
        return "prompt", ref["name"]
    if ref.get("type") == "ref/resource" and isinstance(ref.get("uri"), str):
        return "template", ref["uri"]
    return "", ""
