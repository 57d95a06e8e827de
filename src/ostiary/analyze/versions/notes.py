"""Release notes between two versions, collected from the change logs that the later one carries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.version import InvalidVersion, Version

from ostiary.analyze.project import Project, SourceFile
from ostiary.model.version_change import Notes
from ostiary.model.visible import visible

_NAMES = re.compile(
    r"(?i)(?:change[-_ ]?log|changes|history|news|release[-_ ]?notes|releases)"
    r"(?:\.(?:md|rst|txt|adoc))?\Z"
)
_HEADING = re.compile(
    r"(?i)(?:#{1,4}\s*|\*\*|=+\s*)?\[?(?:version\s+|release\s+|@?[\w/@.-]+@)?"
    r"v?(?P<version>\d+\.\d+(?:\.\d+)?[\w.+-]*)\]?"
)
_UNDERLINE = re.compile(r"[=\-~^]{3,}\s*\Z")
_MAX_CHARACTERS = 400_000
_SHOWN = 4000
_MOST = 40


def notes_between(project: Project, before: str, after: str) -> tuple[Notes, ...]:
    """Sections of versions later than ``before`` and not later than ``after``. A change log that
    does not know ``before`` gives its sections up to ``after``."""
    low, high = _version(before), _version(after)
    found = []
    for file in project.files.values():
        if _NAMES.fullmatch(file.name) and file.path.count("/") <= 2:
            wanted = [
                (version, visible(text.strip(), _SHOWN))
                for version, text in _sections(file)
                if _between(_version(version), low, high)
            ]
            if wanted:
                found.append(Notes(file.path, tuple(wanted[:_MOST])))
    return tuple(found)


def _sections(file: SourceFile) -> Iterator[tuple[str, str]]:
    lines = file.text[:_MAX_CHARACTERS].split("\n")
    version, body = "", list[str]()
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        found = _heading(line, following)
        if found:
            if version:
                yield version, "\n".join(body)
            version, body = found, []
        elif version:
            body.append(line)
    if version:
        yield version, "\n".join(body)


def _heading(line: str, following: str) -> str:
    """The version a heading names; a line of text that begins with a number is none."""
    match = _HEADING.match(line[:200])
    if match is None:
        return ""
    marked = line.startswith(("#", "**", "=", "["))
    return match["version"] if marked or _UNDERLINE.fullmatch(following[:200]) else ""


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        bare = re.match(r"\d+(?:\.\d+)*", text)
        return Version(bare[0]) if bare else None


def _between(own: Version | None, low: Version | None, high: Version | None) -> bool:
    if own is None:
        return False
    return (low is None or own > low) and (high is None or own <= high)
