"""Packages made to run on the auditor's machine, to fill it or to break it: through the command."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cli.command import Ran, ostiary, write
from supply.shelf import registry

SERVER = """
import os
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")

@server.tool()
def run(line: str) -> str:
    '''Run a line.'''
    return os.popen(line).read()
"""


def one(ran: Ran) -> Any:
    (audit,) = ran.json["audits"]
    return audit


def rules(ran: Ran) -> set[str]:
    return {found["rule"] for found in one(ran)["findings"]}


def gaps(ran: Ran) -> str:
    return "\n".join(f"{gap['subject']}: {gap['reason']}" for gap in one(ran)["not_checked"])


def trapped(folder: Path, marker: Path) -> Path:
    """Everything that a language, a package manager, git or an editor would run of a folder."""
    python = f"open({str(marker)!r}, 'a').write('python')\n"
    shell = f"touch {marker}"
    for name in ("__init__.py", "setup.py", "conftest.py", "sitecustomize.py", "usercustomize.py"):
        write(folder / name, python + SERVER)
    write(folder / "server.py", python + SERVER)
    write(folder / "ast.py", python)
    write(folder / "orjson.py", python)
    write(folder / "loads.pth", f"import os; {python}")
    write(folder / "backend" / "build.py", python)
    backend = 'requires = []\nbuild-backend = "build"\nbackend-path = ["backend"]\n'
    about = '[project]\nname = "trapped"\nversion = "1.0.0"\n'
    write(folder / "pyproject.toml", f"[build-system]\n{backend}{about}")
    scripts = dict.fromkeys(("preinstall", "install", "postinstall", "prepare", "prepack"), shell)
    write(folder / "package.json", {"name": "trapped", "version": "1.0.0", "scripts": scripts})
    write(folder / ".npmrc", f"node-options=--require {folder}/evil.js\nscript-shell={folder}/s\n")
    write(folder / "evil.js", f"require('fs').writeFileSync({json.dumps(str(marker))}, 'js')")
    write(folder / "binding.gyp", f"{{'variables': {{'x': '<!({shell})'}}}}")
    write(folder / "Makefile", f"X := $(shell {shell})\nall:\n\t{shell}\n")
    write(folder / ".envrc", shell)
    write(folder / ".vscode" / "tasks.json", {"tasks": [{"label": "x", "command": shell,
          "runOptions": {"runOn": "folderOpen"}}]})  # fmt: skip
    write(folder / ".git" / "config", f"[core]\n\tfsmonitor = {shell}\n\tpager = {shell}\n"
          f"\tsshCommand = {shell}\n\thooksPath = hooks\n[alias]\n\tst = !{shell}\n")  # fmt: skip
    write(folder / ".git" / "HEAD", "ref: refs/heads/main\n")
    hook = write(folder / ".git" / "hooks" / "post-checkout", f"#!/bin/sh\n{shell}\n")
    hook.chmod(0o755)
    return folder


def test_nothing_of_a_folder_full_of_traps_runs(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    folder = trapped(tmp_path / "trapped", marker)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    for words in ([folder], [folder, "--against", folder], [folder, "--format", "html"]):
        assert ostiary("audit", *words, home=tmp_path, cwd=folder).code in (1, 3, 4)
    found = rules(ostiary("audit", folder, "--json", "--pedantic", home=tmp_path, cwd=folder))
    assert {"command-injection", "install-script", "runs-on-open"} <= found
    assert not marker.exists()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_nothing_of_a_published_package_runs(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    scripts = dict.fromkeys(("preinstall", "install", "postinstall", "prepare"), f"touch {marker}")
    with registry(tmp_path / "index") as shelf:
        shelf.add(
            {"name": "trapped", "version": "1.0.0", "scripts": scripts},
            {"index.js": f"require('fs').writeFileSync({json.dumps(str(marker))}, 'x')\n"},
        )
        ran = ostiary(
            "audit",
            "npm:trapped@1.0.0",
            "--json",
            "--pedantic",
            home=tmp_path,
            environment={"npm_config_registry": shelf.address},
        )
    audit = one(ran)
    assert (audit["target"]["name"], audit["target"]["version"]) == ("trapped", "1.0.0")
    assert "install-script" in rules(ran)
    assert not marker.exists()


def test_nothing_of_a_source_archive_runs(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    folder = trapped(tmp_path / "trapped-1.0.0", marker)
    archive = tmp_path / "trapped-1.0.0.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, "trapped-1.0.0")
    ran = ostiary("audit", archive, "--json", home=tmp_path)
    assert "command-injection" in rules(ran)
    assert not marker.exists()


def test_nothing_of_a_repository_runs(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    folder = tmp_path / "repository"
    write(folder / "server.py", SERVER)
    write(folder / ".gitattributes", "*.py filter=evil export-ignore\n")
    named = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "one"]):
        subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)
    for setting in ("core.fsmonitor", "uploadpack.packObjectsHook", "filter.evil.smudge"):
        subprocess.run(
            ["git", "config", setting, f"touch {marker}"], cwd=folder, check=True, timeout=60
        )
    ran = ostiary("audit", f"git+{folder.as_uri()}", "--json", home=tmp_path)
    assert "command-injection" in rules(ran)
    assert not marker.exists()


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return data.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


def test_an_archive_that_would_write_outside_is_named_and_writes_nothing(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    data = tar_of(
        (member("package/server.py"), SERVER.encode()),
        (member("package/../../outside.py"), b"x = 1\n"),
        (member(str(outside)), b"x = 1\n"),
        (member("package/link", tarfile.SYMTYPE, "/etc"), b""),
        (member("package/link/passwd"), b"x\n"),
        (member("package/null", tarfile.CHRTYPE), b""),
        (member("package/pipe", tarfile.FIFOTYPE), b""),
        (member("package/hard", tarfile.LNKTYPE, "/etc/shadow"), b""),
    )
    archive = tmp_path / "escaping.tgz"
    archive.write_bytes(data)
    ran = ostiary("audit", archive, "--json", "--pedantic", home=tmp_path)
    assert "hostile-archive" in rules(ran)
    assert "command-injection" in rules(ran)
    assert not outside.exists()
    assert not (tmp_path.parent / "outside.py").exists()


def bomb(tmp_path: Path) -> Path:
    file = tmp_path / "bomb.mcpb"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", '{"name": "bomb", "version": "1.0.0"}')
        archive.writestr("server/huge.js", bytes(96 * 1024 * 1024))
    return file


def many(tmp_path: Path) -> Path:
    file = tmp_path / "many.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"f{number}", b"")
    return file


def torn(tmp_path: Path) -> Path:
    file = tmp_path / "torn.tgz"
    file.write_bytes(tar_of((member("package/server.py"), SERVER.encode() * 500))[:-40])
    return file


def nested(tmp_path: Path) -> Path:
    write(tmp_path / "nested" / "package.json", '{"a":' * 60_000 + "1" + "}" * 60_000)
    write(tmp_path / "nested" / "server.py", "x = " + "(" * 30_000 + ")" * 30_000)
    return tmp_path / "nested"


def metadata(tmp_path: Path) -> Path:
    words = {"name": "big", "version": "1.0.0", "description": "d" * 8_000_000}
    write(tmp_path / "big" / "package.json", words | {"keywords": ["k" * 80] * 50_000})
    write(tmp_path / "big" / "index.js", "module.exports = 1;\n")
    return tmp_path / "big"


@pytest.mark.parametrize(
    "made", [bomb, many, torn, nested, metadata], ids=lambda made: made.__name__
)
def test_what_is_made_to_break_the_reader_gets_a_named_result(made: Any, tmp_path: Path) -> None:
    target = made(tmp_path)
    ran = ostiary("audit", target, "--json", home=tmp_path)
    assert ran.code in (3, 4), ran.err
    assert one(ran)["target"]["given"] == str(target)
    assert gaps(ran)
    assert one(ran)["verdict"]["answer"] != "use"
    assert "Traceback" not in ran.err
    assert len(ran.out) < 2_000_000


def test_a_bomb_is_a_finding(tmp_path: Path) -> None:
    ran = ostiary("audit", bomb(tmp_path), "--json", home=tmp_path)
    assert "hostile-archive" in rules(ran)
    assert "far more than their size" in gaps(ran)


def test_text_that_attacks_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    hostile = "\\x1b]0;owned\\x07\\x1b[2J\\u202e"
    text = SERVER.replace("Run a line.", f"Run. {hostile} <script>alert(1)</script>")
    write(tmp_path / "loud" / "server.py", text)
    write(tmp_path / "loud" / "package.json", {"name": "\x1b[31mred", "version": "1.0.0"})
    for form in ("terminal", "markdown", "json", "html", "sarif"):
        ran = ostiary("audit", tmp_path / "loud", "--format", form, home=tmp_path)
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out
        assert "<script>alert" not in ran.out or form != "html"
