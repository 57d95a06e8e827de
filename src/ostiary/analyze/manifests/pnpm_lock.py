"""``pnpm-lock.yaml``, read line by line: its YAML has one form, and files are large."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.address import origin
from ostiary.analyze.manifests.npm_locks import MOST
from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.text import ManifestText

_KEY = re.compile(
    r"  ['\"]?/?(?P<name>(?:@[^@/\s]+/)?[^@/\s'\"]+)[@/](?P<version>[^'\":(\s]+)[^:]*['\"]?:\s*\Z"
)
_INTEGRITY = re.compile(r"integrity: ['\"]?([^,}\s'\"]+)")
_TARBALL = re.compile(r"(?:tarball|repo): ['\"]?([^,}\s'\"]+)")


def read_pnpm_lock(text: ManifestText) -> Manifest:
    found: list[Dependency] = []
    scripts: list[Script] = []
    for name, version, line, block in _blocks(text):
        found.append(_dependency(text, name, version, line, block))
        if "requiresBuild: true" in block:
            scripts.append(Script("dependency install", name, text.path, line, True))
    return Manifest(
        "npm",
        text.path,
        "",
        "",
        dependencies=tuple(found[:MOST]),
        scripts=tuple(scripts),
        unreadable=(f"entries behind the first {MOST:,}",) if len(found) > MOST else (),
        states=(("lock", "pnpm"),),
    )


def _blocks(text: ManifestText) -> Iterator[tuple[str, str, int, str]]:
    """Name, version, line and body of each entry below ``packages:``."""
    inside, name, version, line = False, "", "", 0
    body: list[str] = []
    for number, row in enumerate(text.lines, 1):
        if row and not row[0].isspace():
            if name:
                yield name, version, line, "\n".join(body)
            inside, name = row.startswith("packages:"), ""
        elif inside and row.startswith("  ") and row[2:3].strip():
            if name:
                yield name, version, line, "\n".join(body)
            key = _KEY.match(row[:500])
            name, version = (key["name"], key["version"]) if key else ("", "")
            line, body = number, []
        elif name and len(body) < 60:
            body.append(row[:2000])
    if name:
        yield name, version, line, "\n".join(body)


def _dependency(text: ManifestText, name: str, version: str, line: int, body: str) -> Dependency:
    integrity, tarball = _INTEGRITY.search(body), _TARBALL.search(body)
    direct = version if version.startswith(("http", "git", "file")) else ""
    return Dependency(
        ecosystem="npm",
        name=name,
        wanted="",
        group="development" if "    dev: true" in body else "runtime",
        file=text.path,
        line=line,
        locked="" if direct else version.partition("_")[0],
        integrity=integrity[1] if integrity else "",
        resolved=origin(tarball[1] if tarball else direct),
    )
