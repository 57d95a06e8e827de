"""A caller's text inside a command line that a shell reads."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import NOTHING
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.argv import program_name, words_of
from ostiary.analyze.rules.by_design import COMMANDS, asked_to, mild
from ostiary.analyze.rules.flows import Arrival, arriving, once, told
from ostiary.analyze.rules.interpreters import interpreted
from ostiary.analyze.rules.quoting import as_a_shell_reads
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

COMMAND_INJECTION = Rule(
    id="command-injection",
    title="Caller's text becomes part of a shell command",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into command lines that a shell "
        "interprets, also where sh -c stands in a list of arguments. Numbers, values from a fixed "
        "set, text quoted for the shell and text that a check proved to hold no character with a "
        "meaning to a shell are left alone; so is a command that stands in the operator's "
        "configuration. A tool that asks for a command and runs it is of medium severity."
    ),
    attack=(
        "Whoever can put text before the model runs any command as the user that runs the server, "
        "with its files, keys and network."
    ),
    remedy=(
        "Start the program with a list of arguments and without a shell; put -- before values of "
        "a caller. Until then keep the tool off."
    ),
    references=(
        "CWE-78",
        "MCP05:2025",
        "SAFE-T1101",
        "CoSAI-MCP-T3",
        "ASI05:2026",
        "LLM10:2026",
    ),
)

_HARMLESS = g.PLAIN | g.SHELL_QUOTED | g.PLAIN_COMMAND


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that arrives there."""
    for one in once(_in_lines(facts)):
        yield _told(one, "becomes part of a command that a shell reads")
    for one in once(_in_words(facts)):
        if _is_boxed(one) and asked_to(one, COMMANDS):
            continue
        yield _told(one, f"becomes part of what {one.role} runs as a command")


def _in_lines(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.SHELL):
        for role in ("command", "arguments"):
            value = effect.operand(role)
            if value is not None:
                line = as_a_shell_reads(value)
                yield from arriving(reached.entry, effect, role, line, _HARMLESS)


def _in_words(facts: Facts) -> Iterator[Arrival]:
    """``sh -c`` in a list of arguments is a shell all the same."""
    for reached, effect in facts.of_kind(EffectKind.PROCESS):
        for word in interpreted(words_of(effect)):
            if not word.code:
                line = as_a_shell_reads(word.value)
                yield from arriving(reached.entry, effect, word.program, line, word.harmless)


def _is_boxed(one: Arrival) -> bool:
    """Whether the command runs inside a container: what the tool is for, if it asks for one."""
    if "container" in one.effect.tags:
        return True
    program, *rest = words_of(one.effect).known or (NOTHING,)
    inside = any(word.known_text in ("exec", "run") for word in rest[:2])
    return inside and program_name(program) in ("docker", "podman", "nerdctl", "kubectl")


def _told(one: Arrival, says: str) -> Finding:
    """Milder where the caller was asked for a command: that is what the tool is for."""
    if asked_to(one, COMMANDS):
        return told(COMMAND_INJECTION, one, "is run as a command", severity=mild(one))
    return told(COMMAND_INJECTION, one, says)


CHECK: Check[Facts] = Check((COMMAND_INJECTION,), look)
