"""A debugger opened to others while the server works."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

DEBUG_PORT = Rule(
    id="debug-port",
    title="Opens a debug port",
    category=Category.TRANSPORT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for debuggers that listen: whether everybody on the network can reach them, and "
        "whether they are opened without being asked. One that is opened on a switch and for this "
        "machine alone is left alone."
    ),
    attack=(
        "Whoever reaches the port reads every variable, with the secrets in it, and runs any code "
        "in the server; debuggers ask for no password."
    ),
    remedy=(
        "Do not run it outside a box without that port; ask its author to take the debugger out."
    ),
    references=("CWE-668", "CWE-1327", "CWE-306", "SAFE-T1109", "CoSAI-MCP-T8"),
)

_LOOPBACK = ("127.", "localhost", "::1")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(DEBUG_PORT)
    for reached in entries(facts):
        for effect in reached.effects:
            if effect.kind is not EffectKind.DEBUG:
                continue
            open_to_all = _open_to_all(effect)
            if (open_to_all or effect.total) and told.new(effect.place):
                yield told.effect(
                    reached,
                    effect,
                    "A debugger is open to the network."
                    if open_to_all
                    else "A debugger is opened on every start.",
                    severity=None if open_to_all else Severity.MEDIUM,
                )


def _open_to_all(effect: Effect) -> bool:
    if "default-host:all" in effect.tags:
        return True
    host = effect.operand("host")
    text = "" if host is None else host.known_text or host.pieces
    return bool(text.strip("\0")) and not text.startswith(_LOOPBACK)


CHECK: Check[Facts] = Check((DEBUG_PORT,), look)
