"""``Dockerfile``: what it builds on and what it starts."""

from __future__ import annotations

import re

from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.text import ManifestText

_FROM = re.compile(r"FROM\s+(?:--platform=\S+\s+)?(?P<image>\S+)(?:\s+AS\s+(?P<stage>\S+))?", re.I)
_START = re.compile(r"(ENTRYPOINT|CMD)\s+(.*)", re.I)
_USER = re.compile(r"USER\s+(\S+)", re.I)


def read_dockerfile(text: ManifestText) -> Manifest:
    stages: set[str] = set()
    images: list[Dependency] = []
    starts: dict[str, Script] = {}
    user = ""
    for number, row in enumerate(text.lines, 1):
        bare = row.strip()[:4000]
        if base := _FROM.match(bare):
            if base["image"].lower() not in stages and base["image"] != "scratch":
                images.append(_image(text, base["image"], number))
            stages.add((base["stage"] or "").lower())
            starts, user = {}, ""
        elif start := _START.match(bare):
            event = start[1].upper()
            starts[event] = Script("server start", start[2], text.path, number, False)
        elif who := _USER.match(bare):
            user = who[1]
    return Manifest(
        "oci",
        text.path,
        "",
        "",
        dependencies=tuple(images[:50]),
        scripts=tuple(starts[key] for key in ("ENTRYPOINT", "CMD") if key in starts),
        states=(("user", user or "root"), *(("base image", one.name) for one in images[-1:])),
    )


def _image(text: ManifestText, image: str, line: int) -> Dependency:
    bare, _, digest = image.partition("@")
    name, tag = bare, ""
    if ":" in bare.rpartition("/")[2]:
        name, _, tag = bare.rpartition(":")
    return Dependency("oci", name, tag, "runtime", text.path, line, locked=digest, integrity=digest)
