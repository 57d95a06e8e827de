"""One target, from the words that name it to its files in memory. Nothing of it runs.

Each kind of target imports what it needs when it is acquired: a folder needs no index.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ostiary.analyze.project import Project
from ostiary.model.audit import Proof, Target, TargetKind
from ostiary.model.json import as_object, as_text
from ostiary.model.outcome import NotChecked
from ostiary.supply import cache as store
from ostiary.supply.artifact import folder as folders
from ostiary.supply.artifact.acquired import Acquired, PackageMetadata, Unobtainable
from ostiary.supply.artifact.gather import Gathering
from ostiary.supply.artifact.images import is_image, read_image
from ostiary.supply.artifact.name import FORMS, Asked, NoTarget, parse_target
from ostiary.supply.artifact.options import AcquireOptions, Progress
from ostiary.supply.artifact.unpack import (
    digest_of,
    open_artifact,
    read_archive,
    without_first_folder,
)
from ostiary.supply.cache import CacheFull
from ostiary.supply.names import Unacceptable

_REMOTE = "remote servers are not audited yet: only what can be read without running it is"


def acquire(
    text: str, options: AcquireOptions, progress: Progress | None = None
) -> Acquired | NotChecked:
    """Bring a target here and read it. Never raises for what the target or the network does."""
    tell = progress or _silent
    try:
        asked = parse_target(text)
        return _Job(asked, options, tell).run()
    except (NoTarget, Unobtainable, Unacceptable, CacheFull) as error:
        return NotChecked(subject=text, reason=str(error), remedy=_remedy(error, text))
    except OSError as error:
        reason = f"this machine could not keep or read it: {error.strerror or error}"
        return NotChecked(subject=text, reason=reason, remedy="free space, or check permissions")


def _remedy(error: Exception, text: str) -> str:
    if isinstance(error, NoTarget):
        with suppress(OSError, ValueError):
            if Path(text).exists():
                return f"write ./{text}" if Path(text).is_dir() else _OF_FILE
    return getattr(error, "remedy", "") or _REMEDIES.get(type(error), "")


_OF_FILE = "it is a file: name the folder that it is in"
_REMEDIES: dict[type[Exception], str] = {
    NoTarget: f"name {FORMS}",
    Unacceptable: "name the package and version as its index lists them",
    CacheFull: "free space, or name another folder for the cache",
}


def _silent(line: str) -> None:
    """Tell nobody."""


class _Job:
    def __init__(self, asked: Asked, options: AcquireOptions, tell: Progress) -> None:
        self.asked, self.options, self.tell = asked, options, tell
        self.into = Gathering(asked.given, options.bounds, local=asked.kind is TargetKind.FOLDER)
        self.proofs: list[Proof] = []

    def run(self) -> Acquired:
        kind = self.asked.kind
        if kind is TargetKind.REMOTE:
            raise Unobtainable(_REMOTE, "audit the package or the source that it runs")
        if self.asked.archive:
            return self._archive()
        if kind is TargetKind.FOLDER:
            return self._folder()
        if not self.options.may_fetch:
            raise Unobtainable("it would have to be fetched", "allow the network, or name a file")
        self.tell(f"fetching {self.asked.given} (nothing of it is run)")
        with store.workspace(self.options.cache.absolute()) as room:
            if kind is TargetKind.NPM:
                return self._npm(room)
            return self._pypi(room) if kind is TargetKind.PYPI else self._git(room)

    def _npm(self, room: Path) -> Acquired:
        from ostiary.supply.artifact.npm_index import fetch_npm  # noqa: PLC0415 - this kind's

        got = fetch_npm(self.asked.name, self.asked.version, room, self.options)
        digest = self._read(got.file)
        self.proofs.extend(got.proofs)
        self._attest(got.attestations, got.file, "npm attestation", got.metadata.repository)
        return self._done(got.name, got.version, digest, got.metadata, got.metadata.repository)

    def _pypi(self, room: Path) -> Acquired:
        from ostiary.supply.artifact.compare import compare  # noqa: PLC0415 - this kind's
        from ostiary.supply.artifact.python_index import fetch_pypi  # noqa: PLC0415

        got = fetch_pypi(self.asked.name, self.asked.version, room, self.options)
        main = got.wheel or got.source
        if main is None:
            raise Unobtainable("the index lists no file of it")
        digest = self._read(main)
        self.proofs.extend(got.proofs)
        metadata = _described(self.into.project(), got.metadata)
        self._attest(got.provenance, main, "PyPI attestation", metadata.repository)
        done = self._done(got.name, got.version, digest, metadata, metadata.repository)
        if got.wheel is None or got.source is None:
            return done
        source = Gathering(got.source.name, self.options.bounds)
        with open_artifact(got.source, self.options.bounds) as opened:
            read_archive(opened, got.source.name, source)
        without_first_folder(source)
        source.finish()
        return replace(
            done,
            traits=(*done.traits, *source.traits),
            not_checked=(*done.not_checked, *source.not_checked),
            differences=compare(done.stated, source.stated),
        )

    def _git(self, room: Path) -> Acquired:
        from ostiary.supply.artifact.git_source import fetch_git  # noqa: PLC0415 - this kind's

        asked = self.asked
        revisions = (asked.version,) if asked.version else ()
        commit = fetch_git(asked.name, revisions, room, self.into, self.options)
        if asked.subfolder:
            self.into.drop_prefix(f"{asked.subfolder}/")
            if not self.into.files:
                raise Unobtainable(
                    f"the repository has no folder {asked.subfolder}", "check #subdirectory="
                )
        name = asked.name.rstrip("/").rpartition("/")[2].removesuffix(".git")
        digest = self.into.digest()
        return self._done(name, "", digest, None, asked.name, commit=commit)

    def _folder(self) -> Acquired:
        path = Path(self.asked.name).expanduser()
        if not path.exists():
            raise Unobtainable(f"{path} is not there", "check the path")
        if not path.is_dir():
            raise Unobtainable(f"{path} is no folder", _OF_FILE)
        if is_image(path):
            return self._image(path)
        notes = folders.read_folder(path, self.into)
        if not self.into.files:
            raise Unobtainable(
                f"{path} holds no file that can be read", "name the folder that holds the source"
            )
        commit = folders.revision(path)
        done = self._done(path.resolve().name, "", self.into.digest(), None, "", commit=commit)
        return replace(done, notes=notes)

    def _archive(self) -> Acquired:
        path = Path(self.asked.name).expanduser()
        if is_image(path):
            return self._image(path)
        digest = self._read(path)
        metadata = _described(self.into.project(), PackageMetadata())
        if "oci-layout" in self.into.files:
            self.into.stop("it is a packed image, whose layers were not opened; unpack it first")
        self._attest("", path, "Sigstore bundle", metadata.repository)
        return self._done(path.name, "", digest, None, metadata.repository)

    def _image(self, path: Path) -> Acquired:
        image = read_image(path, self.into)
        done = self._done(image.name, "", image.digest, None, image.source)
        kind = replace(done.target, kind=TargetKind.OCI)
        return replace(done, target=kind, notes=image.notes, settings=image.settings)

    def _read(self, file: Path) -> str:
        with open_artifact(file, self.options.bounds) as opened:
            digest = f"sha256:{digest_of(opened).hex()}"
            read_archive(opened, file.name, self.into)
        if file.suffix in (".tgz", ".gz", ".bz2", ".xz"):
            without_first_folder(self.into)
        return digest

    def _attest(self, address: str, file: Path, kind: str, repository: str) -> None:
        from ostiary.supply.artifact.proofs import attested  # noqa: PLC0415 - not for folders

        proofs, missing = attested(address, file, kind, repository, self.options)
        self.proofs.extend(proofs)
        self.into.not_checked.extend(missing)

    def _done(
        self,
        name: str,
        version: str,
        digest: str,
        metadata: PackageMetadata | None,
        source: str,
        *,
        commit: str = "",
    ) -> Acquired:
        self.into.finish()
        project = self.into.project()
        stated_name, stated_version = _identity(project, self.asked.kind)
        proofs = tuple(self.proofs)
        target = Target(
            kind=self.asked.kind,
            given=self.asked.given,
            name=name if self.asked.kind is not TargetKind.MCPB else stated_name or name,
            version=version or stated_version,
            digest=digest,
            source=source,
            revision=commit,
            proofs=proofs,
            files=len(project.files),
        )
        return Acquired(
            target,
            project,
            metadata,
            tuple(self.into.traits),
            tuple(self.into.not_checked),
            proofs,
            stated=self.into.stated,
        )


def _identity(project: Project, kind: TargetKind) -> tuple[str, str]:
    """Name and version that the target's own manifest states: a claim."""
    for path in ("manifest.json", "package.json") if kind is TargetKind.MCPB else ("package.json",):
        file = project.get(path)
        try:
            stated = as_object(json.loads(file.data)) if file is not None else {}
        except (ValueError, RecursionError):
            stated = {}
        if as_text(stated.get("version")):
            return as_text(stated.get("name"))[:200], as_text(stated.get("version"))[:100]
    return "", ""


def _described(project: Project, known: PackageMetadata) -> PackageMetadata:
    """With what the package's own metadata states (core metadata of Python)."""
    file = next(project.ending(".dist-info/METADATA"), None) or project.get("PKG-INFO")
    if file is None:
        return known
    from email.parser import HeaderParser  # noqa: PLC0415 - slow to import

    headers = HeaderParser().parsestr(file.text[:262_144], headersonly=True)
    licence = str(headers.get("License-Expression") or headers.get("License") or "")
    addresses: dict[str, str] = {}
    for line in headers.get_all("Project-URL") or []:
        label, _, address = str(line).partition(",")
        addresses[label.strip().lower()] = address.strip()
    wanted = ("source", "source code", "repository", "github", "code", "homepage")
    repository = next((addresses[one] for one in wanted if addresses.get(one)), "")
    return replace(
        known,
        licence=licence.partition("\n")[0][:200],
        repository=repository,
        description=str(headers.get("Summary") or "")[:500],
    )
