"""One target from its files to what is known of it: origin, what runs, reach, what was seen."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ostiary.analyze.supplied import Upkeep
from ostiary.audit import origin
from ostiary.audit.conclude import conclude
from ostiary.audit.order import Order
from ostiary.audit.perform import audit, judge
from ostiary.audit.reading import Fetched
from ostiary.model.audit import Context, TargetKind, VerdictKind
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.acquired import Acquired, PackageMetadata
from ostiary.supply.artifact.options import AcquireOptions
from ostiary.supply.artifact.repository import address_of
from ostiary.wire.capture import read_capture

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SERVER = """
from mcp.server.fastmcp import FastMCP
server = FastMCP("sums")

@server.tool()
def add(one: int, two: int) -> int:
    '''Add two numbers.'''
    return one + two
"""


def order(tmp_path: Path, **more: Any) -> Order:
    return Order(NOW, AcquireOptions(tmp_path / "cache"), **more)


def folder(tmp_path: Path, manifest: dict[str, Any] | None = None, text: str = SERVER) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    (made / "server.py").write_text(text)
    if manifest is not None:
        (made / "package.json").write_text(json.dumps(manifest))
    return made


def package(tmp_path: Path, metadata: PackageMetadata) -> Acquired:
    """A folder as if it had come from an index."""
    made = folder(tmp_path, {"name": "sums", "version": "1.0.0"})
    got = acquire(str(made), AcquireOptions(tmp_path / "cache", may_fetch=False))
    assert isinstance(got, Acquired)
    target = replace(got.target, kind=TargetKind.NPM, name="sums", version="1.0.0")
    return replace(got, target=target, metadata=metadata)


def told(found: Any) -> dict[str, str]:
    return dict(found.facts)


@pytest.mark.proves("MS-12")
def test_what_runs_with_the_rights_of_the_user_is_said_first(tmp_path: Path) -> None:
    manifest = {
        "name": "sums",
        "version": "1.0.0",
        "bin": {"sums": "cli.js"},
        "scripts": {"postinstall": "node fetch.js", "test": "jest"},
        "dependencies": {"left-pad": "1.0.0", "right-pad": "1.0.0"},
    }
    found = audit(str(folder(tmp_path, manifest)), order(tmp_path))
    name, says = found.facts[0]
    assert name == "runs as you"
    assert "a program under a friendly name" in says
    assert "runs sums (cli.js) with all rights of that person" in says
    assert "installing it already runs postinstall: node fetch.js" in says
    assert "jest" not in says
    assert told(found)["builds on"].startswith("2 packages of others")


def test_a_script_of_packing_is_not_said_to_run_on_installation(tmp_path: Path) -> None:
    manifest = {"name": "sums", "version": "1.0.0", "scripts": {"prepare": "tsc"}}
    made = acquire(str(folder(tmp_path, manifest)), AcquireOptions(tmp_path, may_fetch=False))
    assert isinstance(made, Acquired)
    here = judge(Fetched(made, None, ()), order(tmp_path))
    assert "prepare: tsc" in told(here)["runs as you"]
    packed = replace(made, target=replace(made.target, kind=TargetKind.NPM))
    indexed = judge(Fetched(packed, None, ()), order(tmp_path))
    assert "prepare" not in told(indexed)["runs as you"]


def test_what_an_index_says_is_told_with_its_age(tmp_path: Path) -> None:
    releases = (
        ("1.0.0", datetime(2024, 1, 10, tzinfo=UTC)),
        ("1.1.0", datetime(2026, 11, 19, tzinfo=UTC)),
    )
    metadata = PackageMetadata(Upkeep(releases, publishers=("ada",)), licence="MIT")
    found = judge(Fetched(package(tmp_path, metadata), None, ()), order(tmp_path))
    facts = told(found)
    assert facts["published"] == "2024-01-10, 1,045 days ago"
    assert facts["newest"] == "1.1.0 of 2026-11-19"
    assert (facts["licence"], facts["publishers"]) == ("MIT", "ada")
    assert found.publishers == ("ada",)


def test_lines_and_languages_are_counted(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "index.js").write_text("export const x = 1;")
    found = audit(str(made), order(tmp_path))
    assert found.target.languages == ("python", "javascript")
    assert found.target.lines == 9


@pytest.mark.proves("SA-16")
def test_what_a_server_listed_is_held_against_its_code(tmp_path: Path) -> None:
    listed = {"tools": [{"name": "add", "description": "Add two numbers, and tell us.",
                         "inputSchema": {"type": "object"}},
                        {"name": "wipe", "description": "Wipe the disk.",
                         "inputSchema": {"type": "object"}}]}  # fmt: skip
    (recorded,) = read_capture(json.dumps(listed).encode(), "sums")
    found = audit(str(folder(tmp_path)), order(tmp_path, recorded=recorded))
    said = [(one.rule, one.message) for one in found.findings if one.rule == "listed-against-code"]
    assert [message for _, message in said if "wipe" in message]
    assert [message for _, message in said if "add" in message]
    hidden = next(one for one in found.tools if one.access.tool == "wipe")
    assert hidden.handler is None


def test_without_leave_a_package_is_not_compared_with_its_source(tmp_path: Path) -> None:
    acquired = package(tmp_path, PackageMetadata(repository="https://example.org/a/b"))
    differences, (gap,) = origin.source_differences(acquired, order(tmp_path))
    assert differences is None
    assert gap.subject == "source repository"
    assert "--compare-source" in gap.remedy
    _, (gap,) = origin.source_differences(package_without(acquired), order(tmp_path))
    assert "names no repository" in gap.reason


def package_without(acquired: Acquired) -> Acquired:
    return replace(acquired, metadata=PackageMetadata())


@pytest.mark.proves("SC-02")
def test_code_that_only_the_package_has_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    (source / "packages" / "sums").mkdir(parents=True)
    (source / "packages" / "sums" / "server.py").write_text("# as published once\n" + SERVER)
    named = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
    for words in (
        ["init", "--quiet"],
        ["add", "."],
        ["commit", "--quiet", "-m", "one"],
        ["tag", "sums@1.0.0"],
    ):
        subprocess.run(["git", *named, *words], cwd=source, check=True, capture_output=True)
    acquired = package(tmp_path, PackageMetadata(repository="https://example.org/a/b"))
    (tmp_path / "made" / "extra.js").write_text("fetch('https://evil.example')\n")
    again = acquire(str(tmp_path / "made"), AcquireOptions(tmp_path / "cache", may_fetch=False))
    assert isinstance(again, Acquired)
    acquired = replace(acquired, project=again.project, stated=again.stated)
    monkeypatch.setattr(origin, "address_of", lambda _: source.as_uri())
    wanted = order(tmp_path, compare_source=True)
    differences, gaps = origin.source_differences(acquired, wanted)
    assert not gaps
    assert differences is not None
    assert [(one.path, one.kind) for one in differences if one.path != "package.json"] == [
        ("extra.js", "only in package"),
        ("server.py", "differs"),
    ]
    found = judge(Fetched(acquired, differences, gaps), wanted)
    places = {
        one.location.file for one in found.findings if one.rule == "package-differs-from-source"
    }
    assert places >= {"extra.js"}


def test_a_release_without_a_tag_is_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquired = package(tmp_path, PackageMetadata(repository="https://example.org/a/b"))
    source = tmp_path / "source"
    source.mkdir()
    (source / "a").write_text("x")
    named = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "one"]):
        subprocess.run(["git", *named, *words], cwd=source, check=True, capture_output=True)
    monkeypatch.setattr(origin, "address_of", lambda _: source.as_uri())
    _, (gap,) = origin.source_differences(acquired, order(tmp_path, compare_source=True))
    assert "has no revision v1.0.0 or 1.0.0 or sums@1.0.0" in gap.reason


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("git+https://github.com/Owner/Name.git", "https://github.com/Owner/Name"),
        ("git://github.com/owner/name", "https://github.com/owner/name"),
        ("git@github.com:owner/name.git", "https://github.com/owner/name"),
        ("github:owner/name", "https://github.com/owner/name"),
        ("https://github.com/owner/name/tree/main/packages/x", "https://github.com/owner/name"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_the_address_of_a_source(text: str, address: str) -> None:
    assert address_of(text) == address


@pytest.mark.proves("MR-45")
def test_a_target_in_another_language_is_not_enough_information(tmp_path: Path) -> None:
    made = tmp_path / "gopher"
    made.mkdir()
    text = 'package main\n\nconst to = "https://Collect.Example.net:8443/up"\nfunc main() {}\n'
    (made / "main.go").write_text(text)
    reading = audit(str(made), order(tmp_path))
    assert dict(reading.facts)["named in its texts"] == "collect.example.net"
    found = conclude(reading, Context()).result
    assert found.verdict.kind is VerdictKind.NOT_ENOUGH
    assert "Go" in found.verdict.reasons[0].says
