"""Python packages: files of the index that pip or uv is set to, never built.

pip builds a source archive to read its metadata, which runs it. So files are taken by their
addresses from the index's own pages (PEP 503, 691, 700, 740) and held against its digests."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from ostiary.analyze.supplied import Upkeep
from ostiary.model.audit import Proof, Standing
from ostiary.model.json import JsonObject, as_object, as_text
from ostiary.model.server import Package, Pin
from ostiary.supply.artifact.acquired import PackageMetadata, Unobtainable
from ostiary.supply.artifact.get import get, save
from ostiary.supply.artifact.npm_index import moment_of
from ostiary.supply.artifact.options import AcquireOptions
from ostiary.supply.artifact.python_settings import indexes
from ostiary.supply.names import pypi_spec

_PAGE = 64 * 1024 * 1024
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"


@dataclass(frozen=True, slots=True)
class Offered:
    """One file as the index lists it."""

    name: str
    address: str
    sha256: str = ""
    yanked: str | None = None
    uploaded: datetime | None = None
    provenance: str = ""
    index: str = ""
    """The index that lists it."""

    @property
    def wheel(self) -> bool:
        return self.name.endswith(".whl")


@dataclass(frozen=True, slots=True)
class Release:
    """The files of one version that were fetched."""

    name: str
    version: str
    wheel: Path | None
    source: Path | None
    metadata: PackageMetadata
    proofs: tuple[Proof, ...]
    provenance: str = ""
    """Where attestations of the audited file are served."""


def fetch_pypi(name: str, version: str, folder: Path, options: AcquireOptions) -> Release:
    """Fetch the wheel and the source archive of one version into ``folder``. Raises
    :class:`Unobtainable`, :class:`~ostiary.supply.names.Unacceptable`."""
    pypi_spec(Package("pypi", name, version or None, Pin.UNKNOWN))
    offered, failed = _listing(name, folder, options)
    by_version = _by_version(name, offered)
    if not by_version:
        why = failed or "no index lists it"
        raise Unobtainable(f"{name} could not be fetched: {why}", "check the name and the network")
    chosen = _choose(by_version, version)
    if chosen is None:
        raise Unobtainable(f"no version of {name} fits {version}", "name a version that exists")
    files = by_version[chosen]
    wheel = next(iter(sorted((one for one in files if one.wheel), key=_general)), None)
    source = next((one for one in files if one.name.endswith((".tar.gz", ".zip"))), None)
    main = wheel or source
    if main is None:
        raise Unobtainable(f"{name} {chosen} has neither wheel nor source archive")
    proofs: list[Proof] = []
    paths = [_file(one, folder, options, proofs) if one else None for one in (wheel, source)]
    return Release(
        name,
        str(chosen),
        paths[0],
        paths[1],
        _metadata(by_version, files),
        tuple(proofs),
        main.provenance,
    )


def _general(file: Offered) -> tuple[bool, str]:
    """Wheels for every machine first: the same answer wherever the audit runs."""
    return (not file.name.endswith("-none-any.whl"), file.name)


def _listing(name: str, folder: Path, options: AcquireOptions) -> tuple[list[Offered], str]:
    found: list[Offered] = []
    failed = ""
    for index in indexes(folder, options):
        page = f"{index.rstrip('/')}/{canonicalize_name(name)}/"
        try:
            kind, address, data = get(page, _PAGE, options.wall_seconds, _ACCEPT, near=index)
        except Unobtainable as error:
            failed = str(error)
            continue
        known = {one.name for one in found}
        listed = _json(data, address) if "json" in kind else _html(data, address)
        found.extend(replace(one, index=index) for one in listed if one.name not in known)
    return found, failed


def _json(data: bytes, address: str) -> list[Offered]:
    try:
        files = as_object(json.loads(data)).get("files")
    except (ValueError, RecursionError):
        return []
    return [
        _from_json(as_object(one), address) for one in (files if isinstance(files, list) else [])
    ]


def _from_json(one: JsonObject, address: str) -> Offered:
    yanked = one.get("yanked")
    withdrawn = as_text(yanked) or "no reason given" if yanked else None
    return Offered(
        as_text(one.get("filename")),
        urljoin(address, as_text(one.get("url"))),
        as_text(as_object(one.get("hashes")).get("sha256")).lower(),
        withdrawn,
        moment_of(as_text(one.get("upload-time"))),
        as_text(one.get("provenance")),
    )


class _Links(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Offered] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag != "a" or not given.get("href"):
            return
        address, mark = urldefrag(urljoin(self.address, given["href"]))
        name = unquote(urlsplit(address).path.rpartition("/")[2])
        digest = mark.removeprefix("sha256=") if mark.startswith("sha256=") else ""
        self.found.append(
            Offered(
                name,
                address,
                digest.partition("&")[0].lower(),
                given.get("data-yanked"),
                provenance=given.get("data-provenance", ""),
            )
        )


def _html(data: bytes, address: str) -> list[Offered]:
    links = _Links(address)
    links.feed(data.decode("utf-8", "replace"))
    return links.found


def _by_version(name: str, offered: list[Offered]) -> dict[Version, list[Offered]]:
    found: dict[Version, list[Offered]] = {}
    for one in offered:
        try:
            if one.wheel:
                stated, version = parse_wheel_filename(one.name)[:2]
            else:
                stated, version = parse_sdist_filename(one.name)
        except (InvalidWheelFilename, InvalidSdistFilename):
            continue
        if stated == canonicalize_name(name) and "/" not in one.name:
            found.setdefault(version, []).append(one)
    return found


def _choose(found: dict[Version, list[Offered]], wanted: str) -> Version | None:
    text = wanted.strip()
    if text and text[0].isdigit():
        text = f"=={text}"
    try:
        specifiers = SpecifierSet("" if text == "latest" else text)
    except InvalidSpecifier:
        return None
    fitting = sorted(specifiers.filter(found))
    standing = [one for one in fitting if any(file.yanked is None for file in found[one])]
    exact = text.startswith("==")
    usable = standing or (fitting if exact else [])
    return usable[-1] if usable else None


def _file(one: Offered, folder: Path, options: AcquireOptions, proofs: list[Proof]) -> Path:
    target = folder / re.sub(r"[^A-Za-z0-9._+-]", "_", one.name).lstrip(".")
    save(one.address, target, options.bounds.archive_bytes, options.wall_seconds, near=one.index)
    with target.open("rb") as opened:
        actual = hashlib.file_digest(opened, "sha256").hexdigest()
    if not one.sha256:
        says = f"The index states no SHA-256 digest of {one.name}."
        proofs.append(Proof("index digest", Standing.ABSENT, says))
    elif actual == one.sha256:
        says = f"{one.name} has the SHA-256 digest that the index states."
        proofs.append(Proof("index digest", Standing.VERIFIED, says))
    else:
        says = f"The SHA-256 digest of {one.name} is not the one that the index states."
        proofs.append(Proof("index digest", Standing.FAILED, says))
    return target


def _metadata(found: dict[Version, list[Offered]], files: list[Offered]) -> PackageMetadata:
    releases = [
        (str(version), min(times))
        for version in sorted(found)
        if (times := [one.uploaded for one in found[version] if one.uploaded is not None])
    ]
    releases.sort(key=lambda one: one[1])
    withdrawn = [one.yanked for one in files if one.yanked is not None]
    reason = (withdrawn[0] or "no reason given") if len(withdrawn) == len(files) else ""
    return PackageMetadata(upkeep=Upkeep(releases=tuple(releases), withdrawn=reason))
