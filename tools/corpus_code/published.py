"""Artifacts of package indexes, fetched by name and version and unpacked without running them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus_code.trees import LARGEST, TREES

HOME = TREES / "published"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Published:
    """One version of one package."""

    index: str
    """``npm`` or ``pypi``."""
    name: str
    version: str

    @property
    def label(self) -> str:
        return f"{self.index}:{self.name}@{self.version}"

    def folder(self) -> Path | None:
        """Where it lies unpacked; ``None`` if it cannot be had."""
        plain = f"{self.index}+{self.name.replace('/', '+')}@{self.version}"
        place = HOME / plain
        if not (place / ".whole").is_file() and not self._bring(place):
            return None
        return place

    def _bring(self, place: Path) -> bool:
        with tempfile.TemporaryDirectory() as scratch:
            command = self._command(scratch)
            try:
                done = subprocess.run(
                    command, cwd=scratch, capture_output=True, check=False, timeout=SECONDS
                )
            except (OSError, subprocess.TimeoutExpired):
                return False
            files = [one for one in Path(scratch).iterdir() if one.suffix in {".tgz", ".whl"}]
            if done.returncode or len(files) != 1:
                return False
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            (unpack_tar if files[0].suffix == ".tgz" else unpack_wheel)(files[0], place)
            (place / ".whole").touch()
            return True

    def _command(self, scratch: str) -> list[str]:
        if self.index == "npm":
            npm = shutil.which("npm") or "npm"
            return [npm, "pack", "--silent", "--ignore-scripts", f"{self.name}@{self.version}"]
        python = os.environ.get("OSTIARY_PIP_PYTHON", sys.base_prefix + "/bin/python3")
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", scratch]
        wanted = f"{self.name}=={self.version}"
        return [python, "-m", "pip", "download", "--disable-pip-version-check", *options, wanted]


def unpack_tar(archive: Path, place: Path) -> None:
    """Regular files only, below the archive's one folder."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and member.size <= LARGEST:
                handle = tar.extractfile(member)
                if handle is not None:
                    _write(
                        place, PurePosixPath(*PurePosixPath(member.name).parts[1:]), handle.read()
                    )


def unpack_wheel(archive: Path, place: Path) -> None:
    with zipfile.ZipFile(archive) as wheel:
        for member in wheel.infolist():
            if not member.is_dir() and member.file_size <= LARGEST:
                _write(place, PurePosixPath(member.filename), wheel.read(member))


def _write(place: Path, path: PurePosixPath, data: bytes) -> None:
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return
    target = place / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
