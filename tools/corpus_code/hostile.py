"""The project's own hostile servers and their honest twins."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from pathlib import Path

from corpus_code.classes import HOSTILE
from corpus_code.deliberate import Score
from corpus_code.found import Auditor, each
from corpus_code.trees import ROOT, TREES, digest_of

SET = ROOT / "tests" / "fixtures" / "hostile"


def measure(auditor: Auditor, folder: Path = SET) -> tuple[Score, Score]:
    """Scores by class: the right class anywhere in the server, and at the line.

    What is said of a twin, medium or worse and of the class, or high of whatever class, is false.
    """
    folder = _elsewhere(folder)
    anywhere, at_line = Score(), Score()
    listed = tomllib.loads((folder / "expected.toml").read_text("utf-8"))["server"]
    sides = [folder / one["name"] / side for one in listed for side in ("hostile", "clean")]
    answers = dict(each(auditor, folder, sides))
    for server in listed:
        name, kind = server["name"], HOSTILE[server["class"]]
        answer = answers[folder / name / "hostile"]
        found = [one for one in answer.found if one.medium]
        right = [one for one in found if kind.has(one)]
        line = int(server["line"])
        near = [one for one in right if one.path == server["file"] and one.near(line, line)]
        anywhere.anything += bool(found)
        anywhere.seconds += answer.seconds
        anywhere.add(server["class"], name, answer.found, hit=bool(right))
        at_line.add(server["class"], name, answer.found, hit=bool(near))
        if answer.failed:
            anywhere.failed.append(f"{name}: {answer.failed}")
        anywhere.false += [
            (name, one)
            for one in answers[folder / name / "clean"].found
            if one.high or (one.medium and kind.has(one))
        ]
    return anywhere, at_line


def _elsewhere(folder: Path) -> Path:
    """A copy: some auditors leave out whatever lies below a folder `tests`."""
    place = TREES / f"hostile-{digest_of(folder)}"
    if not place.is_dir():
        TREES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=TREES) as scratch:
            shutil.copytree(folder, Path(scratch) / "servers").rename(place)
    return place
