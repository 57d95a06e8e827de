"""What holds for every format of an audit."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from ostiary.report.audit import AUDIT_FORMATS, present
from ostiary.report.audit.sheet import Sheet
from ostiary.report.view import View
from report.audited import ACCEPTED, EVERY, FLAWED, RULES

NOW = "2026-11-20T12:00:00Z"
NAMES = [one.name for one in AUDIT_FORMATS]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_sheet_gives_the_same_bytes_whatever_the_hash_seed(name: str) -> None:
    code = (
        "import sys,hashlib;sys.path[:0]=sys.argv[2:];"
        "from ostiary.report.audit import present;from ostiary.report.audit.sheet import Sheet;"
        "from ostiary.report.view import View;"
        "from report.audited import EVERY,RULES;"
        "text=present(sys.argv[1],Sheet(EVERY,View(rules=RULES,generated='2026-11-20T12:00:00Z')));"
        "print(hashlib.sha256(text.encode()).hexdigest())"
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
@pytest.mark.parametrize("width", [40, 100])
def test_nothing_hidden_reaches_the_reader(name: str, width: int) -> None:
    text = present(name, Sheet(EVERY, View(width=width, rules=RULES, generated=NOW), ACCEPTED))
    kinds = {unicodedata.category(char) for char in text if char != "\n"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert text.endswith("\n")
    text.encode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_audit_and_a_thousand_can_be_written(name: str) -> None:
    assert present(name, Sheet((), View(rules=RULES, generated=NOW)))
    many = present(name, Sheet((FLAWED,) * 200, View(rules=RULES, generated=NOW)))
    assert len(many) > len(present(name, Sheet((FLAWED,), View(rules=RULES, generated=NOW))))


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(KeyError):
        present("pdf", Sheet(EVERY))
