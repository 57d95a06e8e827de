"""Files of public repositories at one revision, out of bare mirrors on this machine.

A mirror lies at ``MIRRORS/owner+name/repo``. Files are copied blob by blob into a temporary folder,
so that no attribute, hook or filter of the repository takes part, and nothing of it ever runs.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
TREES = Path(tempfile.gettempdir()) / "ostiary-corpus"
"""Not below a hidden folder or one named like a build: other auditors leave those out."""
LARGEST = 4_000_000
KEPT = "100644", "100755"


@dataclass(frozen=True, slots=True)
class Mirrors:
    """The folder of mirrors; ``None`` where none was named."""

    folder: Path | None

    def repository(self, name: str) -> Path | None:
        """The git directory of ``owner/name``, if it is here."""
        if self.folder is None:
            return None
        place = self.folder / name.replace("/", "+") / "repo"
        for git in (place, place / ".git"):
            if (git / "HEAD").is_file():
                return git
        return None

    def tree(self, name: str, revision: str = "HEAD", under: str = "") -> Path | None:
        """The files of ``owner/name`` at a revision, below a folder of it; ``None`` if unknown."""
        git = self.repository(name)
        if git is None:
            return None
        commit = _git(git, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
        if not commit:
            return None
        label = f"{name.replace('/', '+')}@{commit.decode()[:12]}"
        place = TREES / (f"{label}+{under.replace('/', '+')}" if under else label)
        if not (place / ".whole").is_file():
            _copy(git, commit.decode(), under, place)
        return place


def _copy(git: Path, commit: str, under: str, place: Path) -> None:
    blobs = list(_blobs(git, commit, under))
    asked = "".join(f"{digest}\n" for digest, _ in blobs)
    answer = _git(git, "cat-file", "--batch", given=asked.encode())
    at = 0
    for _, path in blobs:
        end = answer.index(b"\n", at)
        head = answer[at:end].split()
        at = end + 1
        if len(head) != 3:  # the snapshot lacks the file
            continue
        size = int(head[2])
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(answer[at : at + size])
        at += size + 1
    place.mkdir(parents=True, exist_ok=True)
    (place / ".whole").touch()


def _blobs(git: Path, commit: str, under: str) -> Iterator[tuple[str, PurePosixPath]]:
    listing = _git(git, "ls-tree", "-r", "-z", "--long", f"{commit}:{under}")
    for entry in listing.split(b"\0"):
        head, _, raw = entry.partition(b"\t")
        fields = head.decode().split()
        path = PurePosixPath(raw.decode("utf-8", "replace"))
        if len(fields) != 4 or fields[0] not in KEPT or not fields[3].isdigit():
            continue
        if int(fields[3]) <= LARGEST and not path.is_absolute() and ".." not in path.parts:
            yield fields[2], path


def _git(git: Path, *arguments: str, given: bytes | None = None) -> bytes:
    done = subprocess.run(
        ["git", f"--git-dir={git}", *arguments], input=given, capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else b""


def digest_of(folder: Path) -> str:
    """Of the names and bytes of a folder's files."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape"))
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:32]
