"""What a person asks a scan to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ostiary.model.grade import Persona


class UnclearGrant(ValueError):
    """A grant that cannot be understood. The message shows the form."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing a server is allowed while its surface is recorded."""

    server: str
    """Server name or key."""
    what: str
    """``network``, ``env`` (its configured variables), ``headers`` (its configured headers) or
    ``read``."""
    path: str = ""
    """For ``read``: the file or folder."""

    @staticmethod
    def parse(text: str) -> Grant:
        """``SERVER:network``, ``SERVER:env``, ``SERVER:headers`` or ``SERVER:read=PATH``.

        Raises :class:`UnclearGrant`.
        """
        server, separator, what = text.rpartition(":")
        if "=" in text and ":read=" in text:
            server, separator, path = text.partition(":read=")
            what = "read"
        else:
            path = ""
        plain = what in ("network", "env", "headers") and not path
        if not (server and separator and (plain or (what == "read" and path))):
            raise UnclearGrant(
                f"{text!r} is not a grant; write SERVER:network, SERVER:env, SERVER:headers or "
                "SERVER:read=PATH"
            )
        return Grant(server, what, path)


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """Everything one scan needs to know. Nothing is read from the environment after this."""

    root: Path | None = None
    """Take this directory as the ``/`` of another system."""
    home: Path | None = None
    """Look at this home instead of the caller's."""
    projects: tuple[Path, ...] = ()
    clients: tuple[str, ...] = ()
    """Only these client ids; empty means all."""
    tables: tuple[Path, ...] = ()
    """Files with client records of the user's own."""
    surfaces: tuple[Path, ...] = ()
    """Captured surfaces to judge instead of this machine."""
    configs: tuple[Path, ...] = ()
    """Pasted configurations to judge instead of this machine; ``-`` is standard input."""
    against: Path | None = None
    """An earlier capture to compare the captured surfaces with."""
    connect: bool = False
    servers: tuple[str, ...] = ()
    """Connect only to these names or keys; empty means all."""
    grants: tuple[Grant, ...] = ()
    allow_private: bool = False
    """Call remote servers at private addresses too."""
    fetch: bool = True
    """Fetch packages that are not installed, without running anything of theirs."""
    record: Path | None = None
    memory: Path | None = None
    """Where surfaces are kept; ``None`` keeps nothing."""
    memory_named: bool = False
    """Whether the caller named that file; one that cannot be used is then an error."""
    audits: Path | None = None
    """Where what audits told of tools is kept; ``None`` asks nothing of them."""
    cache: Path = Path("cache")
    ignore: Path | None = None
    persona: Persona = Persona.DEFAULT
    today: date = date.min
    jobs: int = 4
    seconds: float = 60.0
    """Wall time for each server."""

    @property
    def captured_only(self) -> bool:
        """Whether only captured files are judged and no machine is looked at."""
        return bool(self.surfaces)
