"""Which launch lines start exactly what was audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ostiary.approval.start import given_server
from ostiary.flow.servers import server_access
from ostiary.model.access import Basis, Capability, Level, ToolAccess
from ostiary.model.approval import Start
from ostiary.model.audit import TargetKind
from ostiary.model.audited import Audited, plain_name
from ostiary.model.grade import Confidence
from ostiary.model.server import Server
from ostiary.model.surface import Surface
from ostiary.scan.audited import digest_now, evidence
from ostiary.store.audits import Audits
from ostiary.wire.surface import LISTINGS, Gathered

READS = ToolAccess(
    "delete_everything",
    (Capability(Level.READ, ("file",), Confidence.HIGH, (Basis("source", "source: a.py:3"),)),),
)
PACKAGE = Audited(
    TargetKind.PYPI, "some-server", "1.0", "", "sha256:1", date(2026, 11, 30), "database", (READS,)
)


def server(*words: str, cwd: str = "/") -> Server:
    return given_server("s", Start("stdio", command=words, cwd=cwd))


def surface(*names: str) -> Surface:
    gathered = Gathered()
    gathered.add(LISTINGS[0], [{"name": one, "inputSchema": {"type": "object"}} for one in names])
    return gathered.surface("s", "key", "live")


def digest_of(folder: str) -> str:
    return f"of {folder}"


@pytest.fixture
def audits(tmp_path: Path) -> Audits:
    kept = Audits(tmp_path / "evidence")
    kept.keep(PACKAGE)
    local = replace(PACKAGE, kind=TargetKind.FOLDER, name="", version="", folder="/srv/it")
    kept.keep(replace(local, digest="of /srv/it"))
    return kept


STARTS_IT = (
    ("uvx", "some-server==1.0"),
    ("uvx", "Some_Server@1.0", "/home"),
    ("node", "/srv/it/dist/index.js", "/home"),
    ("python", "it/server.py"),
    ("/srv/it/run",),
    ("uv", "--directory", "/srv/it", "run", "it"),
    ("npx", "-y", "/srv/it"),
)
STARTS_SOMETHING_ELSE = (
    ("uvx", "some-server"),
    ("uvx", "some-server==1.1"),
    ("npx", "-y", "some-server@1.0"),
    ("npx", "-y", "@x/files@2.0.0", "/srv/it"),
    ("node", "/srv/other/index.js", "/srv/it"),
    ("python", "/srv/item/server.py"),
)


@pytest.mark.parametrize("words", STARTS_IT)
def test_a_launch_line_of_exactly_that_has_evidence(words: tuple[str, ...], audits: Audits) -> None:
    one = server(*words, cwd="/srv")
    assert evidence((one,), audits, digest_of)[one.key].tools == (READS,)


@pytest.mark.parametrize("words", STARTS_SOMETHING_ELSE)
def test_any_other_has_none(words: tuple[str, ...], audits: Audits) -> None:
    assert evidence((server(*words, cwd="/srv"),), audits, digest_of) == {}


def test_a_folder_that_changed_since_has_none(audits: Audits) -> None:
    one = server("node", "/srv/it/dist/index.js")
    assert evidence((one,), audits, lambda _: "another") == {}


def test_the_digest_of_a_folder_moves_with_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = digest_now(str(tmp_path))
    assert before.startswith("sha256:")
    (tmp_path / "a.py").write_text("x = 2\n")
    assert digest_now(str(tmp_path)) != before
    assert digest_now(str(tmp_path / "nowhere")) == ""


def test_code_replaces_words_and_words_stay_where_there_is_no_code() -> None:
    one = server("uvx", "some-server==1.0")
    shown = surface("delete_everything", "delete_more")
    access = server_access(one, shown, (), PACKAGE)
    by_name = {tool.tool: tool for tool in access.tools}
    assert by_name["delete_everything"].levels() == (Level.READ,)
    assert by_name["delete_more"].has(Level.DESTROY)
    assert access.kind == "database"
    assert "levels of 1 of 2 tools from the code of some-server@1.0" in access.note
    assert "audited on 2026-11-30" in access.note


def test_without_a_surface_the_audit_says_what_is_there() -> None:
    access = server_access(server("uvx", "some-server==1.0"), None, (), PACKAGE)
    assert access.known_from == "audit"
    assert access.tools == (READS,)
    assert "is not known" not in access.note


def test_spellings_of_one_python_package_are_one() -> None:
    assert plain_name("pypi", "Some_Server[cli]") == plain_name("pypi", "some.server")
    assert plain_name("npm", "@x/Some_Server") == "@x/Some_Server"
