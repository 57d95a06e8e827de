"""Numbers in Python that decide how much is done: ranges, bounds, memory, recursion."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import NUMBER, SIZE_LIMITED
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Result

_NUMBERS: Final = Result(adds=NUMBER)

TABLE = Library(
    "amounts",
    known=(
        Known(
            ("range", "xrange"),
            EffectKind.ALLOCATE,
            {"amount": ("all",)},
            tags=("loop",),
            result=_NUMBERS,
            calls=(),
        ),
        Known(("min",), result=Result(adds=SIZE_LIMITED, keeps=True)),
        Known(("max", "sum", "divmod", "pow"), result=Result(keeps=True)),
        Known(
            ("sys.setrecursionlimit",),
            EffectKind.CALL,
            {"amount": (0,)},
            tags=("recursion limit",),
            result=NO_RESULT,
        ),
        Known(
            ("itertools.repeat",),
            EffectKind.ALLOCATE,
            {"amount": (1,)},
            tags=("loop",),
            result=Result(passes=(0,)),
        ),
    ),
)
