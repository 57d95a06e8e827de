"""Hidden parts and planted instructions that a text holds now and did not hold before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ostiary.detect import judge
from ostiary.detect.passage import Hit, Passage
from ostiary.model.change import Change
from ostiary.model.grade import Persona, Severity
from ostiary.model.rule import Category

Heard = tuple[Passage, Hit]


def hits(passages: Iterable[Passage], own: frozenset[str]) -> list[Heard]:
    """Every hit in the passages. ``own`` are all tool names of the server."""
    return [
        (passage, hit)
        for passage in passages
        for hit in judge(replace(passage, siblings=own - {passage.owner}))
    ]


def planted(server: str, before: list[Heard], after: list[Heard]) -> Iterator[Change]:
    """What is heard now and was not heard before, once for each rule and part."""
    earlier = {(passage.owner, hit.rule.id, _sign(hit)) for passage, hit in before}
    counted = {(passage.owner, passage.field, hit.rule.id) for passage, hit in before}
    told: set[tuple[str, str]] = set()
    for passage, hit in after:
        rule = hit.rule.id
        known = (passage.owner, rule, _sign(hit)) in earlier
        if known or (passage.part, rule) in told:
            continue
        told.add((passage.part, rule))
        repeated = (passage.owner, passage.field, rule) in counted
        yield Change(
            server,
            _part(passage),
            f"{_field(passage)} {_grew(hit)}: {hit.message}",
            _weight(hit, repeated),
            "",
            hit.excerpt,
            "planted",
        )


def _sign(hit: Hit) -> str:
    return hit.mark or hit.excerpt or hit.message


def _part(passage: Passage) -> str:
    return passage.part.split(",", 1)[0]


def _field(passage: Passage) -> str:
    _, _, field = passage.part.partition(", ")
    return field or "text"


def _grew(hit: Hit) -> str:
    match hit.rule.category:
        case Category.CONCEALMENT:
            return "grew a hidden part"
        case Category.POISON:
            return "now gives the model instructions"
        case Category.INFLUENCE:
            return "now courts the model's choice"
        case _:
            return "now holds what deserves a look"


def _weight(hit: Hit, repeated: bool) -> Severity:
    """A change that plants is withheld; the same kind of thing said again is looked at."""
    severity = hit.rule.severity if hit.severity is None else hit.severity
    persona = hit.rule.persona if hit.persona is None else hit.persona
    if persona is not Persona.DEFAULT:
        return Severity.LOW
    if hit.rule.category in (Category.POISON, Category.CONCEALMENT) and not repeated:
        return max(severity, Severity.HIGH) if severity >= Severity.MEDIUM else severity
    return min(severity, Severity.HIGH if repeated else severity)
