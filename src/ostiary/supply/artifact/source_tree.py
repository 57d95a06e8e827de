"""The source repository that a package names, at the revision it was made from."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ostiary.analyze.project import Project
from ostiary.model.json import as_object, as_text
from ostiary.supply import cache as store
from ostiary.supply.artifact.gather import Gathering, Stated
from ostiary.supply.artifact.git_source import fetch_git
from ostiary.supply.artifact.options import AcquireOptions


def source_tree(
    address: str, revisions: Sequence[str], options: AcquireOptions
) -> dict[str, Stated]:
    """Size and digest of every file at the first of ``revisions`` that the repository has. Raises
    :class:`~ostiary.supply.artifact.acquired.Unobtainable`."""
    with store.workspace(options.cache.absolute()) as room:
        into = Gathering(address, options.bounds)
        fetch_git(address, revisions, room, into, options)
        into.finish()
        return into.stated


def release_names(name: str, version: str) -> tuple[str, ...]:
    """Pure. What the tag of a release is usually called, best first."""
    last = name.rpartition("/")[2]
    return (f"v{version}", version, f"{last}@{version}", f"{last}-v{version}", f"{last}-{version}")


def folder_in_source(project: Project) -> str:
    """Pure. The folder of its repository in which a package of npm says that it lies."""
    file = project.get("package.json")
    try:
        stated = as_object(json.loads(file.data)) if file is not None else {}
    except (ValueError, RecursionError):
        return ""
    return as_text(as_object(stated.get("repository")).get("directory")).strip("./")[:200]
