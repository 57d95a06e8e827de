"""``ostiary.lock``: read with its signatures checked, sealed, and written without harm."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ostiary.catalogue.failure import (
    LockMergeConflict,
    LockTampered,
    LockUnreadable,
    LockUntrusted,
)
from ostiary.catalogue.keys import SigningKey, decoded, public_key, verified
from ostiary.catalogue.layout import laid_out
from ostiary.catalogue.read_form import read_format, read_servers
from ostiary.catalogue.taken import MEND, Fields
from ostiary.catalogue.written import document, statement
from ostiary.model.approval import Approval, Lock
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.visible import visible
from ostiary.wire.canonical import NoCanonicalForm
from ostiary.wire.strict_json import RefusedJson, decode

MOST_SIGNATURES = 64
_CONFLICT = (b"<<<<<<< ", b">>>>>>> ")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a lock."""

    key: str
    value: str


def read_lock(
    data: bytes, trusted: Collection[str], needed: int = 1, name: str = "ostiary.lock"
) -> Lock:
    """The lock in ``data``, signed by at least ``needed`` of the ``trusted`` keys.

    Every signature in it must be right, also those of keys that are not trusted. Raises
    :class:`LockMergeConflict`, :class:`LockUnreadable`, :class:`LockTampered` or
    :class:`LockUntrusted`. ``name`` is what the messages call the file.
    """
    value = _decoded(data, name)
    fields = Fields(value, name)
    read_format(fields)
    signatures = _signatures(fields.objects("signatures"), name)
    assert isinstance(value, dict)
    said = _statement(value, name)
    signers = _checked(signatures, said, name)
    good = sorted(signers & set(trusted))
    if len(good) < max(needed, 1):
        raise _untrusted(name, signers, good, needed)
    serial, previous = fields.count("serial", 1), fields.text("previous")
    approvals = read_servers(fields.object("servers"), name)
    fields.done()
    return Lock(
        approvals=approvals,
        digest=hashlib.sha256(said).hexdigest(),
        signed_by=good[0],
        serial=serial,
        previous=previous,
        signers=tuple(good),
    )


def seal(
    approvals: Iterable[Approval],
    key: SigningKey,
    serial: int = 1,
    previous: str = "",
    others: Iterable[Signature] = (),
) -> bytes:
    """A signed lock of ``approvals`` as bytes. The same content and key give the same bytes.

    ``others`` are signatures over the same content to keep.
    """
    ordered = sorted(approvals, key=lambda one: one.server)
    value = document(ordered, serial, previous)
    own = Signature(key.name, key.sign(statement(value)))
    kept = {one.key: one for one in (*others, own)}
    value["signatures"] = [{"key": one.key, "value": one.value} for _, one in sorted(kept.items())]
    return laid_out(value)


def signatures_of(data: bytes, name: str = "ostiary.lock") -> tuple[Signature, ...]:
    """The signatures in a lock, not checked. Raises :class:`LockUnreadable`."""
    fields = Fields(_decoded(data, name), name)
    return _signatures(fields.objects("signatures"), name)


def _decoded(data: bytes, name: str) -> JsonValue:
    if any(line.startswith(_CONFLICT) for line in data.splitlines()):
        raise LockMergeConflict(
            f"{name} holds both sides of a merge conflict; keep one side whole (for example "
            f"`git checkout --theirs {name}`) and approve what the other side had again. A lock "
            "cannot be mended by hand: its signature covers all of it"
        )
    try:
        return decode(data)
    except RefusedJson as error:
        raise LockUnreadable(f"{name} is not strict JSON: {error}; {MEND}") from None


def _statement(value: JsonObject, name: str) -> bytes:
    try:
        return statement(value)
    except NoCanonicalForm as error:
        raise LockUnreadable(f"{name} has no canonical form: {error}; {MEND}") from None


def _signatures(rows: list[Fields], name: str) -> tuple[Signature, ...]:
    if len(rows) > MOST_SIGNATURES:
        raise LockUnreadable(f"{name} has more than {MOST_SIGNATURES} signatures; {MEND}")
    found = []
    for row in rows:
        found.append(Signature(row.text("key", needed=True), row.text("value", needed=True)))
        row.done()
    keys = [one.key for one in found]
    if keys != sorted(set(keys)):
        raise LockUnreadable(f"{name}: signatures must be sorted, one for each key; {MEND}")
    return tuple(found)


def _checked(signatures: tuple[Signature, ...], said: bytes, name: str) -> set[str]:
    """The keys that signed. A wrong signature refuses the whole lock."""
    if not signatures:
        raise LockTampered(f"{name} is not signed; {MEND}")
    for one in signatures:
        known = public_key(one.key) is not None and decoded(one.value) is not None
        if not known or not verified(one.key, one.value, said):
            raise LockTampered(
                f"{name} was changed after {visible(one.key, 60)} signed it, or the signature was "
                f"never its own; {MEND}"
            )
    return {one.key for one in signatures}


def _untrusted(name: str, signers: set[str], good: list[str], needed: int) -> LockUntrusted:
    strangers = ", ".join(sorted(signers - set(good)))
    if not good and strangers:
        return LockUntrusted(
            f"{name} is signed by {strangers}, which is not trusted here. If that is the key of "
            "somebody who may approve servers, add it to trusted_keys under [approvals]; else "
            "move the file away and approve the servers yourself"
        )
    also = f" ({strangers} signed too and is not trusted here)" if strangers else ""
    return LockUntrusted(
        f"{name} needs {needed} trusted signatures and has {len(good)}{also}; ask another approver "
        "to run `ostiary approve --sign`"
    )
