"""Container images: OCI layouts and saved archives, their layers laid over each other in memory.

System trees are left out, since they hold packages of a distribution and not the server."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO, Protocol

from ostiary.analyze.project import SourceFile
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text, strings
from ostiary.supply.artifact.acquired import Unobtainable
from ostiary.supply.artifact.gather import Gathering, TooMuch
from ostiary.supply.artifact.tars import BROKEN, BoundedEntry, Unreadable, read_tar
from ostiary.supply.artifact.unpack import digest_of, open_artifact

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_JSON = 4 * 1024 * 1024
_LAYERS = 200
_MEMBERS = 5000
_SYSTEM = (
    "bin boot dev etc lib lib32 lib64 libx32 media mnt proc run sbin sys tmp usr/bin usr/include "
    "usr/lib usr/lib32 usr/lib64 usr/libexec usr/sbin usr/share usr/games usr/local/include "
    "usr/local/share var/cache var/lib var/log"
)
_LEFT_OUT = tuple(f"{one}/" for one in _SYSTEM.split())


@dataclass(frozen=True, slots=True)
class Image:
    """What an image says of itself. Files are in the gathering."""

    name: str
    digest: str
    source: str
    settings: tuple[tuple[str, str], ...]
    """``entrypoint``, ``user``, ``environment`` (names only), ``ports``, by name."""
    notes: tuple[str, ...]


class _Store(Protocol):
    """The blobs of an image, wherever they lie."""

    def has(self, name: str) -> bool: ...

    def open(self, name: str) -> IO[bytes]:
        """Raises :class:`Unobtainable`."""


@dataclass
class _Folder:
    root: Path
    into: Gathering

    def has(self, name: str) -> bool:
        return (self.root / name).is_file() and not (self.root / name).is_symlink()

    def open(self, name: str) -> IO[bytes]:
        if not self.has(name):
            raise Unobtainable(f"the image has no {name}")
        return open_artifact(self.root / name, self.into.bounds)


@dataclass
class _Archive:
    archive: tarfile.TarFile
    members: dict[str, tarfile.TarInfo] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.members

    def open(self, name: str) -> IO[bytes]:
        found = self.archive.extractfile(self.members[name]) if self.has(name) else None
        if found is None:
            raise Unobtainable(f"the image has no {name}")
        return found


def is_image(path: Path) -> bool:
    """Whether a folder is an OCI layout, or a tar archive holds an image."""
    if path.is_dir():
        return (path / "oci-layout").is_file() and (path / "index.json").is_file()
    if not path.name.endswith(".tar"):
        return False
    try:
        with tarfile.open(path, "r:", tarinfo=BoundedEntry) as archive:
            for member in islice(archive, _MEMBERS):
                name = member.name.removeprefix("./")
                if name == "oci-layout" or (name == "manifest.json" and _saved(archive, member)):
                    return True
    except (OSError, TooMuch, RecursionError, *BROKEN):
        return False
    return False


def _saved(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bool:
    """Whether this is the list of images that ``docker save`` writes."""
    opened = archive.extractfile(member) if member.isreg() else None
    found = json.loads(opened.read(_JSON)) if opened is not None else None
    return isinstance(found, list) and "Layers" in as_object(found[0] if found else None)


def read_image(path: Path, into: Gathering) -> Image:
    """Add the files of the image's last state. Raises :class:`Unobtainable`."""
    with ExitStack() as stack:
        store: _Store = _Folder(path, into)
        digest = ""
        if not path.is_dir():
            opened = stack.enter_context(open_artifact(path, into.bounds))
            digest = f"sha256:{digest_of(opened).hex()}"
            store = _Archive(*_members(stack, opened))
        name, stated, config, layers = _manifest(store)
        left: dict[str, int] = {}
        for number, layer in enumerate(layers[:_LAYERS]):
            _layer(store, layer, number, into, left)
        if len(layers) > _LAYERS:
            into.stop(f"it has more than {_LAYERS} layers")
        _add_config(config, into)
    notes = tuple(
        f"{count} files below /{top} were left out" for top, count in sorted(left.items())
    )
    labels = as_object(as_object(config.get("config")).get("Labels"))
    source = as_text(labels.get("org.opencontainers.image.source"))
    return Image(name or path.name, digest or stated, source, _settings(config), notes)


def _add_config(config: JsonObject, into: Gathering) -> None:
    """The environment that is set in the image and how it was built, as files beside its own:
    credentials stand in both, and whoever can pull the image can read them."""
    built = as_list(config.get("history"))
    steps = [as_text(as_object(one).get("created_by")) for one in built]
    lines = {
        "image-environment.env": strings(as_object(config.get("config")).get("Env")),
        "image-history.sh": [one.replace("\n", " ") for one in steps],
    }
    for path, found in lines.items():
        if found and path not in into.files:
            into.files[path] = SourceFile(path, "\n".join(found).encode(errors="replace"))


def _members(
    stack: ExitStack, opened: IO[bytes]
) -> tuple[tarfile.TarFile, dict[str, tarfile.TarInfo]]:
    found: dict[str, tarfile.TarInfo] = {}
    try:
        archive = stack.enter_context(tarfile.TarFile(fileobj=opened, tarinfo=BoundedEntry))
        for member in archive:
            if len(found) > _MEMBERS:
                raise Unobtainable("the image's archive holds too many files")
            if member.isreg():
                found[member.name.removeprefix("./")] = member
    except (TooMuch, RecursionError, *BROKEN) as error:
        raise Unobtainable(f"the image's archive cannot be read: {error}") from None
    return archive, found


def _manifest(store: _Store) -> tuple[str, str, JsonObject, list[str]]:
    """Name, digest, configuration and the layers' places, lowest first."""
    if store.has("index.json"):
        index = as_object(_json(store, "index.json"))
        descriptor = _chosen(index)
        for _ in range(3):  # an index may point to an index of platforms
            digest = as_text(descriptor.get("digest"))
            manifest = as_object(_json(store, _blob(digest)))
            if "layers" in manifest:
                break
            descriptor = _chosen(manifest)
        layers = manifest.get("layers")
        listed = [as_object(one) for one in (layers if isinstance(layers, list) else [])]
        config = _json(store, _blob(as_text(as_object(manifest.get("config")).get("digest"))))
        note = as_object(descriptor.get("annotations"))
        name = as_text(note.get("org.opencontainers.image.ref.name"))
        places = [_blob(as_text(one.get("digest"))) for one in listed]
        return name, digest, as_object(config), places
    saved = _json(store, "manifest.json")
    first = as_object(saved[0] if isinstance(saved, list) and saved else None)
    config = _json(store, as_text(first.get("Config")))
    tags = strings(first.get("RepoTags"))
    return tags[0] if tags else "", "", as_object(config), list(strings(first.get("Layers")))


def _chosen(index: JsonObject) -> JsonObject:
    """The manifest for Linux on x86-64, else the first."""
    listed = index.get("manifests")
    found = [as_object(one) for one in (listed if isinstance(listed, list) else [])]
    for one in found:
        platform = as_object(one.get("platform"))
        if platform.get("architecture") == "amd64" and platform.get("os") == "linux":
            return one
    if not found:
        raise Unobtainable("the image's index names no manifest")
    return found[0]


def _blob(digest: str) -> str:
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise Unobtainable("the image names a blob by something else than a SHA-256 digest")
    return f"blobs/sha256/{match[1]}"


def _json(store: _Store, name: str) -> JsonValue:
    with store.open(name) as opened:
        data = opened.read(_JSON + 1)
    _check(name, hashlib.sha256(data).hexdigest())
    try:
        found: JsonValue = json.loads(data) if len(data) <= _JSON else None
    except (ValueError, RecursionError):
        raise Unobtainable(f"{name} of the image cannot be read") from None
    return found


def _check(name: str, digest: str) -> None:
    """A blob is called by its digest."""
    stated = name.rpartition("blobs/sha256/")[2]
    if stated not in (name, digest):
        raise Unobtainable(f"{name} of the image has not the digest that it is called by")


def _layer(store: _Store, name: str, number: int, into: Gathering, left: dict[str, int]) -> None:
    bounds = into.bounds
    left_over = replace(
        bounds,
        total_bytes=bounds.total_bytes - into.total,
        kept_bytes=bounds.kept_bytes - into.kept,
        files=bounds.files - len(into.files),
    )
    layer = Gathering(f"layer {number + 1} of {into.subject}", left_over, local=True)
    with store.open(name) as opened:
        _check(name, digest_of(opened).hex())
        try:
            read_tar(opened, layer, lambda path: _kept(path, left))
        except Unreadable as error:
            into.stop(f"layer {number + 1} cannot be read: {error}")
            return
    layer.finish()
    into.traits.extend(
        one for one in layer.traits if one.kind not in ("link out", "case collision")
    )
    into.not_checked.extend(layer.not_checked)
    for hidden in _whiteouts(layer.files):
        for path in [one for one in into.files if _below(one, hidden)]:
            del into.files[path], into.stated[path]
    for path, file in layer.files.items():
        if not path.rpartition("/")[2].startswith(".wh."):
            into.files[path] = file
            into.stated[path] = layer.stated[path]


def _below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _whiteouts(files: Iterable[str]) -> Iterator[str]:
    for path in files:
        folder, _, name = path.rpartition("/")
        if name == ".wh..wh..opq":
            yield folder
        elif name.startswith(".wh."):
            yield f"{folder}/{name.removeprefix('.wh.')}".lstrip("/")


def _kept(path: str, left: dict[str, int]) -> str:
    """The path, or nothing for what belongs to the system. Packages of Python and Node that were
    installed for the server stay."""
    if path.startswith(_LEFT_OUT) and "-packages/" not in path and "/node_modules/" not in path:
        top = path.partition("/")[0]
        left[top] = left.get(top, 0) + 1
        return ""
    return path


def _settings(config: JsonObject) -> tuple[tuple[str, str], ...]:
    inner = as_object(config.get("config"))
    words = [*strings(inner.get("Entrypoint")), *strings(inner.get("Cmd"))]
    names = sorted(one.partition("=")[0] for one in strings(inner.get("Env")))
    found = {
        "entrypoint": " ".join(words),
        "environment": ", ".join(names),
        "ports": ", ".join(sorted(as_object(inner.get("ExposedPorts")))),
        "user": as_text(inner.get("User")) or "root",
        "working folder": as_text(inner.get("WorkingDir")),
    }
    return tuple((key, value[:500]) for key, value in sorted(found.items()) if value)
