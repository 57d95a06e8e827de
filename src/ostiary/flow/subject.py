"""What the checks of this room look at: every access of one scan and what it came from."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.model.access import ClientAccess, Credential, ServerAccess
from ostiary.model.check import Installation
from ostiary.model.surface import Surface


@dataclass(frozen=True, slots=True)
class Access:
    """All accesses of one scan. Surfaces and credentials may be empty when none were read."""

    clients: tuple[ClientAccess, ...]
    servers: tuple[ServerAccess, ...]
    installation: Installation
    surfaces: tuple[Surface, ...] = ()
    credentials: tuple[Credential, ...] = ()
