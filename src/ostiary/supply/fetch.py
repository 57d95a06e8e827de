"""Brings a package to the cache without running anything of it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.model.outcome import NotChecked
from ostiary.model.server import Package, Pin
from ostiary.supply import cache as store
from ostiary.supply import npm, pypi
from ostiary.supply.cache import CacheFull, Record
from ostiary.supply.interpreters import Interpreter, find, own_python
from ostiary.supply.names import (
    Unacceptable,
    npm_spec,
    program,
    pypi_spec,
    requirement,
    same_python_name,
)
from ostiary.supply.tool import Ran, run

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds on one fetch."""

    wall_seconds: float = 180.0
    tree_bytes: int = 1024 * 1024 * 1024
    tree_files: int = 200_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a package is wanted, where the launch line says more than its name."""

    command: str | None = None
    """Its program, where it has several."""
    extras: tuple[str, ...] = ()
    """Optional parts of a Python package."""
    also: tuple[str, ...] = ()
    """Further Python requirements (``uvx --with``)."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A package in the cache, ready to be started in a box."""

    argv: tuple[str, ...]
    """Starts the package's program; the configured arguments come after."""
    readable: tuple[Path, ...]
    """What the program needs to see."""
    version: str
    """The version that was fetched, also where a range or nothing was asked for."""
    digest: str
    """npm: the package's ``sha512-…`` as its index states it. Python: ``sha256:…`` over the file
    hashes that the wheels of the package and its dependencies state."""
    notes: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()


class _Failed(Exception):
    """A fetch that did not work: the reason, and what to do about it."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy


def fetch(
    package: Package,
    cache: Path,
    limits: FetchLimits | None = None,
    progress: Progress | None = None,
    *,
    wanted: Wanted | None = None,
    may_fetch: bool = True,
) -> Fetched | NotChecked:
    """Fetch ``package``, or take it from the cache if exactly that version is there.

    Nothing of the package runs: no install script, no build. Without ``may_fetch`` only the cache
    is looked at.
    """
    job = _Job(package, cache.absolute(), limits or FetchLimits(), wanted or Wanted())
    try:
        return job.run(progress or _silent, may_fetch)
    except (_Failed, Unacceptable, CacheFull) as error:
        remedy = getattr(error, "remedy", "") or _REMEDIES.get(type(error), "")
        return NotChecked(subject=package.label, reason=str(error), remedy=remedy)


_REMEDIES: dict[type[Exception], str] = {
    Unacceptable: "name the package and version as its index lists them",
    CacheFull: "free space, or name another folder for the cache",
}


def _silent(line: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class _Job:
    package: Package
    cache: Path
    limits: FetchLimits
    wanted: Wanted

    def run(self, progress: Progress, may_fetch: bool) -> Fetched:
        kind = self.package.ecosystem
        if kind == "npm":
            specs, engine = [npm_spec(self.package)], find("node")
        elif kind == "pypi":
            specs, engine = self._python_specs(), own_python()
        else:
            raise _Failed(*_other(kind))
        if engine is None:
            raise _Failed("node was not found on this machine", "install Node.js")
        if self.package.pin is Pin.LOCAL:
            raise _Failed(f"{self.package.name} is a path, not a package of an index")
        if self.wanted.command is not None:
            program(self.wanted.command)
        with store.locked(self.cache, f"{kind} {specs}"):
            place = self._cached(kind, engine, specs)
            if place is None:
                if not may_fetch:
                    raise _Failed("the package has not been fetched", "let the scan fetch packages")
                progress(f"fetching {self.package.label} (no script of it is run)")
                place = self._install(kind, engine, specs)
        return self._fetched(place, engine, kind)

    def _python_specs(self) -> list[str]:
        first = pypi_spec(self.package, self.wanted.extras)
        return [first, *(requirement(one) for one in self.wanted.also)]

    def _place(self, kind: str, engine: Interpreter, specs: list[str], version: str) -> Path:
        name = f"{self.package.name}@{version}"
        if kind == "pypi":
            more = [*self.wanted.extras, *specs[1:]]
            name = " ".join([name, engine.tag, *more])
        return store.entry(self.cache, kind, name)

    def _cached(self, kind: str, engine: Interpreter, specs: list[str]) -> Path | None:
        """Only an exact version: what a range or a tag means today, the index has to say."""
        version = self.package.version
        if self.package.pin is not Pin.EXACT or version is None:
            return None
        place = self._place(kind, engine, specs, version.lstrip("=v"))
        return place if store.read(place) is not None else None

    def _install(self, kind: str, engine: Interpreter, specs: list[str]) -> Path:
        with store.workspace(self.cache) as folder:
            try:
                ran = self._tool(kind, engine, specs, folder)
            except OSError as error:
                raise CacheFull(f"{self.cache}: {error.strerror}") from None
            if not ran.works:
                raise _failure(kind, ran)
            store.check_size(folder, self.limits.tree_bytes, self.limits.tree_files)
            reader = npm.read if kind == "npm" else pypi.read
            record = reader(folder, self.package.name)
            if record is None:
                raise _Failed("the tool said it installed the package, and it is not there")
            place = self._place(kind, engine, specs, record.version)
            store.keep(folder, place, record)
            return place

    def _tool(self, kind: str, engine: Interpreter, specs: list[str], folder: Path) -> Ran:
        seconds, size = self.limits.wall_seconds, self.limits.tree_bytes
        if kind == "npm":
            tool = shutil.which("npm")
            if tool is None:
                raise _Failed("npm was not found on this machine", "install npm")
            npm.prepare(folder)
            return run(npm.command(tool, specs[0], folder), folder, seconds, size)
        pypi.prepare(folder)
        python, uv = str(engine.program), shutil.which("uv")
        if uv is not None:
            return run(pypi.with_uv(uv, specs, folder, python), folder, seconds, size)
        return run(pypi.with_pip(specs, folder, sys.executable), folder, seconds, size)

    def _fetched(self, place: Path, engine: Interpreter, kind: str) -> Fetched:
        record = store.read(place)
        if record is None:
            raise _Failed("the package vanished from the cache", "scan again")
        file = place / self._chosen(record)
        env = (("PYTHONPATH", str(place / pypi.SITE)),) if kind == "pypi" else ()
        return Fetched(
            argv=(str(engine.program), str(file)),
            readable=(place, *engine.readable),
            version=record.version,
            digest=record.digest,
            notes=record.notes,
            env=env,
        )

    def _chosen(self, record: Record) -> str:
        """The program asked for, the only one, or the one named like the package."""
        programs = dict(record.programs)
        if not programs:
            raise _Failed("the package has no program to start")
        if self.wanted.command is not None:
            if self.wanted.command not in programs:
                raise _Failed(f"the package has no program {self.wanted.command!r}")
            return programs[self.wanted.command]
        bare = self.package.name.rpartition("/")[2]
        for name, path in sorted(programs.items()):
            if same_python_name(name, bare):
                return path
        if len(set(programs.values())) == 1:
            return next(iter(programs.values()))
        names = ", ".join(sorted(programs)[:10])
        raise _Failed(f"the package has several programs ({names})", "name one in the launch line")


def _other(kind: str) -> tuple[str, str]:
    if kind == "git":
        return ("it is built from a repository, which runs its code", "install it, then scan again")
    return (f"packages of {kind} are not fetched", "install it, then scan again")


def _failure(kind: str, ran: Ran) -> _Failed:
    if kind == "pypi" and pypi.only_source(ran.says):
        return _Failed(
            f"only a source archive fits here, and building it runs its code: {ran.says}",
            "install it yourself in a place you trust it in, then scan again",
        )
    said = ran.says or "the tool said nothing"
    remedy = next((remedy for sign, remedy in _MENDED if sign.search(said)), _MENDED_ELSE)
    return _Failed(f"the package could not be fetched: {said}", remedy)


_MENDED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?i)does not satisfy Python|requires-python|Requires-Python"),
        "install a Python that the package accepts, then scan again",
    ),
    (
        re.compile(r"(?i)\bE404\b|not found in the package registry|not found for url"),
        "check the name: no such package or version is published",
    ),
    (
        re.compile(r"(?i)ETARGET|No matching version|No solution found"),
        "one of its dependencies cannot be had; pin a version of the server that can be installed",
    ),
    (
        re.compile(r"(?i)codeload|git\+|git clone|ls-remote"),
        "it depends on a repository instead of a published package; install it yourself",
    ),
)
_MENDED_ELSE = "check the network and the name"
