"""What a server says of itself as a whole, whichever era it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.model.json import JsonObject, as_object, as_text


@dataclass(frozen=True, slots=True)
class Hello:
    """An ``initialize`` or ``server/discover`` result, read. Everything in it is a claim."""

    revision: str | None
    claimed_name: str = ""
    claimed_version: str = ""
    instructions: str = ""
    capabilities: JsonObject = field(default_factory=dict, hash=False)
    meta: JsonObject = field(default_factory=dict, hash=False)
    """The rest of the answer, as received."""
    problems: tuple[str, ...] = ()
    """Parts that were given in a form nobody can read."""


def hello(result: JsonObject, revision: str | None, info: JsonObject) -> Hello:
    """The parts both eras share. ``info`` is the ``serverInfo`` object, wherever it stood."""
    problems = []
    instructions = result.get("instructions")
    if instructions is not None and not isinstance(instructions, str):
        problems.append("instructions: not a text")
    capabilities = result.get("capabilities")
    if capabilities is not None and not isinstance(capabilities, dict):
        problems.append("capabilities: not an object")
    read = {"instructions"} if isinstance(instructions, str) else set()
    if isinstance(capabilities, dict):
        read.add("capabilities")
    return Hello(
        revision=revision,
        claimed_name=as_text(info.get("name")),
        claimed_version=as_text(info.get("version")),
        instructions=as_text(instructions),
        capabilities=as_object(capabilities),
        meta={key: value for key, value in result.items() if key not in read},
        problems=tuple(problems),
    )
