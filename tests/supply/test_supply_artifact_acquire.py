"""Targets of every kind come into memory, and nothing of them runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from shutil import which

import pytest

from ostiary.model.audit import Standing, TargetKind
from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.acquired import Acquired
from ostiary.supply.artifact.bounds import Bounds
from ostiary.supply.artifact.options import AcquireOptions
from supply.shelf import registry, source_archive, wheel


def got(text: str, tmp_path: Path, **given: object) -> Acquired:
    found = acquire(text, AcquireOptions(tmp_path / "cache", **given))  # type: ignore[arg-type]
    assert isinstance(found, Acquired), found
    return found


def refused(text: str, tmp_path: Path) -> NotChecked:
    found = acquire(text, AcquireOptions(tmp_path / "cache"))
    assert isinstance(found, NotChecked)
    return found


def traps(folder: Path, marker: Path) -> None:
    """Files that run code when somebody installs, imports, tests or opens the folder."""
    touch = f"import pathlib; pathlib.Path({str(marker)!r}).write_text('ran')\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("setup.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "evil.pth"):
        (folder / name).write_text(touch)
    script = f"touch {marker}"
    hooks = ", ".join(f'"{one}": "{script}"' for one in ("preinstall", "postinstall", "prepack"))
    (folder / "package.json").write_text(
        f'{{"name": "trap", "version": "1.0.0", "scripts": {{{hooks}}}}}'
    )
    (folder / ".npmrc").write_text(f"script-shell={marker}\nignore-scripts=false\n")


def test_folder_is_read_and_not_run(tmp_path: Path) -> None:
    root, marker = tmp_path / "server", tmp_path / "ran"
    traps(root, marker)
    (root / "node_modules/dep").mkdir(parents=True)
    (root / "node_modules/dep/index.js").write_text("x")
    (root / "env").mkdir()
    (root / "env/pyvenv.cfg").write_text("")
    (root / "out").symlink_to("/etc")
    os.mkfifo(root / "pipe")
    found = got(str(root), tmp_path)
    assert not marker.exists()
    assert "setup.py" in found.project.files
    assert found.project.files["out"].link == "/etc"
    assert not any(path.startswith(("node_modules/", "env/", "out/")) for path in found.stated)
    assert any("node_modules" in note for note in found.notes)
    assert any("no regular files" in one.reason for one in found.not_checked)
    assert found.target.version == "1.0.0"
    assert found.target.digest == got(str(root), tmp_path).target.digest
    (root / "setup.py").write_text("changed")
    assert found.target.digest != got(str(root), tmp_path).target.digest


def test_hostile_git_configuration_of_a_folder_does_not_run(tmp_path: Path) -> None:
    root, marker = tmp_path / "server", tmp_path / "ran"
    (root / ".git/refs/heads").mkdir(parents=True)
    (root / ".git/config").write_text(
        f"[core]\n\tfsmonitor = touch {marker}\n\tsshCommand = touch {marker}\n"
    )
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (root / ".git/refs/heads/main").write_text("a" * 40 + "\n")
    (root / "a.py").write_text("x = 1\n")
    found = got(str(root), tmp_path)
    assert found.target.revision == "a" * 40
    assert not marker.exists()
    (root / ".git/HEAD").write_text("ref: refs/heads/../../../../etc/passwd\n")
    assert got(str(root), tmp_path).target.revision == ""


def git(folder: Path, *words: str) -> None:
    names = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def test_git_hides_and_changes_nothing(tmp_path: Path) -> None:
    root, marker = tmp_path / "r", tmp_path / "ran"
    traps(root, marker)
    git(root, "init", "-q", "-b", "main")
    (root / ".gitattributes").write_text(
        "hidden.py export-ignore\n*.js text eol=crlf ident filter=evil\n"
    )
    (root / "hidden.py").write_text("hidden = 1\n")
    (root / "a.js").write_text("// $Id$\n")
    (root / "sub").mkdir()
    (root / "sub/b.py").write_text("b = 1\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    git(root, "tag", "v1")
    git(root, "config", "filter.evil.smudge", f"touch {marker}")
    git(root, "config", "core.fsmonitor", f"touch {marker}")
    git(root, "config", "uploadpack.packObjectsHook", f'touch {marker}; exec "$@"')
    (root / ".git/hooks/post-checkout").write_text(f"#!/bin/sh\ntouch {marker}\n")
    (root / ".git/hooks/post-checkout").chmod(0o755)
    marker.unlink(missing_ok=True)
    found = got(f"git+file://{root}@v1", tmp_path)
    assert not marker.exists()
    assert found.project.files["hidden.py"].text == "hidden = 1\n"
    assert found.project.files["a.js"].text == "// $Id$\n"
    assert len(found.target.revision) == 40
    below = got(f"git+file://{root}#subdirectory=sub", tmp_path)
    assert list(below.project.files) == ["b.py"]
    assert "no revision" in refused(f"git+file://{root}@v9", tmp_path).reason
    assert not list((tmp_path / "cache/tmp").iterdir())


def test_npm_package_comes_with_its_digest_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "ran"
    with registry(tmp_path / "shelf") as shelf:
        monkeypatch.setenv("npm_config_registry", shelf.address)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        script = {"postinstall": f"touch {marker}", "prepack": f"touch {marker}"}
        manifest: dict[str, object] = {
            "name": "@a/server",
            "version": "1.0.0",
            "scripts": script,
            "license": "MIT",
            "repository": {"type": "git", "url": "git+https://h/o/r.git"},
            "deprecated": "take another",
        }
        shelf.add(manifest, {"index.js": "x"})
        found = got("npm:@a/server@1.0.0", tmp_path)
        missing = refused("npm:@a/nothing", tmp_path)
    assert not marker.exists()
    assert sorted(found.project.files) == ["index.js", "package.json"]
    assert found.target.kind is TargetKind.NPM
    assert found.target.version == "1.0.0"
    assert found.proofs[0].standing is Standing.VERIFIED
    assert found.proofs[1].standing is Standing.ABSENT
    assert found.metadata is not None
    assert found.metadata.install_script
    assert found.metadata.upkeep.deprecated == "take another"
    assert found.metadata.repository == "https://h/o/r.git"
    assert "check the name" in missing.remedy


def index(folder: Path, files: list[tuple[Path, str]], name: str) -> str:
    """An index of Python packages as plain files."""
    page = folder / "simple" / name
    page.mkdir(parents=True)
    links = "".join(f'<a href="{file.as_uri()}#sha256={digest}">x</a>' for file, digest in files)
    (page / "index.html").write_text(links)
    return (folder / "simple").as_uri()


def sha256(file: Path) -> str:
    import hashlib

    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_python_source_archive_is_never_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "ran"
    source = source_archive(tmp_path / "files", "server", "1.0", marker)
    packed = wheel(tmp_path / "files", "server", "1.0", ("server",))
    older = wheel(tmp_path / "files", "server", "0.9", ("server",))
    files = [(one, sha256(one)) for one in (source, packed, older)]
    monkeypatch.setenv("PIP_INDEX_URL", index(tmp_path, files, "server"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    found = got("pypi:Server", tmp_path)
    assert not marker.exists()
    assert found.target.version == "1.0"
    assert found.target.digest == f"sha256:{sha256(packed)}"
    assert [one.standing for one in found.proofs[:2]] == [Standing.VERIFIED] * 2
    assert found.differences is not None
    assert [one.path for one in found.differences] == ["server/__init__.py"]
    assert got("pypi:server<1", tmp_path).target.version == "0.9"
    assert "no version" in refused("pypi:server==3", tmp_path).reason
    assert "could not be fetched" in refused("pypi:other", tmp_path).reason


def test_wrong_digest_of_an_index_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = wheel(tmp_path / "files", "server", "1.0", ("server",))
    monkeypatch.setenv("PIP_INDEX_URL", index(tmp_path, [(packed, "0" * 64)], "server"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert got("pypi:server", tmp_path).proofs[0].standing is Standing.FAILED


def test_remote_is_said_to_be_not_audited(tmp_path: Path) -> None:
    assert "not audited yet" in refused("https://host/mcp", tmp_path).reason


def test_a_network_that_is_not_there_is_told_soon_and_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    found = refused("npm:@a/server", tmp_path)
    assert "ECONNREFUSED" in found.reason
    assert "no such version" not in found.reason
    assert found.remedy == "check the network"


def test_what_npm_says_beside_its_answer_is_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with registry(tmp_path / "shelf") as shelf:
        monkeypatch.setenv("npm_config_registry", shelf.address)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        shelf.add({"name": "@a/server", "version": "1.0.0"}, {"index.js": "x"})
        loud = tmp_path / "bin" / "npm"
        loud.parent.mkdir()
        loud.write_text(f'#!/bin/sh\necho "npm warn something" >&2\nexec {which("npm")} "$@"\n')
        loud.chmod(0o755)
        monkeypatch.setenv("PATH", f"{loud.parent}{os.pathsep}{os.environ['PATH']}")
        found = got("npm:@a/server", tmp_path)
    assert found.target.version == "1.0.0"


def test_words_that_name_no_target_are_told_with_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    told = {
        one: (refused(one, tmp_path).reason, refused(one, tmp_path).remedy)
        for one in ("server", "server.py", "./server.py", "./none", "nmp:server", "a\0b")
    }
    assert told["server"][1] == "write ./server"
    assert told["server.py"][1] == "it is a file: name the folder that it is in"
    assert told["./server.py"] == (
        "server.py is no folder",
        "it is a file: name the folder that it is in",
    )
    assert told["./none"] == ("none is not there", "check the path")
    assert told["nmp:server"][1].startswith("name npm:name@version, pypi:")
    assert told["a\0b"][1].startswith("name npm:name@version, pypi:")


def test_nothing_is_fetched_where_it_may_not_be(tmp_path: Path) -> None:
    found = acquire("npm:x", AcquireOptions(tmp_path / "cache", may_fetch=False))
    assert isinstance(found, NotChecked)
    assert "have to be fetched" in found.reason


def test_too_many_files_are_told(tmp_path: Path) -> None:
    root = tmp_path / "server"
    root.mkdir()
    for number in range(10):
        (root / f"{number}.py").write_text("x")
    found = got(str(root), tmp_path, bounds=Bounds(files=5))
    assert len(found.project.files) == 5
    assert any("more than 5 files" in one.reason for one in found.not_checked)
