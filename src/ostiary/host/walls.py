"""What the inside of a box looks like: the options that tell bubblewrap what to show."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ostiary.host.box import BoxSpec, BoxUnavailable
from ostiary.host.identity import Identity
from ostiary.host.withheld import refused, withheld

HOME = "/home/box"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_SYSTEM = ("/usr", "/nix/store", "/gnu/store")
_TOP = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = (
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/os-release",
    "/etc/pki/ca-trust/extracted",
    "/etc/pki/tls/certs",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
)
"""Loader, certificates and time zone. Nothing that names users, hosts or services."""
_NAMES = ("/etc/resolv.conf", "/etc/hosts", "/etc/gai.conf")
"""Shown only with the network."""
_MADE = (Path("/"), Path("/tmp"), Path(HOME))  # noqa: S108 - the box's own
_COVERED_PROC = ("/proc/kcore", "/proc/key-users", "/proc/keys", "/proc/timer_list")


def etc_files(identity: Identity, network: bool) -> dict[str, str]:
    """Small files made for the box."""
    uid = identity.uid
    files = {
        "/etc/passwd": f"box:x:{uid}:{uid}:box:{HOME}:/bin/sh\n",
        "/etc/group": f"box:x:{uid}:\n",
        "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    }
    if not network:
        files["/etc/hosts"] = "127.0.0.1 localhost box\n::1 localhost\n"
    return files


def walls(spec: BoxSpec, identity: Identity, home: Path) -> list[str]:
    """Options for everything but the made files. Raises :class:`BoxUnavailable` for a path that
    must not be shown."""
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"]
    options += [] if spec.network else ["--unshare-net"]
    options += ["--die-with-parent", "--new-session", "--hostname", "box", *identity.walls]
    options += ["--clearenv", *_environment(spec.env)]
    options += [*_system(spec.network), *_private(spec.limits.file_bytes)]
    options += _given(spec, home)
    options += _stand_ins(spec)
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", spec.cwd or HOME]
    return options


def _environment(given: Mapping[str, str]) -> Iterator[str]:
    own = {
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "LOGNAME": "box",
        "PATH": PATH,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": "/tmp",  # noqa: S108 - the box's own
        "USER": "box",
    }
    for name, value in sorted((own | dict(given)).items()):
        if name and "=" not in name and "\0" not in name + value:
            yield from ("--setenv", name, value)


def _system(network: bool) -> Iterator[str]:
    for folder in _SYSTEM:
        if Path(folder).is_dir():
            yield from ("--ro-bind", folder, folder)
    for folder in _TOP:
        if Path(folder).is_symlink():
            yield from ("--symlink", str(Path(folder).readlink()), folder)
        elif Path(folder).is_dir():
            yield from ("--ro-bind", folder, folder)
    for file in (*_ETC, *(_NAMES if network else ())):
        if Path(file).exists():
            yield from _above(Path(file), ())
            yield from ("--ro-bind", file, file)


def _private(size: int) -> Iterator[str]:
    yield from ("--proc", "/proc", "--dev", "/dev")
    for file in _COVERED_PROC:
        if Path(file).exists():
            yield from ("--ro-bind", "/dev/null", file)
    for folder, mode in ((HOME, "0777"), ("/tmp", "1777"), ("/dev/shm", "1777")):  # noqa: S108
        yield from ("--size", str(size), "--perms", mode, "--tmpfs", folder)


def _above(path: Path, shown: Iterable[Path]) -> Iterator[str]:
    """Make the folders above a path, open to the box's user; bwrap would close some of them."""
    for parent in reversed(path.parents):
        if parent not in _MADE and not any(one in (parent, *parent.parents) for one in shown):
            yield from ("--perms", "0755", "--dir", str(parent))


def _given(spec: BoxSpec, home: Path) -> Iterator[str]:
    done: list[Path] = []
    for kind, path in _shown(spec):
        reason = refused(path, home)
        if reason:
            raise BoxUnavailable(
                f"{path} was not put into the box: {reason}", "name a narrower folder or a file"
            )
        yield from _above(path, done)
        yield from (kind, str(path), str(path))
        done.append(path)
    for path in withheld((*spec.readable, *spec.writable), spec.argv):
        if path.is_dir():
            yield from ("--size", "4096", "--perms", "0555", "--tmpfs", str(path))
            yield from ("--remount-ro", str(path))
        elif path.is_file():
            yield from ("--ro-bind", "/dev/null", str(path))


def _stand_ins(spec: BoxSpec) -> Iterator[str]:
    """Empty folders in place of those the command line names and the box was not given: many
    servers refuse to start when a folder they are told of is absent."""
    shown = [*spec.readable, *spec.writable, *(Path(one) for one in (*_SYSTEM, *_TOP))]
    shown += [Path(one) for one in ("/proc", "/dev", "/etc")]
    named = [part.rpartition("=")[2] for part in spec.argv[1:]] + [spec.cwd or ""]
    for path in sorted({Path(os.path.normpath(one)) for one in named if one.startswith("/")}):
        hidden = not any(one in (path, *path.parents) for one in shown)
        if hidden and path not in _MADE and _is_folder(path):
            yield from _above(path, shown)
            yield from ("--perms", "0755", "--dir", str(path))
            if _is_folder(path / ".git"):
                yield from _empty_repository(path / ".git")


def _empty_repository(folder: Path) -> Iterator[str]:
    for part in (folder, folder / "objects", folder / "refs"):
        yield from ("--perms", "0755", "--dir", str(part))
    yield from ("--symlink", "refs/heads/main", str(folder / "HEAD"))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _shown(spec: BoxSpec) -> Iterable[tuple[str, Path]]:
    """Shorter paths first, so that a folder never hides what was given inside it."""
    both = [("--ro-bind", path) for path in spec.readable if not _in_system(path)]
    both += [("--bind", path) for path in spec.writable]
    return sorted(set(both), key=lambda one: (len(one[1].parts), str(one[1]), one[0]))


def _in_system(path: Path) -> bool:
    normal = Path(os.path.normpath(path))
    return any(Path(folder) in (normal, *normal.parents) for folder in _SYSTEM)
