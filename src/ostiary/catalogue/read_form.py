"""A lock's document as approvals: read strictly, every digest checked, nothing guessed."""

from __future__ import annotations

import re
from datetime import date, datetime

from ostiary.catalogue.failure import LockTampered
from ostiary.catalogue.naming import SERVER_NAME, clash_key
from ostiary.catalogue.taken import MEND, Fields, unreadable
from ostiary.catalogue.written import FORMAT, FORMATS, KINDS
from ostiary.model.access import Level
from ostiary.model.approval import Accepted, Approval, ApprovedItem, Bounds, LeftOut, Start
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.visible import NAME, visible
from ostiary.surface.pins import NAMED_BY, text_digest
from ostiary.wire.canonical import digest

_DIGEST = re.compile(r"[0-9a-f]{64}")
_LABEL = re.compile(r"[a-z0-9][a-z0-9._:-]{0,63}")
_TRANSPORTS = ("stdio", "http", "sse")
_LEVELS = frozenset(level.value for level in Level)


def read_format(document: Fields) -> None:
    """Refuse a document in another form. Raises :class:`LockUnreadable`."""
    form = document.text("format", needed=True)
    if form == FORMAT:
        return
    if form.startswith(FORMATS):
        raise unreadable(
            document.where,
            f"is in the form {visible(form, 60)!r}, which a later version wrote: update Ostiary",
        )
    raise unreadable(document.where, f"is no lock: its format is {visible(form, 60)!r}")


def read_servers(servers: JsonObject, where: str) -> tuple[Approval, ...]:
    """Every approval, sorted. Raises :class:`LockUnreadable` and :class:`LockTampered`."""
    clashes: dict[str, str] = {}
    for name in servers:
        if not SERVER_NAME.fullmatch(name):
            raise unreadable(
                where,
                f"{visible(name, NAME)!r} is no name of a server: lower-case letters, digits, "
                "- and single _ are",
            )
        twin = clashes.setdefault(clash_key(name), name)
        if twin != name:
            raise unreadable(where, f"the servers {twin!r} and {name!r} are too alike")
    return tuple(
        _approval(name, Fields(servers[name], f"{where}, server {name}"))
        for name in sorted(servers)
    )


def _approval(server: str, fields: Fields) -> Approval:
    where = fields.where
    said, said_text = _pinned_text(fields.inside("instructions", needed=True))
    can, declared = _pinned_object(fields.inside("capabilities", needed=True))
    made = Approval(
        server=server,
        key=fields.text("key"),
        start=_start(fields.inside("start", needed=True)),
        artifact=fields.text("artifact"),
        instructions=said,
        capabilities=can,
        items=_items(fields),
        owner=fields.text("owner", needed=True),
        reason=fields.text("reason", needed=True),
        approved_by=fields.text("approved_by", needed=True),
        approved_at=_moment(fields.text("approved_at", needed=True), where),
        review_by=_day(fields.text("review_by", needed=True), where),
        bounds=_bounds(fields.inside("limits")),
        groups=fields.texts("groups"),
        revision=fields.text("revision"),
        instructions_text=said_text,
        capabilities_declared=declared,
        left_out=_left_out(fields.objects("left_out")),
        accepted=_accepted(fields.objects("accepted")),
    )
    fields.done()
    return made


def _items(fields: Fields) -> tuple[ApprovedItem, ...]:
    found = [
        _item(kind, name, Fields(value, f"{fields.where}, {kind} {visible(name, NAME)}"))
        for kind, part in KINDS.items()
        for name, value in fields.object(part).items()
    ]
    return tuple(sorted(found, key=lambda one: (one.kind, one.name)))


def _item(kind: str, name: str, fields: Fields) -> ApprovedItem:
    pin = _pin(fields)
    levels, labels = fields.texts("levels"), fields.texts("labels")
    if not _LEVELS.issuperset(levels):
        raise unreadable(fields.where, f"levels must be some of {', '.join(sorted(_LEVELS))}")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise unreadable(fields.where, "a label is lower-case letters, digits and . _ : -")
    definition = fields.object("definition", needed=True)
    fields.done()
    if definition.get(NAMED_BY[kind]) != name:
        raise unreadable(fields.where, "its definition is of something else")
    _same(digest(definition), pin, fields.where, "its definition")
    return ApprovedItem(kind, name, pin, levels, labels, definition)


def _pinned_text(fields: Fields) -> tuple[str, str]:
    pin, text = _pin(fields), fields.text("text")
    fields.done()
    _same(text_digest(text), pin, fields.where, "the text")
    return pin, text


def _pinned_object(fields: Fields) -> tuple[str, JsonObject]:
    pin, value = _pin(fields), fields.object("declared")
    fields.done()
    _same(digest(value), pin, fields.where, "what is declared")
    return pin, value


def _pin(fields: Fields) -> str:
    pin = fields.text("digest", needed=True)
    if not _DIGEST.fullmatch(pin):
        raise unreadable(fields.where, "digest must be 64 hex digits")
    return pin


def _same(found: str, pin: str, where: str, what: str) -> None:
    if found != pin:
        raise LockTampered(
            f"{where}: {what} was changed after it was signed (its digest is another); {MEND}"
        )


def _start(fields: Fields) -> Start:
    start = Start(
        transport=fields.text("transport", needed=True),
        command=fields.texts("command", order=False),
        url=fields.text("url"),
        cwd=fields.text("cwd"),
        env=fields.texts("env"),
        headers=fields.texts("headers"),
        network=fields.flag("network"),
        readable=fields.texts("read"),
        writable=fields.texts("write"),
    )
    fields.done()
    if start.transport not in _TRANSPORTS:
        raise unreadable(fields.where, f"transport must be one of {', '.join(_TRANSPORTS)}")
    local = start.transport == "stdio"
    if bool(start.command) != local or bool(start.url) == local:
        raise unreadable(fields.where, "a stdio server has a command, any other a url")
    return start


def _bounds(fields: Fields) -> Bounds:
    bounds = Bounds(
        calls_per_minute=fields.count("calls_per_minute"),
        concurrent_calls=fields.count("concurrent_calls"),
        answer_bytes=fields.count("answer_bytes"),
        answer_seconds=fields.seconds("answer_seconds"),
    )
    fields.done()
    return bounds


def _left_out(rows: list[Fields]) -> tuple[LeftOut, ...]:
    found = []
    for row in rows:
        kind, name = row.text("kind", needed=True), row.text("name", needed=True)
        found.append(LeftOut(kind, name, _pin(row), row.text("why")))
        row.done()
        if kind not in KINDS:
            raise unreadable(row.where, f"kind must be one of {', '.join(KINDS)}")
    if found != sorted(found, key=lambda one: (one.kind, one.name, one.digest)):
        raise unreadable(rows[0].where, "left_out must be sorted")
    return tuple(found)


def _accepted(rows: list[Fields]) -> tuple[Accepted, ...]:
    found = []
    for row in rows:
        rule, reason = row.text("rule", needed=True), row.text("reason", needed=True)
        found.append(Accepted(rule, reason, row.texts("findings")))
        row.done()
    if [one.rule for one in found] != sorted({one.rule for one in found}):
        raise unreadable(rows[0].where, "accepted must be sorted, each rule once")
    return tuple(found)


def _day(text: str, where: str) -> str:
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise ValueError
    except ValueError:
        raise unreadable(where, "review_by must be a day as YYYY-MM-DD, or empty") from None
    return text


def _moment(text: str, where: str) -> str:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise unreadable(
            where, "approved_at must be a moment in UTC as YYYY-MM-DDThh:mm:ssZ"
        ) from None
    return text


def as_json(value: JsonValue, where: str) -> Fields:
    """The document of a lock. Raises :class:`LockUnreadable`."""
    return Fields(value, where)
