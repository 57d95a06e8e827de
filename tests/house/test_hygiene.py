"""What must never be committed."""

from __future__ import annotations

import re

from house.repository import ROOT, tracked

INDEX_HOSTS = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "registry" + r"\.npmjs",
            "npmjs" + r"\.(com|org)",
        )
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/" + r"(work|farm)/")
PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----\n[A-Za-z0-9+/]{60}")


def offenders(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        if match := pattern.search(text):
            found.append(f"{path.relative_to(ROOT)}: {match[0][:60]}")
    return found


def test_no_package_index_is_named() -> None:
    assert not offenders(INDEX_HOSTS)


def test_no_path_of_one_machine() -> None:
    assert not offenders(MACHINE_PATHS)


def test_no_private_key() -> None:
    assert not offenders(PRIVATE_KEY)


def test_no_file_is_large() -> None:
    assert not [str(path) for path in tracked() if path.stat().st_size > 1_000_000]
