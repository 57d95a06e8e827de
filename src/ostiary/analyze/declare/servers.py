"""What a server's code says of the server as a whole: its name, version and instructions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, Value
from ostiary.analyze.declare.recipes import prose, text


@dataclass(frozen=True, slots=True)
class DeclaredServer:
    """One server that the code makes. All of it is the author's word."""

    name: str
    version: str
    instructions: str
    description: str
    place: Place


def servers(effects: Iterable[Effect]) -> Iterator[DeclaredServer]:
    """Every server that says something of itself, in order of the calls that make them."""
    for effect in effects:
        if effect.kind is not EffectKind.DECLARE or "server" not in effect.tags:
            continue
        parts = _parts(effect)
        made = DeclaredServer(
            name=text(parts.get("name")),
            version=text(parts.get("version")),
            instructions=prose(parts.get("instructions")),
            description=prose(parts.get("description")),
            place=effect.place,
        )
        if made.name or made.instructions or made.description:
            yield made


def spokesman(made: tuple[DeclaredServer, ...]) -> DeclaredServer | None:
    """The server that says most of itself, where code makes several."""
    return max(made, key=lambda one: bool(one.instructions) + bool(one.description), default=None)


def _parts(effect: Effect) -> dict[str, Value]:
    """Keywords; the fields of objects of options; the name where it stands alone, first."""
    parts: dict[str, Value] = {}
    for role in "012":
        value = effect.operand(role)
        if value is None:
            continue
        if value.fields:
            parts |= {name: one for name, one in value.fields.items() if name not in parts}
        elif role == "0":
            parts["name"] = value
    named = {name: one for name, one in effect.operands.items() if not name.isdigit()}
    second = effect.operand("1")
    if second is not None and not second.fields:
        parts["instructions"] = second
    return parts | named
