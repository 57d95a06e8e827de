"""Paths that are checked in one form and used in another, with their links still in them."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Place, Source
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.file_paths import HARMLESS, by_place, paths
from ostiary.analyze.rules.flows import Arrival, arriving, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

FOLLOWED_LINK = Rule(
    id="followed-link",
    title="Links are not followed before a path is checked",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for paths that were checked to lie below a folder before links were followed. A "
        "path resolved with its links, or checked a second time with them, is left alone."
    ),
    attack=(
        "A link inside the folder leads out of it: whoever can make one, another tool of the "
        "server for example, reaches any file through it."
    ),
    remedy="Compare what realpath gives for the path, or for its folder if it does not exist yet.",
    references=("CWE-59", "CWE-22", "CoSAI-MCP-T3"),
)

OTHER_FORM = Rule(
    id="unchecked-form",
    title="Other form of a path than was checked",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for paths whose links were followed for a check, where the path is then used with "
        "its links still in it. Code that uses what was checked is left alone, and so is a path "
        "that was checked in both forms."
    ),
    attack=(
        "The check sees where a link leads, or sees nothing where the target is still to be made; "
        "what is used is the link: whoever can make one writes outside the folder."
    ),
    remedy=(
        "Use the resolved path that was checked; for what does not exist yet, resolve its folder, "
        "check that, and put the name below it."
    ),
    references=("CWE-59", "CWE-22", "CoSAI-MCP-T3"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place where such a path is handed back, or used."""
    forms = tuple(_other_forms(facts))
    yield from by_place(told(OTHER_FORM, one, "is not what was checked") for one in forms)
    told_of = {(one.entry.place, one.source) for one in forms}
    yield from by_place(_links(facts, told_of))


def _links(facts: Facts, told_of: set[tuple[Place, Source]]) -> Iterator[Finding]:
    for one in paths(facts):
        held = one.flow.guarantees
        checked = held & g.CONTAINED and held & g.NORMAL_PATH and not held & g.PREFIX_ONLY
        followed = held & (g.REAL_PATH | g.BOTH_CHECKED)
        if checked and not followed and (one.entry.place, one.source) not in told_of:
            yield told(FOLLOWED_LINK, one, "is a path that was checked with its links in it")


def _other_forms(facts: Facts) -> Iterator[Arrival]:
    """Paths that are handed back where they were checked, not those that are handed on."""
    found = list(_handed_back(facts))
    deepest: dict[tuple[Place, Source], int] = {}
    for one in found:
        key = (one.entry.place, one.source)
        deepest[key] = max(deepest.get(key, 0), len(one.effect.chain))
    for one in found:
        if len(one.effect.chain) == deepest[(one.entry.place, one.source)]:
            yield one


def _handed_back(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.CALL):
        value = effect.operand("path") if "other form" in effect.tags else None
        if value is not None:
            for one in arriving(reached.entry, effect, "path", value, HARMLESS):
                held = one.flow.guarantees & (g.REAL_CHECKED | g.NORMAL_PATH | g.REAL_PATH)
                if held == g.REAL_CHECKED | g.NORMAL_PATH:
                    yield one


CHECK: Check[Facts] = Check((OTHER_FORM, FOLLOWED_LINK), look)
