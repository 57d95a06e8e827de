"""``yarn.lock``, of Yarn 1 and of Berry, read line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.address import origin
from ostiary.analyze.manifests.npm_locks import MOST
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.manifests.text import ManifestText

_HEAD = re.compile(r'"?(?P<name>(?:@[^@/\s"]+/)?[^@\s",]+)@(?P<wanted>[^",]*)')
_FIELD = re.compile(r'  (version|resolved|integrity|checksum|resolution):? +"?([^"\s]+)"?')


def read_yarn_lock(text: ManifestText) -> Manifest:
    found = list(_entries(text))
    return Manifest(
        "npm",
        text.path,
        "",
        "",
        dependencies=tuple(found[:MOST]),
        unreadable=(f"entries behind the first {MOST:,}",) if len(found) > MOST else (),
        states=(("lock", "yarn"),),
    )


def _entries(text: ManifestText) -> Iterator[Dependency]:
    name, line, fields = "", 0, dict[str, str]()
    for number, row in enumerate(text.lines, 1):
        if row and not row[0].isspace() and row[0] != "#":
            if name:
                yield _dependency(text, name, line, fields)
            head = _HEAD.match(row[:1000])
            local = "@workspace:" in row or row.startswith("__metadata")
            name, line, fields = (head["name"] if head and not local else ""), number, {}
        elif name and (field := _FIELD.match(row[:4000])):
            fields[field[1]] = field[2]
    if name:
        yield _dependency(text, name, line, fields)


def _dependency(text: ManifestText, name: str, line: int, fields: dict[str, str]) -> Dependency:
    resolved = fields.get("resolved", "")
    resolution = fields.get("resolution", "").rpartition("@")[2]
    if not resolved and not resolution.startswith(("npm:", "workspace:", "patch:")):
        resolved = resolution
    return Dependency(
        ecosystem="npm",
        name=name,
        wanted="",
        group="runtime",
        file=text.path,
        line=line,
        locked=fields.get("version", ""),
        integrity=fields.get("integrity") or fields.get("checksum", ""),
        resolved=origin(resolved),
    )
