"""What is gathered about one client, and how it becomes a :class:`Client`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from ostiary.clients.permissions import Grant, unset_permission
from ostiary.clients.record import ClientRecord
from ostiary.model.client import (
    Client,
    ConfigFile,
    Permission,
    PolicyEntry,
    Scope,
    ServerEntry,
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a file speaks for."""

    home: str | None = None
    """The home it lies in, if it is a user's file."""
    project: str | None = None
    user: str | None = None
    """The home of the user it counts for; ``None`` if it counts for all of them."""

    def reaches(self, other: Whose) -> bool:
        """Whether what this file says of all servers holds for those of ``other``."""
        return self.user is None or self.user == other.user


@dataclass(slots=True)
class Collected:
    """One client while its files are read. The only mutable noun of this room."""

    record: ClientRecord
    homes: set[str] = field(default_factory=set)
    present: bool = False
    """Whether something that is this client's own was found."""
    files: dict[str, ConfigFile] = field(default_factory=dict)
    """By path as shown."""
    shared: set[str] = field(default_factory=set)
    """Files that are another client's."""
    entries: list[tuple[Whose, ServerEntry]] = field(default_factory=list)
    policies: list[PolicyEntry] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    grants: list[tuple[Whose, Grant]] = field(default_factory=list)
    off: list[tuple[Whose, str, str | None]] = field(default_factory=list)
    """Servers that lists turn off, in all projects or in one."""
    exclusive: str = ""
    """The file that alone names the servers, if one does."""
    seen: set[tuple[str, object]] = field(default_factory=set)
    set_keys: set[tuple[str | None, tuple[str, ...]]] = field(default_factory=set)
    """Keys that some file sets, by user."""

    def client(self, readers: dict[str, tuple[str, ...]]) -> Client:
        """The finished client. ``readers`` names all clients of the table by file they read."""
        record = self.record
        files = tuple(self._file(path, readers) for path in sorted(self.files))
        return Client(
            id=record.id,
            name=record.name,
            homes=tuple(sorted(self.homes)),
            files=files,
            entries=tuple(sorted((self._settled(*one) for one in self.entries), key=_order)),
            policies=tuple(sorted(set(self.policies), key=_policy_order)),
            permissions=(*sorted(set(self.permissions), key=_permission_order), *self._defaults()),
            control=record.control,
            control_note=record.control_note,
            decides=record.decides,
            tool_change=record.tool_change,
            grade=record.grade,
            builtin=record.builtin,
            unseen=record.unseen,
        )

    def _file(self, path: str, readers: dict[str, tuple[str, ...]]) -> ConfigFile:
        others = tuple(one for one in readers.get(path, ()) if one != self.record.id)
        return replace(self.files[path], also_read_by=others)

    def _settled(self, whose: Whose, entry: ServerEntry) -> ServerEntry:
        """The entry once lists and grants of the client's other files are applied."""
        entry = self._granted(whose, entry)
        problems = entry.problems
        enabled = entry.enabled
        if any(
            entry.name == name and where in (None, entry.project) and speaker.reaches(whose)
            for speaker, name, where in self.off
        ):
            enabled = False
        if self.exclusive and entry.file != self.exclusive and entry.scope is not Scope.MANAGED:
            enabled = False
            problems = (*problems, f"not started while {self.exclusive} exists")
        return replace(entry, enabled=enabled, problems=problems)

    def _granted(self, whose: Whose, entry: ServerEntry) -> ServerEntry:
        mine = [
            (speaker, one)
            for speaker, one in self.grants
            if speaker.reaches(whose) and _same(entry.name, one.server)
        ]
        if not mine:
            return entry
        rules = entry.tools
        approved = [one for _, one in mine if one.effect == "approve"]
        # A project hides tools in that project only; what it approves is told wherever it may hold.
        hidden = [
            one.tool
            for speaker, one in mine
            if one.effect == "hide" and speaker.project in (None, entry.project)
        ]
        why = ", ".join(dict.fromkeys((*filter(None, (rules.why,)), *(x.why for x in approved))))
        tools = replace(
            rules,
            hidden=(*rules.hidden, *hidden),
            auto_approve=(*rules.auto_approve, *(x.tool for x in approved if x.tool != "*")),
            auto_approve_all=rules.auto_approve_all or any(x.tool == "*" for x in approved),
            why=why,
        )
        return replace(entry, tools=tools)

    def _defaults(self) -> Iterable[Permission]:
        """Defaults that no file overrides, for each user."""
        for spec in self.record.permissions:
            if not spec.unset or (None, spec.key) in self.set_keys:
                continue
            for home in sorted(self.homes):
                if (home, spec.key) not in self.set_keys:
                    yield unset_permission(spec, self._default_file(home))

    def _default_file(self, home: str) -> str:
        """The file in which the user would set it."""
        wanted = [
            path
            for path, one in sorted(self.files.items())
            if one.scope is Scope.USER and path.startswith(home) and path not in self.shared
        ]
        return wanted[0] if wanted else home


def _same(name: str, pattern: str) -> bool:
    """Clients compare names after replacing what a rule cannot hold."""
    flat = "".join(char if char.isalnum() or char in "_-" else "_" for char in name)
    return fnmatchcase(name, pattern) or fnmatchcase(flat, pattern)


def _order(entry: ServerEntry) -> tuple[str, str, int, str]:
    return (entry.name, entry.file, entry.line or 0, entry.pointer)


def _policy_order(entry: PolicyEntry) -> tuple[str, int, str, str, str]:
    return (entry.file, entry.line or 0, entry.kind, entry.matches, entry.pattern)


def _permission_order(one: Permission) -> tuple[str, int, str, str]:
    return (one.file, one.line or 0, one.key, one.value)
