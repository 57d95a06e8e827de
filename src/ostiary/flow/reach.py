"""What one tool contributes to a dangerous path: its roles, each with a confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ostiary.flow.kinds import BROWSER, DEBUGGER
from ostiary.flow.lexicon import wordset
from ostiary.flow.weight import own_things
from ostiary.flow.words import tokens
from ostiary.model.access import Capability, DataClass, FlowStep, Level, ServerAccess, ToolAccess
from ostiary.model.grade import Confidence
from ostiary.model.server import RunsOn, Server

ASKED = ""
BYPASSED = "the client asks nobody"

UNTRUSTED, PRIVATE, OUTWARD = "untrusted", "private", "outward"
FILE_WRITE, ANY_FILE_WRITE = "file write", "any file write"
FILE_READ, EXECUTE = "file read", "execute"
DESTROY, SPEND, ADMINISTER = "destroy", "spend", "administer"
CREDENTIALS, BUS_WRITE = "credentials", "bus write"

_HOME = re.compile(
    r"(?i)^(?:/|~|[a-z]:[\\/]?|\$\{?(?:env:)?HOME\}?|%USERPROFILE%|\$\{userHome\}"
    r"|/home(?:/[^/]+)?|/Users(?:/[^/]+)?|/root|[a-z]:[\\/]+Users(?:[\\/]+[^\\/]+)?)[\\/]*$"
)
_CONFIG_HOME = re.compile(
    r"(?i)[\\/.](?:claude|cursor|vscode|codeium|gemini|codex|continue|config|bashrc|zshrc|ssh"
    r"|autostart|github)\b|Application Support|AppData"
)
_HARMLESS = re.compile(
    r"(?i)^(?:/tmp|/var/tmp|/mnt|/data)\b|[\\/](?:Downloads|tmp|Temp|Pictures)\b"
)
_HERE = re.compile(r"^(?:\.{1,2}[\\/]?|\$\{?(?:workspaceFolder|workspaceRoot|PWD)\}?)$")
_DIRECTORY = re.compile(r"^(?:[/~.]|[a-zA-Z]:[\\/]|\$\{?\w|%)")
_WIDE_MOUNT = re.compile(r"whole file system|whole home directory")
_STORES = re.compile(
    r"(?i)\b(?:redis|kafka|rabbitmq|sqs|pubsub|nats|mqtt|pulsar|event ?hub|kinesis)\b"
)


_NOTHING: frozenset[str] = frozenset()
_PLAIN = {
    FILE_WRITE: wordset("write edit"),
    ANY_FILE_WRITE: wordset("write edit"),
    UNTRUSTED: wordset("fetch read search navigate issue message email page log show"),
    PRIVATE: wordset("read contents query log show diff"),
    EXECUTE: wordset("run execute start command"),
}
"""Words of the tools that show a role most plainly, to choose among equals."""
_DULL = wordset("list info status size sizes channels users branch allowed directories count")
"""Words of tools that have a role and do not show it well."""


def plainness(role: str, tool: str) -> int:
    """0 for a tool whose name shows the role plainly, 2 for one that shows it badly, else 1."""
    words = tokens(tool)
    if not _PLAIN.get(role, _NOTHING).isdisjoint(words):
        return 0
    return 1 if _DULL.isdisjoint(words) else 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tool in one role."""

    role: str
    confidence: Confidence
    server: str
    key: str
    tool: str
    does: str
    approved: str
    """Why nobody is asked before the call; empty where the client asks as usual."""

    def step(self) -> FlowStep:
        suffix = f"; nobody is asked ({self.approved})" if self.approved else ""
        return FlowStep(self.server, self.tool, self.does + suffix, bool(self.approved))

    @property
    def plainness(self) -> int:
        return plainness(self.role, self.tool)

    def rank(self) -> tuple[int, bool, int, str, str]:
        """Surest first, unasked before asked, plainest, then by name: the choice is fixed."""
        return (-self.confidence, not self.approved, self.plainness, self.server, self.tool)


@dataclass(frozen=True, slots=True)
class Reach:
    """One server as one client shows it, with how the client asks about each tool."""

    access: ServerAccess
    record: Server | None
    asking: dict[str, str] = field(hash=False)

    def candidates(self) -> Iterator[Candidate]:
        """Every role of every tool, at any confidence."""
        for tool in self.access.tools:
            for role, confidence, does in _roles(tool, self):
                yield Candidate(
                    role=role,
                    confidence=confidence,
                    server=self.access.name,
                    key=self.access.server,
                    tool=tool.tool,
                    does=does,
                    approved=self.asking.get(tool.tool, ASKED),
                )


_Role = tuple[str, Confidence, str]


def _roles(tool: ToolAccess, reach: Reach) -> Iterator[_Role]:
    if tool.untrusted is not None:
        yield (
            UNTRUSTED,
            tool.untrusted,
            f"brings in what strangers may have written ({_named(tool)})",
        )
    if tool.private is not None:
        yield PRIVATE, tool.private, f"reads what is not public ({_named(tool)})"
        if DataClass.CREDENTIALS in tool.data and tool.has(Level.READ):
            yield CREDENTIALS, tool.private, "reads credentials"
    if tool.outward is not None:
        yield OUTWARD, tool.outward, "can carry data to a place the caller chooses"
    for level, role, does in _LEVEL_ROLES:
        capability = tool.has(level)
        if capability is not None:
            sure = min(capability.confidence, _ceiling(role, tool, reach))
            yield role, sure, does.format(_objects(capability))
    yield from _file_roles(tool, reach)
    yield from _bus(tool, reach)


_LEVEL_ROLES = (
    (Level.EXECUTE, EXECUTE, "runs {}"),
    (Level.DESTROY, DESTROY, "can destroy {}"),
    (Level.SPEND, SPEND, "can spend money"),
    (Level.ADMINISTER, ADMINISTER, "changes who may do what"),
)


def _ceiling(role: str, tool: ToolAccess, reach: Reach) -> Confidence:
    """How surely a level does harm here: what happens in a page stays in it."""
    if role == DESTROY and (own_things(tool) or reach.access.kind == BROWSER):
        return Confidence.LOW
    if role == EXECUTE and reach.access.kind in (BROWSER, DEBUGGER):
        return Confidence.MEDIUM
    capability = tool.has(Level.EXECUTE)
    boxed = capability is not None and any("sandbox" in one for one in capability.objects)
    return Confidence.MEDIUM if role == EXECUTE and boxed else Confidence.HIGH


def _named(tool: ToolAccess) -> str:
    read = tool.has(Level.READ) or (tool.capabilities[0] if tool.capabilities else None)
    return _objects(read) if read else "content"


def _objects(capability: Capability) -> str:
    return " and ".join(capability.objects[:2]) or "content"


def _file_roles(tool: ToolAccess, reach: Reach) -> Iterator[_Role]:
    """Reading and writing files on this machine; a repository at a host is not one."""
    if not _touches_files(tool, reach):
        return
    scope, says = _scope(reach)
    if tool.places_files is not None:
        yield ANY_FILE_WRITE, tool.places_files, f"writes files{says}"
        if scope is not None:
            yield FILE_WRITE, min(tool.places_files, scope), f"writes files{says}"
    read = tool.has(Level.READ)
    if read is not None:
        yield FILE_READ, read.confidence, f"reads files{says}"


def _touches_files(tool: ToolAccess, reach: Reach) -> bool:
    if reach.record is not None and reach.record.runs_on is RunsOn.REMOTE:
        return False
    local = {"file", "directory"}
    if tool.places_files is not None:
        return True
    return any(local.intersection(one.objects) for one in tool.capabilities) and not (
        tool.has(Level.SEND) and DataClass.SOURCE_CODE in tool.data
    )


def _scope(reach: Reach) -> tuple[Confidence | None, str]:
    """How surely a path may be a configuration or start-up file, from the directories given."""
    record = reach.record
    if record is None:
        return Confidence.MEDIUM, ""
    if record.launch.runner in ("docker", "podman"):
        return _mounted(record)
    given = [one for one in record.launch.arguments if _DIRECTORY.match(one)]
    wide = [one for one in given if _HOME.match(one) or _CONFIG_HOME.search(one)]
    if wide:
        return Confidence.HIGH, f" under {wide[0]}"
    if not given:
        return Confidence.MEDIUM, ""
    harmless = all(_HARMLESS.search(one) for one in given)
    says = "the project" if _HERE.match(given[0]) else given[0]
    return None if harmless else Confidence.MEDIUM, f" under {says}"


def _mounted(record: Server) -> tuple[Confidence | None, str]:
    """A container reaches only what is mounted into it."""
    wide = [note for note in record.launch.notes if _WIDE_MOUNT.search(note)]
    if wide:
        return (Confidence.HIGH if "writable" in wide[0] else Confidence.LOW), f" ({wide[0]})"
    words = (word for entry in record.entries for word in entry.argv)
    mounted = any(word.startswith(("-v", "--volume", "--mount")) for word in words)
    return (Confidence.MEDIUM, " that are mounted") if mounted else (None, "")


def _bus(tool: ToolAccess, reach: Reach) -> Iterator[_Role]:
    """A write to a store that other services commonly listen to."""
    write = tool.has(Level.WRITE) or tool.has(Level.SEND)
    if write is None or write.confidence is Confidence.LOW:
        return
    queue = "queue" in write.objects
    if queue or (DataClass.DATABASE in tool.data and _STORES.search(_about(reach))):
        confidence = Confidence.MEDIUM if queue else Confidence.LOW
        yield BUS_WRITE, confidence, "writes where other services may listen"


def _about(reach: Reach) -> str:
    package = reach.record.launch.package if reach.record else None
    return f"{reach.access.name} {package.name if package else ''}".replace("-", " ")
