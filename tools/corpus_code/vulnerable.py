"""Real servers with a reported vulnerability: found at the line, silent once it is mended?"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from corpus_code.benign import VERDICTS
from corpus_code.classes import FLAWS
from corpus_code.found import Answer, Auditor, Found, of_files
from corpus_code.trees import Mirrors

LABELS = "code/vulnerable-servers.json"
UNDER = {"P29-sqlite-sqli": "src/sqlite"}
"""Cases of which the label means one folder of a large repository."""


class Pair(TypedDict):
    """One labelled case, as the file has it."""

    id: str
    repo: str
    vuln: str
    fixed: str | None
    cls: str
    hunks: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one auditor made of one case."""

    case: str
    kind: str
    strict: bool
    """A finding of the class within three lines of a hunk."""
    loose: bool
    """A finding of the class in one of the hunks' files."""
    silent: bool | None
    """No finding of the class in those files once mended; ``None`` if there is no such revision
    or nothing was found before."""
    near: tuple[Found, ...]
    after: tuple[Found, ...]
    seconds: float
    failed: str


def left_by_mends() -> set[tuple[str, str]]:
    """Cases with the files in which a person found the flaw still there at the mended revision."""
    listed = tomllib.loads(VERDICTS.read_text("utf-8")).get("left", [])
    return {(one["case"], one["path"]) for one in listed}


def pairs(data: Path) -> list[Pair]:
    """The labelled cases."""
    listed: list[Pair] = json.loads((data / LABELS).read_text("utf-8"))["pairs"]
    return listed


def measure(auditor: Auditor, data: Path, mirrors: Mirrors) -> Iterator[Outcome]:
    """One outcome a case, in the order of the file."""
    for pair in pairs(data):
        under = UNDER.get(pair["id"], "")
        tree = mirrors.tree(pair["repo"], pair["vuln"].split(" ")[0], under)
        if tree is None:
            yield Outcome(
                pair["id"], pair["cls"], False, False, None, (), (), 0.0, "no mirror has it"
            )
            continue
        before = auditor.look(tree)
        after = Answer()
        mended = mirrors.tree(pair["repo"], pair["fixed"], under) if pair["fixed"] else None
        if mended is not None:
            after = auditor.look(mended)
        yield judge(pair, before, after if mended is not None else None, under)


def judge(pair: Pair, before: Answer, after: Answer | None, under: str = "") -> Outcome:
    """Strict: at the line. Loose: in the file. Silent: gone with the mend."""
    kind = FLAWS[pair["cls"]]
    hunks = [
        (file.removeprefix(f"{under}/") if under else file, first, last)
        for file, first, last in pair["hunks"]
    ]
    files = {file for file, _, _ in hunks}
    right = [one for one in of_files(before.found, files) if kind.has(one)]
    near = tuple(
        one
        for one in right
        if any(one.path == file and one.near(first, last) for file, first, last in hunks)
    )
    left: tuple[Found, ...] = ()
    if after is not None:
        left = tuple(one for one in of_files(after.found, files) if kind.has(one))
    judged = after is not None and not after.failed and bool(near)
    return Outcome(
        pair["id"],
        pair["cls"],
        bool(near),
        bool(right),
        not left if judged else None,
        near,
        left,
        before.seconds,
        before.failed,
    )
