"""Programs that are started, code that is run."""

from __future__ import annotations

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.levels.commands import Command, command_of
from ostiary.analyze.levels.origins import by_caller, by_settings, from_outside
from ostiary.analyze.levels.programs import PROGRAMS, SHELLS, Program
from ostiary.analyze.levels.vendors import vendor_of
from ostiary.analyze.levels.work import Work
from ostiary.flow.words import name_verbs
from ostiary.model.access import DataClass, Level
from ostiary.model.grade import Confidence

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_PLAIN = {Level.READ: HIGH, Level.WRITE: HIGH}
_CLOUD = frozenset({"aws", "gcloud", "az", "gh"})


_DATA = {
    "repository": DataClass.SOURCE_CODE,
    "GitHub": DataClass.SOURCE_CODE,
    "Kubernetes": DataClass.CLOUD,
    "container": DataClass.CLOUD,
    "cloud resources": DataClass.CLOUD,
    "Terraform": DataClass.CLOUD,
    "file": DataClass.FILES,
}


def process(work: Work, effect: Effect) -> None:
    """A command line or a program with arguments."""
    if "container" in effect.tags:
        vendor = vendor_of(effect.callee, effect.tags)
        thing = "Kubernetes pod" if vendor and vendor.label == "Kubernetes" else "Docker container"
        work.data.add(DataClass.CLOUD)
        work.note(Level.EXECUTE, HIGH, effect, "starts a program in a container", thing)
        return
    command = command_of(effect)
    away = " on another machine" if "other machine" in effect.tags else ""
    if not command.program:
        _unnamed(work, effect, away)
        return
    if command.program in SHELLS:
        _shell(work, effect, command)
        return
    _named(work, effect, command, away)


def _unnamed(work: Work, effect: Effect, away: str) -> None:
    line = effect.operand("command") or effect.operand("program")
    thing = "remote host" if away else "command"
    if by_caller(line):
        says = f"runs a command that the caller writes{away}"
        work.note(Level.EXECUTE, HIGH, effect, says, thing)
    elif by_settings(line):
        work.note(
            Level.EXECUTE, MEDIUM, effect, f"runs a program of the configuration{away}", thing
        )
    else:
        sure = MEDIUM if by_caller(effect.operand("arguments")) else LOW
        says = f"runs a program that is not known{away}"
        work.note(Level.EXECUTE, sure, effect, says, thing)


def _shell(work: Work, effect: Effect, command: Command) -> None:
    line = command.line
    free = by_caller(line) if line is not None else command.free
    if not free:
        sure, says = LOW, f"runs a command line of its own with {command.program}"
    elif line is not None and line.prefix.split():
        sure, says = MEDIUM, f"runs a command line with the caller's text in {command.program}"
    else:
        sure, says = HIGH, f"runs a command line of the caller in {command.program}"
    work.note(Level.EXECUTE, sure, effect, says, "command")


def _named(work: Work, effect: Effect, command: Command, away: str) -> None:
    known = PROGRAMS.get(command.program)
    level = None if known is None else _level(known, command)
    if known is not None and level is None and known.words and not command.verb:
        level, says = Level.EXECUTE, f"runs {command.program} with words of the caller{away}"
        work.note(level, MEDIUM if command.free else LOW, effect, says, known.thing)
        return
    if level is None:
        level = _by_word(command)
    thing = known.thing if known is not None else f"program {command.program}"
    if thing in _DATA:
        work.data.add(_DATA[thing])
    if level is not None:
        says = f"runs {command.program} {command.verb}".rstrip() + away
        work.note(level, _sure(known, level, command), effect, says, thing)
        return
    says = f"runs {command.program}{away}"
    work.note(Level.EXECUTE, MEDIUM if command.free else LOW, effect, says, thing)


def _level(known: Program, command: Command) -> Level | None:
    if known.level is not None:
        return known.level
    raised = next((known.flags[one] for one in command.words if one in known.flags), None)
    found = known.words.get(command.verb)
    return raised if found is not None and raised is not None else found


def _by_word(command: Command) -> Level | None:
    """The level of the first word that says what is done: ``aws ec2 describe-instances``."""
    names = [one for one in command.words if not one.startswith("-")][:4]
    if command.program in _CLOUD:
        names = names[1:]
    for name in names:
        said = name_verbs(name)
        if said and said[0].verb.level is not None and said[0].verb.sure:
            return said[0].verb.level
    return None


def _sure(known: Program | None, level: Level, command: Command) -> Confidence:
    if known is None:
        return MEDIUM
    if level is Level.EXECUTE and not command.free:
        return LOW
    if level in _PLAIN or command.whole or command.free:
        return HIGH
    return MEDIUM


def evaluate(work: Work, effect: Effect) -> None:
    """Text run as code."""
    code = effect.operand("code") or effect.operand("template")
    if "browser" in effect.tags:
        if by_caller(code):
            work.data.add(DataClass.BROWSER)
            work.note(Level.EXECUTE, MEDIUM, effect, "runs the caller's code in a page", "web page")
        return
    _code(work, effect, code, "runs the caller's text as code")


def load(work: Work, effect: Effect) -> None:
    """A module by a computed name."""
    _code(work, effect, effect.operand("name"), "loads code that the caller names")


def _code(work: Work, effect: Effect, code: Value | None, says: str) -> None:
    if by_caller(code):
        work.note(Level.EXECUTE, HIGH, effect, says, "code")
    elif from_outside(code) and effect.kind is EffectKind.EVALUATE:
        work.note(Level.EXECUTE, MEDIUM, effect, "runs text from outside as code", "code")


def open_url(work: Work, effect: Effect) -> None:
    """Something handed to the desktop."""
    free = by_caller(effect.operand("target"))
    says = "opens what the caller names on the desktop" if free else "opens something of its own"
    work.note(Level.EXECUTE, MEDIUM if free else LOW, effect, says, "desktop")
