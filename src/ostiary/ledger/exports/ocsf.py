"""Open Cybersecurity Schema Framework 1.6.0: requests and sessions as API Activity (6003), callers
that were not let in as Authentication (3002), drift as Detection Finding (2004), the rest as Base
Event (0)."""

from __future__ import annotations

import json

from ostiary import __version__
from ostiary.ledger.reading import Record
from ostiary.model.event import EventKind
from ostiary.model.json import JsonObject, JsonValue

VERSION = "1.6.0"
_OTHER = 99
_CREATE, _READ, _UPDATE, _DELETE = 1, 2, 3, 4
_CALLS = (EventKind.REQUEST, EventKind.REFUSED, EventKind.OUTCOME, EventKind.SESSION)
_SUCCESS, _FAILURE = 1, 2
_STATUS = {
    "allow": _SUCCESS,
    "ok": _SUCCESS,
    "deny": _FAILURE,
    "ask": _FAILURE,
    "error": _FAILURE,
    "failed": _FAILURE,
    "cancelled": _FAILURE,
    "refused": _FAILURE,
}
_CAPTIONS = {_SUCCESS: "Success", _FAILURE: "Failure"}


def ocsf(record: Record) -> str:
    """One event as one line of JSON in ASCII."""
    return json.dumps(event(record), separators=(",", ":"))


def event(record: Record) -> JsonObject:
    """The OCSF event of a record."""
    if record.kind in _CALLS:
        return _call(record)
    if record.kind == EventKind.IDENTITY:
        return _identity(record)
    if record.kind == EventKind.DRIFT:
        return _drift(record)
    return _base(record, 0, 0, 0, _OTHER, activity_name=record.kind)


def _call(record: Record) -> JsonObject:
    activity, name = _activity(record)
    found = _base(record, 6, 3, 6003, activity, activity_name=name)
    request: JsonObject = {"uid": record.text("call") or f"{record.writer}/{record.number}"}
    api: JsonObject = {"operation": record.text("method") or record.kind, "request": request}
    if server := record.text("server"):
        api["service"] = {"name": server}
    if thing := record.text("thing"):
        kind, _, named = thing.partition(":")
        found["resources"] = [{"name": named, "type": kind}]
    found["api"] = api
    found["actor"] = _actor(record)
    found["src_endpoint"] = {"svc_name": record.text("client") or "unknown"}
    if server:
        found["dst_endpoint"] = {"svc_name": server}
    if record.kind in (EventKind.REQUEST, EventKind.REFUSED):
        found.update(_control(record))
        found["metadata"] = {**_metadata(record), "profiles": ["security_control"]}
    return found


def _activity(record: Record) -> tuple[int, str]:
    levels = set(record.texts("levels"))
    if record.text("method") not in ("tools/call", ""):
        return _READ, "Read"
    if "destroy" in levels:
        return _DELETE, "Delete"
    if levels & {"write", "administer", "spend"}:
        return _UPDATE, "Update"
    if levels & {"send", "execute"}:
        return _CREATE, "Create"
    return (_READ, "Read") if levels == {"read"} else (_OTHER, record.kind)


def _control(record: Record) -> JsonObject:
    allowed = record.kind == EventKind.REQUEST
    control: JsonObject = {
        "action_id": 1 if allowed else 2,
        "action": "Allowed" if allowed else "Denied",
        "disposition_id": 1 if allowed else 2,
        "disposition": "Allowed" if allowed else "Blocked",
    }
    rules = record.texts("rules")
    if rules:
        control["policy"] = {"name": rules[0], "version": record.text("policy") or "unknown"}
    return control


def _actor(record: Record) -> JsonObject:
    actor: JsonObject = {"user": _user(record)}
    if session := record.text("session"):
        actor["session"] = {"uid": session}
    if client := record.text("client"):
        actor["app_name"] = client
    if agent := record.text("agent"):
        actor["app_uid"] = agent
    return actor


def _user(record: Record) -> JsonObject:
    principal = record.text("principal")
    return {"uid": principal, "name": principal} if principal else {"name": "unknown"}


def _identity(record: Record) -> JsonObject:
    found = _base(
        record, 3, 2, 3002, _OTHER, activity_name=record.text("method") or "Authentication"
    )
    found["user"] = _user(record)
    found["service"] = {"name": "ostiary"}
    found["src_endpoint"] = {"svc_name": record.text("client") or "unknown"}
    return found


def _drift(record: Record) -> JsonObject:
    found = _base(record, 2, 4, 2004, _CREATE, activity_name="Create")
    found["finding_info"] = {
        "uid": f"{record.writer}/{record.number}",
        "title": f"{record.text('server') or 'A server'} drifted from what was approved",
        "desc": record.text("why"),
        "created_time": _milliseconds(record),
    }
    found["severity_id"], found["severity"] = 4, "High"
    found.pop("status_id", None)
    found.pop("status", None)
    return found


def _base(
    record: Record, category: int, kind: int, class_uid: int, activity: int, *, activity_name: str
) -> JsonObject:
    """What every class requires."""
    assert class_uid in (0, category * 1000 + kind)
    severity = 3 if record.kind in (EventKind.REFUSED, EventKind.IDENTITY) else 1
    found: JsonObject = {
        "activity_id": activity,
        "activity_name": activity_name,
        "category_uid": category,
        "class_uid": class_uid,
        "type_uid": class_uid * 100 + activity,
        "time": _milliseconds(record),
        "severity_id": severity,
        "severity": "Medium" if severity == 3 else "Informational",
        "metadata": _metadata(record),
        "unmapped": _unmapped(record),
    }
    status = _STATUS.get(record.text("effect"))
    if status is not None:
        found["status_id"], found["status"] = status, _CAPTIONS[status]
        found["status_code"] = record.text("effect")
    if why := record.text("why"):
        found["message"] = why
    return found


def _metadata(record: Record) -> JsonObject:
    metadata: JsonObject = {
        "version": VERSION,
        "product": {"name": "Ostiary", "vendor_name": "Ostiary", "version": __version__},
        "uid": f"{record.writer}/{record.number}",
        "event_code": record.kind,
        "sequence": record.number,
        "log_name": "ledger",
    }
    if call := record.text("call"):
        metadata["correlation_uid"] = call
    return metadata


def _unmapped(record: Record) -> JsonObject:
    names = ("levels", "rules", "policy", "lock", "trace", "agent", "content", "detail")
    kept: dict[str, JsonValue] = {
        name: record.fields[name] for name in names if record.fields.get(name)
    }
    return {"hash": record.hash, **kept}


def _milliseconds(record: Record) -> int:
    return int(record.at * 1000)
