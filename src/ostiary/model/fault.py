"""Where a fault of our own happened, told without what it says: that may quote a stranger."""

from __future__ import annotations


def place_of(error: BaseException) -> str:
    """Module and line of the innermost place of ours; ``the program`` if there is none."""
    trace, place = error.__traceback__, "the program"
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("ostiary"):
            place = f"{name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
