"""What is merely sloppy, told by the command: the tool stays off, and the sound twin is silent."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from audit.commanded import audited, command, found, write

MODULE = {"name": "made", "version": "1.0.0", "type": "module"}
PYTHON = """
import os, sqlite3, subprocess
from pathlib import Path
from mcp.server.fastmcp import FastMCP
server = FastMCP("notes")
ROOT = Path("/srv/notes").resolve()
db = sqlite3.connect("/srv/notes.db")

@server.tool()
def work(text: str):
    '''Work.'''
    BODY
"""
SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { exec, execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import mysql from "mysql2/promise";
import { z } from "zod";
const server = new McpServer({ name: "notes", version: "1.0.0" });
const db = await mysql.createConnection("mysql://localhost/notes");
const ROOT = "/srv/notes";
const say = (text) => ({ content: [{ type: "text", text: String(text) }] });
server.tool("work", { text: z.string() }, async ({ text }) => {
  BODY
});
"""
CHECKED = """path = (ROOT / text).resolve()
    if not path.is_relative_to(ROOT):
        raise ValueError("outside")
    return path.read_text()"""
HELD = """const whole = fs.realpathSync(path.resolve(ROOT, text));
  if (!whole.startsWith(ROOT + path.sep)) throw new Error("outside");
  return say(fs.readFileSync(whole, "utf8"));"""
FLAWS = [
    pytest.param(
        "command-injection",
        "CWE-78",
        "return subprocess.check_output(f'ping -c 1 {text}', shell=True, text=True)",
        "return subprocess.check_output(['ping', '-c', '1', '--', text], text=True)",
        "exec(`ping -c 1 ${text}`); return say(1);",
        'execFile("ping", ["-c", "1", "--", text]); return say(1);',
        marks=pytest.mark.proves("MS-20"),
        id="shell",
    ),
    pytest.param(
        "argument-injection",
        "CWE-88",
        "return subprocess.check_output(['git', 'log', text], text=True)",
        "return subprocess.check_output(['git', 'log', '--end-of-options', text], text=True)",
        'execFile("git", ["log", text]); return say(1);',
        'execFile("git", ["log", "--end-of-options", text]); return say(1);',
        marks=pytest.mark.proves("MS-19"),
        id="argument",
    ),
    pytest.param(
        "path-escape",
        "CWE-22",
        "return (ROOT / text).read_text()",
        CHECKED,
        'return say(fs.readFileSync(path.join(ROOT, text), "utf8"));',
        HELD,
        marks=pytest.mark.proves("MS-21"),
        id="path",
    ),
    pytest.param(
        "query-injection",
        "CWE-89",
        "return db.execute(f\"SELECT text FROM notes WHERE by = '{text}'\").fetchall()",
        "return db.execute('SELECT text FROM notes WHERE by = ?', (text,)).fetchall()",
        'return say(await db.query("SELECT text FROM notes WHERE by = \'" + text + "\'"));',
        'return say(await db.query("SELECT text FROM notes WHERE by = ?", [text]));',
        marks=pytest.mark.proves("MS-22"),
        id="query",
    ),
]


def served(folder: Path, python: str, script: str) -> tuple[Path, Path]:
    """The same server in two languages."""
    write(folder / "py" / "server.py", PYTHON.replace("BODY", python))
    write(folder / "js" / "server.js", SCRIPT.replace("BODY", script))
    write(folder / "js" / "package.json", MODULE)
    return folder / "py", folder / "js"


@pytest.mark.parametrize(("rule", "cwe", "python", "sound", "script", "held"), FLAWS)
def test_a_sloppy_tool_is_left_out_and_its_sound_twin_is_not(
    rule: str, cwe: str, python: str, sound: str, script: str, held: str, tmp_path: Path
) -> None:
    for folder in served(tmp_path / "sloppy", python, script):
        audit = audited(folder, tmp_path, "--context", "enterprise", "--profile", "company")
        (finding,) = found(audit, rule)
        assert finding["references"][0] == cwe or cwe in finding["references"]
        assert finding["location"]["part"] == "tool work"
        assert len(finding["evidence"]) >= 2
        assert audit["verdict"]["answer"] == "do not use", "its only tool has a grave flaw"
    for folder in served(tmp_path / "sound", sound, held):
        assert not found(audited(folder, tmp_path), rule)


OPEN = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import express from "express";
import fs from "node:fs";
import { z } from "zod";
const server = new McpServer({ name: "goats", version: "1.0.0" });
server.tool("feed", { goat: z.string() }, async ({ goat }) => {
  fs.appendFileSync("/srv/goats.log", goat);
  return { content: [{ type: "text", text: "fed" }] };
});
const app = express();
app.use(express.json());
GUARD
app.post("/mcp", async (req, res) => {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  await transport.handleRequest(req, res, req.body);
});
app.listen(3000, "0.0.0.0");
"""
GUARD = """
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { verifier } from "./verifier.js";
app.use(requireBearerAuth({ verifier, requiredScopes: ["goats:feed"] }));
"""
VERIFIER = """
import { jwtVerify, createRemoteJWKSet } from "jose";
const keys = createRemoteJWKSet(new URL("https://login.example.com/keys"));
export const verifier = { async verifyAccessToken(token) {
  const { payload } = await jwtVerify(token, keys, { issuer: "https://login.example.com", audience: "goats" });
  return { token, clientId: payload.sub, scopes: payload.scope.split(" "), expiresAt: payload.exp };
} };
"""  # noqa: E501 - a line of the server


@pytest.mark.proves("SA-24")
@pytest.mark.proves("MS-17")
def test_an_interface_for_everybody_that_asks_nobody_who_calls(tmp_path: Path) -> None:
    write(tmp_path / "open" / "server.js", OPEN.replace("GUARD", ""))
    write(tmp_path / "open" / "package.json", MODULE)
    write(tmp_path / "kept" / "server.js", OPEN.replace("GUARD", GUARD))
    write(tmp_path / "kept" / "verifier.js", VERIFIER)
    write(tmp_path / "kept" / "package.json", MODULE)
    (own,) = found(audited(tmp_path / "open", tmp_path), "no-authentication")
    assert "asks nobody who is calling, and callers can write files" in own["message"]
    (shared,) = found(
        audited(tmp_path / "open", tmp_path, "--context", "multi"), "no-authentication"
    )
    assert (own["severity"], shared["severity"]) == ("medium", "critical")
    assert not found(audited(tmp_path / "kept", tmp_path), "no-authentication")


POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
SCOPED = """
from googleapiclient.discovery import build
from google_auth_oauthlib.flow import InstalledAppFlow
from mcp.server.fastmcp import FastMCP
server = FastMCP("files")
SCOPES = ["https://www.googleapis.com/auth/SCOPE"]
flow = InstalledAppFlow.from_client_secrets_file("client.json", SCOPES)

@server.tool()
def names() -> list:
    '''Names of files.'''
    service = build("drive", "v3", credentials=flow.run_local_server())
    return service.files().list().execute()["files"]
"""


@pytest.mark.proves("SA-18")
@pytest.mark.proves("SA-17")
def test_everything_granted_for_a_start_and_never_reduced(tmp_path: Path) -> None:
    write(tmp_path / "all" / "server.py", SCOPED.replace("SCOPE", "drive"))
    write(tmp_path / "all" / "policy.json", POLICY)
    start = "# Setup\n\nFor a start, run `GRANT ALL ON DATABASE notes TO server;`.\n"
    write(tmp_path / "all" / "README.md", start)
    reader = ("--profile", "bank", "--context", "enterprise", "--strict")
    audit = audited(tmp_path / "all", tmp_path, *reader)
    (scope,) = found(audit, "coarse-scope")
    assert "and its tools only read" in scope["message"]
    places = {one["location"]["file"] for one in found(audit, "coarse-policy")}
    assert places == {"policy.json", "README.md"}
    assert audit["verdict"]["answer"] != "use"
    narrow = {**POLICY["Statement"][0], "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    write(tmp_path / "some" / "server.py", SCOPED.replace("SCOPE", "drive.metadata.readonly"))
    write(tmp_path / "some" / "policy.json", {**POLICY, "Statement": [narrow]})
    reduced = audited(tmp_path / "some", tmp_path, *reader)
    assert not [one for one in reduced["findings"] if one["rule"].startswith("coarse-")]


@pytest.mark.proves("UP-13")
def test_a_server_that_updates_itself_runs_whatever_it_is_given(tmp_path: Path) -> None:
    text = """
    import subprocess, sys
    from mcp.server.fastmcp import FastMCP
    server = FastMCP("self")

    def update() -> None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--upgrade", "self-server"])

    @server.tool()
    def one() -> int:
        '''One.'''
        return 1
    """
    write(tmp_path / "bad" / "server.py", f"{dedent(text)}\nupdate()\nserver.run()\n")
    (finding,) = found(audited(tmp_path / "bad", tmp_path), "self-update")
    assert finding["severity"] in ("high", "critical")
    assert "CWE-494" in finding["references"]
    told = command("explain", "self-update", home=tmp_path).flat
    assert "runs" in told
    write(tmp_path / "good" / "server.py", f"{dedent(text)}\nserver.run()\n".replace(
        "--upgrade", "--dry-run"))  # fmt: skip
    assert not found(audited(tmp_path / "good", tmp_path), "self-update")


@pytest.mark.proves("UP-13")
def test_a_script_that_updates_itself_too(tmp_path: Path) -> None:
    text = """
    import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
    import { execSync } from "node:child_process";
    execSync("npm install -g COMMAND");
    const server = new McpServer({ name: "self", version: "1.0.0" });
    server.tool("one", {}, async () => ({ content: [] }));
    """
    write(tmp_path / "bad" / "server.js", dedent(text).replace("COMMAND", "self-server@latest"))
    write(tmp_path / "bad" / "package.json", {**MODULE, "name": "self-server"})
    assert found(audited(tmp_path / "bad", tmp_path), "self-update")
