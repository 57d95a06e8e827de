"""What is gathered of one tool while its effects are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Reached
from ostiary.flow.evidence import Weighed
from ostiary.model.access import DataClass, Level
from ostiary.model.audit import Destination
from ostiary.model.finding import Location
from ostiary.model.grade import Confidence
from ostiary.model.visible import visible

SOURCE = "source"
"""Kind of evidence that stands in the code."""


@dataclass(slots=True)
class Work:
    """Everything found so far of one tool."""

    reached: Reached
    reads: bool = False
    """Whether the tool's own name says that it only reads."""
    said: frozenset[Level] = frozenset()
    """Levels that its words and schema make likely."""
    shared: frozenset[tuple[str, int, int, str, str]] = frozenset()
    """Keys of effects that nearly every tool reaches: one dispatcher serves them all."""
    weighed: Weighed = field(default_factory=Weighed)
    data: set[DataClass] = field(default_factory=set)
    destinations: list[Destination] = field(default_factory=list)
    stores: dict[str, None] = field(default_factory=dict)
    strong: dict[Level, str] = field(default_factory=dict)
    """By level, the first piece of strong evidence that is the tool's own."""

    def note(
        self, level: Level, confidence: Confidence, effect: Effect, says: str, thing: str = ""
    ) -> None:
        """One piece of evidence with its place."""
        where = f"{effect.place.file}:{effect.place.line}"
        shared = bool(self.shared) and effect.key in self.shared
        if shared and level not in self.said:
            confidence = Confidence.LOW
            says = f"{says}, as nearly every tool here may"
        told = f"source: {says} ({where})"
        if confidence is Confidence.HIGH and not shared:
            self.strong.setdefault(level, told)
        self.weighed.note(level, confidence, SOURCE, told, visible(thing, 60))

    def sure(self, level: Level) -> Confidence:
        """How surely a call changes something that is made to ask as often: high where the
        tool's words say so too."""
        return Confidence.HIGH if level in self.said else Confidence.MEDIUM

    def keep(self, where: str) -> None:
        """Something it keeps, in words."""
        self.stores[where] = None

    def goes(self, destination: Destination) -> None:
        """Somewhere data goes; the same place with the same data is one."""
        if destination not in self.destinations:
            self.destinations.append(destination)

    def take(self, aside: Work) -> None:
        """What the server does by itself at every call: where data goes, and no level."""
        self.data |= aside.data
        for one in aside.destinations:
            self.goes(one)

    def others(self, kind: EffectKind, effect: Effect) -> list[Effect]:
        """Effects of a kind in the function in which ``effect`` stands."""
        return [
            one
            for one in self.reached.effects
            if one.kind is kind
            and one.function == effect.function
            and one.place.file == effect.place.file
        ]


def location(place: Place, part: str = "") -> Location:
    """A place in the source as reports name it."""
    return Location(file=place.file, line=place.line, column=place.column, part=part)
