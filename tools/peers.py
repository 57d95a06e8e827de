"""Other scanners on the same tool definitions, each in a throw-away environment under ``.cache``.

Only their published packages run, offline, after installation; nothing of them is kept here. One
that cannot be installed or driven is named with the reason.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ostiary.model.json import JsonObject

HOME = Path(__file__).parent.parent / ".cache" / "peers"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Peer:
    """A scanner: what to install and a script that answers one truth value a tool."""

    name: str
    packages: tuple[str, ...]
    script: str


CISCO = """
import json, pathlib, sys, sysconfig
import yara
root = pathlib.Path(sysconfig.get_paths()["purelib"]) / "mcpscanner" / "data" / "yara_rules"
files = {one.stem: one.read_text() for one in sorted(root.glob("*.yara"))}
rules = yara.compile(sources=files)
def flagged(tool):
    texts = (tool.get("description") or "", json.dumps(tool.get("inputSchema") or {}))
    return any(rules.match(data=text) for text in texts)
json.dump([bool(flagged(tool)) for tool in json.load(sys.stdin)], sys.stdout)
"""
AGENT_AUDIT = """
import json, sys
from agent_audit.analysis.tool_description_analyzer import ToolDescriptionAnalyzer as Analyzer
def flagged(tool):
    found = list(Analyzer.analyze(tool.get("description") or "", "description"))
    properties = (tool.get("inputSchema") or {}).get("properties") or {}
    for one in properties.values():
        if isinstance(one, dict):
            found += Analyzer.analyze(str(one.get("description") or ""), "arg_description")
    return bool(found)
json.dump([flagged(tool) for tool in json.load(sys.stdin)], sys.stdout)
"""
PEERS = (
    Peer("Cisco mcp-scanner, YARA rules", ("cisco-ai-mcp-scanner==4.8.7", "yara-python"), CISCO),
    Peer("agent-audit, description rules", ("agent-audit==0.20.0",), AGENT_AUDIT),
)
NOT_RUN = (("mcp-shield", "the index no longer has the package"),)
"""Peers that were looked for, and why they cannot be run."""


def verdicts(peer: Peer, tools: Sequence[JsonObject]) -> list[bool] | str:
    """One verdict a tool, or the reason why there is none."""
    uv = shutil.which("uv")
    if uv is None:
        return "uv is not on the path"
    environment = HOME / peer.packages[0].split("==")[0]
    python = environment / "bin" / "python"
    try:
        if not python.exists():
            HOME.mkdir(parents=True, exist_ok=True)
            _run([uv, "venv", "-q", str(environment)])
            _run([uv, "pip", "install", "-q", "-p", str(python), "--no-deps", *peer.packages])
        answer = _run([str(python), "-c", peer.script], json.dumps(list(tools)))
    except (OSError, subprocess.SubprocessError) as error:
        output = getattr(error, "stderr", None) or str(error)
        return str(output).strip().splitlines()[-1][:160]
    found: list[bool] = json.loads(answer)
    return found


def _run(command: list[str], given: str = "") -> str:
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, check=True, timeout=SECONDS
    )
    return done.stdout
