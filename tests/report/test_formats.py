"""What holds for every format."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from ostiary.report import FORMATS, present
from ostiary.report.view import View
from report.sample import EMPTY, RULES, SAMPLE, SECRET, crowd

NAMES = [one.name for one in FORMATS]
VIEWS = [View(width=80, rules=RULES), View(width=120, colour=True, access_only=True)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("view", VIEWS)
def test_no_secret_is_ever_printed(name: str, view: View) -> None:
    assert SECRET in repr(SAMPLE.servers[0].entries[0].raw)
    for width in (40, 80, 200):
        text = present(name, SAMPLE, View(width, view.colour, view.access_only, RULES))
        joined = "".join(text.split())
        assert SECRET not in joined
        assert SECRET[4:20] not in joined


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("view", VIEWS)
def test_the_same_result_gives_the_same_bytes(name: str, view: View) -> None:
    assert present(name, SAMPLE, view) == present(name, SAMPLE, view)


@pytest.mark.parametrize("name", NAMES)
def test_bytes_do_not_depend_on_the_hash_seed(name: str) -> None:
    code = (
        "import sys,hashlib;sys.path[:0]=sys.argv[2:];"
        "from ostiary.report import present;from ostiary.report.view import View;"
        "from report.sample import SAMPLE,RULES,crowd;"
        "texts=[present(sys.argv[1],r,View(rules=RULES)) for r in (SAMPLE,crowd(50))];"
        "print(hashlib.sha256(''.join(texts).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, name, *sys.path],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@pytest.mark.parametrize("name", NAMES)
def test_nothing_hidden_reaches_the_reader(name: str) -> None:
    text = present(name, SAMPLE, View(rules=RULES))
    kinds = {unicodedata.category(char) for char in text if char != "\n"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert text.endswith("\n")
    text.encode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_result_and_a_fleet_can_be_written(name: str) -> None:
    for result in (EMPTY, crowd()):
        assert len(present(name, result, View(rules=RULES))) > 150


@pytest.mark.parametrize("name", NAMES)
def test_ten_thousand_findings_can_be_written(name: str) -> None:
    result = crowd(10_000)
    text = present(name, result, View(rules=RULES))
    assert len(text) > len(present(name, crowd(), View(rules=RULES)))


def test_one_format_does_not_pay_for_another() -> None:
    code = (
        "import sys;from ostiary.report import present;"
        "from ostiary.report import headline, explain;"
        "assert not {'rich','jinja2'} & set(sys.modules);"
        "from ostiary.report import json_report, sarif, markdown;"
        "assert not {'rich','jinja2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(KeyError):
        present("pdf", EMPTY)
