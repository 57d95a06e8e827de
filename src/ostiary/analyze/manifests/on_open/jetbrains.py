"""``.idea``: start-up tasks and file watchers of the JetBrains editors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.on_open.opening import FOLDER_OPEN, opening
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText

_STARTUP = re.compile(r'<configuration\s[^>]{0,500}?name="([^"]{1,300})"')
_PROGRAM = re.compile(r'<option name="program" value="([^"]{1,500})"')
_ARGUMENTS = re.compile(r'<option name="arguments" value="([^"]{0,1000})"')


def read_idea(text: ManifestText) -> Manifest:
    """Told by tags; no XML is expanded."""
    return opening(text, _scripts(text))


def _scripts(text: ManifestText) -> Iterator[Script]:
    starting, arguments = False, ""
    for number, row in enumerate(text.lines, 1):
        line = row[:4000]
        if "ProjectStartup" in line:
            starting = True
        elif "</component>" in line:
            starting = False
        if starting and (one := _STARTUP.search(line)):
            command = f"run configuration {one[1]}"
            yield Script(FOLDER_OPEN, command, text.path, number, True)
        if said := _ARGUMENTS.search(line):
            arguments = said[1]
        if program := _PROGRAM.search(line):
            command = f"{program[1]} {arguments}".strip()
            yield Script("file save", command, text.path, number, True)
            arguments = ""
