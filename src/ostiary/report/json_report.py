"""The scan as JSON, schema ``ostiary/scan/1`` (docs/json-schema.md)."""

from __future__ import annotations

from ostiary import __version__
from ostiary.model.access import (
    ClientAccess,
    Credential,
    ServerAccess,
    ToxicFlow,
)
from ostiary.model.change import Change
from ostiary.model.client import Client, ConfigFile, ExecutionSink, ServerEntry
from ostiary.model.scan import ScanResult
from ostiary.model.server import Server
from ostiary.model.surface import Item, Surface
from ostiary.report.access_map import ClientRow, rows
from ostiary.report.headline import Headline, headline
from ostiary.report.json_parts import (
    finding_json,
    not_checked_json,
    suppressed_json,
    tool_access_json,
)
from ostiary.report.json_text import Json, document
from ostiary.report.view import View

SCHEMA = "ostiary/scan/1"


def present(result: ScanResult, view: View) -> str:
    """See :func:`render`."""
    return render(result, view.generated)


def render(result: ScanResult, generated: str = "") -> str:
    """The whole result. Keys keep their order; values that may be secrets have no key at all."""
    head = headline(result)
    tool: dict[str, Json] = {"name": "ostiary", "version": __version__}
    whole: dict[str, Json] = {"schema": SCHEMA, "tool": tool}
    if generated:
        whole["generated"] = generated
    whole |= {
        "headline": {"state": head.state, "text": head.text, "looked_at": head.looked_at},
        "completeness": result.completeness.value,
        "scope": _scope(result),
        "counts": _counts(result, head),
        "findings": [finding_json(one) for one in result.findings],
        "not_checked": [not_checked_json(one) for one in result.not_checked],
        "changes": [_change(one) for one in result.changes],
        "access": _access(result),
        "credentials": [_credential(one) for one in result.credentials],
        "clients": [_client(one) for one in result.clients],
        "servers": _servers(result),
        "suppressed": [suppressed_json(one) for one in result.suppressed],
    }
    return document(whole, 3)


def _scope(result: ScanResult) -> Json:
    scope = result.scope
    return {
        "root": scope.root,
        "homes": scope.homes,
        "projects": scope.projects,
        "connected": scope.connected,
        "captured": scope.captured,
        "persona": scope.persona,
    }


def _counts(result: ScanResult, head: Headline) -> Json:
    return {
        "findings": {severity.word: number for severity, number in head.counts},
        "not_checked": len(result.not_checked),
        "changes": len(result.changes),
        "suppressed": len(result.suppressed),
        "clients": len(result.clients),
        "servers": len(result.servers),
        "tools": sum(len(surface.tools) for surface in result.surfaces),
        "credentials": len(result.credentials),
    }


def _change(one: Change) -> Json:
    return {
        "server": one.server,
        "part": one.part,
        "says": one.says,
        "severity": one.severity.word,
        "before": one.before,
        "after": one.after,
        "kind": one.kind,
    }


def _access(result: ScanResult) -> Json:
    unions = {access.client: access for access in result.access}
    known = {one.server: one for access in result.access for one in access.servers}
    known |= {one.server: one for one in result.server_access}
    return {
        "clients": [_client_access(row, unions.get(row.client)) for row in rows(result)],
        "servers": [_server_access(known[key]) for key in sorted(known)],
    }


def _client_access(row: ClientRow, access: ClientAccess | None) -> Json:
    return {
        "client": row.client or None,
        "name": row.name,
        "levels": [
            {"level": mark.level.value, "confidence": mark.confidence.word} for mark in row.marks
        ],
        "data": [one.value for one in row.data],
        "labels": {label.name: label.confidence.word for label in row.labels},
        "unknown_servers": row.unknown,
        "asked": row.decides,
        "bypass": row.bypass,
        "servers": [
            {
                "server": server.key,
                "name": server.name,
                "enabled": server.enabled,
                "known_from": server.known_from,
                "levels": [mark.level.value for mark in server.marks],
                "asked": server.asked,
            }
            for server in row.servers
        ],
        "flows": [_flow(flow) for flow in (access.flows if access else ())],
    }


def _flow(flow: ToxicFlow) -> Json:
    return {
        "kind": flow.kind,
        "says": flow.says,
        "confidence": flow.confidence.word,
        "steps": [
            {"server": step.server, "tool": step.tool, "does": step.does} for step in flow.steps
        ],
    }


def _server_access(access: ServerAccess) -> Json:
    return {
        "server": access.server,
        "name": access.name,
        "kind": access.kind,
        "known_from": access.known_from,
        "holds": access.holds,
        "note": access.note,
        "tools": [tool_access_json(tool) for tool in access.tools],
    }


def _credential(one: Credential) -> Json:
    return {
        "name": one.name,
        "kind": one.kind,
        "servers": one.servers,
        "places": one.places,
        "breadth": one.breadth,
        "coarse": one.coarse,
    }


def _client(client: Client) -> Json:
    return {
        "id": client.id,
        "name": client.name,
        "homes": client.homes,
        "grade": client.grade,
        "decides": client.decides,
        "tool_change": client.tool_change,
        "control": client.control,
        "control_note": client.control_note,
        "builtin": client.builtin,
        "unseen": client.unseen,
        "files": [_file(one) for one in client.files],
        "policies": [
            {
                "kind": one.kind.value,
                "matches": one.matches,
                "pattern": one.pattern,
                "file": one.file,
                "line": one.line,
                "managed": one.managed,
            }
            for one in client.policies
        ],
        "permissions": [
            {
                "key": one.key,
                "value": one.value,
                "effect": one.effect,
                "bypass": one.bypass,
                "decided_by": one.decided_by,
                "file": one.file,
                "line": one.line,
            }
            for one in client.permissions
        ],
    }


def _file(one: ConfigFile) -> Json:
    return {
        "path": one.path,
        "scope": one.scope.value,
        "format": one.format,
        "digest": one.digest,
        "mode": None if one.mode is None else f"{one.mode:04o}",
        "project": one.project,
        "also_read_by": one.also_read_by,
        "executes": [_sink(sink) for sink in one.executes],
        "duplicate_keys": one.duplicate_keys,
        "understood": one.understood,
    }


def _sink(sink: ExecutionSink) -> Json:
    return {"what": sink.what, "pointer": sink.pointer, "line": sink.line}


def _servers(result: ScanResult) -> list[Json]:
    surfaces = {surface.key: surface for surface in result.surfaces}
    found = [_server(one, surfaces.pop(one.key, None)) for one in result.servers]
    return found + [_captured(surface) for surface in surfaces.values()]


def _server(server: Server, surface: Surface | None) -> Json:
    package = server.launch.package
    return {
        "key": server.key,
        "name": server.name,
        "transport": server.transport.value,
        "runs": server.runs_on.value,
        "command": server.command,
        "runner": server.launch.runner,
        "package": None
        if package is None
        else {
            "ecosystem": package.ecosystem,
            "name": package.name,
            "version": package.version,
            "pin": package.pin.value,
        },
        "shell": server.launch.shell,
        "notes": server.launch.notes,
        "enabled": server.enabled,
        "clients": server.clients,
        "entries": [_entry(one) for one in server.entries],
        "surface": _surface(surface),
    }


def _captured(surface: Surface) -> Json:
    return {
        "key": surface.key,
        "name": surface.server,
        "transport": "unknown",
        "runs": None,
        "command": None,
        "runner": None,
        "package": None,
        "shell": False,
        "notes": [],
        "enabled": False,
        "clients": [],
        "entries": [],
        "surface": _surface(surface),
    }


def _entry(entry: ServerEntry) -> Json:
    """Where and how an entry stands. Values of variables, headers and arguments stay out."""
    return {
        "client": entry.client,
        "file": entry.file,
        "line": entry.line,
        "pointer": entry.pointer,
        "scope": entry.scope.value,
        "project": entry.project,
        "name": entry.name,
        "enabled": entry.enabled,
        "environment": [one.name for one in entry.env],
        "headers": [one.name for one in entry.headers],
        "offers_only": entry.tools.only,
        "hides": entry.tools.hidden,
        "auto_approve": entry.tools.auto_approve,
        "auto_approve_all": entry.tools.auto_approve_all,
        "sandbox": entry.sandbox,
        "executes": [_sink(sink) for sink in entry.executes],
        "problems": entry.problems,
    }


def _surface(surface: Surface | None) -> Json:
    if surface is None:
        return None
    return {
        "source": surface.source,
        "revision": surface.revision,
        "claimed_name": surface.claimed_name,
        "claimed_version": surface.claimed_version,
        "tools": [_item(one) for one in surface.tools],
        "prompts": [_item(one) for one in surface.prompts],
        "resources": [_item(one) for one in surface.resources],
        "templates": [_item(one) for one in surface.templates],
        "missing": surface.missing,
    }


def _item(item: Item) -> Json:
    return {"name": item.name, "digest": item.digest}
