"""Hidden parts and planted instructions that a text holds now and did not hold before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ostiary.detect import judge
from ostiary.detect.passage import Hit, Passage
from ostiary.model.change import Change
from ostiary.model.grade import Persona, Severity
from ostiary.model.rule import Category
from ostiary.model.surface import Item, Surface, Tool
from ostiary.surface.excerpt import excerpt
from ostiary.surface.passages import passages


@dataclass(frozen=True, slots=True)
class _Heard:
    """One hit and where it stands."""

    part: str
    field: str
    hit: Hit

    @property
    def sign(self) -> tuple[str, str]:
        return self.hit.rule.id, self.hit.mark or self.hit.excerpt or self.hit.message


def planted(server: str, old: Item | None, new: Item, names: frozenset[str]) -> Iterator[Change]:
    """What ``new`` holds and ``old`` did not. ``names`` are all tool names of the server."""
    before = list(passages(_of(old))) if old is not None else []
    yield from _compare(server, before, list(passages(_of(new))), names)


def planted_instructions(
    before: Surface, after: Surface, names: frozenset[str]
) -> Iterator[Change]:
    """The same for the server's instructions."""
    old, new = _of(None, before.instructions), _of(None, after.instructions)
    yield from _compare(after.server, list(passages(old)), list(passages(new)), names)


def _of(item: Item | None, instructions: str = "") -> Surface:
    """A surface of nothing but one item."""
    bare = Surface("", "", None, instructions=instructions)
    if item is None:
        return bare
    if isinstance(item, Tool):
        return replace(bare, tools=(item,))
    if item.kind == "prompt":
        return replace(bare, prompts=(item,))
    if item.kind == "resource":
        return replace(bare, resources=(item,))
    return replace(bare, templates=(item,))


def _compare(
    server: str, before: list[Passage], after: list[Passage], names: frozenset[str]
) -> Iterator[Change]:
    """Hits in texts that stand on one side only; what stayed is no change."""
    kept = {(one.pointer, one.text) for one in before} & {(one.pointer, one.text) for one in after}
    now = list(_heard(after, kept, names))
    if not now:
        return
    then = list(_heard(before, kept, names))
    earlier = {one.sign for one in then}
    worst: dict[tuple[str, str], Severity] = {}
    for one in then:
        spot = (one.field, one.hit.rule.id)
        worst[spot] = max(worst.get(spot, Severity.INFO), _severity(one.hit))
    told: set[tuple[str, str, str]] = set()
    for one in now:
        key = (one.part, one.field, one.hit.rule.id)
        if one.sign in earlier or key in told:
            continue
        told.add(key)
        repeated = worst.get((one.field, one.hit.rule.id), -1) >= _severity(one.hit)
        yield Change(
            server,
            one.part,
            f"{one.field} {_grew(one.hit)}: {one.hit.message}",
            _weight(one.hit, repeated),
            "",
            excerpt(one.hit.excerpt),
            "planted",
        )


def _heard(
    texts: Iterable[Passage], kept: set[tuple[str, str]], names: frozenset[str]
) -> Iterator[_Heard]:
    for passage in texts:
        if (passage.pointer, passage.text) in kept:
            continue
        part, _, field = passage.part.partition(", ")
        for hit in judge(replace(passage, siblings=names)):
            yield _Heard(part, field or "text", hit)


def _severity(hit: Hit) -> Severity:
    return hit.rule.severity if hit.severity is None else hit.severity


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
    severity = _severity(hit)
    persona = hit.rule.persona if hit.persona is None else hit.persona
    if persona is not Persona.DEFAULT:
        return Severity.LOW
    if hit.rule.category not in (Category.POISON, Category.CONCEALMENT):
        return severity
    if repeated or severity < Severity.MEDIUM:
        return min(severity, Severity.MEDIUM)
    return max(severity, Severity.HIGH)
