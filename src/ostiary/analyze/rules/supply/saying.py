"""Places and commands of strangers in the words of a finding."""

from __future__ import annotations

from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.manifests.package import Dependency, Script
from ostiary.inventory.redact import masked
from ostiary.model.finding import Location
from ostiary.model.visible import EXCERPT, NAME, one_line, visible


def of_place(place: Place) -> Location:
    return Location(file=place.file, line=place.line, column=place.column)


def of_script(script: Script) -> Location:
    return Location(file=script.file, line=script.line)


def of_dependency(one: Dependency) -> Location:
    return Location(file=one.file, line=one.line)


def command(script: Script) -> str:
    """The command on one line, secrets masked, hidden characters named."""
    return one_line(masked(script.command[: EXCERPT * 4]), EXCERPT)


def named(one: Dependency) -> str:
    """The dependency as people write it."""
    name = visible(one.name, NAME) or "a dependency without a name"
    wanted = visible(masked(one.wanted), NAME)
    return f"{name} {wanted}" if wanted else name
