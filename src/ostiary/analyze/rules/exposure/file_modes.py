"""Files that everybody on the machine may change, and names that everybody can foresee."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.serving import command_line, seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

OPEN_TO_USERS = Rule(
    id="world-writable",
    title="Everybody on the machine may change a file",
    category=Category.CONFIGURATION,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks at modes of files and folders that let every user write (0o777, 0o666, a+w), in "
        "calls and in commands that the code runs. Modes that let others only read, and folders "
        "with the sticky bit, are left alone."
    ),
    attack=(
        "Another user or program on the machine changes what the server reads or runs next, with "
        "the server's rights."
    ),
    remedy="Take the rights of others away: chmod go-w. Run it as a user of its own.",
    references=("CWE-732", "CWE-276", "CoSAI-MCP-T5"),
)

FORESEEN_NAME = Rule(
    id="predictable-file",
    title="A temporary file has a known name",
    category=Category.CONFIGURATION,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.PEDANTIC,
    what=(
        "Looks at files that are written below /tmp or /var/tmp under a fixed name, and at "
        "tempfile.mktemp, which only makes a name. Folders made for one run (mkdtemp, "
        "TemporaryDirectory) and names with a random part are left alone."
    ),
    attack=(
        "Another user of the machine puts a link there beforehand: the server overwrites the file "
        "it points to, or reads what was put there."
    ),
    remedy="Set TMPDIR to a folder of its own before starting it.",
    references=("CWE-377", "CWE-59"),
)

_COMMAND: Final = r"\bchmod\s+(?:-\w+\s+)*(?:[0-7]?[0-7][0-7][2367]|(?:a|o|ugo|go)?\+r?w\w*)\s"
_TEXT_MODE: Final = r"^0?o?[0-7]?[0-7][0-7][2367]$"
_KNOWN: Final = r"^/(?:var/)?tmp/[\w./-]+$"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place."""
    for effect in seen(facts, EffectKind.CHANGE_MODE):
        if _lets_write(effect.operand("mode")):
            yield _open(effect, "its mode lets everybody write")
    for effect in seen(facts, EffectKind.SHELL, EffectKind.PROCESS):
        if compiled(_COMMAND).search(readable(f"{command_line(effect)} ")):
            yield _open(effect, "it runs chmod so that everybody may write")
    told: set[tuple[str, str]] = set()
    for effect in seen(facts, EffectKind.WRITE_FILE):
        path = effect.operand("path")
        name = "" if path is None else path.known_text or ""
        key = (effect.place.file, name)
        if key not in told and compiled(_KNOWN).search(readable(name)):
            told.add(key)
            yield _foreseen(effect, "it writes to a fixed name that every user can use")
    for effect in seen(facts, EffectKind.CALL):
        if effect.callee == "tempfile.mktemp":
            yield _foreseen(effect, "a name is made, and the file only later")


def _lets_write(mode: Value | None) -> bool:
    if mode is None or not mode.literal:
        return False
    if isinstance(mode.scalar, str):
        return compiled(_TEXT_MODE).search(readable(mode.scalar)) is not None
    return isinstance(mode.scalar, int) and bool(mode.scalar & 0o002) and not mode.scalar & 0o1000


def _open(effect: Effect, why: str) -> Finding:
    place = of_place(effect.place)
    return OPEN_TO_USERS.finding(
        f"Everybody on the machine may change a file: {why}.",
        place,
        evidence=[Evidence(why, place)],
        mark=f"{effect.place.file} {effect.function} {effect.callee}",
    )


def _foreseen(effect: Effect, why: str) -> Finding:
    place = of_place(effect.place)
    return FORESEEN_NAME.finding(
        f"A temporary file has a known name: {why}.",
        place,
        evidence=[Evidence(why, place)],
        mark=f"{effect.place.file} {effect.function} {effect.callee}",
    )


CHECK: Check[Facts] = Check((OPEN_TO_USERS, FORESEEN_NAME), look)
