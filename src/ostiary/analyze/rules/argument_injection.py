"""A caller's text that a program may take for one of its options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Hole, Source, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.argv import Words, program_name, words_of
from ostiary.analyze.rules.flows import Arrival, arriving, once, told
from ostiary.analyze.rules.interpreters import interpreted
from ostiary.analyze.rules.program_options import DANGEROUS, RUNNERS, flag_alone
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

ARGUMENT_INJECTION = Rule(
    id="argument-injection",
    title="Caller's text can be an option of a program",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into the arguments of programs. "
        "A value that may begin with a dash is an option to most of them, unless -- or an option "
        "that takes it stands before it. Severity is high only for programs with options that run "
        "code, read or write files (git, tar, find, curl, ssh and the like)."
    ),
    attack=(
        "Whoever can put text before the model adds options: one that names a helper program runs "
        "code, one that names a file overwrites it or sends it away."
    ),
    remedy=(
        "Put -- before values of a caller, refuse values that begin with a dash, or hand them over "
        "as --option=value."
    ),
    references=("CWE-88", "MCP05:2025", "CoSAI-MCP-T3", "SAFE-T1101"),
)

_HARMLESS: Final = g.NO_DASH | g.DASH_SEPARATED


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that may be an option there."""
    for one in once(_options(facts)):
        at = int(one.role)
        name = _reader(words_of(one.effect), at)
        says = f"can be an option of {name or 'the program that is started'}"
        if name in DANGEROUS or name in RUNNERS:
            severity = Severity.HIGH if at > 0 else Severity.MEDIUM
            yield told(ARGUMENT_INJECTION, one, says, severity=severity)
        else:
            yield told(ARGUMENT_INJECTION, one, says, severity=Severity.LOW, persona=Persona.STRICT)


def _options(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.PROCESS, EffectKind.SHELL):
        if effect.kind is EffectKind.SHELL and "arguments join" not in effect.tags:
            continue
        for role, value in _loose_words(effect):
            for one in arriving(reached.entry, effect, role, value, _HARMLESS):
                if _begins_with(value, one.source):
                    yield one


def _loose_words(effect: Effect) -> Iterator[tuple[str, Value]]:
    """Words that the program reads by themselves, with their place; -1 if it is not known."""
    words = words_of(effect)
    if not words.known or _is_chosen(words.known[0]):
        return
    run = [id(one.value) for one in interpreted(words)]
    ended = False
    for at, word in enumerate(words.known):
        text = word.known_text
        ended = ended or text == "--"
        if at and not ended and id(word) not in run and not _taken(words, at):
            yield str(at), word
    if words.rest is not None and not ended and id(words.rest) not in run:
        yield "-1", words.rest


def _is_chosen(first: Value) -> bool:
    """Whether the program itself is a caller's choice: that is another finding."""
    return not program_name(first) and any(True for _ in first.deep_sources())


def _taken(words: Words, at: int) -> bool:
    """Whether the word before is an option that takes this one."""
    before = words.known[at - 1].known_text or ""
    return before.startswith("-") and "=" not in before and not flag_alone(before)


def _begins_with(value: Value, source: Source) -> bool:
    first = value.text[0] if value.text else Hole()
    return isinstance(first, Hole) and (not first.of or source in first.of)


def _reader(words: Words, at: int) -> str:
    """The program that reads the word at a place: behind one that runs another, the other."""
    reader = program_name(words.known[0])
    for word in words.known[1 : at if at > 0 else None]:
        text = word.known_text
        if reader in RUNNERS and text and not text.startswith("-") and not text.isdigit():
            reader = program_name(word)
    return reader


CHECK: Check[Facts] = Check((ARGUMENT_INJECTION,), look)
