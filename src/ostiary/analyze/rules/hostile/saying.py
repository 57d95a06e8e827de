"""How findings on hostile code are told: once a place, with the entry that reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import part_of
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Severity
from ostiary.model.rule import Rule
from ostiary.model.visible import EXCERPT, NAME, visible


def entries(facts: Facts) -> Iterator[Reached]:
    """Everything reached, what a model calls first, what runs by itself last."""
    asked = [one for one in facts.reached if one.entry.kind is not EntryKind.IMPORT]
    yield from asked
    yield from (one for one in facts.reached if one.entry.kind is EntryKind.IMPORT)


class Told:
    """Findings of one rule, one a place."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._seen: set[tuple[str, int]] = set()

    def new(self, place: Place) -> bool:
        """Whether nothing was told of the line yet; from now on something was."""
        key = (place.file, place.line)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def knows(self, place: Place) -> bool:
        """Whether something was told of the line."""
        return (place.file, place.line) in self._seen

    def where(
        self, facts: Facts, words: Callable[[Facts, Effect], str], message: str
    ) -> Iterator[Finding]:
        """One finding at each effect for which ``words`` gives what shows it."""
        for reached in entries(facts):
            for effect in reached.effects:
                shows = words(facts, effect)
                if shows and self.new(effect.place):
                    yield self.effect(reached, effect, message, shows=shows)

    def at(
        self,
        entry: Entry,
        place: Place,
        message: str,
        *,
        shows: str = "",
        steps: tuple[tuple[str, Place], ...] = (),
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        consequence: str | None = None,
        mark: str = "",
    ) -> Finding:
        """One finding at a place, with what leads there."""
        part = part_of(entry)
        here = _location(place, part)
        return self.rule.finding(
            message,
            here,
            evidence=(
                Evidence(f"{part} is {_begins(entry)}", _location(entry.place, part)),
                *(Evidence(says, _location(where, part)) for says, where in steps),
                Evidence("it is done here", here, visible(shows, EXCERPT)),
            ),
            severity=severity,
            confidence=confidence,
            consequence=consequence,
            mark=f"{place.file} {mark or message}",
        )

    def effect(
        self,
        reached: Reached,
        effect: Effect,
        message: str,
        *,
        shows: str = "",
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        consequence: str | None = None,
    ) -> Finding:
        """One finding at an effect, with the calls that lead to it."""
        return self.at(
            reached.entry,
            effect.place,
            message,
            shows=shows,
            steps=tuple((visible(one.says, NAME), one.place) for one in effect.chain),
            severity=severity,
            confidence=confidence,
            consequence=consequence,
            mark=f"{effect.function} {effect.callee} {self.rule.id}",
        )


def _begins(entry: Entry) -> str:
    if entry.kind is EntryKind.IMPORT:
        return "run when the server starts or is imported"
    return "declared here"


def _location(place: Place, part: str) -> Location:
    return Location(file=place.file, line=place.line, column=place.column, part=part)
