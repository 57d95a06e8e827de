"""Adds to the servers of one file what a person set for them in a second one."""

from __future__ import annotations

from dataclasses import replace

from ostiary.clients.entries import Servers
from ostiary.clients.formats.document import Document, pointer
from ostiary.clients.lookup import Hit, find, texts_in
from ostiary.clients.reading import Opened
from ostiary.clients.record import FileSpec
from ostiary.model.client import Concealed, Setting
from ostiary.model.json import as_object

_KEPT_ELSEWHERE = "__encrypted__:"
"""How Claude Desktop marks a value that only the system's key store can open."""


def completed(servers: Servers, spec: FileSpec, companion: Opened | None) -> Servers:
    """``servers`` with the values and the switch of the companion, if there is one."""
    document = companion.document if companion else None
    if spec.companion is None or companion is None or document is None:
        return servers
    given = tuple(
        setting
        for hit in find(document.value, spec.companion.secrets)
        for setting in _settings(hit, document, companion.shown)
        if spec.companion.secrets
    )
    flags = find(document.value, spec.companion.enabled) if spec.companion.enabled else ()
    off = any(hit.value is False for hit in flags)
    entries = tuple(
        replace(one, secrets=(*one.secrets, *given), enabled=one.enabled and not off)
        for one in servers.entries
    )
    return replace(servers, entries=entries)


def _settings(hit: Hit, document: Document, file: str) -> list[Setting]:
    found: list[Setting] = []
    for name, value in as_object(hit.value).items():
        for path, text in texts_in(value, (*hit.path, name)):
            line, column = document.spot(path)
            kept = None if text.startswith(_KEPT_ELSEWHERE) else Concealed(text)
            found.append(Setting(name, kept, line, column, pointer(path), file))
    return found
