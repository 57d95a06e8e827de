"""The words of a command line or an argument list, as far as they are literal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.levels.origins import by_caller

_MOST = 40


@dataclass(frozen=True, slots=True)
class Command:
    """A program with what is known of its arguments."""

    program: str
    """Its name without folder and ending; empty if it is not literal."""
    words: tuple[str, ...]
    """Literal words after it, up to the first that is not."""
    whole: bool
    """Whether everything is literal."""
    free: bool
    """Whether text of the caller's choosing is among the arguments."""
    line: Value | None = None
    """What a shell gets as its command line, where the program is one."""

    @property
    def verb(self) -> str:
        """The first word that is no option and no value of one."""
        return next((one for one in self.words if not one.startswith("-")), "")


def command_of(effect: Effect) -> Command:
    """What an effect starts."""
    named = next((tag[8:] for tag in effect.tags if tag.startswith("program:")), "")
    if named:
        return _method(named, effect)
    if effect.kind is EffectKind.SHELL:
        return _line(effect.operand("command"))
    if "splits text" in effect.tags or "quotes values" in effect.tags:
        return _line(effect.operand("program"))
    return _argv(effect)


def _method(program: str, effect: Effect) -> Command:
    """A library that starts a program: the method is its first word."""
    arguments = effect.operand("arguments")
    items = list(_items(arguments)) if arguments is not None else []
    texts = [item.known_text for item in items]
    verb = effect.callee.rpartition(".")[2].replace("_", "-")
    literal = tuple(text for text in texts if text is not None)
    return Command(program, (verb, *literal), None not in texts, by_caller(arguments))


def _line(value: Value | None) -> Command:
    if value is None:
        return Command("", (), whole=False, free=False)
    whole = "\0" not in value.pieces and value.known_text is not None
    lead, cut, _ = _acting(value.pieces or value.prefix).partition("\0")
    words = lead.split()[:_MOST]
    if cut and words and not lead[-1:].isspace():
        words = words[:-1]
    while words and ("=" in words[0] or words[0] in _PREFIXES):
        words = words[1:]
    program = _bare(words[0]) if words else ""
    return Command(program, tuple(words[1:]), whole, by_caller(value))


def _acting(line: str) -> str:
    """The first command of a line that is more than a step to another folder."""
    parts = [part.strip("( \t") + " " for part in _NEXT.split(line)]
    return next((part for part in parts if part.split(" ")[0] not in _STEPS), line)


_NEXT = re.compile(r"&&|\|\||;|\n")
_STEPS = frozenset({"cd", "pushd", "source", ".", "set", "export", ""})
_PREFIXES = frozenset({"exec", "command", "time", "nice", "export", "set"})


def _argv(effect: Effect) -> Command:
    first = effect.operand("program")
    arguments = effect.operand("arguments")
    items = list(_items(arguments)) if arguments is not None else []
    if "argv" in effect.tags and items:
        first = first if first is not None and first.prefix else items[0]
        items = items[1:]
    program = "" if first is None else _bare(first.known_text or "")
    words: list[str] = []
    for item in items[:_MOST]:
        text = item.known_text
        if text is None:
            break
        words.append(text)
    listed = arguments is None or bool(items) or "argv" in effect.tags
    whole = listed and len(words) == len(items) and arguments is not None
    free = by_caller(arguments) or by_caller(first)
    return Command(program, tuple(words), whole, free, _shell_line(items))


def _items(value: Value) -> Iterator[Value]:
    """The elements of a list in order, up to the first gap."""
    for index in range(_MOST):
        found = value.fields.get(str(index))
        if found is None:
            return
        yield found


def _shell_line(items: list[Value]) -> Value | None:
    """What follows ``-c`` or the like."""
    for index, item in enumerate(items[:-1]):
        if (item.known_text or "").lower() in ("-c", "/c", "-command", "-lc", "-e", "--command"):
            return items[index + 1]
    return None


def _bare(text: str) -> str:
    name = text.replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(".exe").strip("'\"")
