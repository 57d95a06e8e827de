"""MCP bundles (``.mcpb``, ``.dxt``): unpacked safely, and the command their manifest names."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ostiary.model.json import JsonObject, JsonValue, as_object, as_text, strings
from ostiary.supply import cache as store
from ostiary.supply.cache import Record

_CHUNK = 1024 * 1024
_MANIFEST_BYTES = 4 * 1024 * 1024


class BadBundle(ValueError):
    """A bundle that cannot be unpacked safely, or whose manifest starts nothing. Says why."""


@dataclass(frozen=True, slots=True)
class BundleLimits:
    """Bounds on what a bundle may grow to."""

    files: int = 50_000
    total_bytes: int = 1024 * 1024 * 1024
    archive_bytes: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """An unpacked bundle."""

    folder: Path
    version: str
    digest: str
    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]


def unpack(archive: Path, cache: Path, limits: BundleLimits | None = None) -> Path:
    """Unpack into the cache, once for each content. Raises :class:`BadBundle` or
    :class:`~ostiary.supply.cache.CacheFull`."""
    bounds = limits or BundleLimits()
    digest = _digest(archive, bounds)
    place = store.entry(cache.absolute(), "mcpb", digest)
    with store.locked(cache.absolute(), f"mcpb {digest}"):
        if store.read(place) is None:
            with store.workspace(cache.absolute()) as folder:
                _extract(archive, folder, bounds)
                store.keep(folder, place, Record("", f"sha256:{digest}", (), ()))
    return place


def _digest(archive: Path, limits: BundleLimits) -> str:
    try:
        if archive.stat().st_size > limits.archive_bytes:
            raise BadBundle(f"{archive.name} is larger than {limits.archive_bytes} bytes")
        with archive.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadBundle(f"{archive.name} cannot be read: {error.strerror}") from None


def _extract(archive: Path, folder: Path, limits: BundleLimits) -> None:
    try:
        with zipfile.ZipFile(archive) as bundle:
            members = bundle.infolist()
            if len(members) > limits.files:
                raise BadBundle(f"{archive.name} holds more than {limits.files} files")
            left = limits.total_bytes
            for member in members:
                left = _extract_one(bundle, member, folder, left)
    # zipfile says NotImplementedError of a compression it lacks, RuntimeError of encryption.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadBundle(f"{archive.name} is not a readable zip archive: {error}") from None
    except OSError as error:
        raise store.CacheFull(f"{folder}: {error.strerror}") from None


def _extract_one(bundle: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, left: int) -> int:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadBundle(f"{_shown(member.filename)} is a link or a device")
    target = folder / _safe(member.filename)
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return left
    target.parent.mkdir(parents=True, exist_ok=True)
    with bundle.open(member) as source, target.open("xb") as copy:
        while data := source.read(_CHUNK):
            left -= len(data)
            if left < 0:
                raise BadBundle("the bundle unpacks to more than is allowed")
            copy.write(data)
    target.chmod(0o755 if mode & 0o100 else 0o644)
    return left


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    parts = path.parts
    odd = "\\" in name or "\0" in name or ":" in (parts[0] if parts else "")
    if not parts or path.is_absolute() or ".." in parts or odd or parts[0] == "ostiary.json":
        raise BadBundle(f"{_shown(name)} would lie outside the bundle")
    return path


def _shown(name: str) -> str:
    return repr("".join(char if char.isprintable() else "?" for char in name[:120]))


def read(folder: Path) -> Bundle:
    """The command that a bundle's manifest names. Raises :class:`BadBundle`."""
    manifest = _manifest(folder / "manifest.json")
    server = as_object(manifest.get("server"))
    config = as_object(server.get("mcp_config"))
    argv = (as_text(config.get("command")), *strings(config.get("args")))
    if not argv[0]:
        raise BadBundle("the bundle's manifest names no command")
    env = tuple(
        (name, _filled(as_text(value), folder))
        for name, value in sorted(as_object(config.get("env")).items())
    )
    filled = tuple(_filled(word, folder) for word in argv)
    record = store.read(folder)
    digest = record.digest if record is not None else ""
    return Bundle(folder, as_text(manifest.get("version")), digest, filled, env)


def _filled(text: str, folder: Path) -> str:
    return text.replace("${__dirname}", str(folder)).replace("${/}", "/")


def _manifest(file: Path) -> JsonObject:
    try:
        if file.stat().st_size > _MANIFEST_BYTES:
            raise BadBundle("the bundle's manifest is too large")
        value: JsonValue = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, BadBundle):
            raise
        raise BadBundle("the bundle has no readable manifest.json") from None
    return as_object(value)


def is_archive(path: str) -> bool:
    """Whether a path is that of a packed bundle."""
    return path.lower().endswith((".mcpb", ".dxt"))
