"""A server as the machine would start or call it, whoever configured it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ostiary.model.client import ServerEntry, Transport


class Pin(StrEnum):
    """How firmly a configuration names the code it runs."""

    DIGEST = "digest"
    """A content digest: always the same bytes."""
    EXACT = "exact"
    """One version: the same as long as the index keeps its word."""
    RANGE = "range"
    FLOATING = "floating"
    """No version, ``latest``, or a moving tag or branch."""
    LOCAL = "local"
    """A path on this machine."""
    REMOTE = "remote"
    """Runs elsewhere; nothing to pin."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Package:
    """A package a runner fetches."""

    ecosystem: str
    """``npm``, ``pypi``, ``oci``, ``mcpb``, ``git``, ``deno``, ``jsr``, ``go``, ``cargo`` or
    ``nuget``."""
    name: str
    version: str | None
    pin: Pin

    @property
    def label(self) -> str:
        return f"{self.ecosystem}:{self.name}" + (f"@{self.version}" if self.version else "")


@dataclass(frozen=True, slots=True)
class Launch:
    """What a launch line means once wrappers are peeled off."""

    runner: str
    """``npx``, ``pnpm``, ``yarn``, ``bunx``, ``uvx``, ``uv``, ``pipx``, ``docker``, ``podman``,
    ``node``, ``python``, ``deno``, ``go``, ``cargo``, ``dotnet``, ``java``, ``mcpb``, ``path``,
    ``url``, ``shell``, ``builtin`` or ``unknown``."""
    package: Package | None
    arguments: tuple[str, ...]
    """What the server itself receives."""
    shell: bool = False
    """Whether a shell interprets the line."""
    notes: tuple[str, ...] = ()
    """Traits worth telling, for example ``--privileged`` or a mounted home."""
    remote: str | None = None
    """The address that a local bridge calls, secrets masked; ``None`` if it is no bridge."""


class RunsOn(StrEnum):
    """The two lives of a server: here, or at somebody else's."""

    LOCAL = "local"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class Server:
    """One server and everyone who uses it. Equal launches in many files are one server."""

    key: str
    """Twelve hex digits over what would be started or called; stable between scans."""
    name: str
    """The name most of its users give it."""
    transport: Transport
    launch: Launch
    entries: tuple[ServerEntry, ...]
    """Every place that configures it; never empty."""
    command: str
    """The command line or URL as a person would read it, secrets masked, nothing truncated."""

    @property
    def runs_on(self) -> RunsOn:
        remote = self.transport in (Transport.HTTP, Transport.SSE, Transport.WEBSOCKET)
        return RunsOn.REMOTE if remote else RunsOn.LOCAL

    @property
    def clients(self) -> tuple[str, ...]:
        """Ids of the clients that have it, sorted."""
        return tuple(sorted({entry.client for entry in self.entries}))

    @property
    def enabled(self) -> bool:
        return any(entry.enabled for entry in self.entries)
