"""What one client's record says: its files, the shape of its servers, its policies and modes."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.model.client import PolicyKind, Scope, SpeaksOf, Transport

KeyPath = tuple[str, ...]
"""Literal keys from the top of a document. ``{project}`` stands for any key and names a project;
``{any}`` stands for any key or position."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A key whose value means yes when it is one of ``values``."""

    key: KeyPath
    values: tuple[bool | str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a client writes one server. Defaults are the shape most clients share."""

    keys: tuple[KeyPath, ...] = (("mcpServers",),)
    """Where the servers are; every path that exists is read."""
    flat: bool = False
    """Whether the whole document may be the container, if it looks like one."""
    container: str = "map"
    """``map`` (name to server), ``array`` (each names itself), ``maps`` (a list of such maps and
    of names that refer elsewhere) or ``one`` (the place is a server)."""
    skip: tuple[str, ...] = ()
    """Keys of the container that are no servers unless they look like one."""
    name: str = "name"
    command: KeyPath = ("command",)
    args: str = "args"
    env: str = "env"
    env_names: str = ""
    """Key of a list of variables that are passed on by name."""
    urls: tuple[tuple[str, Transport], ...] = (
        ("url", Transport.HTTP),
        ("serverUrl", Transport.HTTP),
        ("httpUrl", Transport.HTTP),
    )
    """URL fields, in order of precedence, and what each means when no type is given."""
    headers: str = "headers"
    header_env: str = ""
    """Key of a map from header to the variable that holds its value."""
    bearer_env: str = ""
    """Key that names the variable whose value becomes the bearer token."""
    cwd: tuple[str, ...] = ("cwd", "workingDirectory")
    type: tuple[str, ...] = ("type", "transport", "transportType")
    types: tuple[tuple[str, Transport], ...] = ()
    """Spellings of this client on top of the common ones."""
    nest: str = ""
    """Optional object inside a server that may hold its transport fields."""
    enabled: tuple[str, ...] = ()
    """Keys whose ``false`` keeps the client from starting the server."""
    disabled: tuple[str, ...] = ()
    """Keys whose ``true`` does. A client without such a key starts what its file names."""
    only: tuple[KeyPath, ...] = ()
    hidden: tuple[KeyPath, ...] = ()
    approve: tuple[KeyPath, ...] = ()
    approve_all: tuple[Switch, ...] = ()
    approve_map: tuple[KeyPath, ...] = ()
    """Maps from tool to approval; the last key names the field, if there is one."""
    sandbox: tuple[str, ...] = ()
    secrets: tuple[KeyPath, ...] = ()
    """Places in a server, outside env and headers, where this client keeps credentials."""
    executes: tuple[KeyPath, ...] = (("headersHelper",),)
    """Fields that name a program which runs when the entry is loaded or used."""
    toggles: bool = False
    """Whether an entry with nothing but an on/off key switches another layer's server."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A second file that holds what the person set for the servers of a first one."""

    path: str
    """Relative to the folder of the first file; ``{folder}`` stands for that folder's name."""
    secrets: KeyPath = ()
    """An object of values that fill the first file's placeholders."""
    enabled: KeyPath = ()
    """A flag whose ``false`` turns the servers of the first file off."""


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One kind of file of a client."""

    scope: Scope
    format: str
    paths: tuple[str, ...]
    """Path templates, see :mod:`ostiary.clients.places`."""
    role: str = "servers"
    """``servers`` (a server file), ``settings`` or any other name that policies refer to."""
    shape: Shape | None = Shape()
    """``None`` if the file cannot name servers."""
    shared: bool = False
    """Another client's file: counts only where this client is present."""
    mentioned: bool = False
    """The client was seen to load the file, which is not enough to count its servers."""
    ancestors: bool = False
    """Whether the client reads it from every directory above the project, to the top."""
    gated: bool = False
    """Found by walking: silently passed over unless it looks like a server file."""
    exclusive: bool = False
    """Its existence means that only the servers in it may run."""
    executes: tuple[KeyPath, ...] = ()
    off: tuple[KeyPath, ...] = ()
    """Lists of names of servers that the client does not start."""
    projects: tuple[KeyPath, ...] = ()
    """Maps whose keys are project directories this client knows."""
    companion: Companion | None = None


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """Where a client keeps rules on servers, and how they are written."""

    key: KeyPath
    form: str
    """A reader of :mod:`ostiary.clients.policies`."""
    kind: PolicyKind
    roles: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class PermissionSpec:
    """A setting on who decides that a call needs a person."""

    key: KeyPath
    effect: str
    values: tuple[bool | str | int, ...] = ()
    """Values it speaks of; any value if empty."""
    like: tuple[str, ...] = ()
    """Globs over the strings of a list or the keys of a map."""
    bypass: bool = False
    decided_by: str = "rule"
    speaks_of: SpeaksOf = SpeaksOf.CLIENT
    unset: bool = False
    """Speaks when no file of the client sets the key: the client's default."""
    roles: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()


@dataclass(frozen=True, slots=True)
class GrantSpec:
    """A client-wide list that approves or hides tools of servers, such as ``mcp__srv__tool``."""

    key: KeyPath
    form: str
    """With ``{server}`` and ``{tool}``."""
    effect: str
    """``approve`` or ``hide``."""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """One AI application."""

    id: str
    name: str
    grade: str
    """How well it is sourced: S, D, T2+, T1 or M."""
    source: str
    verified: str
    """Date on which the source was read."""
    files: tuple[FileSpec, ...] = ()
    detect: tuple[str, ...] = ()
    """Path templates whose existence shows that the client is installed."""
    interpolation: tuple[str, ...] = ()
    """Syntaxes the client expands, such as ``${VAR}``."""
    runs: tuple[str, ...] = ()
    """Syntaxes that run a program when expanded: ``$(cmd)`` or ``${cmd:}``."""
    control: str = "none"
    control_note: str = ""
    decides: str = ""
    tool_change: str = ""
    builtin: tuple[str, ...] = ()
    also_reads: tuple[str, ...] = ()
    """Ids of clients whose server files this one may load too."""
    unseen: str = ""
    """What decides about the client and stands in no file that is read, in words."""
    registry: tuple[str, ...] = ()
    """Places in the Windows registry that hold its policy."""
    policies: tuple[PolicySpec, ...] = ()
    permissions: tuple[PermissionSpec, ...] = ()
    grants: tuple[GrantSpec, ...] = ()
    origin: str = field(default="", compare=False)
    """The file of the record, if a user handed it in."""
