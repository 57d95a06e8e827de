"""What speaks for each level while one tool is weighed."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.model.access import Basis, Capability, Level
from ostiary.model.grade import Confidence

_ORDER = {level: place for place, level in enumerate(Level)}


@dataclass(slots=True)
class Weighed:
    """Evidence as it gathers. The strongest piece sets the confidence of a level."""

    levels: dict[Level, Confidence] = field(default_factory=dict)
    basis: dict[Level, list[Basis]] = field(default_factory=dict)
    objects: dict[Level, list[str]] = field(default_factory=dict)
    outward: Confidence | None = None
    untrusted: Confidence | None = None
    private: Confidence | None = None
    places_files: Confidence | None = None

    def note(
        self, level: Level, confidence: Confidence, kind: str, says: str, thing: str = ""
    ) -> None:
        """Add one piece of evidence."""
        known = self.levels.get(level)
        if known is None or confidence > known:
            self.levels[level] = confidence
        piece = Basis(kind, says)
        pieces = self.basis.setdefault(level, [])
        if piece not in pieces and len(pieces) < 6:
            pieces.append(piece)
        if thing and thing not in (named := self.objects.setdefault(level, [])):
            named.append(thing)

    def lower(self, level: Level, confidence: Confidence, kind: str, says: str) -> None:
        """Cap the confidence of a level that something speaks against."""
        known = self.levels.get(level)
        if known is not None and known > confidence:
            self.levels[level] = confidence
            self.basis[level].append(Basis(kind, says))

    def at_least(self, level: Level, confidence: Confidence) -> bool:
        known = self.levels.get(level)
        return known is not None and known >= confidence

    def capabilities(self, things: tuple[str, ...]) -> tuple[Capability, ...]:
        """Everything found, in the order of levels. ``things`` serve a level that names none."""
        return tuple(
            Capability(
                level=level,
                objects=tuple(self.objects.get(level, ())) or things,
                confidence=self.levels[level],
                basis=tuple(self.basis[level]),
            )
            for level in sorted(self.levels, key=_ORDER.__getitem__)
        )


def stronger(one: Confidence | None, other: Confidence | None) -> Confidence | None:
    """The surer of two labels; ``None`` is no label at all."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)
