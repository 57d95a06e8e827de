"""Other auditors of source, each in an environment of its own below ``.tools/corpus``.

``tools/setup.sh corpus`` installs them; one that is not there is named and left out. They run
offline, at low priority, and their answers are kept: they do not change and some are slow.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from corpus_code.found import Answer, Auditor, Found, cwes_of, inside, severity_of
from corpus_code.trees import ROOT, digest_of

HOME = ROOT / ".tools" / "corpus"
KEPT = ROOT / ".cache" / "corpus" / "answers"
SECONDS = 600
QUIET = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "NO_COLOR": "1"}
Read = Callable[[Any, Path], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Other:
    """How one of them is called: its words, with ``{folder}`` and ``{report}`` to be filled in."""

    name: str
    version: str
    program: Path
    words: tuple[str, ...]
    read: Read
    by_file: bool = False


def bandit(report: Any, folder: Path) -> Iterator[Found]:
    for one in report["results"]:
        cwe = (one.get("issue_cwe") or {}).get("id")
        yield Found(
            f"{one['test_id']} {one['test_name']}",
            "",
            frozenset({int(cwe)} if cwe else ()),
            severity_of(one["issue_severity"]),
            inside(folder, one["filename"]),
            int(one["line_number"]),
        )


def agent_audit(report: Any, folder: Path) -> Iterator[Found]:
    """What it shows by default: the tiers it calls BLOCK and WARN."""
    for one in report["findings"]:
        if one.get("tier") in ("BLOCK", "WARN"):
            place = one["location"]
            yield Found(
                one["rule_id"],
                f"{one['title']} {one.get('category') or ''}",
                cwes_of(one.get("cwe_id")),
                severity_of(one["severity"]),
                inside(folder, place["file_path"]),
                int(place["start_line"] or 0),
            )


def agent_audit_kit(report: Any, folder: Path) -> Iterator[Found]:
    for one in report["findings"]:
        yield Found(
            one["ruleId"],
            f"{one['title']} {one.get('category') or ''}",
            cwes_of(one.get("description"), one.get("title")),
            severity_of(one["severity"]),
            inside(folder, one["filePath"]),
            int(one.get("lineNumber") or 0),
        )


def semgrep(report: Any, folder: Path) -> Iterator[Found]:
    for one in report["results"]:
        extra = one["extra"]
        yield Found(
            one["check_id"].rsplit(".", 1)[-1],
            "",
            cwes_of(extra.get("metadata", {}).get("cwe"), extra.get("metadata", {}).get("cwe_id")),
            severity_of(extra["severity"]),
            inside(folder, one["path"]),
            int(one["start"]["line"]),
        )


def apisec(report: Any, folder: Path) -> Iterator[Found]:
    for one in report["findings"]:
        yield Found(
            one["finding_type"],
            one.get("api_used") or "",
            frozenset(),
            severity_of(one["severity"]),
            inside(folder, one["file"]),
            int(one["line"]),
        )


def _rules(environment: str, *inner: str) -> Path:
    """The rules that come with a package."""
    found = sorted((HOME / environment / "lib").glob("python3.*/site-packages/" + "/".join(inner)))
    return found[0] if found else HOME / environment / "nothing"


def others() -> list[Other]:
    """Everybody that can be asked, whether or not it is installed."""
    sem = HOME / "semgrep" / "bin" / "semgrep"
    with_rules = (
        "scan", "--json", "--quiet", "--metrics", "off", "--disable-version-check",
        "--no-git-ignore", "--jobs", "1", "--output", "{report}", "--config",
    )  # fmt: skip
    redteam = _rules("mcp-redteam", "mcp_redteam", "rules")
    scanner = _rules("mcp-audit", "mcp_audit", "semgrep-rules")
    return [
        Other("bandit", "1.9.4", HOME / "bandit" / "bin" / "bandit",
              ("-r", "-q", "-f", "json", "-o", "{report}", "{folder}"), bandit),
        Other("agent-audit", "0.20.0", HOME / "agent-audit" / "bin" / "agent-audit",
              ("scan", "{folder}", "--format", "json", "--output", "{report}"), agent_audit),
        Other("agent-audit-kit", "0.6.26", HOME / "agent-audit-kit" / "bin" / "agent-audit-kit",
              ("scan", "{folder}", "--format", "json", "--output", "{report}"), agent_audit_kit),
        Other("semgrep + rules of mcp-redteam", "1.185.0 + 0.5.2", sem,
              (*with_rules, str(redteam), "{folder}"), semgrep, by_file=True),
        Other("semgrep + rules of mcp-audit-scanner", "1.185.0 + 0.21.1", sem,
              (*with_rules, str(scanner), "{folder}"), semgrep, by_file=True),
        Other("apisec mcp-audit source-scan", os.environ.get("OSTIARY_APISEC_VERSION", "1.1.0"),
              Path(os.environ.get("OSTIARY_APISEC", HOME / "apisec" / "bin" / "mcp-audit")),
              ("source-scan", "{folder}", "--format", "json", "--output", "{report}"), apisec),
    ]  # fmt: skip


def auditors() -> tuple[list[Auditor], list[tuple[str, str]]]:
    """Those that are installed, and the others with the reason."""
    here, missing = [], [("semgrep + registry rules", "the rules are only had from its registry")]
    for other in others():
        if other.program.is_file():
            here.append(Auditor(other.name, partial(ask, other), other.version, other.by_file))
        else:
            missing.append((other.name, "not installed: run `tools/setup.sh corpus`"))
    return here, missing


def ask(other: Other, folder: Path) -> Answer:
    """Its answer on one folder, from an earlier run where the folder's files are the same."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in other.name + other.version)
    kept = KEPT / plain / f"{digest_of(folder)}.json"
    if kept.is_file():
        read = json.loads(kept.read_text("utf-8"))
        found = tuple(Found(**{**one, "cwes": frozenset(one["cwes"])}) for one in read["found"])
        return Answer(found, read["seconds"], read["failed"])
    answer = _run(other, folder.resolve())
    kept.parent.mkdir(parents=True, exist_ok=True)
    listed = [{**asdict(one), "cwes": sorted(one.cwes)} for one in answer.found]
    kept.write_text(
        json.dumps({"found": listed, "seconds": answer.seconds, "failed": answer.failed}), "utf-8"
    )
    return answer


def _run(other: Other, folder: Path) -> Answer:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        words = [one.format(folder=folder, report=report) for one in other.words]
        try:
            done = subprocess.run(
                ["nice", "-n", "15", str(other.program), *words],
                cwd=scratch,
                env={**os.environ, **QUIET},
                capture_output=True,
                check=False,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            return Answer((), time.perf_counter() - started, f"no answer in {SECONDS} s")
        seconds = time.perf_counter() - started
        try:
            read = json.loads(report.read_text("utf-8"))
            found = tuple(other.read(read, folder))
        except (OSError, ValueError, KeyError) as error:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            return Answer((), seconds, f"{type(error).__name__} {said}")
    return Answer(found, seconds)
