"""npm packages: fetched with no script run, and the file that starts them."""

from __future__ import annotations

import json
from pathlib import Path

from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.supply.cache import Record

SOON = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
"""One more try, and soon: left alone, npm waits minutes for a network that is not there."""
OPTIONS = (
    *SOON,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--omit=dev",
    "--no-update-notifier",
    "--loglevel=error",
    "--allow-git=none",
    "--git=/bin/false",
)
"""The last two: a dependency that names a repository would be cloned and prepared, which runs
its scripts in some releases of npm."""


def command(npm: str, spec: str, folder: Path) -> list[str]:
    """The command line that installs ``spec`` below ``folder``."""
    return [npm, "install", *OPTIONS, "--prefix", str(folder), "--", spec]


def prepare(folder: Path) -> None:
    """Make ``folder`` a project of its own, so that npm looks at no other."""
    (folder / "package.json").write_text('{"name": "fetched", "private": true}\n', "utf-8")
    (folder / "node_modules").mkdir()


def read(folder: Path, name: str) -> Record | None:
    """What npm installed; ``None`` if it did not."""
    home = folder / "node_modules" / name
    manifest = _json(home / "package.json")
    version = as_text(manifest.get("version"))
    if not version:
        return None
    packages = as_object(_json(folder / "node_modules/.package-lock.json").get("packages"))
    lock = as_object(packages.get(f"node_modules/{name}"))
    digest = as_text(lock.get("integrity"))
    programs = tuple(
        (program, str(Path("node_modules", name, path)))
        for program, path in sorted(_programs(manifest, name).items())
        if _inside(home, path)
    )
    return Record(version, digest, programs, _notes(packages))


def _json(file: Path) -> JsonObject:
    try:
        value: JsonValue = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    return as_object(value)


def _programs(manifest: JsonObject, name: str) -> dict[str, str]:
    found = manifest.get("bin")
    if isinstance(found, str):
        return {name.rpartition("/")[2]: found}
    return {key: as_text(path) for key, path in as_object(found).items() if as_text(path)}


def _inside(home: Path, path: str) -> bool:
    try:
        real = (home / path).resolve(strict=True)
    except (OSError, ValueError):
        return False
    return real.is_file() and home.resolve() in real.parents


def _notes(packages: JsonObject) -> tuple[str, ...]:
    scripted = sorted(
        key.rpartition("node_modules/")[2]
        for key, value in packages.items()
        if as_object(value).get("hasInstallScript") is True
    )
    if not scripted:
        return ()
    shown = ", ".join(scripted[:10]) + (" and others" if len(scripted) > 10 else "")
    return (f"has an install script, which was not run: {shown}",)
