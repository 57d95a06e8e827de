"""What a check of a path is worth, seen from where the path comes from."""

from __future__ import annotations

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Flow, Origin, Param


def settled_of(origin: Origin, flow: Flow, bits: int) -> int:
    """What a check of a value makes certain of an origin of it."""
    held = g.settled(bits, flow.guarantees, open_=isinstance(origin, Param))
    if held & (g.CONTAINED | g.BELOW) and is_followed(flow):
        held |= g.REAL_CHECKED
    return held


def is_followed(flow: Flow) -> bool:
    """Whether links were followed on the way, also where what came after kept no note of it."""
    if flow.guarantees & g.REAL_PATH:
        return True
    return any(step.says.endswith(("realpath", " Path.resolve")) for step in flow.steps)


def is_drive(text: str) -> bool:
    """``c:`` or ``C:\\``: all that lies on a drive."""
    return (
        len(text) in (2, 3) and text[0].isalpha() and text[1] == ":" and text[2:] in ("", "/", "\\")
    )
