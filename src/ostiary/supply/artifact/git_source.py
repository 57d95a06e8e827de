"""Source repositories: cloned bare and read as an archive, so that no code of theirs can run."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from ostiary.supply.artifact.acquired import Unobtainable
from ostiary.supply.artifact.gather import Gathering
from ostiary.supply.artifact.options import AcquireOptions
from ostiary.supply.artifact.tars import Unreadable, read_tar
from ostiary.supply.tool import run

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SAFE = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.sshCommand=/bin/false",
    "core.askPass=/bin/false",
    "core.attributesFile=/dev/null",
    "credential.helper=",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.file.allow=always",
    "protocol.ext.allow=never",
    "fetch.recurseSubmodules=false",
    "transfer.bundleURI=false",
    "http.followRedirects=initial",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
)
_ATTRIBUTES = "* -export-ignore -export-subst -text -eol -ident -filter -working-tree-encoding\n"
"""Wins over the repository's own attributes, which could hide files or change their bytes."""


def fetch_git(
    address: str,
    revisions: Sequence[str],
    folder: Path,
    into: Gathering,
    options: AcquireOptions,
) -> str:
    """Add the files of the first of ``revisions`` that is there, without any of the newest, and
    return its commit. Raises :class:`Unobtainable`."""
    git = shutil.which("git")
    if git is None:
        raise Unobtainable("git was not found on this machine", "install git")
    bare = folder / "bare"
    shallow = [] if revisions else ["--depth=1", "--single-branch"]
    clone = ["clone", "--bare", "--quiet", "--template=", "--no-local", *shallow]
    _git(git, [*clone, "--", address, str(bare)], folder, options)
    commit = _commit(git, bare, revisions or ("HEAD",), folder, options)
    (bare / "info").mkdir(exist_ok=True)
    (bare / "info/attributes").write_text(_ATTRIBUTES, "utf-8")
    with (folder / "tree.tar").open("w+b") as tree:
        _git(git, [f"--git-dir={bare}", "archive", "--format=tar", commit], folder, options, tree)
        tree.seek(0)
        try:
            read_tar(tree, into)
        except Unreadable as error:
            raise Unobtainable(f"the files of {address} cannot be read: {error}") from None
    return commit


def _commit(
    git: str, bare: Path, revisions: Sequence[str], folder: Path, options: AcquireOptions
) -> str:
    places = ("", "refs/heads/", "refs/tags/")
    for name in (f"{place}{one}" for one in revisions for place in places):
        with tempfile.TemporaryFile(dir=folder) as answer:
            words = [f"--git-dir={bare}", "rev-parse", "--verify", "--quiet", "--end-of-options"]
            ran = run(
                [git, *_options(), *words, f"{name}^{{commit}}"],
                folder,
                options.wall_seconds,
                4096,
                env=_environment(folder),
                into=answer,
            )
            answer.seek(0)
            found = answer.read(4096).decode("ascii", "replace").strip()
        if ran.works and _COMMIT.fullmatch(found):
            return found
    raise Unobtainable(
        f"the repository has no revision {' or '.join(revisions)}",
        "name a branch, a tag or a commit",
    )


def _git(
    git: str, words: list[str], folder: Path, options: AcquireOptions, into: IO[bytes] | None = None
) -> None:
    ran = run(
        [git, *_options(), *words],
        folder,
        options.wall_seconds,
        options.bounds.total_bytes,
        env=_environment(folder),
        into=into,
    )
    if not ran.works:
        raise Unobtainable(
            f"git could not fetch the repository: {ran.says or 'it said nothing'}",
            "check the address and the revision, or clone it yourself and name the folder",
        )


def _options() -> list[str]:
    return [word for setting in _SAFE for word in ("-c", setting)]


def _environment(folder: Path) -> dict[str, str]:
    """No configuration of the system, the user or a repository, and no questions."""
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_SSH_COMMAND": "/bin/false",
        "GIT_ALLOW_PROTOCOL": "https:file",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }
