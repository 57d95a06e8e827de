"""As whom a boxed server runs: never as the person who scans, as far as the kernel allows."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from ostiary.host.box import BoxSpec

_FIRST_UID = 0x50000000
"""Above every range that systems give to people, services or containers."""
_NOBODY = 65534
_IN_BOX = "1000"


@dataclass(frozen=True, slots=True)
class Identity:
    """How one box changes its user."""

    says: str
    walls: tuple[str, ...]
    """Options for bubblewrap."""
    prefix: tuple[str, ...]
    """Runs in the box before the program."""
    uid: int
    """As the program sees itself."""
    counted: bool
    """Whether the kernel's limit on processes of a user counts this box and nothing else."""


def choose(spec: BoxSpec, number: int) -> Identity:
    """The weakest user that can still read what the box was given."""
    if os.geteuid() == 0:
        own = _stranger(number)
        setpriv = shutil.which("setpriv", path="/usr/bin:/bin")
        if own is not None and setpriv and not spec.writable and _open_to_all(spec):
            return _throwaway(own, setpriv)
        return _mapped("root, mapped to an ordinary user of its own namespace", counted=False)
    return _mapped("an ordinary user of its own namespace", counted=_counts_by_namespace())


def _mapped(says: str, counted: bool) -> Identity:
    walls = ("--unshare-user", "--uid", _IN_BOX, "--gid", _IN_BOX, "--disable-userns")
    return Identity(says, (*walls, "--cap-drop", "ALL"), (), int(_IN_BOX), counted)


def _throwaway(uid: int, setpriv: str) -> Identity:
    keep = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
    walls = ["--cap-drop", "ALL"]
    for capability in keep:
        walls += ["--cap-add", capability]
    prefix = (
        setpriv,
        f"--reuid={uid}",
        f"--regid={uid}",
        "--clear-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--no-new-privs",
        "--",
    )
    return Identity("a user id that nothing else has", tuple(walls), prefix, uid, counted=True)


def _stranger(number: int) -> int | None:
    """A user id for one box of this process; ``None`` if none is mapped here."""
    try:
        lines = Path("/proc/self/uid_map").read_text().splitlines()
    except OSError:
        return None
    ranges = [(int(start), int(length)) for start, _, length in map(str.split, lines)]
    for uid in (_FIRST_UID + (os.getpid() << 6 | number & 63), _NOBODY):
        if any(start <= uid < start + length for start, length in ranges):
            return uid
    return None


def _open_to_all(spec: BoxSpec) -> bool:
    """Whether everyone may read what the box is given, whatever stands above it."""
    paths = [*spec.readable, *(Path(part) for part in spec.argv[:1] if part.startswith("/"))]
    return all(_readable_by_all(path) for path in paths)


def _readable_by_all(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return True
    if stat.S_ISDIR(mode):
        return mode & 0o005 == 0o005
    return bool(mode & 0o004)


def _counts_by_namespace() -> bool:
    """Linux 5.14 and later count a user's processes for each user namespace apart."""
    release = os.uname().release.split(".")
    numbers = tuple(int(part) if part.isdigit() else 0 for part in release[:2])
    return numbers >= (5, 14)
