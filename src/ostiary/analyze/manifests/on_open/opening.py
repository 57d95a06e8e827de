"""What every reader of this folder makes: a manifest of scripts and settings."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText

FOLDER_OPEN = "folder open"
"""An editor or agent runs it when the folder is opened, as far as its owner trusts the folder."""

FOLDER_ENTER = "folder enter"
"""A shell runs it when somebody enters the folder, after one permission."""

CONTAINER_START = "container start"
"""Run inside a development container."""

GIT_HOOK = "git hook"
"""Run when somebody commits or pushes, once the hooks are installed."""

AGENT_HOOK = "agent hook"
"""Run by an AI application at an event of its own."""

AGENT_SERVER = "agent server"
"""An MCP server that an AI application offers to start when the folder is opened."""

PACKAGE_MANAGER = "package manager"
"""Run by a package manager beside its own work."""

_MOST = 200


def opening(
    text: ManifestText,
    scripts: Iterable[Script],
    states: Iterable[tuple[str, str]] = (),
) -> Manifest:
    """The manifest of one such file, bounded."""
    return Manifest(
        ecosystem="editor",
        file=text.path,
        name="",
        version="",
        scripts=tuple(scripts)[:_MOST],
        states=tuple(states)[:_MOST],
    )


def command_line(command: object, args: object = ()) -> str:
    """Command and arguments on one line, whatever form they were written in."""
    words = [command] if isinstance(command, str) else command
    listed = [*words] if isinstance(words, list | tuple) else []
    listed += [*args] if isinstance(args, list | tuple) else []
    return " ".join(word for word in listed if isinstance(word, str))[:4000]
