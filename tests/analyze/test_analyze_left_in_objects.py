"""What a method leaves in its object is there for the next one."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python
from ostiary.analyze.rules.command_injection import CHECK

JOB = """
class Job:
    def __init__(self):
        self.line = ""
    def take(self, line):
        self.line = line
        return self
    def told(self):
        return self.line
    def run(self):
        os.system("ls " + self.line)
    def all(self, line):
        self.take(line)
        self.run()
class Other:
    def take(self, line):
        print(line)
    def run(self):
        os.system("ls")
"""
ARRIVES = {
    "run by another method": "job = Job()\njob.take(name)\njob.run()",
    "told by another method": "job = Job()\njob.take(name)\nos.system(job.told())",
    "by a method of its own": "Job().all(name)",
    "one after the other": "Job().take(name).run()",
}
DOES_NOT = {
    "checked before": (
        "if name not in ('a', 'b'):\n    return\njob = Job()\njob.take(name)\njob.run()"
    ),
    "something else": "job = Job()\njob.take('a')\njob.run()",
    "in another object": "job, other = Job(), Other()\nother.take(name)\njob.run()",
}


def _found(lines: str) -> bool:
    text = f"def run(name: str) -> None:\n{textwrap.indent(lines, '    ')}"
    return bool(python(CHECK, text, JOB))


@pytest.mark.parametrize("lines", ARRIVES.values(), ids=ARRIVES)
def test_what_a_method_left_arrives(lines: str) -> None:
    assert _found(lines)


@pytest.mark.parametrize("lines", DOES_NOT.values(), ids=DOES_NOT)
def test_what_no_method_left_does_not(lines: str) -> None:
    assert not _found(lines)
