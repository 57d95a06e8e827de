"""A caller's bytes turned into objects by something that can run code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Class, SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import CALLERS, arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

UNSAFE_DESERIALIZATION = Rule(
    id="unsafe-deserialization",
    title="Reading data can run code",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into readers that can call any "
        "function while they read: pickle and its kin, YAML without a safe loader, node-serialize. "
        "Safe loaders are left alone; a path of a caller's choosing to such a file counts."
    ),
    attack=(
        "Whoever can put text before the model, or answers in the place of the other side, runs "
        "code inside the server, with everything the server holds."
    ),
    remedy=(
        "Read JSON, or YAML with the safe loader; for models and arrays a format without code "
        "(safetensors, weights_only, allow_pickle=False)."
    ),
    references=("CWE-502", "CWE-94", "MCP05:2025", "CoSAI-MCP-T3"),
)

_SINCE: Final = "safe since "
_MAJOR: Final = re.compile(r"[\^~=v]*(\d{1,9})(?:\.|$)")
_SAFE_LOADERS = ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader", "safe_load")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that is read there."""
    for one in arrivals(facts, {EffectKind.DESERIALIZE: ("data",)}, 0, (*CALLERS, SourceKind.FILE)):
        now = _runs_code(one.effect)
        if not (now or _is_old(facts, one.effect)):
            continue
        ours = one.source.kind is SourceKind.FILE
        yield told(
            UNSAFE_DESERIALIZATION,
            one,
            "is read in a way that can run code",
            severity=Severity.LOW if ours else None if now else Severity.MEDIUM,
            persona=Persona.STRICT if ours else None,
        )


def _runs_code(effect: Effect) -> bool:
    if "by loader" not in effect.tags:
        return "runs code" in effect.tags
    loader = effect.operand("loader")
    names = [] if loader is None else [*loader.externals(), *_bases(loader)]
    return not any(name.rpartition(".")[2] in _SAFE_LOADERS for name in names)


def _is_old(facts: Facts, effect: Effect) -> bool:
    """Whether a loader that newer versions made safe is one of before, by what the package locks
    or asks for."""
    since = next((one for one in effect.tags if one.startswith(_SINCE)), "")
    name, _, major = since.removeprefix(_SINCE).partition(" ")
    if not major.isdigit() or effect.operand("schema") is not None:
        return False
    used = (one for manifest in facts.manifests for one in manifest.dependencies)
    versions = [one.locked or one.wanted for one in used if one.name == name]
    return any(
        found is not None and int(found[1]) < int(major) for found in map(_MAJOR.match, versions)
    )


def _bases(loader: Value) -> Iterator[str]:
    """What a loader of the target's own is made from, as its class says."""
    for one in loader.refs:
        if isinstance(one, Class):
            for base in one.definition.bases:
                yield base.name if isinstance(base, ir.Member) else getattr(base, "id", "")


CHECK: Check[Facts] = Check((UNSAFE_DESERIALIZATION,), look)
