"""Text that Python runs as code, and readers of literals that run nothing."""

from __future__ import annotations

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import NUMBER
from ostiary.analyze.knowledge.known import Known, Library, Result
from ostiary.analyze.knowledge.names import each

LIBRARY = Library(
    "evaluation",
    known=(
        Known(
            ("eval", "exec", *each("builtins.", "eval exec compile"), "compile"),
            EffectKind.EVALUATE,
            {"code": (0, "source")},
        ),
        Known(
            (*each("code.InteractiveInterpreter().", "runsource runcode"), "runpy.run_path"),
            EffectKind.EVALUATE,
            {"code": (0,)},
        ),
        Known(
            ("importlib.import_module", "__import__", *each("runpy.", "run_module")),
            EffectKind.LOAD_CODE,
            {"name": (0, "name")},
        ),
        Known(("ast.literal_eval",), result=Result(keeps=True)),
        Known(("numexpr.evaluate",), EffectKind.CALL, {"0": (0,)}, result=Result(adds=NUMBER)),
    ),
)
