"""Pasted configuration as a client of its own, alone or beside what a client already has."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from ostiary.clients.disk import Disk, Trouble
from ostiary.clients.pasted.read import MAX_BYTES, PASTED, Text, read_pasted
from ostiary.clients.record import ClientRecord
from ostiary.inventory.servers import merge
from ostiary.model.client import Client
from ostiary.model.outcome import NotChecked
from ostiary.scan.perform import Found

STANDARD_INPUT = "standard input"


def find_pasted(
    configs: tuple[Path, ...],
    record: ClientRecord | None = None,
    beside: Found | None = None,
    source: BinaryIO | None = None,
) -> Found:
    """The servers of ``configs``. With ``beside`` the client also has what is found there, and
    only what the pasted servers add is told. ``source`` stands in for standard input."""
    texts: list[Text] = []
    unread: list[NotChecked] = []
    for path in configs:
        try:
            texts.append(_text(path, source))
        except Trouble as trouble:
            unread.append(_unread(trouble))
    pasted = read_pasted(texts, record)
    near = _beside(pasted.client, beside)
    problems = (*unread, *pasted.not_checked, *(beside.not_checked if beside else ()))
    if record is not None and (beside is None or not beside.clients):
        problems = (*problems, _alone(record))
    client = replace(pasted.client, entries=(*pasted.client.entries, *near.entries))
    client = replace(client, permissions=near.permissions, policies=near.policies)
    return Found(
        clients=(client,) if client.files else (),
        servers=merge(client.entries) if client.files else (),
        not_checked=problems,
        homes=beside.homes if beside else (),
        projects=beside.projects if beside else (),
        before=(near,) if near.entries else (),
    )


def _beside(pasted: Client, beside: Found | None) -> Client:
    """What is already there, as this client's own."""
    clients = beside.clients if beside else ()
    return replace(
        pasted,
        files=(),
        entries=tuple(
            replace(entry, client=PASTED) for client in clients for entry in client.entries
        ),
        permissions=tuple(one for client in clients for one in client.permissions),
        policies=tuple(one for client in clients for one in client.policies),
    )


def _text(path: Path, source: BinaryIO | None) -> Text:
    if str(path) == "-":
        stream = source or sys.stdin.buffer
        return Text(STANDARD_INPUT, stream.read(MAX_BYTES + 1))
    where = str(path.absolute())
    content = Disk(None, "").read(where, limit=MAX_BYTES)
    if content is None:
        raise Trouble(str(path), "it is not there any more")
    return Text(str(path), content.data)


def _unread(trouble: Trouble) -> NotChecked:
    remedy = trouble.remedy
    if "named pipe" in trouble.reason:
        remedy = "hand it over on standard input: `… | ostiary scan --config -`"
    return NotChecked(trouble.path, trouble.reason, remedy, file=trouble.path)


def _alone(record: ClientRecord) -> NotChecked:
    return NotChecked(
        f"what {record.name} already has",
        "the client was not found here, so the pasted configuration was judged alone",
        "leave --client out, or name a client that `ostiary access` lists",
    )
