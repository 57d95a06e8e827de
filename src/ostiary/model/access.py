"""What a server can do to whoever uses it, at what level, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ostiary.model.grade import Confidence


class Level(StrEnum):
    """What a tool can do. In order of listing, not of danger."""

    READ = "read"
    WRITE = "write"
    DESTROY = "destroy"
    EXECUTE = "execute"
    SEND = "send"
    """Carry data out of the machine or the account."""
    SPEND = "spend"
    ADMINISTER = "administer"
    """Change who may do what: users, roles, keys, policies, configuration of systems."""


class DataClass(StrEnum):
    """What kind of data passes through."""

    FILES = "files"
    SOURCE_CODE = "source code"
    CREDENTIALS = "credentials"
    PERSONAL = "personal data"
    HEALTH = "health data"
    FINANCIAL = "financial data"
    MESSAGES = "messages"
    DATABASE = "database records"
    CALENDAR = "calendar"
    LOCATION = "location"
    WEB = "web content"
    CLOUD = "cloud resources"
    BROWSER = "browser session"
    MEMORY = "agent memory"
    PUBLIC = "public data"


@dataclass(frozen=True, slots=True)
class Basis:
    """One piece of evidence for a level."""

    kind: str
    """``source`` (a place in its code), ``schema``, ``words``, ``hint`` (the server's own
    annotation), ``package`` (a known one) or ``launch`` (the command line)."""
    says: str


@dataclass(frozen=True, slots=True)
class Capability:
    """One level on one kind of object."""

    level: Level
    objects: tuple[str, ...]
    """What it acts on: ``file``, ``repository``, ``database table``, ``message`` …"""
    confidence: Confidence
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class ToolAccess:
    """What one tool can do."""

    tool: str
    capabilities: tuple[Capability, ...]
    data: tuple[DataClass, ...] = ()
    untrusted: Confidence | None = None
    """How surely its results carry content that strangers wrote; ``None`` if they do not."""
    private: Confidence | None = None
    """How surely its results carry data that is not public."""
    outward: Confidence | None = None
    """How surely a caller can use it to send data to a place of their choosing."""
    places_files: Confidence | None = None
    """How surely a caller can write content of their choosing to a path of their choosing."""
    claims: tuple[str, ...] = ()
    """Self-declared annotations in words: ``read-only``, ``not destructive`` …"""
    contradicted: tuple[str, ...] = ()
    """Claims that the evidence speaks against, with the reason."""

    def levels(self) -> tuple[Level, ...]:
        return tuple(capability.level for capability in self.capabilities)

    def has(self, level: Level) -> Capability | None:
        return next((one for one in self.capabilities if one.level is level), None)


@dataclass(frozen=True, slots=True)
class ServerAccess:
    """What one server can do, tool by tool."""

    server: str
    """Server key."""
    name: str
    kind: str
    """What it is: ``API wrapper``, ``file system``, ``code runner``, ``database``, ``browser``,
    ``stateful``, ``debugger`` or ``unknown``."""
    known_from: str
    """``surface``, ``memory``, ``captured``, ``audit``, ``known package`` or ``nothing``."""
    tools: tuple[ToolAccess, ...]
    holds: tuple[str, ...] = ()
    """Names of credentials its configuration gives it."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One hop of a dangerous path."""

    server: str
    """Server name."""
    tool: str
    does: str
    unasked: bool = False
    """Whether nobody is asked before this call."""


@dataclass(frozen=True, slots=True)
class ToxicFlow:
    """Powers that are dangerous together, with the path drawn."""

    kind: str
    client: str
    steps: tuple[FlowStep, ...]
    says: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ClientAccess:
    """The union of what one client's servers can do, and what follows from it."""

    client: str
    name: str
    servers: tuple[ServerAccess, ...]
    levels: tuple[Level, ...]
    data: tuple[DataClass, ...]
    flows: tuple[ToxicFlow, ...] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential found in configuration, never its value."""

    name: str
    """What people call it, for example ``GITHUB_TOKEN``."""
    kind: str
    """``GitHub fine-grained token``, ``PostgreSQL password`` …, or ``credential``."""
    servers: tuple[str, ...]
    """Names of the servers that hold the same value."""
    places: tuple[str, ...]
    """``file:line`` of every copy."""
    breadth: str
    """How coarse it is, when that can be told; ``not known`` otherwise."""
    coarse: bool = False
    """True when the credential is known to open more than the server needs."""
