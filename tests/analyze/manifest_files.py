"""Projects out of a few texts, for the tests of manifests and of the rules on them."""

from __future__ import annotations

import json

from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.manifests.read import read_manifests
from ostiary.analyze.project import Project, SourceFile


def of(files: dict[str, object]) -> Project:
    found = {}
    for path in sorted(files):
        value = files[path]
        if isinstance(value, bytes):
            data = value
        else:
            text = value if isinstance(value, str) else json.dumps(value, indent=2)
            data = text.encode()
        found[path] = SourceFile(path, data)
    return Project(found)


def only(files: dict[str, object]) -> Manifest:
    """The one manifest of these files."""
    (found,) = read_manifests(of(files))
    return found


def first(path: str, content: object) -> Manifest:
    """The manifest of one file."""
    return only({path: content})
