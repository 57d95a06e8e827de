"""A caller names the keys under which an object is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

PROTOTYPE_POLLUTION = Rule(
    id="prototype-pollution",
    title="Caller can change what all objects inherit",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    persona=Persona.STRICT,
    what=(
        "Looks for objects of a caller's making that are merged in depth, and for paths of keys of "
        "a caller's choosing that a value is set under. Copies one level deep, keys from a fixed "
        "set and checked keys are left alone."
    ),
    attack=(
        "A key __proto__ or constructor changes what every object of the process inherits: checks "
        "that look for a missing field find one."
    ),
    remedy=(
        "Refuse __proto__, constructor and prototype as keys, merge into Object.create(null) or a "
        "Map, or validate the object against a closed schema first."
    ),
    references=("CWE-1321", "CWE-913", "CoSAI-MCP-T3"),
)

_DEEP: Final = (
    "merge", "mergeWith", "defaultsDeep", "merge-deep", "deep-extend", "extend", "defaults-deep",
    "recursive", "deepmerge",
)  # fmt: skip
_BY_PATH: Final = ("set", "setWith", "update", "set-value")
_SHALLOW: Final = ("Object.assign", "lodash.assign", "lodash.extend", "immer.produce")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that arrives there."""
    for one in arrivals(facts, {EffectKind.MERGE: ("key", "source")}, 0):
        says = _says(one)
        if says:
            yield told(PROTOTYPE_POLLUTION, one, says)


def _says(one: Arrival) -> str:
    callee = one.effect.callee
    last = callee.rpartition(".")[2]
    if callee in _SHALLOW or "property" in one.effect.tags:
        return ""
    if one.role == "key" and last in _BY_PATH:
        return "names the way of keys under which a value is set"
    if last in _DEEP:
        return "is merged in depth into another object"
    if callee == "[]=" and one.role == "key" and _nested(one):
        return "names one of several keys in a row under which a value is set"
    return ""


def _nested(one: Arrival) -> bool:
    """Whether the object was itself found by a caller's key."""
    outer = one.effect.operand("outer key")
    return outer is not None and any(True for _ in outer.sources(one.source.kind))


CHECK: Check[Facts] = Check((PROTOTYPE_POLLUTION,), look)
