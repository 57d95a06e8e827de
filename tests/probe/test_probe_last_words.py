"""Of what a server says before it ends, the line that names the error is told."""

from __future__ import annotations

import sys

import pytest

from ostiary.model.client import Transport
from ostiary.model.outcome import NotChecked
from ostiary.probe.record import ProbeLimits, Reach, Target, record
from probe.unboxed import Unboxed

QUICK = ProbeLimits(total_seconds=20, answer_seconds=1.5, era_seconds=1.5)
NODE = (
    "node:internal/loader:1\\n  throw err;\\nError: Cannot find module 'left'\\nRequire stack:\\n"
    + "".join(f"    at Module._load (node:internal/loader:{line}:12)\\n" for line in range(40))
    + "Node.js v20\\n"
)
CASES = [
    (NODE, "its last words: Error: Cannot find module 'left'"),
    (
        "Traceback:\\n  File x, line 1\\nmine.errors.NoKeyError: set KEY first\\n",
        "its last words: mine.errors.NoKeyError: set KEY first",
    ),
    ("loading\\nno licence file\\n", "its last words: loading no licence file"),
]


def ended(program: str) -> NotChecked:
    target = Target("k", "srv", Transport.STDIO, argv=(sys.executable, "-c", program), env={})
    answer = record(target, QUICK, Unboxed(), Reach())
    assert isinstance(answer, NotChecked)
    return answer


@pytest.mark.parametrize(("written", "told"), CASES)
def test_the_error_is_told_and_not_the_stack_below_it(written: str, told: str) -> None:
    assert told in ended(f'import sys; sys.stderr.write("{written}"); sys.exit(1)').reason


def test_a_server_that_hangs_may_wait_for_the_network() -> None:
    answer = ended("import signal; signal.pause()")
    assert "--seconds" in answer.remedy
    assert "--grant srv:network" in answer.remedy
