"""Packages and an index of our own, so that nothing in these tests leaves the machine."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

MAIN = """import sys


def main() -> None:
    sys.stdout.write("started " + " ".join(sys.argv[1:]))
"""


def wheel(
    folder: Path, name: str, version: str, programs: tuple[str, ...], needs: tuple[str, ...] = ()
) -> Path:
    """A wheel with one module and some console scripts."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    requires = "".join(f"Requires-Dist: {one}\n" for one in needs)
    scripts = "".join(f"{one} = {module}:main\n" for one in programs)
    files = {
        f"{module}/__init__.py": MAIN,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{scripts}",
    }
    lines = [f"{path},{_hash(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return file


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def source_archive(folder: Path, name: str, version: str, marker: Path) -> Path:
    """A source archive whose ``setup.py`` leaves a marker if anybody runs it."""
    setup = f"import pathlib\npathlib.Path({str(marker)!r}).write_text('ran')\n"
    setup += f"from setuptools import setup\nsetup(name={name!r}, version={version!r})\n"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{version}.tar.gz"
    _tar(file, {f"{name}-{version}/setup.py": setup, f"{name}-{version}/PKG-INFO": metadata})
    return file


def _tar(file: Path, files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(text.encode())
            entry.mode = 0o755
            archive.addfile(entry, io.BytesIO(text.encode()))
    file.write_bytes(data.getvalue())
    return data.getvalue()


class Registry:
    """An npm index: packages are added, then served from this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.asked: list[str] = []
        self._packages: dict[str, dict[str, object]] = {}

    def add(self, manifest: dict[str, object], files: dict[str, str], published: str = "") -> None:
        """``published`` is the time of the release, as the index tells it."""
        name, version = str(manifest["name"]), str(manifest["version"])
        file = self.folder / f"{name.replace('/', '-')}-{version}.tgz"
        content = {"package/package.json": json.dumps(manifest)}
        data = _tar(file, content | {f"package/{path}": text for path, text in files.items()})
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        place = {"tarball": f"{self.address}/-/{file.name}", "integrity": integrity}
        scripts = manifest.get("scripts")
        extra = {"hasInstallScript": True} if isinstance(scripts, dict) and scripts else {}
        found = self._packages.setdefault(name, {"name": name, "dist-tags": {}, "versions": {}})
        found["versions"][version] = manifest | extra | {"dist": place}  # type: ignore[index]
        found["dist-tags"]["latest"] = version  # type: ignore[index]
        found["maintainers"] = manifest.get("maintainers", [])
        if published:
            found.setdefault("time", {})[version] = published  # type: ignore[index]

    def answer(self, path: str) -> bytes | None:
        self.asked.append(path)
        if path.startswith("/-/"):
            file = self.folder / Path(path).name
            return file.read_bytes() if file.is_file() else None
        found = self._packages.get(unquote(path.lstrip("/")))
        return json.dumps(found).encode() if found is not None else None


@contextmanager
def registry(folder: Path) -> Iterator[Registry]:
    """Serve an index on the loopback address."""
    shelf = Registry(folder)
    folder.mkdir(parents=True, exist_ok=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = shelf.answer(self.path)
            self.send_response(200 if data is not None else 404)
            self.send_header("Content-Length", str(len(data or b"{}")))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(data or b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shelf.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield shelf
        finally:
            server.shutdown()
            thread.join()
