"""Where things are, for the tests that read the repository itself."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ostiary"
TESTS = ROOT / "tests"
PURE_ROOMS = ("model", "wire", "detect", "inventory", "flow", "surface", "report")


def sources() -> list[Path]:
    """Every Python file of the package, sorted."""
    return sorted(SOURCE.rglob("*.py"))


def tracked() -> list[Path]:
    """Every file that git tracks and that exists."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names of everything a file calls, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno
