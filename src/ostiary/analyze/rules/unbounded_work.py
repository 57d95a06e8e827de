"""A caller decides how much is done, without a bound."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Source, SourceKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import Arrival, noticed, once, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

UNBOUNDED_WORK = Rule(
    id="unbounded-work",
    title="Caller decides how much is done, unbounded",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Follows numbers of a caller into sizes of memory, repetitions of text, times of loops and "
        "pauses, and lists of addresses that are asked in turn. A number with a maximum in its "
        "schema, one that is compared with a bound, and the length of what was sent are left "
        "alone. Told as well: memory of a fixed great size taken in a loop, a bound on recursion "
        "lifted past what the stack holds, processes that start themselves."
    ),
    attack=(
        "One call takes all memory, disk or time of the machine: whoever can put text before the "
        "model stops the server for everybody (resource exhaustion)."
    ),
    remedy="Give the parameter a maximum and check it before the work begins.",
    references=("CWE-770", "CWE-400", "CWE-835", "AML.T0034.002", "CoSAI-MCP-T10"),
)

_ALWAYS_GREAT = 10_000_000
_DEEP = 100_000
_BOUNDED = g.SIZE_LIMITED | g.CHOSEN
_KINDS = (SourceKind.MODEL, SourceKind.REQUEST)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each number that arrives there."""
    for one in once(_amounts(facts)):
        waits = one.effect.kind is EffectKind.SLEEP
        severity = Severity.LOW if waits else None
        yield told(UNBOUNDED_WORK, one, _says(one.effect), severity=severity)
    seen = set()
    for reached, effect in facts.of_kind(EffectKind.ALLOCATE, EffectKind.CALL, EffectKind.PROCESS):
        says = _fixed(effect)
        if says and effect.place not in seen:
            seen.add(effect.place)
            yield noticed(UNBOUNDED_WORK, reached.entry, effect, says)


def _amounts(facts: Facts) -> Iterator[Arrival]:
    wanted = {
        EffectKind.ALLOCATE: "amount",
        EffectKind.SLEEP: "seconds",
        EffectKind.REQUEST: "url",
    }
    for reached, effect in facts.of_kind(*wanted):
        value = effect.operand(wanted[effect.kind])
        for source, flow in value.sources(*_KINDS) if value is not None else ():
            asks = effect.kind is EffectKind.REQUEST
            if asks and not (effect.looped and _is_list(reached, source)):
                continue
            content = "number or content" in effect.tags and not _is_number(reached, source, flow)
            if not content and not flow.guarantees & _BOUNDED:
                yield Arrival(reached.entry, effect, wanted[effect.kind], source, flow)


def _is_number(reached: Reached, source: Source, flow: Flow) -> bool:
    """Whether it is known for a number: anything else is what the memory is filled with."""
    declared = [one for one in reached.entry.parameters or () if one.name == source.name]
    types = [one.schema.get("type") for one in declared]
    if any(types):
        return "number" in types or "integer" in types
    return bool(flow.guarantees & g.NUMBER)


def _is_list(reached: Reached, source: Source) -> bool:
    """Whether a caller gives as many as it likes, so that the loop is no second try."""
    name = source.name.partition(".")[0]
    return any(
        one.name == name and one.schema.get("type") == "array"
        for one in reached.entry.parameters or ()
    )


def _says(effect: Effect) -> str:
    if effect.kind is EffectKind.REQUEST:
        return "decides how many addresses are asked, without a bound"
    if effect.kind is EffectKind.SLEEP:
        return "decides how long the server waits, without a bound"
    if "loop" in effect.tags:
        return "decides how often a loop runs, without a bound"
    return "decides how much memory is taken, without a bound"


def _fixed(effect: Effect) -> str:
    """What is too much whoever calls."""
    if effect.kind is EffectKind.PROCESS:
        again = "fork" in effect.tags and effect.looped
        return "Processes are started in a loop that each of them runs too" if again else ""
    limit = effect.kind is EffectKind.CALL
    if limit and "recursion limit" not in effect.tags:
        return ""
    value = effect.operand("amount")
    known = value.scalar if value is not None and value.literal else None
    if not isinstance(known, int) or isinstance(known, bool):
        return ""
    if limit:
        deep = known >= _DEEP
        return "The bound on recursion is lifted past what the stack holds" if deep else ""
    great = known >= _ALWAYS_GREAT and effect.looped and "loop" not in effect.tags
    return "A great piece of memory is taken in a loop" if great else ""


CHECK: Check[Facts] = Check((UNBOUNDED_WORK,), look)
