"""Every kind of target through the command: one server, packed in each way."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.command import ostiary, write
from supply.shelf import registry
from supply.test_supply_artifact_images import layer, layout

SERVER = """
import os
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")

@server.tool()
def run(line: str) -> str:
    '''Run a line.'''
    return os.popen(line).read()

@server.tool()
def add(one: int, two: int) -> int:
    '''Add two numbers.'''
    return one + two
"""
SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { exec } from "node:child_process";
import { z } from "zod";
const server = new McpServer({ name: "demo", version: "1.0.0" });
server.tool("run", "Run a line.", { line: z.string() }, async ({ line }) => {
  exec(line);
  return { content: [] };
});
"""
ABOUT = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\n"


def folder(tmp_path: Path) -> Path:
    write(tmp_path / "demo" / "server.py", SERVER)
    return tmp_path / "demo"


def bundle(tmp_path: Path) -> Path:
    return zipped(tmp_path / "demo.mcpb", {"manifest.json": '{"name": "demo", "version": "1.0.0"}'})


def wheel(tmp_path: Path) -> Path:
    name = tmp_path / "demo-1.0.0-py3-none-any.whl"
    return zipped(name, {"demo-1.0.0.dist-info/METADATA": ABOUT})


def zipped(file: Path, more: dict[str, str]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in {"server.py": SERVER, **more}.items():
            archive.writestr(path, text)
    return file


def packed(tmp_path: Path) -> Path:
    file = tmp_path / "demo-1.0.0.tgz"
    with tarfile.open(file, "w:gz") as archive:
        for path, text in {"package/server.py": SERVER, "package/package.json": "{}"}.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return file


def image(tmp_path: Path) -> Path:
    layout(tmp_path / "image", [layer({"app/server.py": SERVER})])
    return tmp_path / "image"


def image_archive(tmp_path: Path) -> Path:
    file = tmp_path / "image.tar"
    with tarfile.open(file, "w") as archive:
        archive.add(image(tmp_path), ".")
    return file


@pytest.mark.proves("SA-22")
@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (folder, "folder"),
        (bundle, "mcpb"),
        (wheel, "pypi"),
        (packed, "npm"),
        (image, "oci"),
        (image_archive, "oci"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_one_server_has_one_flaw_however_it_is_packed(
    made: Callable[[Path], Path], kind: str, tmp_path: Path
) -> None:
    ran = ostiary("audit", made(tmp_path), "--json", home=tmp_path)
    (audit,) = ran.json["audits"]
    assert audit["target"]["kind"] == kind
    assert audit["target"]["digest"].startswith("sha256:")
    (finding,) = [one for one in audit["findings"] if one["rule"] == "command-injection"]
    assert finding["location"]["file"].endswith("server.py")
    assert finding["location"]["line"] == 9
    assert audit["verdict"]["limits"]["tools_off"] == ["run"]


@pytest.mark.proves("SA-03")
def test_several_servers_of_several_kinds_in_one_run(tmp_path: Path) -> None:
    with registry(tmp_path / "index") as shelf:
        shelf.add({"name": "demo", "version": "1.0.0", "main": "index.js"}, {"index.js": SCRIPT})
        targets: list[str | Path] = ["npm:demo@1.0.0", folder(tmp_path), bundle(tmp_path)]
        ran = ostiary(
            "audit",
            *targets,
            "npm:absent@1.0.0",
            "--json",
            home=tmp_path,
            environment={"npm_config_registry": shelf.address},
        )
    found: list[Any] = ran.json["audits"]
    assert [one["target"]["kind"] for one in found] == ["npm", "folder", "mcpb", "npm"]
    flawed = ["command-injection" in json.dumps(one["findings"]) for one in found]
    assert flawed == [True, True, True, False]
    assert found[3]["verdict"]["answer"] == "not enough information"
    assert "absent" in found[3]["verdict"]["reasons"][0]["says"]
    assert len(ran.json["ranking"]) == 4


def test_offline_asks_nothing_of_an_index(tmp_path: Path) -> None:
    with registry(tmp_path / "index") as shelf:
        ran = ostiary(
            "audit",
            "npm:demo@1.0.0",
            "--offline",
            home=tmp_path,
            environment={"npm_config_registry": shelf.address},
        )
        assert not shelf.asked
    assert "would have to be fetched" in ran.out
    assert ran.code == 3


@pytest.mark.proves("SA-13")
@pytest.mark.parametrize(
    ("words", "severity"),
    [([], "high"), (["--profile", "bank", "--context", "multi"], "critical")],
)
def test_the_weight_depends_on_who_asks_and_says_why(
    words: list[str], severity: str, tmp_path: Path
) -> None:
    ran = ostiary("audit", folder(tmp_path), *words, "--json", home=tmp_path)
    (audit,) = ran.json["audits"]
    (finding,) = [one for one in audit["findings"] if one["rule"] == "command-injection"]
    assert (finding["general_severity"], finding["severity"]) == ("high", severity)
    assert ("instead of high" in finding["weighed"]) is (severity == "critical")
    assert audit["verdict"]["answer"] == "use with these limits"
    assert audit["verdict"]["limits"]["approve"][0] == "--without=run"
    assert "changes_if" in audit["verdict"]["reasons"][0]
