"""Facts of small targets, made by hand, for the tests of rules on the supply chain."""

from __future__ import annotations

from analyze.manifest_files import of
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Place, Source, SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.read import read_manifests
from ostiary.analyze.rules.supply import CHECKS
from ostiary.model.check import run
from ostiary.model.finding import Finding


def facts(files: dict[str, object], *effects: Effect) -> Facts:
    project = of(files)
    return Facts(project, {}, read_manifests(project), (), effects)


def found(files: dict[str, object], *effects: Effect) -> list[Finding]:
    """Findings of every rule that needs the files alone; a rule that breaks fails the test."""
    findings, failed = run(CHECKS, facts(files, *effects), "the target")
    assert not failed, failed
    return findings


def rules(files: dict[str, object], *effects: Effect) -> list[str]:
    return [one.rule for one in found(files, *effects) if one.rule != "licence-unclear"]


def effect(kind: EffectKind, file: str, line: int, callee: str = "f", **operands: Value) -> Effect:
    return Effect(kind, callee, operands, Place(file, line), "")


def from_source(kind: SourceKind, name: str = "") -> Value:
    return Value(flows={Source(kind, name): Flow()})


def text(known: str) -> Value:
    return Value(text=(known,), scalar=known, literal=True)
