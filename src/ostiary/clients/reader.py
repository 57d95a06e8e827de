"""Takes each opened file apart, for each client that reads it."""

from __future__ import annotations

from dataclasses import replace

from ostiary.clients.collected import Collected, Whose
from ostiary.clients.companion import completed
from ostiary.clients.entries import (
    MAX_SERVERS,
    Context,
    looks_like_servers,
    named_sinks,
    read_servers,
)
from ostiary.clients.formats.document import Document
from ostiary.clients.lookup import Hit, find
from ostiary.clients.permissions import is_set, read_grants, read_permissions
from ostiary.clients.policies import read_policies
from ostiary.clients.projects import known_projects
from ostiary.clients.reading import Opened, Reading
from ostiary.clients.record import ClientRecord, FileSpec
from ostiary.model.client import Client, ConfigFile, PolicyEntry, PolicyKind, Scope, ServerEntry
from ostiary.model.json import JsonValue, strings

_WRITABLE = 0o022
_STICKY = 0o1000


class Reader:
    """Gathers, client by client, what the files say."""

    def __init__(
        self, reading: Reading, records: tuple[ClientRecord, ...], *, trust_owner: bool
    ) -> None:
        self._reading = reading
        self._trust_owner = trust_owner
        self._collected = {record.id: Collected(record) for record in records}
        self._readers: dict[str, set[str]] = {}
        self.known: set[str] = set()
        """Project directories that clients remember, as written."""

    def present(self, record: ClientRecord, home: str) -> None:
        """A trace of the client was found."""
        found = self._collected[record.id]
        found.present = True
        if home:
            found.homes.add(home)

    def take(
        self,
        record: ClientRecord,
        spec: FileSpec,
        opened: Opened,
        whose: Whose,
        companion: Opened | None = None,
    ) -> None:
        """One file, read as ``spec`` of ``record`` says, with the one that completes it."""
        found = self._collected[record.id]
        document = opened.document
        shape = spec.shape
        if spec.mentioned:
            self._readers.setdefault(opened.shown, set()).add(record.id)
            return
        if spec.gated and (document is None or shape is None):
            return
        if spec.gated and document and shape and not looks_like_servers(document, shape):
            return
        key = (opened.real, (spec.role, shape.keys if shape else None, spec.off, spec.projects))
        if key in found.seen:
            return
        found.seen.add(key)
        self._note(found, spec, opened, whose)
        if document is not None:
            self._read(found, spec, opened, document, whose, companion=companion)

    def _note(self, found: Collected, spec: FileSpec, opened: Opened, whose: Whose) -> None:
        name = opened.shown
        if spec.shape is not None:
            self._readers.setdefault(name, set()).add(found.record.id)
        if spec.shared:
            found.shared.add(name)
        else:
            found.present = True
            if whose.home:
                found.homes.add(whose.home)
        if name in found.files:
            return
        content = opened.content
        found.files[name] = ConfigFile(
            path=name,
            client=found.record.id,
            scope=spec.scope,
            format=spec.format,
            digest=opened.digest,
            mode=content.mode if content else None,
            project=whose.project,
            owner_is_root=content.owner_is_root if content else None,
            parent_mode=content.parent_mode if content else None,
            duplicate_keys=opened.document.duplicates if opened.document else (),
        )

    def _read(
        self,
        found: Collected,
        spec: FileSpec,
        opened: Opened,
        document: Document,
        whose: Whose,
        *,
        companion: Opened | None,
    ) -> None:
        self._servers(found, spec, opened, document, whose, companion=companion)
        self._sinks(found, spec, opened, document)
        self._rules(found, spec, opened, document, whose)
        for key in spec.off:
            for hit in find(document.value, key):
                found.off.extend((whose, name, hit.project or whose.project) for name in _off(hit))
        self.known.update(known_projects(document, spec.projects))

    def _servers(
        self,
        found: Collected,
        spec: FileSpec,
        opened: Opened,
        document: Document,
        whose: Whose,
        *,
        companion: Opened | None,
    ) -> None:
        if spec.shape is None:
            return
        context = Context(found.record, opened.shown, spec.scope, whose.project)
        servers = completed(read_servers(document, spec.shape, context), spec, companion)
        found.entries.extend((whose, entry) for entry in servers.entries)
        found.off.extend((whose, name, project) for name, project in servers.off)
        if servers.dropped:
            self._reading.fail(
                opened.shown,
                f"{servers.dropped:,} servers beyond the first {MAX_SERVERS:,} were not read",
                "no client runs this many; look at what wrote the file",
            )
        if spec.exclusive:
            found.exclusive = opened.shown
            found.policies.append(self._only_these(spec, opened, servers.entries))

    def _only_these(
        self, spec: FileSpec, opened: Opened, entries: tuple[ServerEntry, ...]
    ) -> PolicyEntry:
        names = ", ".join(sorted(entry.name for entry in entries)) or "no server at all"
        managed = self._is_managed(spec, opened)
        return PolicyEntry(PolicyKind.EXCLUSIVE, "all", names, opened.shown, managed, 1)

    def _sinks(self, found: Collected, spec: FileSpec, opened: Opened, document: Document) -> None:
        sinks = tuple(named_sinks(document, spec.executes, Hit((), document.value)))
        if sinks:
            known = found.files[opened.shown]
            merged = (*known.executes, *(one for one in sinks if one not in known.executes))
            found.files[opened.shown] = replace(known, executes=merged)

    def _rules(
        self, found: Collected, spec: FileSpec, opened: Opened, document: Document, whose: Whose
    ) -> None:
        record = found.record
        policies = tuple(one for one in record.policies if _applies(one.roles, one.scopes, spec))
        managed = self._is_managed(spec, opened)
        found.policies.extend(read_policies(document, policies, opened.shown, managed))
        permissions = tuple(
            one for one in record.permissions if _applies(one.roles, one.scopes, spec)
        )
        found.permissions.extend(read_permissions(document, permissions, opened.shown))
        found.set_keys.update((whose.user, one.key) for one in permissions if is_set(document, one))
        grants = tuple(one for one in record.grants if _applies(one.roles, (), spec))
        found.grants.extend((whose, one) for one in read_grants(document, grants))

    def _is_managed(self, spec: FileSpec, opened: Opened) -> bool:
        """Whether users cannot write the file: an administrator's place, owner and modes."""
        content = opened.content
        if spec.scope is not Scope.MANAGED or content is None or content.mode & _WRITABLE:
            return False
        parent = content.parent_mode or 0
        if parent & _WRITABLE and not parent & _STICKY:
            return False
        return content.owner_is_root or not self._trust_owner

    def clients(self) -> tuple[Client, ...]:
        """Every client that was found, by id."""
        self._settle_shared()
        readers = self._all_readers()
        return tuple(
            self._collected[name].client(readers)
            for name in sorted(self._collected)
            if self._collected[name].present
        )

    def _settle_shared(self) -> None:
        """A file of many readers makes its owner present, and nobody else."""
        for found in self._collected.values():
            if not found.present:
                found.files.clear()

    def _all_readers(self) -> dict[str, tuple[str, ...]]:
        files = {name: set(clients) for name, clients in self._readers.items()}
        for found in self._collected.values():
            for other in found.record.also_reads:
                for name in self._collected[other].files if other in self._collected else ():
                    if name in files:
                        files[name].add(found.record.id)
        return {name: tuple(sorted(clients)) for name, clients in files.items()}


def _applies(roles: tuple[str, ...], scopes: tuple[Scope, ...], spec: FileSpec) -> bool:
    return (not roles or spec.role in roles) and (not scopes or spec.scope in scopes)


def _off(hit: Hit) -> tuple[str, ...]:
    value: JsonValue = hit.value
    if isinstance(value, dict):
        return tuple(name for name, one in value.items() if one in (False, "off", "disabled"))
    return strings(value)
