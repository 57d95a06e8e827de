"""The credentials that configurations hold: who has each, in how many places, how coarse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ostiary.detect.secret_formats.form import UNKNOWN_BREADTH
from ostiary.detect.secrets_named import names_secret
from ostiary.inventory.secret_places import Held, held
from ostiary.model.access import Credential
from ostiary.model.client import ServerEntry
from ostiary.model.grade import Confidence
from ostiary.model.server import Server
from ostiary.model.visible import visible


def credentials(servers: tuple[Server, ...]) -> tuple[Credential, ...]:
    """One credential for each distinct value, wherever it stands. Never the value."""
    copies = by_value(servers)
    found = [_credential([(server.name, one) for server, one in group]) for group in copies]
    return tuple(sorted(found, key=lambda one: (not one.coarse, one.name, one.kind, one.places)))


def by_value(servers: Iterable[Server]) -> list[list[tuple[Server, Held]]]:
    """The places of each distinct credential, LOW confidence left out, in a fixed order."""
    groups: dict[str, list[tuple[Server, Held]]] = {}
    for server in servers:
        for entry in server.entries:
            for one in held(entry):
                if one.secret.confidence is not Confidence.LOW:
                    groups.setdefault(one.value.reveal(), []).append((server, one))
    return list(groups.values())


def holds(entry: ServerEntry) -> tuple[str, ...]:
    """Names of the credentials an entry gives its server, references to a store included."""
    names = {one.name for one in held(entry)}
    names |= {
        visible(setting.name)
        for setting in (*entry.env, *entry.headers, *entry.secrets)
        if names_secret(setting.name)
        and (setting.value is None or any(sign in setting.value.reveal() for sign in "${%"))
    }
    return tuple(sorted(names))


def _credential(group: list[tuple[str, Held]]) -> Credential:
    names = Counter(one.name for _, one in group)
    best = min((one for _, one in group), key=_sharpness)
    places = {_position(one) for _, one in group}
    return Credential(
        name=min(names, key=lambda name: (-names[name], name)),
        kind=best.secret.kind,
        servers=tuple(sorted({visible(name) for name, _ in group})),
        places=tuple(sorted(places)),
        breadth=best.secret.breadth,
        coarse=any(one.secret.coarse for _, one in group),
    )


def _sharpness(one: Held) -> tuple[bool, bool, int, str, str]:
    """Order by how much the finding says, so that the best-told copy names the credential."""
    secret = one.secret
    return (
        secret.kind.startswith("credential"),
        secret.breadth == UNKNOWN_BREADTH,
        -secret.confidence,
        secret.kind,
        secret.breadth,
    )


def _position(one: Held) -> str:
    line = one.location.line
    return f"{one.location.file}:{line}" if line is not None else str(one.location.file)
