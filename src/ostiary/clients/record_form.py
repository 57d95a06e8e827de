"""Checks the text of a client record and turns it into a :class:`ClientRecord`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace

from ostiary.clients import places
from ostiary.clients.entries import RUNS
from ostiary.clients.formats import FORMATS
from ostiary.clients.policies import FORMS
from ostiary.clients.record import (
    ClientRecord,
    Companion,
    FileSpec,
    GrantSpec,
    KeyPath,
    PermissionSpec,
    PolicySpec,
    Shape,
    Switch,
)
from ostiary.model.client import PolicyKind, Scope, SpeaksOf, Transport

GRADES = ("S", "D", "T2+", "T1", "M")
CONTROLS = ("A", "B", "C", "none")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class BadRecord(ValueError):
    """A client record that cannot be used. The message names file, place and expectation."""

    def __init__(self, file: str, place: str, why: str) -> None:
        where = f"{file}: {place}" if place else file
        super().__init__(f"client record {where}: {why}")


class _Table:
    """One table of a record; every key must be asked for."""

    def __init__(self, value: object, file: str, place: str) -> None:
        if not isinstance(value, Mapping):
            raise BadRecord(file, place, "a table is expected")
        self._rest: dict[str, object] = dict(value)
        self._file = file
        self._place = place

    def fail(self, key: str, why: str) -> BadRecord:
        return BadRecord(self._file, ".".join(x for x in (self._place, key) if x), why)

    def done(self) -> None:
        if self._rest:
            raise self.fail(min(self._rest), "this key means nothing here")

    def has(self, key: str) -> bool:
        return key in self._rest

    def take(self, key: str) -> object:
        return self._rest.pop(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.fail(key, "a text is expected")
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.fail(key, f"one of {', '.join(allowed)} is expected")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.fail(key, "true or false is expected")
        return value

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fail(key, "a list of texts is expected")
        return tuple(value)

    def path(self, key: str, default: KeyPath | None = None) -> KeyPath:
        if default is not None and not self.has(key):
            return default
        value = self.texts(key)
        if not value:
            raise self.fail(key, "a list of keys is expected, such as ['mcp', 'servers']")
        return value

    def paths(self, key: str, default: tuple[KeyPath, ...] = ()) -> tuple[KeyPath, ...]:
        """Key paths; a lone text is a path of one key."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, list):
            raise self.fail(key, "a list of key paths is expected")
        found: list[KeyPath] = []
        for one in value:
            path = [one] if isinstance(one, str) else one
            if not isinstance(path, list) or not all(isinstance(x, str) for x in path):
                raise self.fail(key, "each key path is a text or a list of texts")
            found.append(tuple(path))
        return tuple(found)

    def scalars(self, key: str) -> tuple[bool | str | int, ...]:
        value = self.take(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(one, bool | str | int) for one in items):
            raise self.fail(key, "texts, numbers, true or false are expected")
        return tuple(items)

    def transport(self, key: str, value: object) -> Transport:
        try:
            return Transport(str(value))
        except ValueError:
            known = ", ".join(one.value for one in Transport)
            raise self.fail(key, f"one of {known} is expected") from None

    def transports(self, key: str) -> tuple[tuple[str, Transport], ...]:
        value = self.take(key)
        if not isinstance(value, Mapping):
            raise self.fail(key, "a table from field or spelling to transport is expected")
        return tuple((str(name), self.transport(key, one)) for name, one in value.items())

    def scopes(self, key: str) -> tuple[Scope, ...]:
        names = self.texts(key)
        known = tuple(one.value for one in Scope)
        if any(name not in known for name in names):
            raise self.fail(key, f"scopes are {', '.join(known)}")
        return tuple(Scope(name) for name in names)

    def tables(self, key: str) -> list[_Table]:
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fail(key, f"tables [[{key}]] are expected")
        return [
            _Table(one, self._file, f"{self._place}{key}[{position}]")
            for position, one in enumerate(value)
        ]

    def table(self, key: str) -> _Table | None:
        value = self.take(key)
        return None if value is None else _Table(value, self._file, f"{self._place}{key}")


def read_record(parsed: Mapping[str, object], file: str, origin: str) -> ClientRecord:
    """The record in a parsed TOML file. Raises :class:`BadRecord`."""
    top = _Table(parsed, file, "")
    name = top.text("id")
    if not _ID.match(name):
        raise top.fail("id", "lower-case words joined by hyphens are expected")
    verified = top.text("verified")
    if not _DATE.match(verified):
        raise top.fail("verified", "a date such as 2026-08-22 is expected")
    shape = _shape(top.table("shape"), Shape())
    control, note = _control(top.table("control"))
    record = ClientRecord(
        id=name,
        name=top.text("name"),
        grade=top.choice("grade", GRADES),
        source=top.text("source"),
        verified=verified,
        files=tuple(_file(one, shape) for one in top.tables("file")),
        detect=_templates(top, "detect"),
        interpolation=top.texts("interpolation"),
        runs=top.texts("runs"),
        control=control,
        control_note=note,
        decides=top.text("decides", ""),
        tool_change=top.text("tool_change", ""),
        builtin=top.texts("builtin"),
        unseen=top.text("unseen", ""),
        also_reads=top.texts("also_reads"),
        registry=top.texts("registry"),
        policies=tuple(_policy(one) for one in top.tables("policy")),
        permissions=tuple(_permission(one) for one in top.tables("permission")),
        grants=tuple(_grant(one) for one in top.tables("grant")),
        origin=origin,
    )
    top.done()
    if any(one not in RUNS for one in record.runs):
        raise top.fail("runs", f"syntaxes that run programs are {', '.join(RUNS)}")
    if not record.files and not record.detect:
        raise top.fail("file", "at least one file or detect path is expected")
    return record


def _control(table: _Table | None) -> tuple[str, str]:
    if table is None:
        return "none", ""
    found = table.choice("grade", CONTROLS), table.text("note", "")
    table.done()
    return found


def _templates(table: _Table, key: str) -> tuple[str, ...]:
    found = table.texts(key)
    for one in found:
        if why := places.problem(one):
            raise table.fail(key, why)
    return found


def _file(table: _Table, shape: Shape) -> FileSpec:
    own = table.table("shape")
    servers = table.flag("servers", default=True)
    found = FileSpec(
        scope=Scope(table.choice("scope", tuple(one.value for one in Scope))),
        format=table.choice("format", tuple(FORMATS), "json"),
        paths=_templates(table, "paths"),
        role=table.text("role", "servers"),
        shape=_shape(own, shape) if servers else None,
        shared=table.flag("shared"),
        mentioned=table.flag("mentioned"),
        ancestors=table.flag("ancestors"),
        gated=table.flag("gated"),
        exclusive=table.flag("exclusive"),
        executes=table.paths("executes"),
        off=table.paths("off"),
        projects=table.paths("projects"),
        companion=_companion(table.table("companion")),
    )
    if not found.paths:
        raise table.fail("paths", "at least one path is expected")
    table.done()
    return found


def _companion(table: _Table | None) -> Companion | None:
    if table is None:
        return None
    found = Companion(
        path=table.text("path"),
        secrets=table.path("secrets", ()),
        enabled=table.path("enabled", ()),
    )
    table.done()
    return found


_PATH_FIELDS = frozenset(
    {"keys", "only", "hidden", "approve", "approve_map", "secrets", "executes"}
)


def _shape(table: _Table | None, base: Shape) -> Shape:
    if table is None:
        return base
    changes: dict[str, object] = {}
    for one in fields(Shape):
        if table.has(one.name):
            changes[one.name] = _shape_field(table, one.name, getattr(base, one.name))
    table.done()
    return replace(base, **changes)  # type: ignore[arg-type]


def _shape_field(table: _Table, name: str, default: object) -> object:
    if name in ("urls", "types"):
        return table.transports(name)
    if name in _PATH_FIELDS:
        return table.paths(name)
    if name in _ODD_FIELDS:
        return _ODD_FIELDS[name](table, name)
    if isinstance(default, bool):
        return table.flag(name)
    return table.texts(name) if isinstance(default, tuple) else table.text(name)


def _switch(table: _Table) -> Switch:
    key = table.path("key")
    values = tuple(one for one in table.scalars("is") if isinstance(one, bool | str))
    table.done()
    return Switch(key, values or (True,))


_ODD_FIELDS: dict[str, Callable[[_Table, str], object]] = {
    "container": lambda table, name: table.choice(name, ("map", "array", "maps", "one")),
    "command": lambda table, name: table.paths(name)[0],
    "approve_all": lambda table, name: tuple(_switch(one) for one in table.tables(name)),
}


def _policy(table: _Table) -> PolicySpec:
    found = PolicySpec(
        key=table.path("key"),
        form=table.choice("form", tuple(FORMS)),
        kind=PolicyKind(table.choice("kind", tuple(one.value for one in PolicyKind))),
        roles=table.texts("in"),
        scopes=table.scopes("scopes"),
        says=table.text("says", ""),
    )
    table.done()
    return found


def _permission(table: _Table) -> PermissionSpec:
    found = PermissionSpec(
        key=table.path("key"),
        effect=table.text("effect"),
        values=table.scalars("is"),
        like=table.texts("like"),
        bypass=table.flag("bypass"),
        decided_by=table.choice("decided_by", ("rule", "person", "model"), "rule"),
        speaks_of=SpeaksOf(
            table.choice("speaks_of", tuple(one.value for one in SpeaksOf), SpeaksOf.CLIENT.value)
        ),
        unset=table.flag("unset"),
        roles=table.texts("in"),
        scopes=table.scopes("scopes"),
    )
    table.done()
    return found


def _grant(table: _Table) -> GrantSpec:
    found = GrantSpec(
        key=table.path("key"),
        form=table.text("form"),
        effect=table.choice("effect", ("approve", "hide")),
        roles=table.texts("in"),
    )
    if "{server}" not in found.form:
        raise table.fail(
            "form", "a text with {server} is expected, such as 'mcp__{server}__{tool}'"
        )
    table.done()
    return found
