"""``requirements*.txt`` and ``constraints*.txt`` of pip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.manifests.address import origin, without_user
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.manifests.requirement import requirement
from ostiary.analyze.manifests.text import ManifestText

_COMMENT = re.compile(r"(?:^|\s)#.*")
_HASH = re.compile(r"--hash[= ]+(\S+)")
_OPTION = re.compile(r"(-[A-Za-z]|--[a-z-]+)(?:[ =]+(.*))?\Z", re.DOTALL)
_INDEX = {"-i", "--index-url", "--extra-index-url", "-f", "--find-links"}
_EGG = re.compile(r"#egg=([A-Za-z0-9._-]+)")
_MOST = 5000


def read_requirements(text: ManifestText) -> Manifest:
    dependencies: list[Dependency] = []
    states: list[tuple[str, str]] = []
    group = _group(text.path)
    for line, logical in _logical(text):
        option = _OPTION.match(logical) if logical.startswith("-") else None
        if option is None or option[1] in {"-e", "--editable"}:
            wanted = (option[2] or "") if option else logical
            if len(dependencies) < _MOST:
                dependencies.append(_dependency(text, wanted.strip(), group, line))
        elif option[1] in _INDEX:
            states.append(("index", f"{option[1]} {origin((option[2] or '').strip())}"))
        elif option[1] in {"-r", "--requirement", "-c", "--constraint"}:
            states.append(("includes", (option[2] or "").strip()))
        elif option[1] in {"--trusted-host", "--pre", "--no-binary"}:
            states.append(("option", logical))
    return Manifest(
        "pypi", text.path, "", "", dependencies=tuple(dependencies), states=tuple(states[:200])
    )


def _group(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    words = ("dev", "test", "lint", "doc", "ci", "build", "bench", "example")
    return "development" if any(word in name for word in words) else "runtime"


def _logical(text: ManifestText) -> Iterator[tuple[int, str]]:
    """Lines with their continuations joined and comments taken off."""
    start, held = 0, ""
    for number, row in enumerate(text.lines, 1):
        start = start or number
        if row.endswith("\\") and len(held) < 20_000:
            held += row[:-1] + " "
            continue
        whole = _COMMENT.sub("", held + row[:20_000]).strip()
        if whole:
            yield start, whole
        start, held = 0, ""


def _dependency(text: ManifestText, wanted: str, group: str, line: int) -> Dependency:
    hashed = _HASH.search(wanted)
    bare = wanted.partition(" --")[0].strip()
    one = requirement(bare)
    if one is None:
        egg = _EGG.search(bare)
        return Dependency("pypi", egg[1] if egg else "", without_user(bare), group, text.path, line)
    return Dependency(
        ecosystem="pypi",
        name=one.name,
        wanted=one.wanted,
        group=group,
        file=text.path,
        line=line,
        locked=one.pinned,
        integrity=hashed[1] if hashed else "",
    )
