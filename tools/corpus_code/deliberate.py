"""Servers that were written to be vulnerable or hostile: DVMCP, Cisco's evaluation data, AVB."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from corpus_code.classes import CHALLENGES, CISCO, FLAWS, any_of
from corpus_code.found import Answer, Auditor, Found, each
from corpus_code.trees import TREES, Mirrors

DVMCP = "harishsg993010/damn-vulnerable-MCP-server"
CISCO_REPOSITORY, CISCO_UNDER = "cisco-ai-defense/mcp-scanner", "evals/behavioral-analysis"
CISCO_FILES = TREES / "cisco-files"
AVB, AVB_UNDER = "HeadyZhang/agent-audit", "tests/benchmark/agent-vuln-bench/datasets"
SAFE_SCRIPTS = ("safe_fastmcp_server.py", "safe_fastmcp_server.js")
"""Cisco's servers with nothing wrong."""
AVB_SLACK = 5
"""Lines between a finding and the label, as that benchmark's own judge allows."""
WHOLE_FILE = 1_000_000


@dataclass(slots=True)
class Score:
    """Hits of a labelled set, by group, and what was said of its clean half."""

    hits: dict[str, list[str]] = field(default_factory=dict)
    missed: dict[str, list[str]] = field(default_factory=dict)
    anything: int = 0
    """Items with any finding at all, of whatever class."""
    said: dict[str, tuple[Found, ...]] = field(default_factory=dict)
    """What was said of an item that was missed."""
    false: list[tuple[str, Found]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def hit(self) -> int:
        return sum(map(len, self.hits.values()))

    @property
    def total(self) -> int:
        return self.hit + sum(map(len, self.missed.values()))

    def add(self, group: str, name: str, said: Iterable[Found] = (), *, hit: bool) -> None:
        (self.hits if hit else self.missed).setdefault(group, []).append(name)
        if not hit:
            self.said[name] = tuple(said)


def dvmcp(auditor: Auditor, mirrors: Mirrors) -> Score | None:
    """A challenge counts when a finding of its class, medium or worse, is in its folder."""
    tree = mirrors.tree(DVMCP, "HEAD", "challenges")
    if tree is None:
        return None
    score = Score()
    for number, wanted in CHALLENGES.items():
        folder = next(tree.glob(f"*/challenge{number}"))
        answer = auditor.look(folder)
        score.seconds += answer.seconds
        found = [one for one in answer.found if one.medium]
        score.anything += bool(found)
        right = any_of((FLAWS[kind] for kind in wanted), found)
        score.add(" or ".join(wanted), f"challenge {number}", answer.found, hit=bool(right))
        if answer.failed:
            score.failed.append(f"challenge {number}: {answer.failed}")
    return score


def cisco(auditor: Auditor, mirrors: Mirrors) -> Score | None:
    """Every file is a server of its own; its folder is its class."""
    tree = mirrors.tree(CISCO_REPOSITORY, "HEAD", CISCO_UNDER)
    if tree is None:
        return None
    score = Score()
    files = sorted(tree.glob("data/*/*.py"))
    safe = [tree / "scripts" / name for name in SAFE_SCRIPTS]
    alone = {_alone(path): path for path in [*files, *safe]}
    for folder, answer in each(auditor, CISCO_FILES, alone):
        path, group = alone[folder], alone[folder].parent.name
        score.seconds += answer.seconds
        if answer.failed:
            score.failed.append(f"{path.stem}: {answer.failed}")
        found = [one for one in answer.found if one.medium]
        if path in safe:
            score.false += [(path.name, one) for one in found]
            continue
        score.anything += bool(answer.found)
        score.add(group, path.stem, answer.found, hit=bool(any_of([CISCO[group]], found)))
    return score


def _alone(path: Path) -> Path:
    """A folder with this one file."""
    folder = CISCO_FILES / path.parent.name / path.stem / path.suffix[1:]
    if not (folder / path.name).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path.name)
    return folder


def agent_vuln_bench(auditor: Auditor, mirrors: Mirrors) -> Score | None:
    """Labels of ``vuln/`` within five lines; findings on safe lines and in ``fixed/`` are false.

    One finding may answer several labels of one place. Labels of JSON files say line 1 for "this
    file", since that benchmark's own scanner knows no lines there: so they are taken here.
    """
    tree = mirrors.tree(AVB, "HEAD", AVB_UNDER)
    if tree is None:
        return None
    score = Score()
    samples = sorted([*tree.glob("knowns/*"), *tree.glob("wilds/*")])
    sides = [one / side for one in samples for side in ("vuln", "fixed") if (one / side).is_dir()]
    answers = dict(each(auditor, tree, sides))
    for sample in samples:
        oracle: dict[str, Any] = YAML(typ="safe").load((sample / "oracle.yaml").read_text("utf-8"))
        answer = answers[sample / "vuln"]
        score.seconds += answer.seconds
        if answer.failed:
            score.failed.append(f"{sample.name}: {answer.failed}")
        labels = [(one["file"], int(one["line"])) for one in oracle["vulnerabilities"]]
        _answered(score, sample.name, labels, answer.found)
        score.false += _safe_lines(sample.name, oracle, answer.found, set(labels))
        mended = answers.get(sample / "fixed", Answer()).found
        score.false += [(f"{sample.name} fixed", one) for one in mended if one.medium]
    return score


def _answered(
    score: Score, sample: str, labels: list[tuple[str, int]], found: tuple[Found, ...]
) -> None:
    for file, line in labels:
        slack = WHOLE_FILE if _whole_file((file, line)) else AVB_SLACK
        there = [one for one in found if _at(one, file)]
        near = any(one.near(line, line, slack) for one in there)
        score.add(sample, f"{file}:{line}", there, hit=near)


def _whole_file(label: tuple[str, int]) -> bool:
    return label[0].endswith(".json") and label[1] == 1


def _safe_lines(
    sample: str,
    oracle: dict[str, Any],
    found: tuple[Found, ...],
    places: set[tuple[str, int]],
) -> Iterator[tuple[str, Found]]:
    """Findings on a line that is called safe and is no label's neighbour."""
    for safe in oracle.get("safe_patterns", []):
        file, line = safe["file"], int(safe.get("line", 0))
        if any(file == other and abs(line - at) <= AVB_SLACK for other, at in places):
            continue
        for one in found:
            if one.medium and _at(one, file) and one.line == line:
                yield f"{sample} safe line", one


def _at(one: Found, file: str) -> bool:
    return one.path == file or one.path.endswith("/" + file)
