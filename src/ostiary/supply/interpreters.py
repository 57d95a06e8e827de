"""Finds the real interpreter behind a name, and the little of the disk it needs to run."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

_SYSTEM = tuple(Path(one) for one in ("/usr", "/bin", "/sbin", "/lib", "/nix/store", "/gnu/store"))
_MOST_LINKS = 20


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A program that runs other programs."""

    program: Path
    """As it has to be called: a virtual environment's own link, not what it points to."""
    readable: tuple[Path, ...]
    """What a box must show besides the system; sorted."""
    tag: str = ""
    """What packages for it must fit, for example ``cpython-311``."""


def in_system(path: Path) -> bool:
    """Whether every box shows it anyway."""
    return any(one in (path, *path.parents) for one in _SYSTEM)


def narrow(path: Path) -> bool:
    """Whether a folder may be shown whole: no home, nothing around a home, not a top folder."""
    home = Path.home()
    return len(path.parts) > 2 and path != home and path not in home.parents and path not in _WIDE


_WIDE = {Path.home() / one for one in (".local", ".config", ".cache", "Library", "Documents")}


def own_python() -> Interpreter:
    """The interpreter that runs Ostiary itself, outside its virtual environment."""
    real = Path(sys.executable).resolve()
    tag = f"{sys.implementation.cache_tag}"
    return Interpreter(real, tuple(sorted(_around(real))), tag)


def find(name: str, path: str | None = None) -> Interpreter | None:
    """An interpreter by name or path, version managers' shims resolved without running them."""
    found = name if "/" in name else shutil.which(name, path=path)
    if found is None:
        return None
    program = Path(os.path.abspath(os.path.expanduser(found)))  # noqa: PTH100, PTH111 - links stay links
    program = _behind_shim(program)
    return at(program) if program.is_file() and os.access(program, os.X_OK) else None


def at(program: Path) -> Interpreter:
    """An interpreter at a path, links included."""
    shown: set[Path] = set()
    step = program
    for _ in range(_MOST_LINKS):
        shown |= _around(step)
        if not step.is_symlink():
            break
        step = Path(os.path.normpath(step.parent / step.readlink()))
    shown |= _around(program.resolve())
    return Interpreter(program, tuple(sorted(shown)))


def _around(program: Path) -> set[Path]:
    """The installation a program belongs to, or itself where that would show too much."""
    if in_system(program):
        return set()
    prefix = program.parent.parent
    if program.parent.name == "bin" and narrow(prefix) and _is_installation(prefix):
        return {prefix}
    return {program}


def _is_installation(prefix: Path) -> bool:
    """Whether a folder holds one interpreter and its libraries: not a place of many programs."""
    known = (prefix / "pyvenv.cfg", prefix / "lib/node_modules")
    return any(one.exists() for one in known) or any(prefix.glob("lib/python3*"))


def _behind_shim(program: Path) -> Path:
    """pyenv, asdf and Volta put a small stand-in on the path; find what it stands for."""
    manager = program.parent.parent
    if program.parent.name == "shims":
        return _of_pyenv(manager, program.name) or _of_asdf(manager, program.name) or program
    if manager.name == ".volta" and program.parent.name == "bin":
        return _newest(manager / "tools/image/node", f"*/bin/{program.name}") or program
    return program


def _of_pyenv(root: Path, name: str) -> Path | None:
    try:
        chosen = (root / "version").read_text("utf-8").split()
    except (OSError, UnicodeDecodeError):
        chosen = []
    asked = os.environ.get("PYENV_VERSION", "").split(":")
    for version in (*asked, *chosen):
        if version and "/" not in version and version not in (".", ".."):
            candidate = root / "versions" / version / "bin" / name
            if candidate.exists():
                return candidate
    return _newest(root / "versions", f"*/bin/{name}")


def _of_asdf(root: Path, name: str) -> Path | None:
    return _newest(root / "installs", f"*/*/bin/{name}")


def _newest(folder: Path, pattern: str) -> Path | None:
    try:
        found = sorted(folder.glob(pattern), key=_version_key)
    except OSError:
        return None
    return found[-1] if found else None


def _version_key(path: Path) -> tuple[tuple[int, ...], str]:
    version = path.parent.parent.name.lstrip("v")
    return (tuple(int(one) for one in version.split(".") if one.isdigit()), str(path))
