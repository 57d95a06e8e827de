"""ArcSight Common Event Format, version 0."""

from __future__ import annotations

from ostiary import __version__
from ostiary.ledger.reading import Record
from ostiary.model.event import EventKind
from ostiary.model.visible import visible

_LARGEST = 1023
_SEVERITY: dict[str, int] = {
    EventKind.DRIFT: 8,
    EventKind.IDENTITY: 6,
    EventKind.REFUSED: 5,
    EventKind.GATEWAY: 4,
    EventKind.POLICY: 4,
    EventKind.APPROVAL: 4,
}
_NAMES: dict[str, str] = {
    EventKind.REQUEST: "MCP request forwarded",
    EventKind.REFUSED: "MCP request refused",
    EventKind.OUTCOME: "MCP request ended",
    EventKind.SESSION: "MCP session",
    EventKind.DRIFT: "MCP server drifted from its approval",
    EventKind.APPROVAL: "MCP server approval",
    EventKind.POLICY: "Policy",
    EventKind.IDENTITY: "Identity",
    EventKind.GATEWAY: "Gateway",
}
_MEMBERS = (
    ("suser", "principal"),
    ("requestClientApplication", "client"),
    ("destinationServiceName", "server"),
    ("requestMethod", "method"),
    ("act", "effect"),
    ("reason", "why"),
)
_CUSTOM = (
    ("Agent", "agent"),
    ("Session", "session"),
    ("Thing", "thing"),
    ("Call", "call"),
    ("Rules", "rules"),
    ("Levels", "levels"),
)


def cef(record: Record) -> str:
    """One line. Nothing in a value can end it, or begin another field."""
    kind = record.kind
    head = ("CEF:0", "Ostiary", "Ostiary", __version__, kind, _NAMES.get(kind, kind))
    line = "|".join((head[0], *map(_in_header, head[1:]), str(_SEVERITY.get(kind, 2))))
    return f"{line}|{' '.join(f'{name}={_in_value(value)}' for name, value in _fields(record))}"


def _fields(record: Record) -> list[tuple[str, str]]:
    fields = [
        ("rt", str(int(record.at * 1000))),
        ("externalId", f"{record.writer}/{record.number}"),
        ("app", "MCP"),
    ]
    fields += [(name, record.text(member)) for name, member in _MEMBERS]
    for position, (label, member) in enumerate(_CUSTOM, start=1):
        value = record.text(member) or ",".join(record.texts(member))
        if value:
            fields += [(f"cs{position}Label", label), (f"cs{position}", value)]
    fields.append(("fileHash", record.hash))
    return [(name, value) for name, value in fields if value]


def _in_header(text: str) -> str:
    return visible(text, _LARGEST).replace("\\", "\\\\").replace("|", "\\|")


def _in_value(text: str) -> str:
    return visible(text, _LARGEST).replace("\\", "\\\\").replace("=", "\\=")
