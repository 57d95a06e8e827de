"""Where the program of a server lies: temporary folders, downloads, relative paths."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, where
from ostiary.inventory.launch import peeled_line
from ostiary.inventory.redact import masked
from ostiary.inventory.secret_places import place
from ostiary.inventory.words import is_relative, program
from ostiary.model.check import Check, Installation
from ostiary.model.client import Scope, ServerEntry
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server
from ostiary.model.visible import visible

LOOSE = Rule(
    id="launch-from-temporary-folder",
    title="Server runs from a temporary or download folder",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The program or script of a server lies in a folder for temporary files or downloads. "
    "Folders that are only handed to a server as data are left alone.",
    attack="Other programs and, for temporary folders, other users can put a file of the same name "
    "there first or later; the client then runs it.",
    remedy="Install the server in a place that only you or an administrator can write, and name "
    "that path.",
    references=("MCP04:2025", "SAFE-T1203", "CWE-732", "CWE-829"),
)

RELATIVE = Rule(
    id="relative-command",
    title="Shared configuration runs a program of the project",
    category=Category.SUPPLY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A configuration that belongs to a project names its server's program by a path inside "
    "the project. In a person's own configuration a relative path is told to strict readers.",
    attack="Whoever can change a file of the project, for example in a pull request, decides what "
    "runs on every machine that opens it; the configuration itself need not change.",
    remedy="Review the program like a build script, or run a released and pinned package instead.",
    references=("MCP-SBP:local-mcp-server-compromise", "SAFE-T1203", "AML.T0081", "CWE-829"),
)

_SHARED = tuple(f"/{one}/" for one in ("tmp", "var/tmp", "dev/shm"))
_LOOSE_FOLDERS = (
    *("private/tmp", "var/folders", "downloads", "appdata/local/temp", "windows/temp"),
    *("$recycle.bin", ".trash", "users/public"),
)
_LOOSE_INSIDE = tuple(f"/{one}/" for one in _LOOSE_FOLDERS)
_LOOSE_VARIABLES = ("%temp%/", "%tmp%/", "$tmpdir/", "${tmpdir}/", "${env:temp}/", "$env:temp/")
_ENDS = (
    ".js",
    ".mjs",
    ".cjs",
    ".ts",
    ".py",
    ".sh",
    ".jar",
    ".dll",
    ".exe",
    ".rb",
    ".php",
    ".ps1",
    ".bat",
    ".cmd",
    ".mcpb",
    ".dxt",
)
_PROJECT = (
    "${workspaceFolder}",
    "${workspaceRoot}",
    "${CLAUDE_PROJECT_DIR}",
    "$CLAUDE_PROJECT_DIR",
)


def programs(entry: ServerEntry) -> tuple[str, ...]:
    """The words of a command line that name code: the program, and the script it is given."""
    argv = peeled_line(entry.argv).argv
    found = list(argv[:1])
    if argv and program(argv[0]) in {"docker", "podman", "nerdctl"}:
        return tuple(found)
    for word in argv[1:]:
        if word.lower().endswith(_ENDS) and not word.startswith(("-", "http")):
            found.append(word)
            break
    return tuple(found)


def look(installation: Installation) -> Iterator[Finding]:
    for server in installation.servers:
        yield from _loose(server)
        for entry in server.entries:
            yield from _relative(server, entry)


def _loose(server: Server) -> Iterator[Finding]:
    for entry in server.entries:
        for word in programs(entry):
            if _is_loose(word):
                yield LOOSE.finding(
                    f"{server.name} runs {visible(masked(word))}.",
                    where(server, "command"),
                    evidence=copies((entry,), "command"),
                    mark=masked(word),
                )
                return


def _is_loose(word: str) -> bool:
    """Whether a path begins in, or for a person's folders leads through, a loose folder."""
    folded = word.replace("\\", "/").lower()
    if folded.startswith((*_SHARED, *_LOOSE_VARIABLES)):
        return True
    return any(one in folded for one in _LOOSE_INSIDE)


def _relative(server: Server, entry: ServerEntry) -> Iterator[Finding]:
    inside = [word for word in programs(entry) if is_relative(word) or word.startswith(_PROJECT)]
    bare = [word for word in programs(entry)[1:] if _is_bare(word)]
    if not inside and not bare:
        return
    shared = entry.scope is Scope.PROJECT
    word = visible(masked((inside or bare)[0]))
    yield RELATIVE.finding(
        f"{entry.client} starts {server.name} from {word}, inside "
        + ("the project that brings the configuration." if shared else "whatever folder it is in."),
        place(entry, part="command"),
        evidence=copies((entry,), "command"),
        severity=None if shared else Severity.LOW,
        persona=None if shared else Persona.STRICT,
        mark=word,
    )


def _is_bare(word: str) -> bool:
    """A script named without any root, such as ``server.py`` or ``dist/index.js``."""
    return (
        not word.startswith(("/", "~", "$", "%", "@", "\\"))
        and word[1:2] != ":"
        and "://" not in word
    )


CHECK = Check((LOOSE, RELATIVE), look)
