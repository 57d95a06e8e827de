"""A caller chooses which module, plugin or library is loaded."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

CODE_LOADING = Rule(
    id="code-loading",
    title="Caller chooses the code that is loaded",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into the names of modules, "
        "plugins, scripts and native libraries that are loaded. A name from a fixed set and a path "
        "that was held below a folder are left alone; a plain name after a fixed package is a "
        "smaller matter."
    ),
    attack=(
        "Whoever can put text before the model has the server run the code of any module it can "
        "reach, with everything the server may do."
    ),
    remedy="Take the names from a fixed list that the server itself carries.",
    references=("CWE-94", "CWE-829", "CWE-913", "MCP05:2025", "CoSAI-MCP-T3", "ASI05:2026"),
)

_WANTED = {EffectKind.LOAD_CODE: ("name", "path")}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that is loaded there."""
    for one in arrivals(facts, _WANTED, g.CONTAINED):
        severity = Severity.LOW if _after_ours(one) else None
        yield told(CODE_LOADING, one, "chooses the code that is loaded", severity=severity)


def _after_ours(one: Arrival) -> bool:
    """A plain name that stands behind a fixed package or folder."""
    value = one.effect.operand(one.role)
    known = one.flow.guarantees & (g.PLAIN | g.BASENAME)
    return bool(known) and value is not None and len(value.prefix) > 1


CHECK: Check[Facts] = Check((CODE_LOADING,), look)
