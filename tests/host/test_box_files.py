"""An honest server that opens thousands of files while it loads is not stopped by its box."""

from __future__ import annotations

from host.boxing import PYTHON, Boxes, everything
from ostiary.host.box import BoxSpec, Limits

OPENS = "print(len([open('/dev/null') for _ in range(2000)]))"


def test_two_thousand_files_may_be_open(start: Boxes) -> None:
    argv = (str(PYTHON), "-c", OPENS)
    box = start.start(BoxSpec(argv, readable=(PYTHON.parent.parent,), limits=Limits()))
    assert everything(box) == b"2000\n"
