"""Python packages: wheels only, since anything else runs its own code to be built."""

from __future__ import annotations

import configparser
import csv
import hashlib
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

from ostiary.supply.cache import Record
from ostiary.supply.names import same_python_name

SITE = "site"
_OURS = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json", "uv_build.json")
"""Files that the installer writes, not the package."""
_SOURCE_ONLY = (
    "building from source is disabled",
    "building source distributions is disabled",
    "no usable wheels",
    "has no wheels",
    "no matching distribution found",
)


def with_uv(uv: str, specs: list[str], folder: Path, python: str) -> list[str]:
    """The command line that installs wheels below ``folder`` with uv."""
    options = ["--only-binary", ":all:", "--python", python, "--no-python-downloads"]
    target = ["--target", str(folder / SITE)]
    return [uv, "pip", "install", "--no-progress", *options, *target, "--", *specs]


def with_pip(specs: list[str], folder: Path, python: str) -> list[str]:
    """The same with pip."""
    options = ["--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--quiet"]
    target = ["--target", str(folder / SITE)]
    return [python, "-I", "-m", "pip", "install", *options, *target, "--", *specs]


def prepare(folder: Path) -> None:
    """An empty uv configuration here ends uv's search in the folders above."""
    (folder / "uv.toml").write_text("", "utf-8")


def only_source(said: str) -> bool:
    """Whether a tool failed because there is no wheel."""
    lower = said.lower()
    return any(phrase in lower for phrase in _SOURCE_ONLY)


def read(folder: Path, name: str) -> Record | None:
    """What was installed; ``None`` if the package is not there."""
    site = folder / SITE
    infos = sorted(site.glob("*.dist-info"))
    for info in infos:
        found, version = _identity(info)
        if same_python_name(found, name):
            return Record(version, _digest(infos), tuple(_programs(folder, info)), ())
    return None


def _identity(info: Path) -> tuple[str, str]:
    try:
        text = (info / "METADATA").read_text("utf-8", "replace")
    except OSError:
        return ("", "")
    headers = HeaderParser().parsestr(text, headersonly=True)
    return (str(headers.get("Name", "")), str(headers.get("Version", "")))


def _programs(folder: Path, info: Path) -> Iterator[tuple[str, str]]:
    """Console scripts that were installed."""
    table = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    table.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        table.read_string((info / "entry_points.txt").read_text("utf-8", "replace"))
        names = sorted(table["console_scripts"])
    except (OSError, configparser.Error, KeyError):
        return
    for name in names:
        script = Path(SITE, "bin", name)
        if script.name == name and (folder / script).is_file():
            yield (name, str(script))


def _digest(infos: list[Path]) -> str:
    """Over the name and hash of every file of every package, as the wheels state them."""
    lines: list[str] = []
    for info in infos:
        try:
            with (info / "RECORD").open(encoding="utf-8", newline="") as file:
                rows = [row for row in csv.reader(file) if len(row) >= 2]
        except (OSError, ValueError, csv.Error):
            continue
        for path, stated, *_ in rows:
            if stated and Path(path).name not in _OURS and "/bin/" not in f"/{path}":
                lines.append(f"{path} {stated}\n")
    return "sha256:" + hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
