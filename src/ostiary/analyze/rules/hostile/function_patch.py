"""Functions of the language or of a library replaced by ones that listen in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Class, Closure, Instance, Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.knowledge.known import IMPORT_HOOK
from ostiary.analyze.rules.hostile.around import RUNS, SENDS, host_of, named_host
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

FUNCTION_PATCH = Rule(
    id="function-patch",
    title="Replaces a shared function by one that sends",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for functions of the language, of its standard library or of another package that "
        "are replaced by a function which itself sends to a fixed host or runs programs, and for "
        "finders of modules that run code or send when something is imported. "
        "Replacements that measure, retry or stand in for a missing function are left alone."
    ),
    attack=(
        "Everything that any part of the process hands to that function, with its credentials, is "
        "seen by whoever receives it."
    ),
    remedy="Do not use this server. If it ran, change the credentials that its process used.",
    references=("CWE-506", "CWE-913", "CWE-201", "SAFE-T1505", "SAFE-T2103"),
)

_SHARED = re.compile(
    r"^(?:globalThis|global|window|self|builtins|__builtins__|console|process|http|https|net|fs"
    r"|dns|"
    r"crypto|JSON|Object|Array|Function|Promise|String|XMLHttpRequest|requests|httpx|urllib\S*|"
    r"aiohttp|socket|ssl|subprocess|os|sys|json|logging|axios|child_process|node-fetch|undici|"
    r"module(?!\.exports)|@modelcontextprotocol\S*|mcp)(?:\.|$)"
)
_HANDLER = re.compile(r"\.on[a-z]+=$")
"""Places that a library offers for a function of one's own."""


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(FUNCTION_PATCH)
    for reached in entries(facts):
        for effect in reached.effects:
            if IMPORT_HOOK in effect.tags:
                does = _answers_imports(facts, effect)
                if does and told.new(effect.place):
                    yield told.effect(reached, effect, f"Imports are answered by {does}.")
            if not _replaces(effect):
                continue
            value = effect.operand("value") or effect.operand("source")
            for closure in value.closures() if value is not None else ():
                does = _does(facts, closure)
                if does and told.new(effect.place):
                    yield told.effect(
                        reached, effect, f"{effect.callee.removesuffix('=')} is replaced by {does}."
                    )


def _answers_imports(facts: Facts, effect: Effect) -> str:
    """What the methods of a finder of modules do beside finding, in words."""
    value = effect.operand("value")
    for ref in () if value is None else value.refs:
        if not isinstance(ref, Instance | Class):
            continue
        of = ref.of if isinstance(ref, Instance) else ref
        for method in of.definition.methods:
            lines = range(method.line, method.end_line + 1)
            for one in facts.effects:
                inside = one.place.file == of.file and one.place.line in lines
                if inside and (one.kind in (EffectKind.EVALUATE, *RUNS) or one.kind in SENDS):
                    return f"code that calls {one.callee}"
    return ""


def _replaces(effect: Effect) -> bool:
    return (
        effect.kind in (EffectKind.CALL, EffectKind.MERGE)
        and effect.callee.endswith("=")
        and _SHARED.match(effect.callee) is not None
        and "()" not in effect.callee
        and not _HANDLER.search(effect.callee)
    )


def _does(facts: Facts, closure: Closure) -> str:
    """What the new function does beside its work, in words."""
    node = closure.function
    place = Place(closure.file, node.line, node.column)
    around = facts.written.from_places((place,))
    inside = {(one.file, one.line, one.end) for one in around}
    for effect in facts.effects:
        at = effect.place
        if any(at.file == file and line <= at.line <= end for file, line, end in inside):
            host = host_of(facts, effect) if effect.kind in SENDS else ""
            if host:
                return f"a function that sends to {host}"
            if effect.kind in RUNS and effect.place.line != node.line:
                return "a function that runs a program"
    own = facts.written.at(place)
    module = facts.modules.get(closure.file)
    if own is None or module is None or module.minified:
        return ""
    host = next((host for one in own.phrases if (host := named_host(one.text))), "")
    return f"a function that names {host}" if host else ""


CHECK: Check[Facts] = Check((FUNCTION_PATCH,), look)
