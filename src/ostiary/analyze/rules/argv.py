"""The words a program is started with: what it is, what it is told, and who chose which word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.elements import items_of
from ostiary.analyze.dataflow.value import NOTHING, Value

_TEXT: Final = ("splits text", "quotes values")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one started program, the program first."""

    known: tuple[Value, ...]
    """Words in order, as far as their order is known."""
    rest: Value | None
    """What any further word may be."""

    @property
    def program(self) -> str:
        """Its name without folder and ending; empty if it is not known."""
        return program_name(self.known[0]) if self.known else ""

    def all(self) -> Iterator[tuple[int, Value]]:
        """Each word with its place; the rest stands at -1."""
        yield from enumerate(self.known)
        if self.rest is not None:
            yield -1, self.rest


def words_of(effect: Effect) -> Words:
    """The words of a ``PROCESS`` effect, whichever way the library takes them; of a ``SHELL``
    effect those of a list that a shell is given."""
    program = effect.operand("command" if effect.kind is EffectKind.SHELL else "program")
    named = next((tag[8:] for tag in effect.tags if tag.startswith("program:")), "")
    given = effect.operand("arguments")
    known, rest = items_of(given) if given is not None else ((), None)
    if "argv" in effect.tags and (known or rest is not None):
        return Words(known, rest)
    if "quotes values" in effect.tags and program is not None and "0" in program.fields:
        return Words(tuple(_of_template(program, known)), rest)
    if any(tag in effect.tags for tag in _TEXT) and program is not None:
        return Words((_first_word(program), program, *known), rest)
    first = Value(text=(named,), scalar=named, literal=True) if named else program
    flat = [part for one in known for part in _spread(one)]
    return Words((first or NOTHING, *flat), rest)


def _of_template(pieces: Value, values: tuple[Value, ...]) -> Iterator[Value]:
    """``$`git log ${x}```: the words of the literal pieces, with each value a word of its own."""
    for at, piece in enumerate(items_of(pieces)[0]):
        for word in (piece.known_text or "").split():
            yield Value(text=(word,), scalar=word, literal=True)
        if at < len(values):
            yield values[at]


def program_name(value: Value) -> str:
    """``git`` for ``/usr/bin/git.exe``; empty where the end of the name is not known."""
    text = value.known_text
    if text is None:
        last = value.text[-1] if value.text else None
        text = last if isinstance(last, str) and "/" in last else ""
    name = text.replace("\\", "/").rpartition("/")[2].strip().lower()
    return name.removesuffix(".exe").removesuffix(".cmd")


def _first_word(value: Value) -> Value:
    text = value.known_text or value.prefix
    if not text and value.fields:
        first = value.fields.get("0")
        text = "" if first is None else first.known_text or first.prefix
    word = text.strip().partition(" ")[0]
    return Value(text=(word,), scalar=word, literal=True) if word else value


def _spread(value: Value) -> Iterator[Value]:
    """A list given as one argument is its words."""
    known, rest = items_of(value)
    if known and rest is None and not value.text:
        yield from known
    else:
        yield value
