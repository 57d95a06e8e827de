"""Runs the official conformance suite and reads what it found."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / ".tools" / "npm" / "node_modules"
SUITE = MODULES / "@modelcontextprotocol" / "conformance"
REVISIONS = ("2025-11-25", "2026-07-28")
"""The frozen requirement sets."""
LEGS = ("server", "client")
LONGEST = 300.0
"""Seconds for one set on one leg."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the suite found in one scenario."""

    scenario: str
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    """Check ids, each with what was wrong."""

    @property
    def good(self) -> bool:
        """Whether something was checked and nothing was wrong."""
        return bool(self.passed) and not self.failed


def node() -> str:
    """A Node.js that the suite runs on."""
    own = ROOT / ".tools" / "node" / "bin" / "node"
    return str(own) if own.exists() else "node"


def required(revision: str, leg: str) -> tuple[str, ...]:
    """The scenarios that the set of ``revision`` requires of a leg."""
    document = YAML(typ="safe").load(SUITE / "requirements" / f"{revision}.yaml")
    return tuple(document[leg])


def run_server(url: str, revision: str, token: str = "") -> dict[str, Verdict]:
    """Put the server at ``url`` to the set of ``revision``."""
    preload = ["--import", (Path(__file__).parent / "bearer.mjs").as_uri()] if token else []
    return _run(
        preload, ["server", "--url", url, "--requirements", revision], {"RUNNER_TOKEN": token}
    )


def run_client(
    command: Sequence[str], revision: str, environment: Mapping[str, str]
) -> dict[str, Verdict]:
    """Put the client that ``command`` starts to the set of ``revision``."""
    words = ["client", "--command", " ".join(command), "--timeout", "60000"]
    return _run([], [*words, "--requirements", revision], environment)


def run_scenario(
    command: Sequence[str], scenario: str, revision: str, environment: Mapping[str, str]
) -> dict[str, Verdict]:
    """Put the client that ``command`` starts to one scenario."""
    words = ["client", "--command", " ".join(command), "--timeout", "60000"]
    return _run([], [*words, "--scenario", scenario, "--spec-version", revision], environment)


def _run(
    preload: Sequence[str], words: Sequence[str], environment: Mapping[str, str]
) -> dict[str, Verdict]:
    prefix = "server-" if words[0] == "server" else ""
    with tempfile.TemporaryDirectory(prefix="suite-") as folder:
        program = str(SUITE / "dist" / "index.js")
        ran = subprocess.run(
            [node(), *preload, program, *words, "-o", folder],
            env={**os.environ, **environment, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        read = [_verdict(one) for one in sorted(Path(folder).rglob("checks.json"))]
        found = {name.removeprefix(prefix): verdict for name, verdict in read}
    if not found:
        raise RuntimeError(f"the suite said nothing: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return found


def _verdict(file: Path) -> tuple[str, Verdict]:
    """One scenario's checks. Its folder is ``SCENARIO-TIME``, with ``server-`` before it on that
    leg; scenarios of authorization lie in a folder of their own."""
    scenario = file.parent.name[: -len("-2026-01-01T00-00-00-000Z")]
    if file.parent.parent.name == "auth":
        scenario = f"auth/{scenario}"
    passed, failed = [], []
    for check in json.loads(file.read_text(encoding="utf-8")):
        if check["status"] == "SUCCESS":
            passed.append(check["id"])
        elif check["status"] in ("FAILURE", "WARNING"):
            failed.append(f"{check['id']}: {check.get('errorMessage') or check['description']}")
    return scenario, Verdict(scenario, tuple(passed), tuple(failed))


def short(found: Mapping[str, Verdict], wanted: Sequence[str]) -> dict[str, str]:
    """The scenarios of ``wanted`` that were not passed, with what was wrong."""
    return {
        name: "; ".join(found[name].failed) or "nothing was checked" if name in found else "not run"
        for name in wanted
        if name not in found or not found[name].good
    }
