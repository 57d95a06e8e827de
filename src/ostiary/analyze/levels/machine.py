"""The machine itself: its environment, its screen, its end."""

from __future__ import annotations

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.levels.origins import by_caller
from ostiary.analyze.levels.work import Work
from ostiary.model.access import DataClass, Level
from ostiary.model.grade import Confidence

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH


def environment(work: Work, effect: Effect) -> None:
    """Variables: of interest where all of them, or one of the caller's choosing, come back."""
    name = effect.operand("name")
    answered = any(True for _ in work.reached.returns.deep_sources(SourceKind.ENVIRONMENT))
    if not answered or (name is not None and not by_caller(name)):
        return
    work.data.add(DataClass.CREDENTIALS)
    says = "gives back variables of the environment"
    work.note(Level.READ, HIGH, effect, says, "environment variable")


def machine(work: Work, effect: Effect) -> None:
    """Facts of the machine, its clipboard, its screen."""
    what = effect.operand("what")
    named = (what.known_text if what is not None else "") or "machine"
    work.note(Level.READ, MEDIUM, effect, f"reads {named} of this machine", named)


def directory(work: Work, effect: Effect) -> None:
    """A directory of people."""
    work.data.add(DataClass.PERSONAL)
    work.note(Level.READ, HIGH, effect, "asks a directory", "LDAP directory")
