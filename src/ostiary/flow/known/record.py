"""The shape of what is known of a published server."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.model.access import Basis, Capability, DataClass, Level, ToolAccess
from ostiary.model.grade import Confidence

_LABELS = {"u": Confidence.MEDIUM, "U": Confidence.HIGH}


@dataclass(frozen=True, slots=True)
class Power:
    """One level that some tools of a server have."""

    tools: tuple[str, ...]
    """Tool names, or one phrase in brackets where there are too many to list."""
    level: Level
    thing: str
    data: DataClass | None
    labels: str
    """``U`` or ``u``: brings in strangers' text, surely or likely; ``P``/``p``: private data;
    ``O``/``o``: a way out; ``F``/``f``: writes given content to a given path of this machine."""


@dataclass(frozen=True, slots=True)
class Known:
    """A published server, by every name it is launched under."""

    names: tuple[str, ...]
    """``npm:NAME``, ``pypi:NAME``, ``oci:IMAGE`` without tag, or ``url:HOST``."""
    kind: str
    powers: tuple[Power, ...]
    note: str = ""


def does(
    tools: str, level: Level, thing: str, data: DataClass | None = None, labels: str = ""
) -> Power:
    """A power. ``tools`` are names divided by spaces, or a phrase in brackets."""
    names = (tools,) if tools.startswith("(") else tuple(tools.split())
    return Power(names, level, thing, data, labels)


def tools_of(known: Known) -> tuple[ToolAccess, ...]:
    """The tools of a known server, each with all its powers, in the order of the table."""
    powers: dict[str, list[Power]] = {}
    for power in known.powers:
        for tool in power.tools:
            powers.setdefault(tool, []).append(power)
    return tuple(_tool(tool, held, known.names[0]) for tool, held in powers.items())


def _tool(tool: str, powers: list[Power], package: str) -> ToolAccess:
    labels = "".join(power.labels for power in powers)
    order = list(Level)
    data = {power.data for power in powers}
    return ToolAccess(
        tool=tool,
        capabilities=tuple(
            Capability(
                power.level,
                (power.thing,),
                Confidence.HIGH,
                (Basis("package", f"package: known of {package}"),),
            )
            for power in sorted(powers, key=lambda one: order.index(one.level))
        ),
        data=tuple(one for one in DataClass if one in data),
        untrusted=_label("u", labels),
        private=_label("p", labels),
        outward=_label("o", labels),
        places_files=_label("f", labels),
    )


def _label(letter: str, labels: str) -> Confidence | None:
    if letter.upper() in labels:
        return Confidence.HIGH
    return Confidence.MEDIUM if letter in labels else None
