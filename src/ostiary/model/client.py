"""AI applications and what their configuration files say."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.model.json import JsonObject


class Scope(StrEnum):
    """Who a configuration file speaks for."""

    USER = "user"
    PROJECT = "project"
    LOCAL = "local"
    """One person, one project (kept in a user's file, keyed by project)."""
    PROFILE = "profile"
    PLUGIN = "plugin"
    """A plugin, an extension or a bundle brought it."""
    MANAGED = "managed"
    """An administrator's place, which the user cannot write."""
    CAPTURED = "captured"
    """A surface handed in as a file; no client is involved."""


class Transport(StrEnum):
    STDIO = "stdio"
    HTTP = "http"
    """Streamable HTTP."""
    SSE = "sse"
    """HTTP with SSE, revision 2024-11-05."""
    WEBSOCKET = "websocket"
    BUILTIN = "builtin"
    """Part of the client itself."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Concealed:
    """A value that may be a secret. It never prints itself."""

    _value: str

    def reveal(self) -> str:
        """The value. For detectors and launchers only; never for a report."""
        return self._value

    def __repr__(self) -> str:
        return "Concealed(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Setting:
    """A named value of a server entry: an environment variable or an HTTP header."""

    name: str
    value: Concealed | None
    """``None`` where the configuration names a variable and leaves its value elsewhere."""
    line: int | None = None
    column: int | None = None
    pointer: str = ""
    file: str = ""
    """The file it stands in, where that is not the entry's."""


@dataclass(frozen=True, slots=True)
class ToolRules:
    """Which tools of a server the client offers and which it runs without asking.

    Names may be globs. ``auto_approve_all`` is the client's "never ask for this server".
    """

    only: tuple[str, ...] | None = None
    """If not ``None``, just these are offered."""
    hidden: tuple[str, ...] = ()
    auto_approve: tuple[str, ...] = ()
    auto_approve_all: bool = False
    why: str = ""
    """The setting that approves, for example ``trust: true``."""


@dataclass(frozen=True, slots=True)
class ExecutionSink:
    """A place in a configuration where expanding or loading it runs a program."""

    what: str
    """For example ``headersHelper`` or ``$(…)``."""
    command: str
    """As written, never expanded."""
    pointer: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ServerEntry:
    """One server as one configuration file of one client states it. Nothing is expanded."""

    client: str
    """Client id."""
    file: str
    scope: Scope
    name: str
    transport: Transport
    argv: tuple[str, ...] = ()
    """Command and arguments for stdio; empty otherwise."""
    url: str | None = None
    env: tuple[Setting, ...] = ()
    headers: tuple[Setting, ...] = ()
    cwd: str | None = None
    enabled: bool = True
    project: str | None = None
    """The project the entry belongs to, for project and local scope."""
    tools: ToolRules = ToolRules()
    executes: tuple[ExecutionSink, ...] = ()
    secrets: tuple[Setting, ...] = ()
    """Credentials kept in the entry outside ``env`` and ``headers``, such as OAuth tokens."""
    sandbox: str | None = None
    """The client's own sandbox setting for this server, as written."""
    line: int | None = None
    column: int | None = None
    pointer: str = ""
    problems: tuple[str, ...] = ()
    """What in the entry is unknown, malformed or contradictory, in words."""
    raw: JsonObject = field(default_factory=dict, hash=False)
    """The entry as parsed, unknown keys kept. May hold secrets: never printed."""


class PolicyKind(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    EXCLUSIVE = "exclusive"
    """Only what the policy file itself defines may run."""
    SWITCH = "switch"
    """MCP as a whole on or off, or a mode turned off."""


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One matcher of a policy a client enforces."""

    kind: PolicyKind
    matches: str
    """``name``, ``command``, ``argv``, ``url`` or ``all``: what it compares."""
    pattern: str
    file: str
    managed: bool
    """Whether it lies in a place that users cannot write."""
    line: int | None = None


class SpeaksOf(StrEnum):
    """How far a setting on asking reaches."""

    CLIENT = "client"
    """Every call of every server."""
    PROFILE = "profile"
    """Every call, once a profile is chosen that the setting belongs to."""
    SERVER = "server"
    """Every call of one server. It reaches that server's entry as its tool rules."""
    TOOLS = "tools"
    """Single tools, or a pattern over their names."""
    START = "start"
    """Which servers are loaded or started, not which calls run."""
    SHELL = "shell"
    """The client's own shell and its sandbox, not the tools of servers."""
    WARNING = "warning"
    """A warning that is no longer shown."""


NOT_SET = "not set"
"""The value of a setting that no file sets: the client's default speaks."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A setting of a client on who decides that an action needs a person."""

    key: str
    value: str
    effect: str
    """What it does, in words: ``asks before each call``, ``runs everything without asking``."""
    bypass: bool
    """True when it lets calls run that nobody is asked about."""
    file: str
    line: int | None = None
    decided_by: str = "rule"
    """``rule``, ``person`` or ``model``: who decides that a call needs attention."""
    speaks_of: SpeaksOf = SpeaksOf.CLIENT
    about: str | None = None
    """The server or tool it names, where it speaks of one."""

    @property
    def unasked(self) -> bool:
        """Whether every call of every server runs and nobody, not even a model, is asked."""
        wide = self.speaks_of is SpeaksOf.CLIENT
        return self.bypass and wide and self.decided_by == "rule"


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration file that exists, read or not."""

    path: str
    client: str
    scope: Scope
    format: str
    digest: str | None
    """SHA-256 of its bytes; ``None`` if it could not be read."""
    mode: int | None
    """POSIX permission bits."""
    also_read_by: tuple[str, ...] = ()
    """Other clients that load the same file."""
    project: str | None = None
    owner_is_root: bool | None = None
    parent_mode: int | None = None
    executes: tuple[ExecutionSink, ...] = ()
    """Places in the file, outside its servers, that run code when the client loads it."""
    duplicate_keys: tuple[str, ...] = ()
    """JSON pointers of keys that occur twice; the last one wins in most clients."""
    understood: tuple[str, ...] = ()
    """For a pasted text: what each of its pieces was read as, in words."""


@dataclass(frozen=True, slots=True)
class Client:
    """An AI application found on the scanned system."""

    id: str
    name: str
    homes: tuple[str, ...]
    """The home directories in which it was found."""
    files: tuple[ConfigFile, ...]
    entries: tuple[ServerEntry, ...]
    policies: tuple[PolicyEntry, ...] = ()
    permissions: tuple[Permission, ...] = ()
    control: str = "none"
    """Grade of what an administrator can enforce: ``A`` identity, ``B`` partial, ``C`` name only,
    ``none`` nothing found."""
    control_note: str = ""
    decides: str = ""
    """How the client decides that an action needs a person, in words."""
    tool_change: str = ""
    """What the client does when a server changes its tools, in words."""
    grade: str = ""
    """How well this record is sourced: S, D, T2+, T1 or M (see docs/clients.md)."""
    builtin: tuple[str, ...] = ()
    """Servers that are part of the client and appear in no file."""
    unseen: str = ""
    """What decides about this client and stands in no file that can be read, in words."""

    @property
    def stand_in(self) -> bool:
        """Whether it is no application but stands for files that were handed in."""
        return bool(self.entries) and all(one.scope is Scope.CAPTURED for one in self.entries)
