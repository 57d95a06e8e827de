"""npm packages: the bytes that npm's own client fetches, and what the index says of them."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ostiary.analyze.supplied import Upkeep
from ostiary.model.audit import Proof, Standing
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text, strings
from ostiary.model.server import Package, Pin
from ostiary.supply.artifact.acquired import PackageMetadata, Unobtainable
from ostiary.supply.artifact.options import AcquireOptions
from ostiary.supply.artifact.unpack import digest_of, open_artifact
from ostiary.supply.names import npm_spec
from ostiary.supply.npm import SOON
from ostiary.supply.tool import Ran, run, tail

_ALGORITHMS = ("sha512", "sha384", "sha256", "sha1")
_ANSWER = 64 * 1024 * 1024
_QUIET = (
    *SOON,
    "--ignore-scripts",
    "--no-update-notifier",
    "--loglevel=error",
    "--git=/bin/false",
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A package file and what its index says."""

    file: Path
    name: str
    version: str
    metadata: PackageMetadata
    proofs: tuple[Proof, ...]
    attestations: str = ""
    """Where its attestations are served; empty if there are none."""


def fetch_npm(name: str, version: str, folder: Path, options: AcquireOptions) -> Indexed:
    """Fetch into ``folder``. Packing a package of the index copies its archive as it is; no script
    of it runs. Raises :class:`Unobtainable`, :class:`~ostiary.supply.names.Unacceptable`."""
    npm = shutil.which("npm")
    if npm is None:
        raise Unobtainable("npm was not found on this machine", "install npm")
    spec = npm_spec(Package("npm", name, version or None, Pin.UNKNOWN))
    (folder / "package.json").write_text('{"name": "fetched", "private": true}\n', "utf-8")
    view = _view([npm, "view", *_QUIET, "--json", "--", spec], folder, options)
    exact = as_text(view.get("version"))
    exact_spec = npm_spec(Package("npm", name, exact or None, Pin.EXACT))
    packed = folder / "packed"
    packed.mkdir()
    ran = run(
        [npm, "pack", *_QUIET, "--pack-destination", str(packed), "--", exact_spec],
        folder,
        options.wall_seconds,
        options.bounds.archive_bytes,
    )
    files = sorted(packed.glob("*.tgz"))
    if not ran.works or len(files) != 1:
        raise _failed(name, ran)
    dist = as_object(view.get("dist"))
    proof = _integrity(
        files[0], as_text(dist.get("integrity")), as_text(dist.get("shasum")), options
    )
    attestations = as_text(as_object(dist.get("attestations")).get("url"))
    return Indexed(files[0], name, exact, _metadata(view), (proof,), attestations)


def _view(argv: list[str], folder: Path, options: AcquireOptions) -> JsonObject:
    with tempfile.TemporaryFile(dir=folder) as answer:
        ran = run(argv, folder, options.wall_seconds, _ANSWER, into=answer)
        answer.seek(0)
        text = answer.read(_ANSWER)
    try:
        found: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list):  # a range: every version that fits, oldest first
        found = found[-1] if found else None
    view = as_object(found)
    if not ran.works or not as_text(view.get("version")):
        told = as_object(view.get("error"))
        code, summary = as_text(told.get("code")), as_text(told.get("summary"))
        said = tail(f"{code} {summary}") if code else ran.says
        none = "it has no such version (E404)" if ran.works else ""
        raise _failed(argv[-1], Ran(False, said or none))
    return view


def _failed(name: str, ran: Ran) -> Unobtainable:
    said = ran.says or "npm said nothing"
    absent = "E404" in said or "not found" in said.lower()
    remedy = "check the name: no such package or version is published"
    return Unobtainable(
        f"{name} could not be fetched: {said}", remedy if absent else "check the network"
    )


def _integrity(file: Path, integrity: str, shasum: str, options: AcquireOptions) -> Proof:
    stated = dict(one.partition("-")[::2] for one in integrity.split())
    if not stated and shasum:
        try:
            stated = {"sha1": base64.b64encode(bytes.fromhex(shasum)).decode()}
        except ValueError:
            stated = {}
    algorithm = next((one for one in _ALGORITHMS if one in stated), "")
    if not algorithm:
        return Proof("index digest", Standing.ABSENT, "The index states no digest of the package.")
    with open_artifact(file, options.bounds) as opened:
        actual = base64.b64encode(digest_of(opened, algorithm)).decode()
    if actual == stated[algorithm].partition("?")[0]:
        says = f"The archive has the {algorithm} digest that the index states."
        return Proof("index digest", Standing.VERIFIED, says)
    says = f"The archive's {algorithm} digest is not the one that the index states."
    return Proof("index digest", Standing.FAILED, says)


def _metadata(view: JsonObject) -> PackageMetadata:
    published: list[tuple[str, datetime]] = []
    versions = frozenset(strings(view.get("versions")))
    for version, when in sorted(as_object(view.get("time")).items()):
        moment = moment_of(as_text(when))
        if moment is not None and (version in versions or not versions):
            published.append((version, moment))
    published.sort(key=lambda one: (one[1], one[0]))
    deprecated = view.get("deprecated")
    repository = view.get("repository")
    address = as_text(repository) or as_text(as_object(repository).get("url"))
    scripts = as_object(view.get("scripts"))
    signatures = as_object(view.get("dist")).get("signatures")
    return PackageMetadata(
        upkeep=Upkeep(
            releases=tuple(one for one in published if one[0] not in ("created", "modified")),
            deprecated=as_text(deprecated) or ("deprecated" if deprecated is True else ""),
            publishers=tuple(sorted(_people(view.get("maintainers")))),
        ),
        licence=as_text(view.get("license")),
        repository=address.removeprefix("git+"),
        description=as_text(view.get("description"))[:500],
        install_script=any(one in scripts for one in ("preinstall", "install", "postinstall")),
        signatures=len(signatures) if isinstance(signatures, list) else 0,
    )


def _people(value: JsonValue) -> set[str]:
    if not isinstance(value, list):
        return set()
    found = {as_text(one) or as_text(as_object(one).get("name")) for one in value}
    return {one.partition(" <")[0] for one in found if one}


def moment_of(text: str) -> datetime | None:
    """A point in time with its zone; ``None`` for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
