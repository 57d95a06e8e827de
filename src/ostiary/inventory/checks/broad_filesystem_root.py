"""File servers that are given too much of the disk."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, where
from ostiary.inventory.runners.containers import is_home
from ostiary.inventory.words import split
from ostiary.model.check import Check, Installation
from ostiary.model.client import ServerEntry
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server
from ostiary.model.visible import visible

RULE = Rule(
    id="broad-filesystem-root",
    title="File server reaches configuration or a whole home",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A server that reads and writes files is given the root of the disk, a whole home "
    "directory, a folder of keys, or a folder that holds the configuration of an AI client.",
    attack="A tool that may write MCP configuration can do anything: it adds a server or switches "
    "approval off, and the client starts it. In a home directory keys and start-up files serve "
    "the same end.",
    remedy="Give it only the folders it works on, none of which holds client configuration, keys "
    "or start-up files; read-only if that is enough.",
    references=("MCP02:2025", "SAFE-T1606", "SAFE-T1206", "AML.T0081", "ASI02:2026", "CWE-668"),
)

_FILE_SERVERS = frozenset(
    {
        "@modelcontextprotocol/server-filesystem",
        "@cyanheads/filesystem-mcp-server",
        "mcp-server-filesystem",
    }
    | {
        "rust-mcp-filesystem",
        "mcp-filesystem-server",
        "mcp/filesystem",
        "@wonderwhy-er/desktop-commander",
    }
    | {"filesystem-mcp", "mcp-filesystem", "desktop-commander", "@mark3labs/mcp-filesystem-server"}
)
_NAME = ("filesystem", "file-system", "files-mcp", "mcp-files")
_ROOTS = frozenset({"/", "//", "c:", "c:/", "d:/", "/mnt/c", "/users", "/home", "/root"})
_HOMES = frozenset(
    {
        "~",
        "$home",
        "${home}",
        "${userhome}",
        "${env:home}",
        "%userprofile%",
        "${env:userprofile}",
        "%homepath%",
    }
)
_SENSITIVE = {
    ".ssh": "keys",
    ".aws": "cloud keys",
    ".kube": "cluster keys",
    ".gnupg": "keys",
    ".config": "the configuration of many programs",
    ".claude": "client configuration",
    ".cursor": "client configuration",
    ".codex": "client configuration",
    ".gemini": "client configuration",
    ".vscode": "client configuration",
    "/etc": "system configuration",
    "appdata/roaming": "the configuration of many programs",
    "library/application support": "the configuration of many programs",
}


def serves_files(server: Server) -> bool:
    """Whether the package, or the program, is a server for files in general."""
    package = server.launch.package
    name = package.name if package is not None else ""
    if name in _FILE_SERVERS:
        return True
    words = (name, *(entry.argv[0] for entry in server.entries if entry.argv))
    return any(one in word.lower() for word in words for one in _NAME)


def look(installation: Installation) -> Iterator[Finding]:
    files = [one.path for client in installation.clients for one in client.files]
    folders = {path: path.replace("\\", "/") for path in sorted(set(files))}
    for server in installation.servers:
        if serves_files(server):
            yield from _server(server, folders)


def _server(server: Server, folders: dict[str, str]) -> Iterator[Finding]:
    """One finding for each folder that says too much, with every entry that gives it."""
    given: dict[str, list[ServerEntry]] = {}
    for entry in server.entries:
        word = next((one for one in _given(entry) if _reason(one, folders)[0]), None)
        if word is not None:
            given.setdefault(word, []).append(entry)
    for word, entries in given.items():
        why, holds = _reason(word, folders)
        evidence = list(copies(entries))
        evidence += [
            Evidence("a client's configuration lies inside", Location(file=one))
            for one in holds[:5]
        ]
        yield RULE.finding(
            f"{server.name} is given {visible(word)}, {why}.",
            where(server, "folder"),
            evidence=evidence,
            mark=word,
        )


def _given(entry: ServerEntry) -> Iterator[str]:
    """Words that may be folders; a container mount names its source before the colon."""
    for word in entry.argv[1:]:
        for piece in split(word) if word.startswith("-") and "," in word else (word,):
            text = piece.partition("=")[2] if piece.startswith("--") and "=" in piece else piece
            if text.startswith(("type=", "src=", "source=")):
                parts = dict(part.partition("=")[::2] for part in text.split(","))
                text = parts.get("source") or parts.get("src") or ""
            yield _before_colon(text)


def _before_colon(text: str) -> str:
    start = 2 if text[:1].isalpha() and text[1:3] in {":\\", ":/"} else 0
    if not text.startswith(("/", "~", "$", "%", ".")) and start == 0:
        return text
    colon = -1 if text.startswith("${env:") else text.find(":", start)
    return text if colon <= 0 else text[:colon]


def _reason(word: str, folders: dict[str, str]) -> tuple[str, list[str]]:
    folder = word.replace("\\", "/")
    low = folder.lower().rstrip("/") or folder[:1]
    if low in _ROOTS or low.rstrip("/") in _ROOTS:
        return "the whole disk or every home on it", _inside(folder, folders)
    if low in _HOMES or is_home(folder):
        return "a whole home directory with its keys and client configuration", _inside(
            folder, folders
        )
    for end, what in _SENSITIVE.items():
        if low.endswith("/" + end.lstrip("/")) or low == end:
            return f"which holds {what}", _inside(folder, folders)
    holds = _inside(folder, folders) if low.startswith("/") or low[1:3] == ":/" else []
    if holds:
        return "a folder that holds the configuration of an AI client", holds
    return "", []


def _inside(folder: str, folders: dict[str, str]) -> list[str]:
    root = folder.rstrip("/") + "/"
    return [path for path, plain in folders.items() if plain.startswith(root)]


CHECK = Check((RULE,), look)
