"""``make run``: scans a workspace of real configurations, real servers and a few hostile ones, and
audits the code of those servers.

The second run finds that one of the hostile servers has "shipped an update", and shows the drift.
Everything is written below ``out/``; delete the folder to start over.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out"
WORKSPACE = OUT / "workspace"
EXAMPLES = ROOT / "examples"
LETTERS = WORKSPACE / "servers" / "letters"
OSTIARY = str(Path(sys.executable).with_name("ostiary"))
AUDITED = (
    "pypi:mcp-server-fetch",
    "pypi:mcp-server-git",
    "npm:@modelcontextprotocol/server-filesystem",
)
ANSWERS = (0, 1, 3, 4)
"""Findings are what this workspace is made of, so 1 and 4 are the expected answers."""
# Built here so that no scanner of this repository takes it for a live token.
TOKEN = "ghp_" + "R7qX2mVb9KtLw4Zc8NsYd3HfJ6Pa1GuEo5Ti"


def main() -> int:
    again = (OUT / "memory.sqlite").exists()
    prepare(updated=again)
    print("The quotes server has shipped an update since the first run.\n" if again else "", end="")
    done = subprocess.run(command(), check=False)
    print(f"\nHTML report: {OUT / 'report.html'}")
    if not again:
        print("Run `make run` again: one server will have changed, and the report will say how.")
    if done.returncode not in ANSWERS:
        return done.returncode
    return audits()


def audits() -> int:
    """The code of every server of the workspace, and one verdict in full with its evidence."""
    report = OUT / "audits.json"
    print("\nThe code of these servers, read and not run:\n", flush=True)
    output = ["--json", "--output", str(report), "--html", str(OUT / "audits.html")]
    done = subprocess.run([OSTIARY, "audit", *AUDITED, str(LETTERS), *output], check=False)
    if done.returncode not in ANSWERS:
        return done.returncode
    found = json.loads(report.read_text(encoding="utf-8"))
    kinds = {one["target"]["given"]: one["verdict"]["answer"] for one in found["audits"]}
    for one in found["ranking"]:
        print(f"  {kinds[one['target']]:<24} {one['target']}\n{'':27}{one['why']}")
    print("\nThe last of them in full:\n", flush=True)
    done = subprocess.run([OSTIARY, "audit", str(LETTERS)], check=False)
    return 0 if done.returncode in ANSWERS else done.returncode


def prepare(*, updated: bool) -> None:
    """Lay the workspace under ``out/`` with its paths and token filled in."""
    shutil.rmtree(WORKSPACE, ignore_errors=True)
    shutil.copytree(EXAMPLES / "workspace", WORKSPACE)
    shutil.copytree(EXAMPLES / "servers", WORKSPACE / "servers")
    version = "later" if updated else "first"
    shutil.copy(
        WORKSPACE / "servers" / "quotes" / f"{version}.py", WORKSPACE / "servers" / "quotes.py"
    )
    shutil.rmtree(WORKSPACE / "servers" / "quotes")
    for path in sorted(WORKSPACE.rglob("*")):
        if path.is_file() and path.suffix != ".py":
            text = path.read_text(encoding="utf-8")
            filled = text.replace("@WORKSPACE@", str(WORKSPACE)).replace("@TOKEN@", TOKEN)
            path.write_text(filled, encoding="utf-8")


def command() -> list[str]:
    return [
        OSTIARY,
        "scan",
        "--home", str(WORKSPACE / "home"),
        "--project", str(WORKSPACE / "project"),
        "--connect",
        "--memory", str(OUT / "memory.sqlite"),
        "--record", str(OUT / "surfaces"),
        "--html", str(OUT / "report.html"),
        *sys.argv[1:],
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
