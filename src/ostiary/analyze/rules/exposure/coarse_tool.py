"""Tools that do whatever their caller says, by what their code does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Source, SourceKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import Arrival, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

COARSE_TOOL = Rule(
    id="coarse-tool",
    title="A tool does whatever it is told",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Looks for tools whose code takes a parameter as it comes for the whole of a command line, "
        "the whole of a program's text, the whole of a database statement, or both the address "
        "and the method of a request. Statements that are checked to begin like a query, and "
        "values from a fixed set, are left alone. For a shell or a database server this is its "
        "purpose: the finding says what an approval covers, not that the code is flawed."
    ),
    attack=(
        "A person who approves the tool once for a harmless call has approved every call. Rules "
        "that allow or deny tools by name cannot tell the acts apart."
    ),
    remedy=(
        "Prefer a server with one tool for each act, give it an account that can do no more than "
        "its users may, or let the client ask before every call."
    ),
    references=("CWE-250", "SAFE-T1104", "MCP02:2025", "ASI02:2026", "AISVS-1.0:10.2.5"),
)


@dataclass(frozen=True, slots=True)
class _Whole:
    """An operand that is everything an effect does."""

    role: str
    says: str
    harmless: int = 0


_WHOLES: Final = {
    EffectKind.SHELL: _Whole("command", "is the whole of a command line"),
    EffectKind.EVALUATE: _Whole("code", "is the whole of the code that is run"),
    EffectKind.SQL: _Whole("query", "is the whole of a database statement", g.READ_ONLY_SQL),
    EffectKind.REQUEST: _Whole("url", "is the address of a request whose method is chosen too"),
}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each tool and kind of act."""
    for reached in facts.tools:
        done: set[EffectKind] = set()
        for effect in reached.effects:
            whole = _WHOLES.get(effect.kind)
            if whole is None or effect.kind in done:
                continue
            arrival = _arrival(reached, effect, whole)
            if arrival is not None:
                done.add(effect.kind)
                yield told(COARSE_TOOL, arrival, whole.says)


def _arrival(reached: Reached, effect: Effect, whole: _Whole) -> Arrival | None:
    value = effect.operand(whole.role)
    if value is None or (effect.kind is EffectKind.REQUEST and not _chooses_method(effect)):
        return None
    for origin, flow in value.flows.items():
        if not isinstance(origin, Source) or origin.kind is not SourceKind.MODEL:
            continue
        if flow.guarantees & g.EXACT and not flow.guarantees & (g.SAFE | g.PLAIN | whole.harmless):
            return Arrival(reached.entry, effect, whole.role, origin, flow)
    return None


def _chooses_method(effect: Effect) -> bool:
    method = effect.operand("method")
    return method is not None and any(True for _ in method.deep_sources(SourceKind.MODEL))


CHECK: Check[Facts] = Check((COARSE_TOOL,), look)
