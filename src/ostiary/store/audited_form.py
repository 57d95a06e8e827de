"""What an audit told of tools, as JSON and back."""

from __future__ import annotations

from datetime import date

from ostiary.model.access import Basis, Capability, DataClass, Level, ToolAccess
from ostiary.model.audit import TargetKind
from ostiary.model.audited import Audited
from ostiary.model.grade import Confidence
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text, strings
from ostiary.report.json_parts import sure_json, tool_access_json
from ostiary.report.json_text import Json, document
from ostiary.wire.strict_json import RefusedJson, decode

SCHEMA = "ostiary/audited/1"


class NoAudit(ValueError):
    """The text is none that was written here. The message says why."""


def to_json(one: Audited) -> bytes:
    """The text of what was told. Equal audits give equal bytes."""
    tools: list[Json] = [
        {**tool_access_json(tool), "places_files": sure_json(tool.places_files)}
        for tool in one.tools
    ]
    whole: dict[str, Json] = {
        "schema": SCHEMA,
        "kind": one.kind.value,
        "name": one.name,
        "version": one.version,
        "folder": one.folder,
        "digest": one.digest,
        "day": one.day.isoformat(),
        "server": one.server,
        "tools": tools,
    }
    return document(whole, 2).encode()


def from_json(data: bytes) -> Audited:
    """What was told. Raises :class:`NoAudit`."""
    try:
        whole = as_object(decode(data))
        if whole.get("schema") != SCHEMA:
            raise NoAudit(f"it is not of schema {SCHEMA}")
        return Audited(
            kind=TargetKind(as_text(whole.get("kind"))),
            name=as_text(whole.get("name")),
            version=as_text(whole.get("version")),
            folder=as_text(whole.get("folder")),
            digest=as_text(whole.get("digest")),
            day=date.fromisoformat(as_text(whole.get("day"))),
            server=as_text(whole.get("server")),
            tools=tuple(_tool(as_object(one)) for one in as_list(whole.get("tools"))),
        )
    except (RefusedJson, ValueError) as error:
        raise NoAudit(str(error)) from None


def _tool(one: JsonObject) -> ToolAccess:
    return ToolAccess(
        tool=as_text(one.get("tool")),
        capabilities=tuple(
            _capability(as_object(each)) for each in as_list(one.get("capabilities"))
        ),
        data=tuple(DataClass(each) for each in strings(one.get("data"))),
        untrusted=_sure(one.get("untrusted")),
        private=_sure(one.get("private")),
        outward=_sure(one.get("outward")),
        places_files=_sure(one.get("places_files")),
        claims=strings(one.get("claims")),
        contradicted=strings(one.get("contradicted")),
    )


def _capability(one: JsonObject) -> Capability:
    sure = _sure(one.get("confidence"))
    if sure is None:
        raise NoAudit("a level has no confidence")
    basis = (as_object(each) for each in as_list(one.get("basis")))
    return Capability(
        level=Level(as_text(one.get("level"))),
        objects=strings(one.get("objects")),
        confidence=sure,
        basis=tuple(Basis(as_text(each.get("kind")), as_text(each.get("says"))) for each in basis),
    )


def _sure(value: JsonValue) -> Confidence | None:
    if value is None:
        return None
    word = as_text(value)
    if word not in Confidence.words():
        raise NoAudit(f"{word!r} is no confidence")
    return Confidence[word.upper()]
